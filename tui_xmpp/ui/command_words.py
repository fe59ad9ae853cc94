"""The command words that take something, which every front end understands alike. Pure: words in, wish out."""

from collections.abc import Callable

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.commands import (
    ChangeNick,
    CloseChat,
    Command,
    InviteToRoom,
    JoinRoom,
    LeaveRoom,
    SetSubject,
)
from tui_xmpp.model.frozen import frozen


@frozen
class Hint:
    """Why nothing was done, in a sentence."""

    text: str


@frozen
class Do:
    """An action of the registry, which asks for what the words did not say."""

    action: str
    rest: str = ""
    """What it is to be done with: the path of a file."""


Meaning = Command | Hint | Do


@frozen
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


def _attach(rest: str, _key: ChatKey) -> Meaning:
    return Do("attach", rest)


def _correct(_rest: str, _key: ChatKey) -> Meaning:
    return Do("correct_last")


WORDS = {
    "join": Word("/join room@service [nickname]", "Enter a room.", _join, "join_room", room=False),
    "nick": Word("/nick name", "Take another nickname in this room.", _nick, "change_nick"),
    "topic": Word("/topic text", "Set what this room is about.", _topic, "set_subject"),
    "leave": Word("/leave", "Leave this room.", _leave, "leave_room"),
    "invite": Word("/invite address [reason]", "Invite somebody into this room.", _invite, "invite"),
    "correct": Word("/correct", "Correct the message that you sent last.", _correct, "correct_last", room=False),
    "attach": Word("/attach path", "Send a file.", _attach, "attach", room=False),
    "close": Word("/close", "Take this chat off the list.", _close, "close_chat", room=False),
}
"""Every command word; help lists them from here."""
