"""Renaming, regrouping or removing a contact."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from tui_xmpp.core.facade import Facade
from tui_xmpp.model import commands
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.contact import Contact, Subscription
from tui_xmpp.ui import actions
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.screens.dialog import Dialog, Hint
from tui_xmpp.ui.screens.fields import LineField
from tui_xmpp.ui.screens.groups import groups_field, read_groups
from tui_xmpp.ui.screens.plain import Plain
from tui_xmpp.ui.screens.put_away import PutAway
from tui_xmpp.ui.screens.words import address_with_warning
from tui_xmpp.ui.wishes import Wish


class EditContactDialog(Dialog[commands.EditContact | commands.RemoveContact | None]):
    """Name and groups of one contact; F8 removes it after a question."""

    confirm_word = "Save"

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.CONTACT)]

    def __init__(self, engine: Facade, contact: Contact) -> None:
        super().__init__("Edit contact")
        self._contact = contact
        self._handle = LineField("Name", contact.name, placeholder=contact.address.local, id="name")
        self._groups = groups_field(engine, contact.groups)

    def body(self) -> Iterable[Widget]:
        """Who it is, the fields, and who sees whom."""
        yield Plain(address_with_warning(self._contact.address))
        yield self._handle
        yield self._groups
        yield Plain(_who_sees_whom(self._contact), classes="-muted")

    def keys(self) -> tuple[Hint, ...]:
        """Save, remove, leave."""
        save, cancel = super().keys()
        return save, Hint("remove_contact", "Remove"), cancel

    async def action_confirm(self) -> None:
        """Give back what is to be kept; nothing when nothing was changed."""
        contact, name, groups = self._contact, self._handle.text, read_groups(self._groups)
        if (name, groups) == (contact.name, contact.groups):
            self.dismiss(None)
            return
        self.dismiss(commands.EditContact(contact.account, contact.address, name, groups))

    def action_remove_contact(self) -> None:
        """Ask, then give back the wish to remove."""
        contact = self._contact

        def answer(delete: bool | None) -> None:
            if delete is None:
                return
            if delete:
                self.app.post_message(Wish(commands.DeleteHistory(ChatKey(contact.account, contact.address))))
            self.dismiss(commands.RemoveContact(contact.account, contact.address))

        text = (
            f"{contact.title} ({contact.address.shown}) leaves your contacts, and neither sees when the other is "
            "available."
        )
        self.app.push_screen(PutAway("Remove the contact?", text, "Remove"), answer)


def _who_sees_whom(contact: Contact) -> str:
    """The subscription in words."""
    if contact.subscription is Subscription.BOTH:
        return "You see when the other is available."
    if contact.subscription is Subscription.FROM:
        return "They see when you are available" + (
            "; you have asked to see them." if contact.asked else ", you do not see them."
        )
    if contact.subscription is Subscription.TO:
        return "You see when they are available, they do not see you."
    return "You have asked to see them and wait for the answer." if contact.asked else "Neither sees the other."
