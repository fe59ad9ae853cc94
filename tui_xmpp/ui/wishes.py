"""Messages by which a widget asks for something without knowing who does it; they bubble up to the app."""

from collections.abc import Callable
from enum import StrEnum

from textual.message import Message

from tui_xmpp.errors import TuiXmppError
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import Command


class Tone(StrEnum):
    """How a sentence is meant."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Wish(Message):
    """A command for the engine; a failure is shown in the flash line, or given to `then` if there is one."""

    def __init__(self, command: Command, then: Callable[[TuiXmppError | None], None] | None = None) -> None:
        super().__init__()
        self._sender = None  # else one made in the handler of an ancestor would go no further than to that
        self.command = command
        self.then = then


class Say(Message):
    """A sentence for the flash line."""

    def __init__(self, text: str, tone: Tone = Tone.INFO) -> None:
        super().__init__()
        self._sender = None
        self.text = text
        self.tone = tone


class XmppLink(Message):
    """A link to an address was opened, in a chat of this account; never joins or sends by itself (SECURITY 25)."""

    def __init__(self, account: Address, link: str) -> None:
        super().__init__()
        self.account = account
        self.link = link
