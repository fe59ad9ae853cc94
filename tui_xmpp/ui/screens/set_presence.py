"""What we tell the world of ourselves."""

from collections.abc import Iterable

from textual.widget import Widget

from tui_xmpp.core.facade import Facade
from tui_xmpp.model import commands
from tui_xmpp.model.address import Address
from tui_xmpp.model.contact import Availability
from tui_xmpp.ui.screens.dialog import Dialog
from tui_xmpp.ui.screens.fields import Choice, Field, LineField
from tui_xmpp.ui.screens.rows import Row, Rows
from tui_xmpp.ui.screens.words import PRESENCE_STYLES
from tui_xmpp.ui.words import PRESENCE, PRESENCE_WORDS

_OFFERED = (Availability.ONLINE, Availability.CHAT, Availability.AWAY, Availability.XA, Availability.DND)


class SetPresenceDialog(Dialog[commands.SetPresence | None]):
    """Availability and a few words; for one account or for all."""

    confirm_word = "Tell"

    def __init__(self, engine: Facade) -> None:
        super().__init__("How are you?")
        accounts = [state.address for state in engine.accounts()]
        choices: list[tuple[Address | None, str]] = [(None, "all accounts")]
        choices += [(address, address.shown) for address in accounts]
        self._account = Choice(choices, id="account") if len(accounts) > 1 else None
        now = engine.own_presence(accounts[0]) if accounts else None
        self._states = Rows(id="states")
        self._start = now.availability if now is not None and now.availability in _OFFERED else Availability.ONLINE
        self._status = LineField("In words", now.status if now else "", placeholder="what others read", id="status")

    def body(self) -> Iterable[Widget]:
        """The states, the words, the account."""
        yield self._states
        yield self._status
        if self._account is not None:
            yield Field("For", self._account)

    def on_mount(self) -> None:
        """Show the states with the present one chosen."""
        self._states.show_rows(
            [
                Row(state.value, PRESENCE_WORDS[state], glyph=PRESENCE[state], glyph_style=PRESENCE_STYLES[state])
                for state in _OFFERED
            ],
            chosen=self._start.value,
        )
        self._states.focus()

    async def action_confirm(self) -> None:
        """Give the wish back."""
        account = self._account.value if self._account is not None else None
        availability = Availability(self._states.chosen or Availability.ONLINE.value)
        self.dismiss(commands.SetPresence(account, availability, self._status.text))
