"""Inviting somebody into a room."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Input

from tui_xmpp.core.facade import Facade
from tui_xmpp.model import commands
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.screens.dialog import Dialog
from tui_xmpp.ui.screens.fields import LineField
from tui_xmpp.ui.screens.filtered import FilteredRows
from tui_xmpp.ui.screens.fuzzy import match
from tui_xmpp.ui.screens.places import typed_address
from tui_xmpp.ui.screens.rows import Row
from tui_xmpp.ui.screens.words import PRESENCE_STYLES, address_with_warning
from tui_xmpp.ui.words import PRESENCE

_SHOWN = 100
"""Most contacts listed at once."""


class InviteDialog(Dialog[commands.InviteToRoom | None]):
    """A contact chosen by typing, or any address; with a reason."""

    confirm_word = "Invite"
    tall = True

    def __init__(self, engine: Facade, key: ChatKey) -> None:
        room = engine.room(key)
        super().__init__(f"Invite to {clean_line(room.name or key.peer.local or str(key.peer), limit=60)}")
        self._engine = engine
        self._key = key
        here = {occupant.address for occupant in engine.occupants(key) if occupant.address is not None}
        self._contacts = [
            contact
            for contact in engine.contacts()
            if contact.account == key.account and contact.address not in here and contact.address.local
        ]
        self._who = FilteredRows("Name or address")
        self._reason = LineField("Reason", placeholder="what they read with it", id="reason")

    def body(self) -> Iterable[Widget]:
        """Whom, and why."""
        yield self._who
        yield self._reason

    def on_mount(self) -> None:
        """Show the contacts."""
        self._show()
        self._who.line.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter."""
        if event.input is self._who.line:
            self._show()

    def _show(self) -> None:
        query = self._who.query_text
        found: list[tuple[int, Row]] = []
        for contact in self._contacts:
            hit = match(query, contact.title)
            marks = hit.positions if hit is not None else ()
            hit = hit or match(query, str(contact.address))
            if hit is None:
                continue
            state = self._engine.presence(contact.account, contact.address).availability
            row = Row(
                str(contact.address),
                contact.title,
                glyph=PRESENCE[state],
                glyph_style=PRESENCE_STYLES[state],
                beside=address_with_warning(contact.address),
                marks=marks,
            )
            found.append((-hit.score, row))
        found.sort(key=lambda item: item[0])
        rows = [row for _, row in found[:_SHOWN]]
        typed = typed_address(query)
        if typed is not None and all(row.id != str(typed) for row in rows):
            rows.append(Row(str(typed), address_with_warning(typed), glyph="+", glyph_style="$accent"))
        self.panel.show_problem("")
        self._who.rows.show_rows(rows)

    async def action_confirm(self) -> None:
        """Give the wish back."""
        chosen = self._who.rows.chosen
        if chosen is None:
            self.panel.show_problem("Nobody is called so. Anybody can be invited by address, like name@server.")
            self._who.line.focus()
            return
        self.dismiss(commands.InviteToRoom(self._key, Address.parse(chosen), self._reason.text))
