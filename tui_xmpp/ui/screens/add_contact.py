"""Adding somebody to the contacts."""

from collections.abc import Iterable

from textual.widget import Widget

from tui_xmpp.core.facade import Facade
from tui_xmpp.model import commands
from tui_xmpp.model.address import Address
from tui_xmpp.ui.screens.choosing import AccountChoice, read_address
from tui_xmpp.ui.screens.dialog import Dialog
from tui_xmpp.ui.screens.fields import LineField
from tui_xmpp.ui.screens.groups import groups_field, read_groups
from tui_xmpp.ui.screens.plain import Plain
from tui_xmpp.ui.screens.words import LOOK_ALIKE_WARNING


class AddContactDialog(Dialog[commands.AddContact | None]):
    """Address, name and groups; gives the wish back, which the app hands to the engine."""

    confirm_word = "Add and ask"

    def __init__(self, engine: Facade, account: Address | None, address: str = "") -> None:
        super().__init__("Add a contact")
        self._engine = engine
        self._account = AccountChoice(engine, account)
        self._address = LineField("Address", address, placeholder="name@server", id="address")
        self._handle = LineField("Name", placeholder="what you call them", id="name")
        self._groups = groups_field(engine)
        self._warned_of = ""

    def body(self) -> Iterable[Widget]:
        """What is needed, and what will happen."""
        yield from self._account.field()
        yield self._address
        yield self._handle
        yield self._groups
        yield Plain("They are asked whether you may see when they are available.", classes="-muted")

    def on_mount(self) -> None:
        """Start in the address, or behind it where it is known already."""
        (self._handle if self._address.text else self._address).line.focus()

    async def action_confirm(self) -> None:
        """Check, and give the wish back."""
        account = self._account.account
        address = read_address(self._address, missing="Whom? An address looks like name@server.")
        if address is None:
            return
        if account is None:
            self.panel.show_problem("There is no account yet.")
            return
        if address == account:
            self._address.refuse("That is your own address.")
            return
        known = self._engine.contact(account, address)
        if known is not None:
            self._address.refuse(f"{known.title} is among your contacts already.")
            return
        if address.is_look_alike and self._warned_of != str(address):
            self._warned_of = str(address)
            self._address.refuse(f"{LOOK_ALIKE_WARNING} Its real form is {address.shown}. Enter once more adds it.")
            return
        self.dismiss(commands.AddContact(account, address, self._handle.text, read_groups(self._groups)))
