"""Unlocking the store, or deciding how a new one is kept; one calm page at a time, in the manner of the wizard."""

import asyncio
from collections.abc import Awaitable
from typing import ClassVar

from textual.binding import BindingType

from tui_xmpp.errors import NoKeyring, TuiXmppError
from tui_xmpp.model.at_rest import Condition, KeyPlace
from tui_xmpp.ui import actions
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.screens.paged import Paged
from tui_xmpp.ui.screens.step import Step
from tui_xmpp.ui.unlock.choosing import CommandStep, PassphraseStep, PlaceStep
from tui_xmpp.ui.unlock.steps import AnewStep, UnlockStep
from tui_xmpp.ui.unlock.vault import Vault

_SLOW = {
    KeyPlace.KEYRING: "Waiting for the keyring of this system…",
    KeyPlace.COMMAND: "Waiting for the command…",
}


class UnlockScreen(Paged[bool]):
    """Gives back whether the store can be opened now; False: it was left.

    `wish` is what the settings want for a new store, `attempt` one that was begun before the screen came, `problem`
    what came of one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.UNLOCK)]

    def __init__(
        self,
        vault: Vault,
        *,
        wish: KeyPlace | None = None,
        attempt: Awaitable[None] | None = None,
        problem: TuiXmppError | None = None,
    ) -> None:
        super().__init__()
        self._vault = vault
        self._wish = wish
        self._attempt = attempt
        self._problem = problem

    async def on_mount(self) -> None:
        """Open the page that fits."""
        await self.open_page(self._first_page())
        if isinstance(self.page, PlaceStep) and self._wish is KeyPlace.PASSPHRASE:
            await self.open_page(PassphraseStep())
        if self._attempt is not None:
            place = KeyPlace.KEYRING if isinstance(self.page, PlaceStep) else self._place()
            self.work(self._see_through(self._attempt, _SLOW.get(place, "")))
        elif self._problem is not None:
            self._refuse(self._problem)

    def _first_page(self) -> Step:
        if self._vault.condition is Condition.NEW:
            return PlaceStep(waiting=self._attempt is not None)
        return UnlockStep(self._place())

    async def _begin_with(self, page: Step) -> None:
        """Show this page as the first one."""
        before, self._pages = self._pages, []
        for each in before:
            await each.remove()
        await self.open_page(page)

    def _place(self) -> KeyPlace:
        """What opens the store; a key file that cannot be read is none."""
        try:
            return self._vault.place
        except TuiXmppError as error:
            self._problem = self._problem or error
            return KeyPlace.NONE

    async def action_cancel(self) -> None:
        """Stop waiting; go back a page; on the first one leave."""
        if len(self._pages) > 1:
            if self.busy:
                self.stop_work()
            else:
                await self.close_page()
        else:
            self.dismiss(result=False)

    async def action_begin_anew(self) -> None:
        """Explain what that means; asked once more, put the locked store aside."""
        if isinstance(self.page, AnewStep) and not self.busy:
            self.work(self._begin_anew())
        elif isinstance(self.page, UnlockStep):
            if self.busy:
                self.stop_work()
            await self.open_page(AnewStep(self._vault.store))

    # The answers of the pages
    async def on_unlock_step_tried(self, event: UnlockStep.Tried) -> None:
        """A passphrase, or another look at where the key is."""
        place = self._place()
        if isinstance(self.page, UnlockStep) and self.page.place is not place:
            await self._begin_with(UnlockStep(place))
            if place is KeyPlace.PASSPHRASE:
                return
        attempt = asyncio.to_thread(self._vault.unlock, event.passphrase)
        self.work(self._see_through(attempt, "Unlocking…" if event.passphrase else _SLOW.get(place, "")))

    async def on_place_step_chosen(self, event: PlaceStep.Chosen) -> None:
        """How the new store is kept."""
        self.stop_work()
        match event.place:
            case KeyPlace.PASSPHRASE:
                await self.open_page(PassphraseStep())
            case KeyPlace.COMMAND:
                await self.open_page(CommandStep())
            case place:
                self._begin(place)

    def on_passphrase_step_filled(self, event: PassphraseStep.Filled) -> None:
        """A new passphrase."""
        self._begin(KeyPlace.PASSPHRASE, passphrase=event.passphrase)

    def on_command_step_filled(self, event: CommandStep.Filled) -> None:
        """A command."""
        self._begin(KeyPlace.COMMAND, command=event.command)

    # What takes time
    def _begin(self, place: KeyPlace, passphrase: str = "", command: tuple[str, ...] = ()) -> None:
        attempt = asyncio.to_thread(self._vault.begin, place, passphrase, command)
        self.work(self._see_through(attempt, _SLOW.get(place, "One moment…")))

    async def _see_through(self, attempt: Awaitable[None], words: str) -> None:
        """Wait for an attempt to open; then go, or say why not."""
        page = self.page
        page.show_progress(words)
        try:
            await attempt
        except TuiXmppError as error:
            page.show_progress("")
            self._refuse(error)
        else:
            self.dismiss(result=True)

    def _refuse(self, error: TuiXmppError) -> None:
        if isinstance(self.page, UnlockStep):
            self.page.refuse(error.message)
        elif not isinstance(error, NoKeyring) or not isinstance(self.page, PlaceStep):
            self.page.show_error(error)

    async def _begin_anew(self) -> None:
        page = self.page
        try:
            await asyncio.to_thread(self._vault.start_fresh)
        except TuiXmppError as error:
            page.show_error(error)
            return
        page.show_progress(_SLOW[KeyPlace.KEYRING])
        try:
            await asyncio.to_thread(self._vault.begin, KeyPlace.KEYRING)
        except NoKeyring:
            await self._begin_with(PlaceStep())
        except TuiXmppError as error:
            page.show_progress("")
            page.show_error(error)
        else:
            self.dismiss(result=True)
