"""The left pane: chats, requests and contacts in one list."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from tui_xmpp.core.facade import Facade
from tui_xmpp.model.chat import Chat, ChatKey, ChatKind
from tui_xmpp.model.contact import Contact
from tui_xmpp.model.events import (
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
from tui_xmpp.model.room import RoomStatus
from tui_xmpp.ui import actions
from tui_xmpp.ui.actions import Where
from tui_xmpp.ui.chat_rows import ContactTarget, GroupTarget, Lists, build
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.row_list import RowList


class ChatList(RowList):
    """Keeps what the engine told it and shows it; rebuilt at most once per batch of events."""

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.CHATS)]

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
        self.lists = Lists()

    @property
    def chats(self) -> Sequence[Chat]:
        """The open chats, newest activity first."""
        return self.lists.chats

    def load(self) -> None:
        """Read everything from the engine."""
        engine, lists = self._engine, self.lists
        self._chats = {chat.key: chat for chat in engine.chats()}
        lists.contacts = {(contact.account, contact.address): contact for contact in engine.contacts()}
        lists.presences = {who: engine.presence(*who) for who in lists.contacts}
        lists.requests = engine.requests()
        lists.joined = {
            chat.key
            for chat in self._chats.values()
            if chat.kind is ChatKind.ROOM and engine.room(chat.key).status is RoomStatus.JOINED
        }
        lists.own_hint = "No contacts yet. F2 adds one." if engine.accounts() else "No account yet. F9 adds one."
        self.rebuild()

    def take(self, events: Sequence[Event]) -> bool:
        """Take in a batch of events; whether anything shown here may have changed."""
        changed = [self._take(event) for event in events]
        if any(changed):
            self.rebuild()
        return any(changed)

    def set_current(self, key: ChatKey | None) -> None:
        """Mark the chat that is open now."""
        if key != self.lists.current:
            self.lists.current = key
            self.rebuild()

    def rebuild(self) -> None:
        """Make the rows anew."""
        self.lists.chats = sorted(self._chats.values(), key=lambda chat: -chat.activity)
        self.show(build(self.lists, self._clock))

    def _take(self, event: Event) -> bool:
        lists = self.lists
        match event:
            case ChatChanged(chat):
                self._chats[chat.key] = chat
            case ChatClosed(key):
                self._chats.pop(key, None)
            case ContactChanged(contact):
                lists.contacts[contact.account, contact.address] = contact
            case ContactRemoved(account, address):
                lists.contacts.pop((account, address), None)
            case PresenceChanged(account, address, presence):
                lists.presences[account, address.bare] = presence
            case RoomChanged(room):
                joined = room.status is RoomStatus.JOINED
                if joined == (room.key in lists.joined):
                    return False
                lists.joined ^= {room.key}
            case RequestAdded() | RequestRemoved():
                lists.requests = self._engine.requests()
            case AccountRemoved():
                self.load()
            case _:
                return False
        return True

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
        self.rebuild()

    def _contact(self, target: object) -> Contact | None:
        if isinstance(target, ContactTarget):
            return target.contact
        if isinstance(target, ChatKey):
            return self.lists.contacts.get((target.account, target.peer))
        return None
