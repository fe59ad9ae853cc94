"""The pages of the wizard that register a new account (XEP-0077), by invitation or without (XEP-0445)."""

from collections.abc import Iterable
from dataclasses import replace

from textual.message import Message
from textual.widget import Widget

from tui_xmpp.core.ports import Answers
from tui_xmpp.errors import AddressError
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.form import FieldKind, Form
from tui_xmpp.model.invitation import Invitation, parse_invitation
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


class InvitationStep(Step):
    """The link of an invitation."""

    heading = "Register by invitation"

    class Filled(Message):
        """A link was given that lets one register."""

        def __init__(self, settings: AccountSettings, invitation: Invitation) -> None:
            super().__init__()
            self.settings = settings
            self.invitation = invitation

    def __init__(self) -> None:
        self._link = LineField("Link", placeholder="xmpp:example.org?register;preauth=…", id="link")
        self._advanced = AdvancedFields()
        super().__init__(
            (Plain("Paste the link that you were sent.", classes="-muted"), self._link, self._advanced),
        )

    def start(self) -> None:
        """Begin with the link."""
        self._link.line.focus()

    def confirm(self) -> None:
        """Check the link and post what it says."""
        self.show_problem("")
        if not self._link.text:
            self._link.refuse("The link is missing.")
            return
        try:
            invitation = parse_invitation(self._link.text)
        except AddressError as error:
            self._link.refuse(error.message)
            return
        settings = self._advanced.settings(Address(invitation.domain))
        if settings is not None:
            self.post_message(self.Filled(settings, invitation))


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

    def __init__(self, domain: str, form: Form, invitation: Invitation | None = None) -> None:
        self._invitation = invitation
        form = _named(form, invitation.name if invitation is not None else "")
        self._form = form
        self._fields = FormFields(form)
        self._remember = Check(REMEMBER, value=True, id="remember")
        fillable = self._fields.fillable
        super().__init__(
            self._page(),
            heading=f"Register at {domain}",
            keys=None if fillable else (Hint("cancel", self.cancel_word),),
        )

    def _page(self) -> Iterable[Widget]:
        form = self._form
        if self._invitation is not None and self._invitation.inviter is not None:
            inviter = self._invitation.inviter.shown
            yield Plain(f"{inviter} invites you; each of you becomes a contact of the other.", classes="-muted")
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


def _named(form: Form, name: str) -> Form:
    """The form with a name that was kept for somebody filled in."""
    if not name:
        return form
    fields = (replace(field, values=(name,)) if field.name == "username" else field for field in form.fields)
    return replace(form, fields=tuple(fields))


def _password(form: Form, answers: Answers) -> str:
    """The password among the answers: the field of that name (XEP-0077 §14.1), else the first hidden line."""
    names = ["password", *(field.name for field in form.fields if field.kind is FieldKind.TEXT_PRIVATE)]
    return next((answers[name][0] for name in names if answers.get(name)), "")
