"""The lines that say where one is: accounts on top, the chat's title, and who is typing under the history."""

import math
import time
from collections.abc import Sequence

from tui_xmpp.core.facade import Facade
from tui_xmpp.model.account import AccountState, AccountStatus
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey, ChatKind
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.room import RoomStatus
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.bar import Bar, Piece
from tui_xmpp.ui.words import (
    PRESENCE,
    PRESENCE_WORDS,
    ROOM,
    account_words,
    chat_title,
    counted,
    room_problem,
    security_words,
    typing_words,
    unread_words,
)

_QUIET = "$quiet"
_STYLE = {
    Availability.CHAT: "$present",
    Availability.ONLINE: "$present",
    Availability.AWAY: "$warning",
    Availability.XA: "$warning",
    Availability.DND: "$error",
    Availability.OFFLINE: _QUIET,
}


class TopLine(Bar):
    """The program's name, the accounts with how they are doing, and what is unread over all chats."""

    DEFAULT_CSS = "TopLine { background: $surface; padding: 0 1; }"

    def __init__(self, engine: Facade) -> None:
        super().__init__(id="top")
        self._engine = engine
        self._deadlines: dict[Address, float] = {}
        self.chats: Sequence[Chat] = ()

    def on_mount(self) -> None:
        """Count the seconds until the next try, while an account waits."""
        self._ticking = self.set_interval(1, self.update, pause=True)
        for state in self._engine.accounts():
            self.note(state)

    def note(self, state: AccountState) -> None:
        """Remember when an account tries again, and show its state."""
        if state.status is AccountStatus.WAITING:
            self._deadlines[state.address] = time.monotonic() + state.retry_in
        else:
            self._deadlines.pop(state.address, None)
        if self._deadlines:
            self._ticking.resume()
        else:
            self._ticking.pause()
        self.update()

    def update(self) -> None:
        """Show the accounts as they are now."""
        pieces = [Piece("tui-xmpp", "bold $primary"), Piece(" │", "$rule")]
        states = self._engine.accounts()
        for state in states:
            pieces += self._account(state)
        if not states:
            pieces.append(Piece(" no account yet", _QUIET, "accounts"))
        words = unread_words(self.chats)
        mentions = any(chat.mentions for chat in self.chats)
        self.show(pieces, (Piece(words, "$warning" if mentions else _QUIET, "next_unread"),) if words else ())

    def _account(self, state: AccountState) -> list[Piece]:
        left = max(0, math.ceil(self._deadlines.get(state.address, 0) - time.monotonic()))
        words = account_words(state, left)
        presence = self._engine.own_presence(state.address)
        online = state.status is AccountStatus.ONLINE
        availability = presence.availability if online else Availability.OFFLINE
        if online and availability not in {Availability.ONLINE, Availability.CHAT}:
            words = PRESENCE_WORDS[availability]
        bad = state.status in {AccountStatus.FAILED, AccountStatus.NEEDS_PASSWORD}
        mark = Piece(
            f" {'✗' if bad else PRESENCE[availability]}", "$error" if bad else _STYLE[availability], "accounts"
        )
        name = Piece(f" {state.address.shown}", "", "accounts")
        return [mark, name, Piece(f" {words} " if words else " ", "$warning" if bad else _QUIET, "accounts")]


class ChatTitle(Bar):
    """Whom one talks with, about what, how it travels, and how many are there."""

    DEFAULT_CSS = """
    ChatTitle { height: 2; background: $background; padding: 0 2; border-bottom: solid $rule; }
    ChatTitle.-slim { padding: 0 1; }
    """

    def update(self, engine: Facade, key: ChatKey) -> None:
        """Show a chat's title."""
        chat = engine.chat(key)
        if chat is None:
            self.show((Piece(key.peer.shown, "bold"),))
        elif chat.kind is ChatKind.ROOM:
            self._room(engine, chat)
        elif chat.kind is ChatKind.PRIVATE:
            words = Piece("  private message, through the room", _QUIET)
            self.show((Piece("@ ", _QUIET), *_named(engine, chat), words), _security(engine, key))
        else:
            self._contact(engine, chat)

    def _room(self, engine: Facade, chat: Chat) -> None:
        room = engine.room(chat.key)
        pieces = [Piece(f"{ROOM} ", "$primary"), *_named(engine, chat)]
        if room.subject:
            pieces.append(Piece(f"  {clean_line(room.subject)}", _QUIET))
        people = room.people or len(engine.occupants(chat.key))
        right = list(_security(engine, chat.key))
        if room.status is RoomStatus.JOINED:
            right.append(Piece(f"  {counted(people, 'person', 'people')}", _QUIET, "toggle_people"))
        self.show(tuple(pieces), tuple(right))

    def _contact(self, engine: Facade, chat: Chat) -> None:
        presence = engine.presence(chat.key.account, chat.key.peer)
        mark = PRESENCE[presence.availability]
        pieces = [Piece(f"{mark} ", _STYLE[presence.availability]), *_named(engine, chat)]
        words = presence.status or PRESENCE_WORDS[presence.availability]
        if chat.in_contacts:
            pieces.append(Piece(f"  {words}", _QUIET))
            pieces.append(Piece(f"  {chat.key.peer.shown}", _QUIET))
        else:
            pieces.append(Piece("  not in your contacts", "$warning", "add_this_contact"))
        self.show(tuple(pieces), _security(engine, chat.key))


def _named(engine: Facade, chat: Chat) -> Sequence[Piece]:
    """The title; where another account has the same chat, with the account."""
    title = Piece(chat_title(chat), "bold")
    others = [state.address for state in engine.accounts() if state.address != chat.key.account]
    if any(engine.chat(ChatKey(other, chat.key.peer)) is not None for other in others):
        return title, Piece(f"  as {chat.key.account.shown}", "$primary")
    return (title,)


def _security(engine: Facade, key: ChatKey) -> tuple[Piece, ...]:
    words, style = security_words(engine.security(key))
    return (Piece(words, style, "devices"),)


class StatusLine(Bar):
    """Under the history: who is typing, why one cannot talk here, and how many messages came below."""

    DEFAULT_CSS = "StatusLine { background: $background; padding: 0 2; } StatusLine.-slim { padding: 0 1; }"

    def update(self, engine: Facade, key: ChatKey, *, newest: bool, below: int) -> None:
        """Show what is going on in a chat."""
        chat = engine.chat(key)
        problem = ""
        if chat is not None and chat.kind is ChatKind.ROOM:
            problem = room_problem(engine.room(key))
        left = Piece(problem, "$warning", "rejoin") if problem else Piece(typing_words(engine.typing(key)), _QUIET)
        words = f"↓ newest ({below})" if below else "↓ newest"
        self.show((left,), () if newest else (Piece(words, "bold $primary" if below else _QUIET, "newest"),))
