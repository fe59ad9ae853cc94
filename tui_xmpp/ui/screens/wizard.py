"""The wizard: from nothing to a signed-in account, one calm page at a time."""

from collections.abc import Coroutine
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Input
from textual.worker import Worker

from tui_xmpp.core.facade import Facade
from tui_xmpp.core.ports import Answers, Registration
from tui_xmpp.errors import LoginRefused, TuiXmppError
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.ui.screens.ask import Confirm
from tui_xmpp.ui.screens.dialog import show_unforeseen
from tui_xmpp.ui.screens.register import FormStep, ServerStep
from tui_xmpp.ui.screens.sign_in import SignInStep
from tui_xmpp.ui.screens.step import Step
from tui_xmpp.ui.screens.welcome import DoneStep, WelcomeStep


class Wizard(Screen[Address | None]):
    """Gives back the new account's address; None when it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="wizard.back", tooltip="Go back a page, or stop what is going on"),
        Binding("enter", "confirm", "Continue", id="wizard.confirm", tooltip="Go on"),
        Binding("down", "app.focus_next", "Next", show=False, id="dialog.next", tooltip="Go to the next field"),
        Binding(
            "up", "app.focus_previous", "Previous", show=False, id="dialog.previous", tooltip="Go to the field before"
        ),
    ]

    AUTO_FOCUS = ""

    DEFAULT_CSS = """
    Wizard { align: center middle; background: $background; }
    Wizard > #pages { width: 100%; height: 100%; align: center middle; }
    """

    def __init__(self, engine: Facade) -> None:
        super().__init__()
        self._engine = engine
        self._first = not engine.accounts()
        self._pages: list[Step] = []
        self._work: Worker[None] | None = None
        self._keeping = False
        """The account works and is being kept: this is not stopped half-way."""
        self._registration: Registration | None = None
        self._settings: AccountSettings | None = None
        self._account: Address | None = None

    def compose(self) -> ComposeResult:
        """Room for the pages."""
        yield Vertical(id="pages")

    async def on_mount(self) -> None:
        """Open the first page."""
        await self._open(WelcomeStep(first=self._first))

    async def on_unmount(self) -> None:
        """Leave no stream behind."""
        await self._close_registration()

    def on_resize(self) -> None:
        """Fit into the terminal."""
        for page in self._pages:
            page.fit(self.size)

    @property
    def page(self) -> Step:
        """The page that is shown."""
        return self._pages[-1]

    async def _open(self, page: Step) -> None:
        """Show a page; those before stay as they are, for going back."""
        for before in self._pages:
            before.display = False
        self._pages.append(page)
        await self.query_one("#pages").mount(page)
        page.start()

    async def _close_page(self) -> None:
        await self._pages.pop().remove()
        self.page.display = True
        self.page.start()

    async def action_back(self) -> None:
        """Stop what is going on; else go back a page; on the first one leave."""
        if self._busy:
            if not self._keeping:
                self._stop()
        elif self._account is not None:
            self.dismiss(self._account)
        elif len(self._pages) > 1:
            await self._close_page()
            if not isinstance(self.page, FormStep):
                await self._close_registration()
        elif self._first:
            self._ask_to_quit()
        else:
            self.dismiss(None)

    def _ask_to_quit(self) -> None:
        async def answered(yes: bool | None) -> None:
            if yes:
                await self.app.run_action("app.quit")

        self.app.push_screen(Confirm("Quit?", "There is no account yet.", "Quit", "Stay"), answered)

    def action_confirm(self) -> None:
        """Hand the page's answer on, unless the last one is still being worked on."""
        if not self._busy:
            self.page.confirm()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a line goes on."""
        event.stop()
        self.action_confirm()

    # The answers of the pages
    async def on_welcome_step_chosen(self, event: WelcomeStep.Chosen) -> None:
        """Which way to go."""
        await self._open(ServerStep() if event.register else SignInStep(self._engine))

    def on_sign_in_step_filled(self, event: SignInStep.Filled) -> None:
        """Address and password."""
        self._start(self._sign_in(event.settings, event.password, remember=event.remember))

    def on_server_step_filled(self, event: ServerStep.Filled) -> None:
        """The server to register with."""
        self._settings = event.settings
        self._start(self._ask_for_form(event.settings))

    def on_form_step_filled(self, event: FormStep.Filled) -> None:
        """What the server wanted to know."""
        self._start(self._register(event.answers, event.password, remember=event.remember))

    def on_done_step_finished(self) -> None:
        """Everything is read."""
        self.dismiss(self._account)

    # What takes time
    @property
    def _busy(self) -> bool:
        return self._work is not None and not self._work.is_finished

    def _start(self, work: Coroutine[None, None, None]) -> None:
        self.page.show_problem("")
        self._work = self.run_worker(work, name="wizard", exit_on_error=False)

    def _stop(self) -> None:
        if self._work is not None:
            self._work.cancel()
        self.page.show_progress("")

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say so when something broke that nobody foresaw."""
        show_unforeseen(self.page, event)

    async def _sign_in(self, settings: AccountSettings, password: str, *, remember: bool) -> None:
        """Try the account out; when it works, keep it."""
        page = self.page
        page.show_progress(f"Signing in at {Address(settings.address.domain).shown}… Esc stops it.")
        try:
            await self._engine.check_account(settings, password)
            self._keeping = True
            kept = await self._engine.add_account(settings, password, remember=remember)
        except TuiXmppError as error:
            page.show_progress("")
            if isinstance(page, FormStep):
                page = await self._sign_in_by_hand(settings.address, password)
            if isinstance(error, LoginRefused) and isinstance(page, SignInStep):
                page.refuse_password(f"{error.title}. {error.message}")
            else:
                page.show_error(error)
            return
        finally:
            self._keeping = False
        page.show_progress("")
        self._account = settings.address
        await self._close_registration()
        await self._open(DoneStep(settings.address, kept))

    async def _sign_in_by_hand(self, address: Address, password: str) -> SignInStep:
        """The new account exists but could not be signed in with: go on where that can be mended."""
        await self._close_registration()
        page = SignInStep(self._engine, str(address), password)
        await self._open(page)
        return page

    async def _ask_for_form(self, settings: AccountSettings) -> None:
        page = self.page
        page.show_progress(f"Asking {settings.address.shown}… Esc stops it.")
        await self._close_registration()
        try:
            self._registration = await self._engine.open_registration(settings)
        except TuiXmppError as error:
            page.show_error(error)
        else:
            await self._open(FormStep(settings.address.shown, self._registration.form))
        finally:
            page.show_progress("")

    async def _register(self, answers: Answers, password: str, *, remember: bool) -> None:
        """Register; what was typed stays when the server refuses."""
        page, registration, settings = self.page, self._registration, self._settings
        if registration is None or settings is None:
            return
        page.show_progress("Registering… Esc stops it.")
        try:
            address = await registration.submit(answers)
        except TuiXmppError as error:
            page.show_progress("")
            page.show_error(error)
            return
        await self._close_registration()
        await self._sign_in(replace(settings, address=address), password, remember=remember)

    async def _close_registration(self) -> None:
        registration, self._registration = self._registration, None
        if registration is not None:
            await registration.close()
