"""The left pane: chats, requests and contacts in one list."""

from collections.abc import Sequence
from enum import Enum, auto
from time import monotonic
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.timer import Timer

from tui_xmpp.core.facade import Facade
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey
from tui_xmpp.model.contact import Contact
from tui_xmpp.model.events import (
    AccountChanged,
    AccountRemoved,
    ChatChanged,
    ChatClosed,
    ContactChanged,
    ContactRemoved,
    Event,
    PresenceChanged,
    RequestAdded,
    RequestRemoved,
    RoomChanged,
)
from tui_xmpp.model.room import Room, RoomStatus
from tui_xmpp.ui import actions
from tui_xmpp.ui.chat_rows import ContactTarget, GroupTarget, Lists, build_chats, build_contacts
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.keymap import key_of
from tui_xmpp.ui.row_list import RowList
from tui_xmpp.ui.rows import Row

PAUSE = 0.1
"""Seconds between two rebuilds while events come in a flood."""


_RANKS = {ChatKey: 1, ContactTarget: 2}
"""A chat before a contact, and one of those before a group, which Enter only folds."""


class Part(Enum):
    """What of the list an event changes."""

    NOTHING = auto()
    CHATS = auto()
    CONTACTS = auto()


class ChatList(RowList):
    """Keeps what the engine told it and shows it; rebuilt at most once per batch of events."""

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.CHATS)]
    menu: ClassVar[frozenset[Where]] = frozenset({Where.LIST, Where.CHATS})

    class EditContact(Message):
        """A contact is to be renamed or regrouped."""

        def __init__(self, contact: Contact) -> None:
            super().__init__()
            self.contact = contact

    class Remove(Message):
        """A chat is to be taken off the list, or a contact removed."""

        def __init__(self, target: ChatKey | Contact) -> None:
            super().__init__()
            self.target = target

    def __init__(self, engine: Facade, clock: Clock, *, id: str | None = None) -> None:  # noqa: A002 (Textual's)
        super().__init__(id=id)
        self._engine = engine
        self._clock = clock
        self._chats: dict[ChatKey, Chat] = {}
        self._accounts: frozenset[Address] = frozenset()
        self._contact_rows: list[Row] | None = None
        self._most: int | None = None
        """How many chats are shown while the first picture is made; None: all of them, and the contacts too."""
        self._rebuilding: Timer | None = None
        self._rebuilt = 0.0
        self.lists = Lists()

    @property
    def chats(self) -> Sequence[Chat]:
        """The open chats, newest activity first."""
        return self.lists.chats

    @property
    def known(self) -> Sequence[Chat]:
        """The open chats as they are now, in no order; the rows may show that a moment later."""
        return tuple(self._chats.values())

    def begin(self) -> None:
        """Read what the first picture needs, to be shown with `set_current` or `rebuild_all`; the rest follows it."""
        self._read_chats()
        rows = self.app.size.height
        if len(self._chats) * (1 if self.lists.compact else 2) < rows:
            self._read_contacts()
        else:
            self._most, self._contact_rows = rows, []
            self.call_after_refresh(self._complete)

    def _complete(self) -> None:
        """Read and show what was left out of the first picture."""
        if self._most is not None:
            self._read_contacts()
            self.rebuild()

    def load(self) -> None:
        """Read everything from the engine, and show it."""
        self._read_chats()
        self._read_contacts()
        self.rebuild()

    def _read_chats(self) -> None:
        engine, lists = self._engine, self.lists
        lists.compact = self.app.has_class("-compact")
        lists.chats = engine.chats()
        self._chats = {chat.key: chat for chat in lists.chats}
        lists.requests = engine.requests()
        lists.joined = set(engine.joined())
        self._accounts = frozenset(state.address for state in engine.accounts())
        add = "None. {} adds one." if self._accounts else "{} adds an account."
        lists.own_hint = add.format(key_of(self.app, "add_contact" if self._accounts else "accounts"))

    def _read_contacts(self) -> None:
        engine, lists = self._engine, self.lists
        lists.contacts = {(contact.account, contact.address): contact for contact in engine.contacts()}
        lists.presences = {who: engine.presence(*who) for who in lists.contacts}
        self._contact_rows = self._most = None

    @property
    def settled(self) -> bool:
        """Whether everything that is known is shown."""
        return self._rebuilding is None

    def find(self, key: ChatKey) -> Chat | None:
        """An open chat; quicker than asking the store."""
        return self._chats.get(key)

    def take(self, events: Sequence[Event]) -> bool:
        """Take in a batch of events; whether anything shown here has changed."""
        self._complete()
        parts = {self._take(event) for event in events} - {Part.NOTHING}
        if Part.CONTACTS in parts:
            self._contact_rows = None
        if parts:
            self._rebuild_soon()
        return bool(parts)

    def set_current(self, key: ChatKey | None) -> None:
        """Mark the chat that is open now."""
        if key != self.lists.current:
            self.lists.current = key
            self.rebuild()

    def rebuild(self) -> None:
        """Make the rows anew."""
        self._rebuilding = None
        self.lists.chats = sorted(self._chats.values(), key=lambda chat: -chat.activity)
        if self._contact_rows is None:
            self._contact_rows = build_contacts(self.lists)
        self.show([*build_chats(self.lists, self._clock, self._most), *self._contact_rows])

    def rebuild_all(self) -> None:
        """Make every row anew: the day has changed, or a group was folded."""
        if self._most is None:
            self._contact_rows = None
        self.rebuild()

    def _rebuild_soon(self) -> None:
        """In a flood, rebuild ten times a second; else at once."""
        if self._rebuilding is not None:
            return
        wait = self._rebuilt + PAUSE - monotonic()
        if wait <= 0:
            self._rebuilt = monotonic()
            self.rebuild()
        else:
            self._rebuilt += PAUSE
            self._rebuilding = self.set_timer(wait, self.rebuild)

    def _take(self, event: Event) -> Part:
        lists = self.lists
        match event:
            case ChatChanged(chat):
                self._chats[chat.key] = chat
            case ChatClosed(key):
                self._chats.pop(key, None)
            case RequestAdded() | RequestRemoved():
                lists.requests = self._engine.requests()
            case RoomChanged(room):
                return self._room_changed(room)
            case ContactChanged(contact):
                lists.contacts[contact.account, contact.address] = contact
                return Part.CONTACTS
            case ContactRemoved(account, address):
                lists.contacts.pop((account, address), None)
                return Part.CONTACTS
            case PresenceChanged(account, address, presence):
                lists.presences[account, address.bare] = presence
                return Part.CONTACTS
            case AccountChanged() | AccountRemoved():
                return self._accounts_changed()
            case _:
                return Part.NOTHING
        return Part.CHATS

    def _room_changed(self, room: Room) -> Part:
        joined = room.status is RoomStatus.JOINED
        if joined == (room.key in self.lists.joined):
            return Part.NOTHING
        self.lists.joined ^= {room.key}
        return Part.CHATS

    def _accounts_changed(self) -> Part:
        """An account came or went: read everything again; not when only its line goes up or down."""
        accounts = frozenset(state.address for state in self._engine.accounts())
        if accounts == self._accounts:
            return Part.NOTHING
        self.load()
        return Part.CONTACTS

    def rank(self, row: Row) -> int:
        """How likely one wants to begin at a row; less is more."""
        return 0 if row.current else _RANKS.get(type(row.target), 3)

    # Actions of the registry
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 (Textual's)
        """Whether a key applies to the selected row."""
        row = self.selected
        target = row.target if row is not None else None
        match action:
            case "fold_group":
                return isinstance(target, GroupTarget | ContactTarget)
            case "edit_row":
                return self._contact(target) is not None
            case "remove_row":
                return isinstance(target, ChatKey | ContactTarget)
            case _:
                return True

    def action_open_row(self) -> None:
        """Fold a group, open anything else."""
        row = self.selected
        if row is not None and isinstance(row.target, GroupTarget):
            self.fold(row.target.name)
        else:
            super().action_open_row()

    def action_fold_group(self) -> None:
        """Fold or unfold the group under the cursor, or that of the contact under it."""
        row = self.selected
        if row is None:
            return
        if isinstance(row.target, GroupTarget):
            self.fold(row.target.name)
        elif isinstance(row.target, ContactTarget):
            group = row.id.removeprefix("contact ").rpartition("/")[0].rpartition("/")[0]
            if group:
                self.fold(group)
                self.select(f"group {group}")

    def action_edit_row(self) -> None:
        """Rename or regroup the selected contact."""
        row = self.selected
        contact = self._contact(row.target) if row is not None else None
        if contact is not None:
            self.post_message(self.EditContact(contact))

    def action_remove_row(self) -> None:
        """Take a chat off the list or remove a contact."""
        row = self.selected
        if row is None:
            return
        if isinstance(row.target, ChatKey):
            self.post_message(self.Remove(row.target))
        elif isinstance(row.target, ContactTarget):
            self.post_message(self.Remove(row.target.contact))

    def fold(self, group: str) -> None:
        """Fold or unfold a group."""
        self.lists.folded ^= {group}
        self.rebuild_all()

    def _contact(self, target: object) -> Contact | None:
        if isinstance(target, ContactTarget):
            return target.contact
        if isinstance(target, ChatKey):
            return self.lists.contacts.get((target.account, target.peer))
        return None
