"""What a moderator or an admin does to somebody in a room, and for how long a chat's messages are kept."""

from tui_xmpp.linear.talk import Talk
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.commands import Kick, SetAffiliation, SetRetention
from tui_xmpp.model.room import Affiliation, Occupant
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.history.top import kept_words
from tui_xmpp.ui.screens.powers import Power, powers

_LONGEST_KEPT = 36_500
"""Most days; more is for ever."""


async def kick(talk: Talk, rest: str) -> None:
    """Send somebody out of the room; a reason may follow the nickname."""
    found = _somebody(talk, rest, Power.KICK)
    if found is not None and talk.key is not None:
        other, reason = found
        if await talk.sure(f"Kick {clean_line(other.nick)}?"):
            talk.wish(Kick(talk.key, other.nick, reason), "Done.")


async def ban(talk: Talk, rest: str) -> None:
    """Send somebody out of the room, and keep them out until an admin lets them in again."""
    found = _somebody(talk, rest, Power.BAN)
    if found is not None and talk.key is not None and found[0].address is not None:
        nick, address = clean_line(found[0].nick), found[0].address
        if await talk.sure(f"Ban {nick}, {address.bare.shown}? They cannot come back until an admin lifts the ban."):
            talk.wish(SetAffiliation(talk.key, address, Affiliation.OUTCAST), "Done.")


def _somebody(talk: Talk, rest: str, power: Power) -> tuple[Occupant, str] | None:
    """Whom a nickname at the start means, and what follows it; None if that is said to be impossible."""
    if talk.key is None or talk.kind() is not ChatKind.ROOM:
        talk.say("That works in rooms only.")
        return None
    people = talk.engine.occupants(talk.key)
    own = next((each for each in people if each.own), None)
    named = [(name, each) for each in people for name in _names(each) if rest == name or rest.startswith(f"{name} ")]
    if not named:
        talk.say("Whom? Write their nickname as /who says it, or their address.")
        return None
    name = max((name for name, _ in named), key=len)
    others = [each for called, each in named if called == name]
    if len(others) > 1:
        talk.say(f"There are {len(others)} who look like {name}. Write the address instead.")
        return None
    if power not in powers(own, others[0]):
        talk.say(f"You may not do that to {clean_line(others[0].nick)} here.")
        return None
    return others[0], rest[len(name) :].strip()


def _names(occupant: Occupant) -> tuple[str, ...]:
    """What somebody may be meant by: the nickname as it is shown, and the address where the room tells it."""
    address = "" if occupant.address is None else str(occupant.address.bare)
    return tuple(name for name in (clean_line(occupant.nick), address) if name)


async def keep(talk: Talk, rest: str) -> None:
    """Say or choose for how many days the open chat's messages are kept here: a number, ever, default."""
    key = talk.key
    if key is None:
        talk.say("No chat is open.")
        return
    if not rest:
        own = talk.engine.retention(key)
        words = kept_words(talk.engine.keep_days if own is None else own)
        talk.say(f"Messages are kept here: {words}{', as the settings say' if own is None else ''}.")
        return
    days = _days(rest)
    if days is None and rest != "default":
        talk.say("Write a number of days, “ever”, or “default” for what the settings say.")
        return
    length = talk.engine.keep_days if days is None else days
    kept = kept_words(length)
    if not length or await talk.sure(f"Keep messages for {kept}? Older ones are deleted from this computer, for good."):
        talk.wish(SetRetention(key, days), f"Kept: {kept}.")


def _days(rest: str) -> int | None:
    if rest == "ever":
        return 0
    days = int(rest) if rest.isdecimal() and rest.isascii() and len(rest) < 6 else 0
    return days if 0 < days <= _LONGEST_KEPT else None
