"""What is pasted: put in as one piece; what is long, or the path of a file, is offered to be sent as a file."""

from dataclasses import replace
from pathlib import Path

from textual import events
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.text import BODY_LIMIT, clean, clean_line
from tui_xmpp.ui.looking import off_loop
from tui_xmpp.ui.spelled import SpelledText
from tui_xmpp.ui.typed_paths import dropped, may_be_dropped
from tui_xmpp.ui.wishes import Say, Tone
from tui_xmpp.ui.words import counted

LONG_LINES, LONG_TEXT = 20, 2000
"""Lines and characters from which on a pasted text is offered to be a file."""


@frozen
class Pasted:
    """What was just pasted and could be a file; going on typing declines that."""

    text: str
    """As it came, but for its line ends."""
    path: str
    """It is the path of this file; empty: it is a text."""
    before: str
    at: Selection
    """What was written before, and where the cursor was."""
    after: str
    """What is written now."""

    @property
    def words(self) -> str:
        """What it is."""
        if self.path:
            return f"A file, {clean_line(Path(self.path).name)}"
        lines = counted(self.text.rstrip("\n").count("\n") + 1, "line")
        return f"Pasted {lines}, {len(self.text):,} characters"


class PastingText(SpelledText, inherit_bindings=False):
    """A text into which one pastes."""

    pasted: Pasted | None = None
    """What is offered to be sent as a file."""
    _looked_for: Pasted | None = None
    """What may turn out to be a file's path."""

    def offer_changed(self) -> None:
        """Something is offered to be sent as a file, or no longer; for who shows it."""

    async def _on_paste(self, event: events.Paste) -> None:
        """Put in pasted text as one piece, cleaned: it comes from outside."""
        event.prevent_default()
        event.stop()
        text = event.text.replace("\r\n", "\n").replace("\r", "\n")
        before, at = self.text, self.selection
        self.insert(clean(text))
        lines = text.rstrip("\n").count("\n") + 1
        if len(text) > BODY_LIMIT:
            cut = f"The end was cut off: a message has {BODY_LIMIT:,} characters at most. As a file, all of it goes."
            self.post_message(Say(cut, Tone.WARNING))
        pasted = Pasted(text, "", before, at, self.text)
        if lines >= LONG_LINES or len(text) >= LONG_TEXT:
            self._offer_pasted(pasted)
        if may_be_dropped(event.text):
            self._looked_for = pasted
            self.run_worker(self._look_for_file(pasted, event.text), group="dropped", exclusive=True)

    async def _look_for_file(self, pasted: Pasted, text: str) -> None:
        path = await off_loop(dropped, text)
        if path and pasted is self._looked_for and self.text == pasted.after:
            self._offer_pasted(replace(pasted, path=path))

    def _offer_pasted(self, pasted: Pasted) -> None:
        self.pasted = pasted
        self.offer_changed()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Going on typing declines."""
        event.stop()
        if self.pasted is not None and self.text != self.pasted.after:
            self.decline()

    def decline(self) -> None:
        """It stays a text."""
        self._looked_for = None
        if self.pasted is not None:
            self.pasted = None
            self.offer_changed()

    def take_pasted(self) -> Pasted | None:
        """Take what is offered out of the text again; None: nothing is."""
        pasted = self.pasted
        if pasted is None or self.text != pasted.after:
            return None
        self.rewrite(pasted.before)
        self.selection = pasted.at
        self.decline()
        return pasted
