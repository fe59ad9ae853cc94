"""Where an action applies: the node that carries it, and what it depends on besides."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message import Operation
from tui_xmpp.model.room import RoomStatus


class Where(StrEnum):
    """The node that carries an action: it applies while the focus is in it or below."""

    APP = "app"
    """Everywhere, dialogs too."""
    MAIN = "main"
    """Everywhere but in dialogs."""
    LIST = "list"
    """Every list: chats and contacts, people, and those in dialogs, where a page of text moves by the same keys."""
    CHATS = "chats"
    PEOPLE = "people"
    HISTORY = "history"
    COMPOSER = "composer"
    DIALOG = "dialog"
    """Every question and list over the chats, and the pages of the wizard."""
    BUTTON = "button"
    CHECK = "check"
    CHOICE = "choice"
    PATH = "path"
    ACCOUNTS = "accounts"
    CODE = "code"
    CONTACT = "contact"
    DEVICES = "devices"
    FIND = "find"
    INFO = "info"
    MENU = "menu"
    REACTIONS = "reactions"
    REQUESTS = "requests"
    ROOM = "room"
    SPELLING = "spelling"
    UNLOCK = "unlock"


SCREENS = frozenset(list(Where)[list(Where).index(Where.ACCOUNTS) :])
"""Those that are a dialog or a screen of its own."""

_IN_MAIN = frozenset({Where.LIST, Where.CHATS, Where.PEOPLE, Where.HISTORY, Where.COMPOSER})
_TOGETHER: Mapping[Where, frozenset[Where]] = {
    Where.APP: frozenset(Where),
    Where.MAIN: _IN_MAIN,
    Where.DIALOG: SCREENS | {Where.LIST, Where.BUTTON, Where.CHECK, Where.CHOICE, Where.PATH},
    Where.LIST: SCREENS | {Where.CHATS, Where.PEOPLE},
    Where.BUTTON: SCREENS - {Where.MENU},
    Where.CHOICE: frozenset({Where.ROOM}),
}
"""What can be on the screen besides, where its keys would be pressed; each pair stands here once."""


def meet(first: Where, second: Where) -> bool:
    """Whether a key can be meant for both at once."""
    return first is second or second in _TOGETHER.get(first, ()) or first in _TOGETHER.get(second, ())


@frozen
class Here:
    """What an action's applicability depends on: where the focus is and what it is on."""

    where: Where = Where.MAIN
    kind: ChatKind | None = None
    """The open chat's kind; None: no chat is open."""
    in_contacts: bool = False
    room: RoomStatus = RoomStatus.LEFT
    selected: bool = False
    """A message is selected."""
    several: bool = False
    """Messages are marked, and what is done is done with all of them."""
    text: bool = False
    """It has a text."""
    long: bool = False
    """It is so long that it is folded."""
    links: bool = False
    """It has links that can be opened."""
    files: bool = False
    """It shares files that can be had."""
    coming: bool = False
    """One of them is on its way."""
    answers: bool = False
    """It answers another one."""
    theirs: bool = False
    """Somebody else wrote it, in a chat of two."""
    may: frozenset[Operation] = frozenset()
    """What can be done with it."""
    left: bool = False
    """An original was gone to, and one can go back to its answer."""
    empty: bool = True
    """Nothing is typed."""
    split: bool = False
    """Several chats stand side by side."""
    completes: bool = False
    """What is written can be completed."""
    misspelt: bool = False
    """A word that is written is in no dictionary."""
    away: bool = False
    """The focus is not where Escape would take it."""
    newest: bool = True
    """The end of the history is on the screen."""


def always(_here: Here) -> bool:
    """Whatever there is."""
    return True


def chat(here: Here) -> bool:
    """A chat is open."""
    return here.kind is not None


def contact(here: Here) -> bool:
    """It is a contact's."""
    return here.kind is ChatKind.CONTACT and here.in_contacts


def stranger(here: Here) -> bool:
    """It is that of somebody who is not in the contact list."""
    return here.kind is ChatKind.CONTACT and not here.in_contacts


def room(here: Here) -> bool:
    """It is a room."""
    return here.kind is ChatKind.ROOM


def joined(here: Here) -> bool:
    """One is in the room."""
    return room(here) and here.room is RoomStatus.JOINED


def outside(here: Here) -> bool:
    """One is not in the room, and not on the way into it."""
    return room(here) and here.room in {RoomStatus.LEFT, RoomStatus.REFUSED}


def selected(here: Here) -> bool:
    """The cursor is on a message, or messages are marked."""
    return here.selected


def one(here: Here) -> bool:
    """The cursor is on a message, and none is marked."""
    return here.selected and not here.several


def with_text(here: Here) -> bool:
    """There is a text to copy."""
    return here.text


def long(here: Here) -> bool:
    """The message can be folded."""
    return here.long


def links(here: Here) -> bool:
    """The message has links."""
    return here.links


def files(here: Here) -> bool:
    """The message shares a file that is not on its way."""
    return here.files


def coming(here: Here) -> bool:
    """One of its files is on its way, here or out."""
    return here.coming or Operation.CANCEL in here.may


def answer(here: Here) -> bool:
    """The message answers another one."""
    return here.answers


def left(here: Here) -> bool:
    """One came here from an answer."""
    return here.left


def theirs(here: Here) -> bool:
    """The message is one whose sender can be reported."""
    return here.theirs


def may(operation: Operation) -> Callable[[Here], bool]:
    """This can be done with the message."""
    return lambda here: operation in here.may


def away(here: Here) -> bool:
    """Escape leads somewhere."""
    return here.away


def empty(here: Here) -> bool:
    """Nothing is typed."""
    return here.empty


def filled(here: Here) -> bool:
    """Something is typed."""
    return not here.empty


def completes(here: Here) -> bool:
    """What is typed can be completed."""
    return here.completes


def misspelt(here: Here) -> bool:
    """A word is underlined."""
    return here.misspelt


def split(here: Here) -> bool:
    """There is a chat beside this one."""
    return here.split


def not_newest(here: Here) -> bool:
    """The end of the history is not on the screen."""
    return not here.newest
