"""The page of the wizard that signs in with an account that exists."""

from textual.message import Message

from tui_xmpp.core.facade import Facade
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.ui.screens.advanced import AdvancedFields
from tui_xmpp.ui.screens.choosing import read_address
from tui_xmpp.ui.screens.fields import Check, LineField
from tui_xmpp.ui.screens.step import Step

REMEMBER = "Keep the password in the system keyring"


class SignInStep(Step):
    """Address and password; the rest is folded away."""

    heading = "Sign in"
    confirm_word = "Sign in"

    class Filled(Message):
        """The page was filled in and looks right from here."""

        def __init__(self, settings: AccountSettings, password: str, *, remember: bool) -> None:
            super().__init__()
            self.settings = settings
            self.password = password
            self.remember = remember

    def __init__(self, engine: Facade, address: str = "", password: str = "") -> None:
        self._engine = engine
        self._address = LineField("Address", address, placeholder="name@server", id="address")
        self._password = LineField("Password", password, password=True, id="password")
        self._remember = Check(REMEMBER, value=True, id="remember")
        self._advanced = AdvancedFields()
        super().__init__((self._address, self._password, self._remember, self._advanced))

    def start(self) -> None:
        """Begin with the address, or the password where the address is known."""
        (self._password if self._address.text else self._address).line.focus()

    def refuse_password(self, why: str) -> None:
        """Say what is wrong beside the password, where the cursor goes: below, it could be out of sight."""
        self._password.refuse(why)

    def confirm(self) -> None:
        """Check each field and post the settings."""
        self.show_problem("")
        address = read_address(
            self._address,
            missing="Your address looks like name@server.",
            local_part="The part before the @ is missing: an address looks like name@server.",
        )
        if address is None:
            return
        if any(state.address == address for state in self._engine.accounts()):
            self._address.refuse("This account is here already.")
            return
        if not self._password.text:
            self._password.refuse("The password is missing.")
            return
        settings = self._advanced.settings(address)
        if settings is not None:
            self.post_message(self.Filled(settings, self._password.text, remember=self._remember.value))
