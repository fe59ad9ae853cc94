"""What we tell the world of ourselves, kept over reconnections."""

from tui_xmpp.core.context import Context
from tui_xmpp.model.contact import Availability, Presence
from tui_xmpp.model.text import clean_line


class OwnPresence:
    """Our own availability and status text on one account."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.wanted = Presence(Availability.ONLINE)

    @property
    def shown(self) -> Presence:
        """What others see of us now."""
        return self.wanted if self._context.online else Presence()

    def set(self, availability: Availability, status: str) -> None:
        """Choose what to tell; told at once when there is a line, else as soon as there is one."""
        self.wanted = Presence(availability, clean_line(status))
        if self._context.online:
            self.announce()

    def announce(self) -> None:
        """Broadcast it: on every new stream, since the server knows nothing of the last one."""
        self._context.line().send_presence(self.wanted.availability, self.wanted.status)
