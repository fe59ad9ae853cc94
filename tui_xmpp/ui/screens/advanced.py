"""How to reach a server when its address alone does not tell: host, port, TLS, authority; and the nickname."""

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui_xmpp.errors import AddressError
from tui_xmpp.model.account import AccountSettings, TlsMode
from tui_xmpp.model.address import Address
from tui_xmpp.ui import actions
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.screens.fields import Choice, Field, LineField
from tui_xmpp.ui.screens.plain import plain

_TLS_WORDS = (
    (TlsMode.AUTO, "whichever works"),
    (TlsMode.STARTTLS, "STARTTLS (5222)"),
    (TlsMode.DIRECT, "from the first byte (5223)"),
)


class Fold(Static, can_focus=True):
    """A heading that shows or hides what is below it, with Enter or Space."""

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.BUTTON)]

    DEFAULT_CSS = """
    Fold { width: auto; height: 1; padding: 0 1 0 0; margin-bottom: 1; color: $text-muted; pointer: pointer; }
    Fold:hover { color: $foreground; }
    Fold:focus { color: $accent; text-style: bold; }
    """

    def action_press(self) -> None:
        """Show or hide."""
        if isinstance(self.parent, AdvancedFields):
            self.parent.folded = not self.parent.folded

    def on_click(self) -> None:
        """Show or hide."""
        self.action_press()


class AdvancedFields(Vertical):
    """The fields, folded away at first; makes the settings of an account."""

    DEFAULT_CSS = """
    AdvancedFields { height: auto; }
    AdvancedFields > #advanced { height: auto; }
    """

    folded: reactive[bool] = reactive(default=True)

    def __init__(self) -> None:
        super().__init__()
        self._host = LineField("Host", placeholder="found by the address", id="host")
        self._port = LineField("Port", placeholder="the usual one", id="port")
        self._tls = Choice(_TLS_WORDS, id="tls")
        self._authority = LineField("Authority", placeholder="the system's, else a .pem file", id="ca-file")
        self._nickname = LineField("Nickname", placeholder="in rooms; else your name", id="nickname")

    def compose(self) -> ComposeResult:
        """The heading, and below it the fields."""
        yield Fold(markup=False)
        with Vertical(id="advanced"):
            yield self._host
            yield self._port
            yield Field("Encryption", self._tls)
            yield self._authority
            yield self._nickname

    def watch_folded(self, folded: bool) -> None:
        """Show or hide the fields."""
        self.query_one("#advanced").display = not folded
        self.query_one(Fold).update(Content.assemble("▸ " if folded else "▾ ", plain("Advanced")))

    def settings(self, address: Address) -> AccountSettings | None:
        """The settings for an account at this address; None after saying beside a field what is wrong."""
        host = self._host.text
        if host:
            try:
                host = Address.parse(host).domain if ":" not in host else host
            except AddressError as error:
                self._refuse(self._host, error.message)
                return None
        if self._port.text and not host:
            self._refuse(self._host, "A port needs the host to which it belongs.")
            return None
        port = int(self._port.text) if self._port.text.isdecimal() else 0
        if self._port.text and not 0 < port < 65536:
            self._refuse(self._port, "A port is a number from 1 to 65535.")
            return None
        ca_file = Path(self._authority.text).expanduser() if self._authority.text else None
        if ca_file is not None and not ca_file.is_file():
            self._refuse(self._authority, "There is no such file.")
            return None
        return AccountSettings(
            address, host=host, port=port, tls=self._tls.value, ca_file=ca_file, nickname=self._nickname.text
        )

    def _refuse(self, field: LineField, why: str) -> None:
        self.folded = False
        field.refuse(why)
