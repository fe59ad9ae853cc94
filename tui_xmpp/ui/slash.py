"""Words with a slash that mean a command, as people know them from other chat programs. Pure: text in, wish out.

`/me waves` is an ordinary message (XEP-0245), `//text` sends `/text`. Beside the words that take something, every
action of the main screen is one: `/set-presence`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tui_xmpp.errors import AddressError
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.commands import (
    ChangeNick,
    CloseChat,
    Command,
    InviteToRoom,
    JoinRoom,
    LeaveRoom,
    SendMessage,
    SetSubject,
)
from tui_xmpp.ui.actions import ACTIONS, BY_ID, Where


@dataclass(frozen=True, slots=True)
class Hint:
    """Why nothing was done, in a sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Do:
    """An action of the registry, which asks for what the words did not say."""

    action: str


Meaning = Command | Hint | Do


def meaning(text: str, key: ChatKey, kind: ChatKind) -> Meaning:
    """What sending this text in this chat means."""
    if text.startswith("//"):
        return SendMessage(key, text[1:])
    if not text.startswith("/") or text.startswith("/me ") or text[1:2].isspace() or text == "/":
        return SendMessage(key, text)
    name, _, rest = text[1:].partition(" ")
    word = WORDS.get(name.lower())
    action = action_of(name)
    if word is None and action is not None:
        return Do(action)
    if word is None:
        return Hint(f"There is no command /{name[:40]}. Write //{name[:40]} to send it as text; F1 lists the commands.")
    if word.room and kind is not ChatKind.ROOM:
        return Hint(f"/{name} works in rooms only.")
    try:
        return word.make(rest.strip(), key)
    except AddressError as error:
        return Hint(error.message)


@dataclass(frozen=True, slots=True)
class Word:
    """One command word."""

    usage: str
    help: str
    make: Callable[[str, ChatKey], Meaning]
    action: str
    """The action of the registry that it does."""
    room: bool = True


def _join(rest: str, key: ChatKey) -> Meaning:
    address, _, nick = rest.partition(" ")
    if not address:
        return Do("join_room")
    room = Address.parse(address)
    if not room.local:
        return Hint(f"A room has an address like room@{room.domain}.")
    return JoinRoom(key.account, room.bare, nick.strip() or room.resource)


def _nick(rest: str, key: ChatKey) -> Meaning:
    return ChangeNick(key, rest) if rest else Do("change_nick")


def _topic(rest: str, key: ChatKey) -> Meaning:
    return SetSubject(key, rest) if rest else Do("set_subject")


def _leave(_rest: str, key: ChatKey) -> Meaning:
    return LeaveRoom(key)


def _close(_rest: str, key: ChatKey) -> Meaning:
    return CloseChat(key)


def _invite(rest: str, key: ChatKey) -> Meaning:
    address, _, reason = rest.partition(" ")
    return InviteToRoom(key, Address.parse(address).bare, reason.strip()) if address else Do("invite")


def _correct(_rest: str, _key: ChatKey) -> Meaning:
    return Do("correct_last")


WORDS = {
    "join": Word("/join room@service [nickname]", "Enter a room.", _join, "join_room", room=False),
    "nick": Word("/nick name", "Take another nickname in this room.", _nick, "change_nick"),
    "topic": Word("/topic text", "Set what this room is about.", _topic, "set_subject"),
    "leave": Word("/leave", "Leave this room.", _leave, "leave_room"),
    "invite": Word("/invite address [reason]", "Invite somebody into this room.", _invite, "invite"),
    "correct": Word("/correct", "Correct the message that you sent last.", _correct, "correct_last", room=False),
    "close": Word("/close", "Take this chat off the list.", _close, "close_chat", room=False),
}
"""Every command word; help lists them from here."""

_FOR_WORDS = frozenset({Where.APP, Where.MAIN})
_MOVES = frozenset({"actions", "back", "next_pane", "previous_pane"})
"""Actions for which a word makes no sense."""


def action_of(name: str) -> str | None:
    """The id of the action that is called so with hyphens; None: there is none that a word can do."""
    action = BY_ID.get(name.lower().replace("-", "_"))
    return None if action is None or action.where not in _FOR_WORDS or action.id in _MOVES else action.id


def commands(kind: ChatKind) -> list[tuple[str, str, str]]:
    """Every word that means something in such a chat, with how it is written and what it does."""
    words = [(name, word.usage, word.help) for name, word in WORDS.items() if kind is ChatKind.ROOM or not word.room]
    done = {word.action for word in WORDS.values()}
    rest = [action for action in ACTIONS if action.id not in done and action_of(action.id) is not None]
    return [*words, *((name, f"/{name}", action.help) for action in rest if (name := action.id.replace("_", "-")))]
