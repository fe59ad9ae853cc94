"""Messages by which a widget asks for something without knowing who does it; they bubble up to the app."""

from collections.abc import Callable
from enum import StrEnum

from textual.message import Message

from tui_xmpp.errors import TuiXmppError
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.commands import Command
from tui_xmpp.ui.here import Where


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


class FileWanted(Message):
    """A file was named that is to be sent to a chat; it is asked about first."""

    def __init__(self, key: ChatKey, path: str) -> None:
        super().__init__()
        self._sender = None
        self.key = key
        self.path = path


class XmppLink(Message):
    """A link to an address was opened, in a chat of this account; never joins or sends by itself (SECURITY 25)."""

    def __init__(self, account: Address, link: str) -> None:
        super().__init__()
        self.account = account
        self.link = link


RIGHT_BUTTON = 3
"""Textual's number of the mouse button that opens menus."""


class MenuWanted(Message):
    """All that can be done with what is selected is to be shown, beside a cell of the screen."""

    def __init__(self, where: frozenset[Where], column: int, row: int) -> None:
        super().__init__()
        self.where = where
        """Of which nodes the actions are."""
        self.column = column
        self.row = row
