"""The public rooms of an account's server, asked for without holding anything up."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Input

from tui_xmpp.core.facade import Facade
from tui_xmpp.errors import TuiXmppError
from tui_xmpp.model.address import Address
from tui_xmpp.model.room import ROOM_DIRECTORY_LIMIT, RoomListing
from tui_xmpp.ui.screens.dialog import Dialog
from tui_xmpp.ui.screens.filtered import FilteredRows
from tui_xmpp.ui.screens.fuzzy import match
from tui_xmpp.ui.screens.rows import Row
from tui_xmpp.ui.words import ROOM


class BrowseRooms(Dialog[Address | None]):
    """All rooms of all room services of the server, filtered while typing; gives back the chosen room."""

    confirm_word = "Choose"
    tall = True

    def __init__(self, engine: Facade, account: Address) -> None:
        super().__init__(f"Rooms of {account.domain}")
        self._engine = engine
        self._account = account
        self._filter = FilteredRows("Search")
        self._listings: list[RoomListing] = []

    def body(self) -> Iterable[Widget]:
        """A line to filter by, and the rooms."""
        yield self._filter

    def on_mount(self) -> None:
        """Ask the server."""
        self._filter.line.focus()
        self.run_worker(self._ask(), name="rooms", exit_on_error=False)

    async def _ask(self) -> None:
        panel = self.panel
        panel.show_progress("Asking the server…")
        try:
            services = await self._engine.room_services(self._account)
            for service in services:
                panel.show_progress(f"Asking {service.shown}…")
                self.add_listings(await self._engine.rooms_of(self._account, service))
        except TuiXmppError as error:
            panel.show_error(error)
        panel.show_progress(self._outcome())

    def add_listings(self, listings: Iterable[RoomListing]) -> None:
        """Show what a service told, beside what others did."""
        self._listings.extend(listings)
        self._show()

    def _outcome(self) -> str:
        if self.panel.problem:
            return ""
        if not self._listings:
            return "The server tells of no public rooms."
        limited = len(self._listings) >= ROOM_DIRECTORY_LIMIT
        return f"The first {len(self._listings)} rooms of many." if limited else ""

    def _show(self) -> None:
        query = self._filter.query_text
        found: list[tuple[int, Row]] = []
        for listing in self._listings:
            title = listing.name or listing.address.local
            hit = match(query, title) or match(query, str(listing.address))
            if hit is not None:
                row = Row(str(listing.address), title, glyph=ROOM, beside=listing.address.shown)
                found.append((-hit.score, row))
        found.sort(key=lambda item: (item[0], item[1].title.casefold()))
        self._filter.rows.show_rows([row for _, row in found])

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter."""
        event.stop()
        self._show()

    async def action_confirm(self) -> None:
        """Give back the chosen room."""
        chosen = self._filter.rows.chosen
        if chosen is not None:
            self.dismiss(Address.parse(chosen))
