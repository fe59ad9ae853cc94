"""Reporting somebody to one's own server, and letting those write again whom it keeps away."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from tui_xmpp.core.facade import Facade
from tui_xmpp.errors import TuiXmppError
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.report import Complaint, Remedies, ReportSender, Unblock
from tui_xmpp.ui.keymap import key_of
from tui_xmpp.ui.screens.dialog import Dialog, Hint
from tui_xmpp.ui.screens.fields import LineField
from tui_xmpp.ui.screens.plain import Plain
from tui_xmpp.ui.screens.rows import Row, Rows
from tui_xmpp.ui.screens.words import address_with_warning

_WORDS = {
    Complaint.SPAM: "spam: advertising, fraud, messages to many",
    Complaint.ABUSE: "abuse: threats, harassment, insults",
}


class ReportDialog(Dialog[ReportSender | None]):
    """What somebody is reported for; says what the server will do with it."""

    AUTO_FOCUS = ""

    def __init__(self, key: ChatKey, message_ids: Sequence[int], remedies: Remedies) -> None:
        super().__init__("Report and block" if remedies.takes_reports else "Block")
        self._key = key
        self._message_ids = tuple(message_ids)
        self._remedies = remedies
        self._complaints = Rows(id="complaints")
        self._text = LineField("Your words")

    def keys(self) -> Sequence[Hint]:
        """To do it, or not."""
        return Hint("confirm", self.heading), Hint("cancel", "Cancel")

    def body(self) -> Iterable[Widget]:
        """Whom, what happens, what for."""
        who = address_with_warning(self._key.peer)
        undone = f"“unblock” under {key_of(self.app, 'actions')} takes that back."
        if self._remedies.takes_reports:
            yield Plain(
                f"The operators of your server learn that {who} wrote this. Your server lets nothing more from that "
                f"address through, and shows it nothing of you. {undone}"
            )
            yield self._complaints
            yield self._text
        else:
            yield Plain(
                f"Your server takes no reports. It can keep {who} away: nothing more from that address comes through, "
                f"and it sees nothing of you. {undone}"
            )

    def on_mount(self) -> None:
        """Show what one can be reported for."""
        if self._remedies.takes_reports:
            self._complaints.show_rows([Row(one.value, words) for one, words in _WORDS.items()])
            self._complaints.focus()
        else:
            self.query_one("#confirm").focus()

    async def action_confirm(self) -> None:
        """Give the wish back."""
        complaint = Complaint(self._complaints.chosen or Complaint.SPAM.value)
        text = self._text.text.strip() if self._remedies.takes_reports else ""
        self.dismiss(ReportSender(self._key, self._message_ids, complaint, text))


class Blocked(Dialog[Unblock | None]):
    """Whom the server keeps away; gives back who may write again."""

    confirm_word = "Unblock"

    def __init__(self, engine: Facade, account: Address) -> None:
        super().__init__(f"Kept away from {account.shown}")
        self._engine = engine
        self._account = account
        self._rows = Rows(id="blocked")

    def body(self) -> Iterable[Widget]:
        """Their addresses."""
        yield self._rows

    def on_mount(self) -> None:
        """Ask the server."""
        self.query_one("#confirm").display = False
        self._rows.focus()
        self.run_worker(self._ask(), name="blocked", exit_on_error=False)

    async def _ask(self) -> None:
        self.panel.show_progress("Asking the server…")
        try:
            found = await self._engine.blocked(self._account)
        except TuiXmppError as error:
            self.panel.show_progress("")
            self.panel.show_error(error)
            return
        self._rows.show_rows([Row(str(address), address_with_warning(address)) for address in found])
        self.query_one("#confirm").display = bool(found)
        self.panel.show_progress("" if found else "Nobody is kept away.")

    async def action_confirm(self) -> None:
        """Give back whom to let in again."""
        chosen = self._rows.chosen
        if chosen is not None:
            self.dismiss(Unblock(self._account, Address.parse(chosen)))
