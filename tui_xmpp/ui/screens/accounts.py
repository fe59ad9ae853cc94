"""All accounts: how each is doing, and what can be done about it."""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from tui_xmpp.core.facade import Facade
from tui_xmpp.model import commands
from tui_xmpp.model.account import AccountState, AccountStatus
from tui_xmpp.model.events import AccountChanged, AccountRemoved, Event
from tui_xmpp.ui import actions
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.screens.ask import AskPassword, Confirm
from tui_xmpp.ui.screens.dialog import Hint
from tui_xmpp.ui.screens.plain import Plain
from tui_xmpp.ui.screens.rows import Row, Rows
from tui_xmpp.ui.screens.waiting import WaitingDialog
from tui_xmpp.ui.screens.wizard import Wizard
from tui_xmpp.ui.screens.words import ACCOUNT_GLYPHS, account_sentence

_AT_WORK = {AccountStatus.ONLINE, AccountStatus.CONNECTING, AccountStatus.WAITING}


class AccountsScreen(WaitingDialog[None]):
    """The list: Enter connects or disconnects, n adds, x removes."""

    cancel_word = "Close"

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.ACCOUNTS)]

    def __init__(self, engine: Facade) -> None:
        super().__init__("Accounts")
        self._engine = engine
        self._rows = Rows(id="accounts")
        self._nothing = Plain("There is no account yet.", classes="-muted")
        self._stop: Callable[[], None] = lambda: None

    def body(self) -> Iterable[Widget]:
        """The list."""
        yield self._rows
        yield self._nothing

    def keys(self) -> Sequence[Hint]:
        """Connect or disconnect, add, remove, leave."""
        return (
            Hint("confirm", "Connect"),
            Hint("add_account", "Add"),
            Hint("remove_account", "Remove"),
            Hint("cancel", self.cancel_word),
        )

    def on_mount(self) -> None:
        """Show the list and keep it up to date."""
        self._stop = self._engine.subscribe(self._hear)
        self._show()
        (self._rows if self._engine.accounts() else self.query_one("#add_account")).focus()

    def on_unmount(self) -> None:
        """Stop listening."""
        self._stop()

    def _hear(self, events: Sequence[Event]) -> None:
        if any(isinstance(event, AccountChanged | AccountRemoved) for event in events):
            self.call_later(self._show)

    def _show(self) -> None:
        accounts = self._engine.accounts()
        self._rows.show_rows([_row(state) for state in accounts])
        self._rows.display = bool(accounts)
        self._nothing.display = not accounts
        for key in ("confirm", "remove_account"):
            self.query_one(f"#{key}").display = bool(accounts)
        self._name_action()

    def _name_action(self) -> None:
        state = self._chosen()
        if state is not None:
            self.query_one("#confirm", Hint).say("Disconnect" if state.status in _AT_WORK else "Connect")

    def on_option_list_option_highlighted(self) -> None:
        """Another account is chosen."""
        self._name_action()

    def _chosen(self) -> AccountState | None:
        chosen = self._rows.chosen
        return next((state for state in self._engine.accounts() if str(state.address) == chosen), None)

    async def action_confirm(self) -> None:
        """Connect the chosen account, asking for the password where it is needed; or disconnect it."""
        state = self._chosen()
        if state is None:
            return
        account = state.address
        if state.status in _AT_WORK:
            self._do(commands.Disconnect(account), "Disconnecting…")
        elif state.status is AccountStatus.NEEDS_PASSWORD:

            def answered(command: commands.Connect | None) -> None:
                if command is not None:
                    self._do(command, "Connecting…")

            await self.app.push_screen(AskPassword(self._engine, account), answered)
        else:
            self._do(commands.Connect(account), "Connecting…")

    def _do(self, command: commands.Connect | commands.Disconnect, words: str) -> None:
        self.wait_for(words, self._engine.do(command), lambda _: self._show(), about=str(command.account))

    def action_add_account(self) -> None:
        """Open the wizard for one more account."""
        self.app.push_screen(Wizard(self._engine), lambda _: self._show())

    def action_remove_account(self) -> None:
        """Ask, then remove the chosen account from this computer."""
        state = self._chosen()
        if state is None:
            return
        account = state.address

        def answered(yes: bool | None) -> None:
            if yes:
                removing = self._engine.remove_account(account)
                self.wait_for("Removing…", removing, lambda _: self._show(), about=str(account))

        self.app.push_screen(
            Confirm(
                "Remove the account?",
                f"{account.shown} is disconnected, and its chats and its password are removed from this computer. "
                "The account itself stays on its server.",
                "Remove",
                "Keep",
            ),
            answered,
        )


def _row(state: AccountState) -> Row:
    glyph, style = ACCOUNT_GLYPHS[state.status]
    return Row(
        str(state.address),
        state.address.shown,
        glyph=glyph,
        glyph_style=style,
        below=(account_sentence(state),),
        whole=True,
        strong=True,
    )
