"""Choosing emojis to put under a message: by a digit, by name, or among those used last."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from tui_xmpp.ui import actions
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.screens.dialog import Dialog, Hint
from tui_xmpp.ui.screens.emojis import FAMILIAR, USUAL, Emoji, find, known_as, same
from tui_xmpp.ui.screens.filtered import FilteredRows
from tui_xmpp.ui.screens.plain import Plain, plain
from tui_xmpp.ui.screens.rows import Row

_SHOWN = 60
_REMEMBERED = 12


def with_recent(recent: Sequence[str], picked: Sequence[str]) -> tuple[str, ...]:
    """What was used last, the newest first, after these were picked."""
    others = [text for text in recent if not any(same(text, new) for new in picked)]
    return (*reversed(picked), *others)[:_REMEMBERED]


class PickReaction(Dialog[tuple[str, ...] | None]):
    """Gives back all of one's reactions: those before, with what was picked added or taken away."""

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.REACTIONS)]
    confirm_word = "React"
    tall = True

    def __init__(self, own: Sequence[str], recent: Sequence[str]) -> None:
        super().__init__("React")
        self._own = list(own)
        self._before = tuple(own)
        self._recent = recent
        self._marked: set[str] = set()
        """What was picked with Tab; Enter on it does not pick it again."""
        self._usual = Plain("")
        self._found = FilteredRows("Name: heart, laugh, party…")

    def body(self) -> Iterable[Widget]:
        """The usual ones with their digits, a line, and those that match it."""
        yield self._usual
        yield self._found

    def keys(self) -> Sequence[Hint]:
        """Picking one, or several."""
        first, last = super().keys()
        return first, Hint("mark_reaction", "and one more"), last

    def on_mount(self) -> None:
        """Show one's own, those used last, and familiar ones."""
        self._show()
        self._found.line.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show those that match; a digit alone picks a usual one, and closes."""
        event.stop()
        usual = dict(zip("123456", USUAL, strict=True)).get(event.value)
        if usual is None:
            self._show()
        else:
            self._turn(usual)
            self.dismiss(tuple(self._own))

    async def action_confirm(self) -> None:
        """Pick what is chosen, and close."""
        chosen = self._found.rows.chosen if self._found.rows.rows else None
        if chosen is None and not self._marked:
            return
        if chosen is not None and chosen not in self._marked:
            self._turn(chosen)
        self.dismiss(tuple(self._own))

    def action_mark_reaction(self) -> None:
        """Pick what is chosen, and go on."""
        chosen = self._found.rows.chosen if self._found.rows.rows else None
        if chosen is not None:
            self._turn(chosen)
            self._marked.add(chosen)
            self._found.line.value = ""
            self._show()

    def _turn(self, text: str) -> None:
        """Add an emoji, or take it away."""
        has = [own for own in self._own if same(own, text)]
        if has:
            self._own = [own for own in self._own if own not in has]
        else:
            self._own.append(text)

    def _show(self) -> None:
        query = self._found.query_text
        familiar = (*self._before, *self._own, *self._recent, *FAMILIAR)
        found = find(query, familiar, _SHOWN) if query else known_as(familiar)
        rows = [self._row(emoji) for emoji in found]
        self._found.rows.show_rows(rows, chosen=rows[0].id if rows else None)
        self._usual.show(Content("  ").join(self._with_digit(digit, text) for digit, text in enumerate(USUAL, 1)))
        self.panel.show_progress("" if rows else "No emoji is called so.")

    def _row(self, emoji: Emoji) -> Row:
        has = self._has(emoji.text)
        glyph = emoji.text + " " * max(0, 2 - cell_len(emoji.text))
        return Row(emoji.text, emoji.name, glyph=glyph, right="yours" if has else "", strong=has)

    def _with_digit(self, digit: int, text: str) -> Content:
        mark = "✓" if self._has(text) else " "
        return Content.assemble(plain(str(digit), "bold $accent"), " ", plain(text), plain(mark, "$accent"))

    def _has(self, text: str) -> bool:
        return any(same(own, text) for own in self._own)
