"""The accounts of the engine: read from the store alone until a session is made, and from that afterwards.

A session takes some fifty modules. They are loaded with the network, and the first picture needs none of them: before,
nobody is there, nobody writes, and all that is known is in the store.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tui_xmpp.core.encryption import candidates, posture, wish_of
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.account import AccountSettings, AccountState, AccountStatus
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.contact import Contact, Presence
from tui_xmpp.model.message import Message
from tui_xmpp.model.omemo import ChatSecurity
from tui_xmpp.model.room import Occupant, Room, RoomStatus
from tui_xmpp.storage.store import Store

if TYPE_CHECKING:
    from tui_xmpp.core.session import Session

Make = Callable[[AccountSettings], "Session"]


class Accounts:
    """The enabled ones, in the order of the settings."""

    def __init__(self, settings: Iterable[AccountSettings], store: Store, make: Make) -> None:
        self._settings = {account.address: account for account in settings}
        self._store = store
        self._make = make
        self._sessions: dict[Address, Session] = {}
        self._rooms: dict[ChatKey, Room] = {}
        """Those that were read from the store; nothing there changes before there is a session."""

    def __iter__(self) -> Iterator[Address]:
        return iter(tuple(self._settings))

    def __contains__(self, account: object) -> bool:
        return account in self._settings

    @property
    def sessions(self) -> tuple["Session", ...]:
        """Those that were made."""
        return tuple(self._sessions.values())

    def add(self, settings: AccountSettings) -> "Session":
        """One more account, or one with other settings."""
        self._settings[settings.address] = settings
        return self.of(settings.address)

    def stopped(self, account: Address) -> "Session | None":
        """Let go of a session; another is made when it is needed."""
        return self._sessions.pop(account, None)

    def forget(self, account: Address) -> None:
        """There is no such account any more."""
        self._settings.pop(account, None)
        self._sessions.pop(account, None)

    def of(self, account: Address) -> "Session":
        """What works for an account, made when it is first needed. Raises RequestFailed."""
        session = self.made(account)
        if session is None:
            session = self._sessions[account] = self._make(self._settings[account])
            self._rooms.clear()
        return session

    def made(self, account: Address) -> "Session | None":
        """The same, if it was needed before. Raises RequestFailed when there is no such account."""
        if account not in self._settings:
            raise RequestFailed(f"There is no account {account.shown}.", title="Unknown account")
        return self._sessions.get(account)

    # Reading

    def state(self, account: Address) -> AccountState:
        """How it is doing."""
        session = self.made(account)
        return AccountState(account, AccountStatus.OFFLINE) if session is None else session.connector.state

    def settings(self, account: Address) -> AccountSettings:
        """What was set for it."""
        session = self.made(account)
        return self._settings[account] if session is None else session.context.settings

    def contacts(self, account: Address) -> Iterable[Contact]:
        """All its contacts."""
        session = self.made(account)
        return self._store.contacts.all(account) if session is None else session.contacts.all()

    def contact(self, account: Address, address: Address) -> Contact | None:
        """One contact."""
        session = self.made(account)
        return self._store.contacts.get(account, address.bare) if session is None else session.contacts.get(address)

    def presence(self, account: Address, address: Address) -> Presence:
        """Best presence of a contact."""
        session = self.made(account)
        return Presence() if session is None else session.contacts.presence(address)

    def own_presence(self, account: Address) -> Presence:
        """What others see of us."""
        session = self.made(account)
        return Presence() if session is None else session.presence.shown

    def room(self, key: ChatKey) -> Room:
        """What is known of a room."""
        session = self.made(key.account)
        return self._stored_room(key) if session is None else session.rooms.room(key)

    def occupants(self, key: ChatKey) -> tuple[Occupant, ...]:
        """Who is in the room now."""
        session = self.made(key.account)
        return () if session is None else session.rooms.occupants(key)

    def typing(self, key: ChatKey) -> tuple[str, ...]:
        """Who is writing in the chat now."""
        session = self.made(key.account)
        return () if session is None else session.typing.names(key)

    def gaps(self, key: ChatKey) -> frozenset[int]:
        """Ids of the messages over which others may be missing."""
        session = self.made(key.account)
        if session is not None:
            return session.sync.gaps(key, session.chats.kind(key))
        return self._store.history.gaps(key, key.peer if self._kind(key) is ChatKind.ROOM else key.account)

    def live(self, key: ChatKey, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        """Messages with how far their files have come just now, which only a session knows."""
        if key.account not in self._settings:
            return messages
        session = self.made(key.account)
        if session is None and all(message.upload is None for message in messages):
            return messages
        return self.of(key.account).uploads.shown(messages)

    def security(self, key: ChatKey) -> ChatSecurity:
        """How what is written in a chat goes out."""
        session = self.made(key.account)
        if session is not None:
            return session.omemo.security(key, session.chats.kind(key))
        kind, kept = self._kind(key), self._store.devices.encryption(key)
        theirs = self._store.devices.of(key.account, key.peer) if kind is ChatKind.CONTACT else ()
        return posture(
            kind,
            kept,
            wish_of(kept, self._settings[key.account].encryption),
            () if key.peer == key.account else theirs,
            is_possible=kind is ChatKind.CONTACT or (kind is ChatKind.ROOM and self._stored_room(key).private),
            reaches_all=lambda: bool(candidates(theirs)),  # who belongs to a room is known only by asking it
        )

    def _stored_room(self, key: ChatKey) -> Room:
        """The room as it was left, and on the way into it if it is one to be in."""
        room = self._rooms.get(key)
        if room is None:
            room = self._store.rooms.state(key)
            if room.bookmarked:
                status = RoomStatus.JOINING if room.autojoin else RoomStatus.LEFT
                room = replace(room, status=status, nick=room.nick or self._settings[key.account].room_nickname)
            self._rooms[key] = room
        return room

    def _kind(self, key: ChatKey) -> ChatKind:
        return self._store.chats.kind(key) or (ChatKind.CONTACT if key.peer.is_bare else ChatKind.PRIVATE)
