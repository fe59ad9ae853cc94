"""A room full of people who do nothing; put there within the server, since a thousand connections would measure it."""

from tests.server.prosody import Prosody


def gather(server: Prosody, name: str, people: int) -> None:
    """Fill the room `name` with so many occupants."""
    room = f"{name}@{server.rooms}"
    server.shell(
        f'> local muc = prosody.hosts["{server.rooms}"].modules.muc; '
        f'local room = muc.create_room("{room}"); room:set_persistent(true); '
        'local st = require "util.stanza"; '
        f"for i = 1, {people} do "
        f'local real = ("p%04d@{server.domain}/phone"):format(i); '
        f'local who = room:new_occupant(("p%04d@{server.domain}"):format(i), ("{room}/Person %04d"):format(i)); '
        'who.role = "participant"; who:set_session(real, st.presence({ from = real }), true); '
        "room:save_occupant(who) end; return room:save()"
    )
