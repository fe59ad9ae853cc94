"""One account's contact list, and who of it is there (RFC 6121)."""

import logging
from dataclasses import replace

from tui_xmpp.core.context import Context
from tui_xmpp.core.presences import Presences
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.contact import Contact, Presence
from tui_xmpp.model.events import ContactChanged, ContactRemoved, PresenceChanged
from tui_xmpp.model.stanzas import PresenceReceived, RosterItem, RosterPushed
from tui_xmpp.model.text import clean_line
from tui_xmpp.storage.values import RosterChange
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)


class Contacts:
    """The contacts of one account as the store has them, kept in memory too: every message asks for one."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._contacts = {contact.address: contact for contact in context.store.contacts.all(context.own)}
        self._presences = Presences()
        self._hidden = False

    def all(self) -> tuple[Contact, ...]:
        """All contacts, in no particular order."""
        return tuple(self._contacts.values())

    def get(self, address: Address) -> Contact | None:
        """The contact with this bare address."""
        return self._contacts.get(address.bare)

    def title(self, address: Address) -> str:
        """What somebody is called in lists; a stranger by the address alone."""
        contact = self.get(address)
        return address.bare.shown if contact is None else contact.title

    def presence(self, address: Address) -> Presence:
        """Best presence over all resources."""
        return Presence() if self._hidden else self._presences.best(address)

    # What the server tells

    async def refresh(self) -> None:
        """Fetch the whole list after a stream was opened anew."""
        own = self._context.own
        items = await self._context.line().roster()
        # Told in the order of the writes: what was pushed since must not be undone by what is told of the list.
        self._context.pen.write_soon(lambda writes: writes.replace_roster(own, items), self._replaced)
        await self._context.pen.settled()

    def _replaced(self, change: RosterChange) -> None:
        for contact in change.changed:
            self._changed(contact)
        for address in change.removed:
            self._removed(address)

    def pushed(self, push: RosterPushed) -> None:
        """One contact was added, changed or removed, by us or by another of our clients."""
        own, item = self._context.own, push.item
        address = item.address.bare
        if item.removed:

            def remove(writes: Writes) -> bool:
                return writes.remove_contact(own, address)

            self._context.pen.write_soon(remove, lambda _removed: self._removed(address))
        else:
            self._context.pen.write_soon(lambda writes: writes.upsert_contact(own, item), self._changed)

    def _changed(self, contact: Contact) -> None:
        self._contacts[contact.address] = contact
        self._context.hub.publish(ContactChanged(contact))
        self._context.hub.chat_changed(self._context.key(contact.address))

    def _removed(self, address: Address) -> None:
        if self._contacts.pop(address, None) is None:
            return
        self._presences.forget(address)
        self._context.hub.publish(ContactRemoved(self._context.own, address))
        self._context.hub.chat_changed(self._context.key(address))

    def present(self, presence: PresenceReceived) -> None:
        """A client of a contact came, went or changed its state."""
        bare = presence.sender.bare
        if bare == self._context.own or not self._presences.take(presence):
            return
        self._tell(bare)

    def hide_presences(self) -> None:
        """Show nobody as being there: the line has been down too long for that to be known.

        Nothing is forgotten, since the stream may still be resumed and the server then tells nothing anew.
        """
        self._set_hidden(hidden=True)

    def show_presences(self) -> None:
        """What was hidden is valid: the stream was resumed."""
        self._set_hidden(hidden=False)

    def _set_hidden(self, *, hidden: bool) -> None:
        if hidden != self._hidden:
            self._hidden = hidden
            for address in self._presences.known():
                self._tell(address)

    def forget_presences(self) -> None:
        """The stream is really lost: nobody is known to be there."""
        self._hidden = False
        for address in self._presences.clear():
            self._tell(address)

    def _tell(self, address: Address) -> None:
        presence = self.presence(address)
        self._context.hub.publish(PresenceChanged(self._context.own, address, presence))

    # Wishes

    async def add(self, address: Address, name: str, groups: tuple[str, ...]) -> None:
        """Put an address into the list and ask to see its presence."""
        line, bare = self._context.line(), address.bare
        if bare == self._context.own:
            raise RequestFailed("This is your own address.", title="Not added")
        present = self.get(bare)
        if present is None:
            present = Contact(self._context.own, bare)
        await line.set_roster_item(_item(present, clean_line(name) or present.name, groups or present.groups))
        if not present.subscription.we_see_them:
            line.subscribe(bare)

    async def edit(self, address: Address, name: str, groups: tuple[str, ...]) -> None:
        """Set name and groups."""
        contact = self.get(address) or Contact(self._context.own, address.bare)
        cleaned = tuple(dict.fromkeys(group for raw in groups if (group := clean_line(raw))))
        await self._context.line().set_roster_item(_item(contact, clean_line(name), cleaned))

    async def remove(self, address: Address) -> None:
        """Remove a contact; that ends both subscriptions (RFC 6121 §2.5)."""
        await self._context.line().remove_roster_item(address.bare)

    def ask(self, address: Address) -> None:
        """Ask once more to see somebody's presence."""
        self._context.line().subscribe(address.bare)


def _item(contact: Contact, name: str, groups: tuple[str, ...]) -> RosterItem:
    return replace(RosterItem(contact.address), name=name, groups=groups)
