"""Which account a dialog is about: a field where there are several, nothing where there is one."""

from collections.abc import Iterable

from textual.widget import Widget

from tui_xmpp.core.facade import Facade
from tui_xmpp.errors import AddressError
from tui_xmpp.model.account import AccountStatus
from tui_xmpp.model.address import Address
from tui_xmpp.ui.screens.fields import Choice, Field, LineField


class AccountChoice:
    """The account of a dialog; the given one, else the first that is connected, comes first."""

    def __init__(self, engine: Facade, account: Address | None) -> None:
        states = engine.accounts()
        online = next((state.address for state in states if state.status is AccountStatus.ONLINE), None)
        addresses = [state.address for state in states]
        self._only = account or online or (addresses[0] if addresses else None)
        self._choice: Choice[Address] | None = None
        if len(addresses) > 1:
            self._choice = Choice([(address, address.shown) for address in addresses], self._only, id="account")

    @property
    def account(self) -> Address | None:
        """The chosen account; None when there is none at all."""
        return self._only if self._choice is None else self._choice.value

    def field(self) -> Iterable[Widget]:
        """The field, where there is something to choose."""
        if self._choice is not None:
            yield Field("Account", self._choice)


def read_address(field: LineField, *, missing: str, local_part: str = "") -> Address | None:
    """Return the bare address in a field; None after saying beside it what is wrong.

    `missing` is said when nothing was typed; `local_part`, if given, when there is no part before the @.
    """
    if not field.text:
        field.refuse(missing)
        return None
    try:
        address = Address.parse(field.text).bare
    except AddressError as error:
        field.refuse(error.message)
        return None
    if local_part and not address.local:
        field.refuse(local_part)
        return None
    return address
