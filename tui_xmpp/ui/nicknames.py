"""Whom one may mean in a room, to complete their names."""

from tui_xmpp.core.facade import Facade
from tui_xmpp.model.chat import ChatKey

_SPOKE = 50
"""Messages whose authors are offered first."""


def nicknames(engine: Facade, key: ChatKey) -> list[str]:
    """Whom one may mean in a room: those who spoke last, then everybody else by name; not oneself."""
    here = {occupant.nick for occupant in engine.occupants(key) if not occupant.own}
    spoke = dict.fromkeys(message.nick for message in reversed(engine.newest(key, _SPOKE)) if message.nick in here)
    return [*spoke, *sorted(here - set(spoke), key=str.casefold)]
