"""The small app that runs before the client, when the store cannot be opened without a person."""

from collections.abc import Awaitable, Mapping
from typing import ClassVar

from textual.binding import Binding, BindingType

from tui_xmpp.errors import TuiXmppError
from tui_xmpp.model.at_rest import KeyPlace
from tui_xmpp.ui import actions, themes
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.key_order import OrderedKeys
from tui_xmpp.ui.keymap import Keyed
from tui_xmpp.ui.unlock.screen import UnlockScreen
from tui_xmpp.ui.unlock.vault import Vault


class UnlockApp(OrderedKeys, Keyed, inherit_bindings=False):
    """Ends when the store can be opened (`opened`), or when it is left."""

    TITLE = "tui-xmpp"
    ENABLE_COMMAND_PALETTE = False
    CSS = themes.CSS
    BINDINGS: ClassVar[list[BindingType]] = [
        *actions.bindings(Where.APP),
        Binding("ctrl+c", "quit", show=False, system=True),
    ]

    def __init__(
        self,
        vault: Vault,
        *,
        wish: KeyPlace | None = None,
        theme: str = themes.DARK.name,
        keymap: Mapping[str, str] | None = None,
        attempt: Awaitable[None] | None = None,
        problem: TuiXmppError | None = None,
    ) -> None:
        super().__init__()
        self.opened = False
        self._unlock = UnlockScreen(vault, wish=wish, attempt=attempt, problem=problem)
        for one in themes.THEMES:
            self.register_theme(one)
        self.theme = theme
        self.keymap = keymap or {}
        self.set_keymap(self.keymap)
        self.animation_level = "none"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own colour names, for themes that do not have them."""
        return themes.DEFAULTS

    def on_mount(self) -> None:
        """Show the one screen."""
        self.push_screen(self._unlock, self._done)

    def _done(self, opened: bool | None) -> None:
        self.opened = bool(opened)
        self.exit(0)

    async def action_quit(self) -> None:
        """Leave without opening."""
        self.exit(0)
