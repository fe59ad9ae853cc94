"""The wizard: from nothing to a signed-in account, one calm page at a time."""

from dataclasses import replace

from tui_xmpp.core.facade import Facade
from tui_xmpp.core.ports import Answers, Registration
from tui_xmpp.errors import LoginRefused, TuiXmppError
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.invitation import Invitation
from tui_xmpp.ui.keymap import key_of
from tui_xmpp.ui.screens.ask import Confirm
from tui_xmpp.ui.screens.paged import Paged
from tui_xmpp.ui.screens.register import FormStep, InvitationStep, ServerStep
from tui_xmpp.ui.screens.sign_in import SignInStep
from tui_xmpp.ui.screens.welcome import DoneStep, Way, WelcomeStep


class Wizard(Paged[Address | None]):
    """Gives back the new account's address; None when it was left."""

    def __init__(self, engine: Facade) -> None:
        super().__init__()
        self._engine = engine
        self._first = not engine.accounts()
        self._keeping = False
        """The account works and is being kept: this is not stopped half-way."""
        self._registration: Registration | None = None
        self._settings: AccountSettings | None = None
        self._account: Address | None = None

    async def on_mount(self) -> None:
        """Open the first page."""
        await self.open_page(WelcomeStep(first=self._first))

    async def on_unmount(self) -> None:
        """Leave no stream behind."""
        await self._close_registration()

    async def action_cancel(self) -> None:
        """Stop what is going on; else go back a page; on the first one leave."""
        if self.busy:
            if not self._keeping:
                self.stop_work()
        elif self._account is not None:
            self.dismiss(self._account)
        elif len(self._pages) > 1:
            await self.close_page()
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

    # The answers of the pages
    async def on_welcome_step_chosen(self, event: WelcomeStep.Chosen) -> None:
        """Which way to go."""
        match event.way:
            case Way.SIGN_IN:
                await self.open_page(SignInStep(self._engine))
            case Way.REGISTER:
                await self.open_page(ServerStep())
            case Way.INVITED:
                await self.open_page(InvitationStep())

    def on_sign_in_step_filled(self, event: SignInStep.Filled) -> None:
        """Address and password."""
        self.work(self._sign_in(event.settings, event.password, remember=event.remember))

    def on_server_step_filled(self, event: ServerStep.Filled) -> None:
        """The server to register with."""
        self._settings = event.settings
        self.work(self._ask_for_form(event.settings, None))

    def on_invitation_step_filled(self, event: InvitationStep.Filled) -> None:
        """The invitation to register with."""
        self._settings = event.settings
        self.work(self._ask_for_form(event.settings, event.invitation))

    def on_form_step_filled(self, event: FormStep.Filled) -> None:
        """What the server wanted to know."""
        self.work(self._register(event.answers, event.password, remember=event.remember))

    def on_done_step_finished(self, event: DoneStep.Finished) -> None:
        """Everything is read; what is wanted next is the main screen's to do."""
        self.dismiss(self._account)
        if event.then:
            self.app.call_later(self.app.run_action, event.then, self.app.screen_stack[0])

    # What takes time
    def _stoppable(self, words: str) -> str:
        return f"{words} {key_of(self.app, 'cancel')} stops it."

    async def _sign_in(self, settings: AccountSettings, password: str, *, remember: bool) -> None:
        """Try the account out; when it works, keep it."""
        page = self.page
        page.show_progress(self._stoppable(f"Signing in at {Address(settings.address.domain).shown}…"))
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
        await self.open_page(DoneStep(settings.address, kept))

    async def _sign_in_by_hand(self, address: Address, password: str) -> SignInStep:
        """The new account exists but could not be signed in with: go on where that can be mended."""
        await self._close_registration()
        page = SignInStep(self._engine, str(address), password)
        await self.open_page(page)
        return page

    async def _ask_for_form(self, settings: AccountSettings, invitation: Invitation | None) -> None:
        page = self.page
        page.show_progress(self._stoppable(f"Asking {settings.address.shown}…"))
        await self._close_registration()
        try:
            token = "" if invitation is None else invitation.token
            self._registration = await self._engine.open_registration(settings, token)
        except TuiXmppError as error:
            page.show_error(error)
        else:
            await self.open_page(FormStep(settings.address.shown, self._registration.form, invitation))
        finally:
            page.show_progress("")

    async def _register(self, answers: Answers, password: str, *, remember: bool) -> None:
        """Register; what was typed stays when the server refuses."""
        page, registration, settings = self.page, self._registration, self._settings
        if registration is None or settings is None:
            return
        page.show_progress(self._stoppable("Registering…"))
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
