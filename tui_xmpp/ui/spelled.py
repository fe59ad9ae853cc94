"""A text whose words are looked up in dictionaries: what they do not know is underlined."""

from typing import ClassVar

from rich.text import Text
from textual.timer import Timer

from tui_xmpp.ui.spelling import Spelling, words
from tui_xmpp.ui.vim_keys import VimKeys
from tui_xmpp.ui.wishes import Say

_PAUSE = 0.3
"""Seconds without a key after which new words are looked up."""
_MOST_WORDS = 3_000
"""Most words of a text that are looked up at once."""


class SpelledText(VimKeys, inherit_bindings=False):
    """Checks nothing until it is given `spelling`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"composer--misspelt"}
    spelling: Spelling | None = None
    _spell_timer: Timer | None = None

    @property
    def misspelt(self) -> bool:
        """Whether a word is underlined."""
        return self.spelling is not None and any(self._wrong(row) for row in range(self.document.line_count))

    def check_spelling(self) -> None:
        """The text has changed: look its new words up, after a while."""
        if self.spelling is None or not self.spelling.is_there:
            return
        if self._spell_timer is not None:
            self._spell_timer.stop()
        self._spell_timer = self.set_timer(_PAUSE, self._look_up)

    def _look_up(self) -> None:
        if self.spelling is None:
            return
        found = [word for line in self.text.split("\n") for _, _, word in words(line)]
        unknown = self.spelling.unknown(found[-_MOST_WORDS:])
        if unknown:
            self.run_worker(self._learn(self.spelling, unknown), group="spelling", exclusive=True, exit_on_error=False)

    async def _learn(self, spelling: Spelling, unknown: frozenset[str]) -> None:
        await spelling.learn(unknown)
        if any(spelling.is_wrong(word) for word in unknown):
            people = self.sources.people() if self.sources is not None else ()
            spelling.accept(unknown & {part for name in people for part in name.split()})
            self._draw_again()

    def _draw_again(self) -> None:
        self._line_cache.clear()
        self.refresh()
        self.refresh_bindings()

    def get_line(self, line_index: int) -> Text:
        """The line as it is drawn: Textual's hook for styles."""
        line = super().get_line(line_index)
        style = None
        for start, end, _ in self._wrong(line_index):
            style = style or self.get_component_rich_style("composer--misspelt", partial=True)
            line.stylize(style, start, end)
        return line

    def _wrong(self, row: int) -> list[tuple[int, int, str]]:
        """The words of a line that no dictionary knows, but for the one that is being written."""
        spelling = self.spelling
        if spelling is None or row >= self.document.line_count:
            return []
        cursor = self.cursor_location if self.has_focus else None
        return [
            (start, end, word)
            for start, end, word in words(self.document.get_line(row))
            if spelling.is_wrong(word) and cursor != (row, end)
        ]

    def action_spell(self) -> None:
        """Offer other words for the underlined one at the cursor, or the nearest before it."""
        spelling = self.spelling
        if spelling is None or not spelling.is_there:
            self.post_message(Say(spelling.missing if spelling is not None else "Spelling is not checked here."))
            return
        place = self.cursor_location
        wrong = [
            (row, start, end, word)
            for row in range(self.document.line_count)
            for start, end, word in words(self.document.get_line(row))
            if spelling.is_wrong(word)
        ]
        before = [each for each in wrong if each[:2] <= place]
        chosen = before[-1] if before else wrong[0] if wrong else None
        if chosen is None:
            self.post_message(Say("Every word is in the dictionary."))
        else:
            self.run_worker(self._offer_others(spelling, *chosen), group="spelling", exit_on_error=False)

    async def _offer_others(self, spelling: Spelling, row: int, start: int, end: int, word: str) -> None:
        from tui_xmpp.ui.screens.spelling import ACCEPT, ADD, SpellingDialog

        offers = await spelling.suggest(word)
        text = self.text

        async def chosen(answer: str | None) -> None:
            if answer == ADD:
                await spelling.add(word)
            elif answer == ACCEPT:
                spelling.accept((word,))
            elif answer is not None and self.text == text:
                self.replace(answer, (row, start), (row, end))
            self._draw_again()

        self.app.push_screen(SpellingDialog(word, offers), chosen)
