"""The pages of the wizard that register a new account (XEP-0077)."""

from collections.abc import Iterable

from textual.message import Message
from textual.widget import Widget

from tui_xmpp.core.ports import Answers
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.form import FieldKind, Form
from tui_xmpp.ui.screens.advanced import AdvancedFields
from tui_xmpp.ui.screens.choosing import read_address
from tui_xmpp.ui.screens.dialog import Hint
from tui_xmpp.ui.screens.fields import Check, LineField
from tui_xmpp.ui.screens.form_fields import FormFields
from tui_xmpp.ui.screens.plain import Plain
from tui_xmpp.ui.screens.sign_in import REMEMBER
from tui_xmpp.ui.screens.step import Step


class ServerStep(Step):
    """Which server to register with."""

    heading = "Register a new account"

    class Filled(Message):
        """A server was named."""

        def __init__(self, settings: AccountSettings) -> None:
            super().__init__()
            self.settings = settings

    def __init__(self) -> None:
        self._server = LineField("Server", placeholder="example.org", id="server")
        self._advanced = AdvancedFields()
        super().__init__(
            (
                Plain("Your address will be name@server. The server tells what it wants to know.", classes="-muted"),
                self._server,
                self._advanced,
            )
        )

    def start(self) -> None:
        """Begin with the server."""
        self._server.line.focus()

    def confirm(self) -> None:
        """Check and post the settings."""
        self.show_problem("")
        address = read_address(self._server, missing="Which server? Its name looks like example.org.")
        if address is None:
            return
        settings = self._advanced.settings(Address(address.domain))
        if settings is not None:
            self.post_message(self.Filled(settings))


class FormStep(Step):
    """What the server asks."""

    confirm_word = "Register"

    class Filled(Message):
        """The form was filled in."""

        def __init__(self, answers: Answers, password: str, *, remember: bool) -> None:
            super().__init__()
            self.answers = answers
            self.password = password
            self.remember = remember

    def __init__(self, domain: str, form: Form) -> None:
        self._form = form
        self._fields = FormFields(form)
        self._remember = Check(REMEMBER, value=True, id="remember")
        fillable = self._fields.fillable
        super().__init__(
            self._page(),
            heading=f"Register at {domain}",
            keys=None if fillable else (Hint("Esc", self.cancel_word, "back", id="back"),),
        )

    def _page(self) -> Iterable[Widget]:
        form = self._form
        if form.url:
            yield Plain("The server asks you to register in a web browser, and to sign in here afterwards:")
            yield Plain(form.url, classes="-url")
        elif not self._fields.fillable:
            yield Plain("The server does not say what it wants to know; it cannot be registered with from here.")
        yield self._fields
        if self._fields.fillable:
            yield self._remember

    def start(self) -> None:
        """Begin with the first field."""
        self._fields.focus_first()

    def confirm(self) -> None:
        """Check and post the answers."""
        self.show_problem("")
        if not self._fields.fillable:
            return
        answers = self._fields.answers()
        if answers is not None:
            password = _password(self._form, answers)
            self.post_message(self.Filled(answers, password, remember=self._remember.value))


def _password(form: Form, answers: Answers) -> str:
    """The password among the answers: the field of that name (XEP-0077 §14.1), else the first hidden line."""
    names = ["password", *(field.name for field in form.fields if field.kind is FieldKind.TEXT_PRIVATE)]
    return next((answers[name][0] for name in names if answers.get(name)), "")
