"""One line for what a person should know now; it takes the place of the footer and goes by itself."""

from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from tui_xmpp.ui.wishes import Tone

_SECONDS = {Tone.INFO: 3.0, Tone.WARNING: 6.0, Tone.ERROR: 10.0}
_MARK = {Tone.INFO: "", Tone.WARNING: "! ", Tone.ERROR: "✗ "}


class Flash(Static):
    """A sentence over the footer; longer ones take up to three lines."""

    DEFAULT_CSS = """
    Flash {
        display: none; width: 1fr; height: auto; max-height: 3; padding: 0 1;
        background: $panel; color: $foreground;
    }
    Flash.-warning { color: $warning; }
    Flash.-error { color: $error; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__("", id=id, markup=False)
        self._timer: Timer | None = None

    def say(self, text: str, tone: Tone = Tone.INFO) -> None:
        """Show a sentence for as long as it takes to read."""
        if self._timer is not None:
            self._timer.stop()
        self.update(Content(_MARK[tone] + text))
        for one in Tone:
            self.set_class(one is tone, f"-{one}")
        self.screen.add_class("-flashing")
        self._timer = self.set_timer(_SECONDS[tone], self.hush)

    def hush(self) -> None:
        """Take the sentence away."""
        self.screen.remove_class("-flashing")
