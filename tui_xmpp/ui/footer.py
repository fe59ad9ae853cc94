"""The last line: the keys that work here and now, from the registry."""

from collections.abc import Callable

from textual.content import Content
from textual.screen import Screen

from tui_xmpp.ui import keys
from tui_xmpp.ui.action import Action
from tui_xmpp.ui.actions import ACTIONS
from tui_xmpp.ui.bar import Bar, Piece
from tui_xmpp.ui.keymap import keys_of


class Footer(Bar):
    """Keys and what they do; a click does it too."""

    DEFAULT_CSS = "Footer { background: $surface; padding: 0 1; }"

    def __init__(self, note: Callable[[], str] = str, *, id: str | None = None) -> None:  # noqa: A002 (Textual's)
        super().__init__(id=id)
        self._note = note
        """What is said before the keys; may be empty."""
        self._is_painted = False

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._update)

    def render(self) -> Content:
        """The keys; for the first picture they are found when it is painted, and not each time that it grows."""
        if not self._is_painted:
            self._is_painted = True
            self.left = self._found(self.screen)
        return super().render()

    def _update(self, screen: Screen[object]) -> None:
        if screen.is_active and self._is_painted:
            self.show(self._found(screen))

    def _found(self, screen: Screen[object]) -> tuple[Piece, ...]:
        shown = {
            active.binding.id: active.binding.key
            for active in reversed(screen.active_bindings.values())
            if active.enabled and active.binding.show and active.binding.id is not None
        }
        note = self._note()
        pieces = [Piece(f"{note}   ", "bold $warning")] if note else []
        for action in ACTIONS:
            if action.id in shown:
                pieces += _pieces(action, shown[action.id])
        return tuple(pieces)


def _pieces(action: Action, key: str) -> list[Piece]:
    keys_by_default = keys_of(action, {})
    key = keys_by_default[0] if key in keys_by_default else key
    return [
        Piece(keys.shown(key), "bold $primary", action.id),
        Piece(f" {action.title}   ", "$quiet", action.id),
    ]
