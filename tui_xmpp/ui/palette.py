"""Every action by name (Ctrl+P): type a few letters, Enter does it."""

from collections.abc import Iterable, Sequence

from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from tui_xmpp.model.frozen import frozen
from tui_xmpp.ui import keys
from tui_xmpp.ui.action import Action, Group
from tui_xmpp.ui.actions import ACTIONS
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.screens.dialog import Dialog
from tui_xmpp.ui.screens.filtered import FilteredRows
from tui_xmpp.ui.screens.fuzzy import match
from tui_xmpp.ui.screens.rows import Row, Rows

_MOVES = frozenset(
    {"actions", "menu", "mark_up", "mark_down"}
    | {
        f"{kind}_{way}"
        for kind in ("row", "message")
        for way in ("up", "down", "page_up", "page_down", "first", "last")
    }
)
"""What makes no sense to choose from a list."""


@frozen
class Offer:
    """An action that can be done now, and the node that does it."""

    action: Action
    node: DOMNode
    keys: tuple[str, ...]


def offers(screen: Screen[None]) -> list[Offer]:
    """The actions that apply where the focus is, those of the whole screen first."""
    nodes: dict[str, DOMNode] = {}
    its_keys: dict[str, list[str]] = {}
    for active in screen.active_bindings.values():
        name = active.binding.id
        if name is not None and active.enabled:
            nodes.setdefault(name, active.node)
            its_keys.setdefault(name, []).append(active.binding.key)
    found = [
        Offer(action, nodes[action.id], tuple(key for key in its_keys[action.id] if not key.startswith("unbound+")))
        for action in ACTIONS
        if action.id in nodes and action.id not in _MOVES
    ]
    return sorted(found, key=lambda offer: (offer.action.where is not Where.MAIN, _place(offer.action.group)))


def _place(group: Group) -> int:
    return list(Group).index(group)


class Palette(Dialog[str | None]):
    """Gives the id of the chosen action back."""

    confirm_word = "Do it"
    tall = True

    def __init__(self, found: Sequence[Offer]) -> None:
        super().__init__("Actions")
        self._found = found
        self._rows = FilteredRows("What do you want to do?")

    def body(self) -> Iterable[Widget]:
        """A line, and the actions that match it."""
        yield self._rows

    def on_mount(self) -> None:
        """Show all."""
        self._show("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show those that match."""
        event.stop()
        self._show(event.value.strip())

    def _show(self, text: str) -> None:
        ranked: list[tuple[float, int, Row]] = []
        for index, offer in enumerate(self._found):
            found = match(text, offer.action.title)
            also = match(text, offer.action.help) if found is None else None
            if found is None and also is None:
                continue
            score = found.score if found is not None else also.score / 4 if also is not None else 0
            ranked.append((-score, index, _row(offer, found.positions if found is not None else ())))
        ranked.sort(key=lambda entry: entry[:2])
        rows = [row for _, _, row in ranked]
        self._rows.rows.show_rows(rows, chosen=rows[0].id if rows else None)

    async def action_confirm(self) -> None:
        """Do the chosen action."""
        if self._rows.rows.chosen is not None and self._rows.rows.rows:
            self.dismiss(self._rows.rows.chosen)

    async def on_rows_taken(self, event: Rows.Taken) -> None:
        """An action was clicked."""
        event.stop()
        self.dismiss(event.row.id)


def _row(offer: Offer, marks: tuple[int, ...]) -> Row:
    action = offer.action
    return Row(
        action.id,
        action.title[0].upper() + action.title[1:],
        beside=action.help,
        right=keys.shown(offer.keys[0]) if offer.keys else "",
        marks=marks,
    )
