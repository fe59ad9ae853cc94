"""What an action of the registry is, and the headings that the help puts them under."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple

from textual.binding import Binding

from tui_xmpp.ui import here
from tui_xmpp.ui.here import SCREENS, Here, Where


class Group(StrEnum):
    """The headings of the help."""

    GENERAL = "General"
    CHATS = "Chats and contacts"
    ROOMS = "Rooms"
    WRITING = "Writing"
    MESSAGES = "Messages"
    LISTS = "Lists"
    LOOKS = "Looks"
    DIALOGS = "In every dialog"
    FIND = "Finding words"
    REACTIONS = "Choosing a reaction"
    INFO = "All of a message"
    SPELLING = "A word in no dictionary"
    MENU = "A menu"
    REQUESTS = "Requests"
    DEVICES = "Devices"
    CODE = "Fingerprints as a code"
    CONTACT = "A contact"
    ROOM = "Joining a room"
    ACCOUNTS = "Accounts"
    FILE = "Sending a file"
    UNLOCK = "A locked store"


class Action(NamedTuple):
    """One thing a person can do."""

    id: str
    title: str
    """A few words, for footer and palette."""
    help: str
    """A sentence."""
    keys: tuple[str, ...]
    """Textual's names of keys; none: only in the palette, until the settings give it one."""
    where: Where
    group: Group
    footer: bool = False
    when: Callable[[Here], bool] = here.always

    @property
    def binding(self) -> Binding:
        """Textual's form of it; keys of a whole screen go before the editing keys of what is in it."""
        return Binding(
            ",".join(self.keys) or f"unbound+{self.id}",
            self.id,
            self.title,
            show=self.footer,
            tooltip=self.help,
            id=self.id,
            priority=self.where in _FIRST and self.id not in YIELDING,
        )


_FIRST = frozenset({Where.APP, Where.MAIN, Where.COMPOSER}) | SCREENS

YIELDING: Mapping[str, frozenset[Where]] = {
    "next_pane": frozenset({Where.COMPOSER}),
    "previous_pane": frozenset({Where.COMPOSER}),
    "confirm": frozenset({Where.LIST, Where.BUTTON}),
    "next_field": frozenset({Where.LIST, Where.PATH, Where.REACTIONS}),
    "previous_field": frozenset({Where.LIST}),
}
"""Actions whose keys something in the screen may take for itself, as the composer takes Tab where it can complete."""
