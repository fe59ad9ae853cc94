"""The small questions: yes or no, a text, a password."""

from collections.abc import Iterable

from textual.widget import Widget

from tui_xmpp.core.facade import Facade
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import Connect
from tui_xmpp.ui.screens.dialog import Dialog, Hint
from tui_xmpp.ui.screens.fields import Check, LineField
from tui_xmpp.ui.screens.plain import Plain
from tui_xmpp.ui.screens.sign_in import REMEMBER


class Confirm(Dialog[bool]):
    """A question with two answers; Escape is no."""

    AUTO_FOCUS = "#confirm"

    def __init__(self, title: str, text: str, yes: str, no: str) -> None:
        super().__init__(title)
        self._text = text
        self._yes = yes
        self._no = no

    def body(self) -> Iterable[Widget]:
        """The question."""
        yield Plain(self._text)

    def keys(self) -> tuple[Hint, ...]:
        """The two answers."""
        return Hint("confirm", self._yes), Hint("cancel", self._no)

    async def action_confirm(self) -> None:
        """Yes."""
        self.dismiss(result=True)

    async def action_cancel(self) -> None:
        """No."""
        self.dismiss(result=False)


class AskText(Dialog[str | None]):
    """One line of text; what was there before can be edited. An empty text is an answer too."""

    def __init__(
        self, title: str, label: str, value: str = "", *, text: str = "", placeholder: str = "", yes: str = "OK"
    ) -> None:
        super().__init__(title)
        self._text = text
        self._yes = yes
        self._field = LineField(label, value, placeholder=placeholder)

    def body(self) -> Iterable[Widget]:
        """What it is for, where that needs words, and the line."""
        if self._text:
            yield Plain(self._text, classes="-muted")
        yield self._field

    def keys(self) -> tuple[Hint, ...]:
        """What Enter does, in a word, and leaving it."""
        return Hint("confirm", self._yes), Hint("cancel", self.cancel_word)

    async def action_confirm(self) -> None:
        """Give back what was typed."""
        self.dismiss(self._field.text)


class AskPassword(Dialog[Connect | None]):
    """The password of an account; says why it is asked for, and keeps it if that is wanted."""

    confirm_word = "Sign in"

    def __init__(self, engine: Facade, account: Address) -> None:
        super().__init__("Password")
        self._account = account
        self._problem = next((state.problem for state in engine.accounts() if state.address == account), "")
        self._field = LineField("Password", password=True)
        # What is asked for at each start is so by wish; what does not fit any more was kept before.
        self._keep = Check(REMEMBER, value=bool(self._problem), id="remember")
        self._keep.display = not engine.settings(account).password_command

    def body(self) -> Iterable[Widget]:
        """Whose password, and the line."""
        who = self._account.shown
        yield Plain(f"Another password for {who}?" if self._problem else f"The password of {who} is not kept here.")
        yield self._field
        yield self._keep

    def on_mount(self) -> None:
        """Say what was wrong with the last one."""
        if self._problem:
            self.panel.show_problem(self._problem)

    async def action_confirm(self) -> None:
        """Give back what connects the account."""
        if not self._field.text:
            self._field.refuse("The password is missing.")
            return
        keep = self._keep.value and bool(self._keep.display)
        self.dismiss(Connect(self._account, self._field.text, keep))
