"""Words with a slash that mean a command, as people know them from other chat programs. Pure: text in, wish out.

`/me waves` is an ordinary message (XEP-0245), `//text` sends `/text`.
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
    "join": Word("/join room@service [nickname]", "Enter a room.", _join, room=False),
    "nick": Word("/nick name", "Take another nickname in this room.", _nick),
    "topic": Word("/topic text", "Set what this room is about.", _topic),
    "leave": Word("/leave", "Leave this room.", _leave),
    "invite": Word("/invite address [reason]", "Invite somebody into this room.", _invite),
    "correct": Word("/correct", "Correct the message that you sent last.", _correct, room=False),
    "close": Word("/close", "Take this chat off the list.", _close, room=False),
}
"""Every command word; help lists them from here."""
