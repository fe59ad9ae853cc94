"""Our own fingerprints, to be compared by others: as a QR code for their cameras, and as the link that it holds."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from tui_xmpp.model.address import Address
from tui_xmpp.model.fingerprints import uri
from tui_xmpp.ui import actions
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.qr import qr_content, qr_lines
from tui_xmpp.ui.screens.dialog import Dialog, Hint
from tui_xmpp.ui.screens.plain import Plain

_KEYS = 1
"""Rows that the keys take."""
_MARGINS = 4
"""Columns of the panel that are not the code."""
_USUAL_WIDTH = 68
_AROUND = 10
"""Rows of title, link and the lines between; a link longer than three lines only scrolls."""
_TOO_SMALL = "This window is too small for the code: that needs {rows} rows. Copy the link in its place."


class CodeScreen(Dialog[None]):
    """The code of all our devices, or of this one alone in a window that is too small: half a code is none."""

    AUTO_FOCUS = "#cancel"
    cancel_word = "Close"

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.CODE)]

    def __init__(self, account: Address, fingerprints: Mapping[int, str], this: int) -> None:
        super().__init__("Your devices")
        self._all = uri(account, fingerprints)
        self._this = uri(account, {this: fingerprints[this]}) if this in fingerprints else self._all
        self._code = Plain("", id="code")
        self._link = Plain("", id="link", classes="-muted")

    def body(self) -> Iterable[Widget]:
        """The code and the link."""
        yield self._code
        yield self._link

    def keys(self) -> Sequence[Hint]:
        """The link can be taken along."""
        return (Hint("copy_code", "Copy link"), Hint("cancel", self.cancel_word))

    def on_mount(self) -> None:
        """Draw."""
        self._draw()

    def on_resize(self) -> None:
        """Draw what fits now."""
        self._draw()

    def _draw(self) -> None:
        width, height = self.size
        fitting = (link for link in (self._all, self._this) if _fits(link, width, height))
        link = next(fitting, "")
        rows, columns = _measure(link or self._this)
        self._code.show(qr_content(link) if link else _TOO_SMALL.format(rows=rows + _KEYS))
        self._link.show(link or self._all)
        self.panel.show_title("This device" if link == self._this != self._all else "Your devices")
        self.panel.styles.width = max(columns + _MARGINS, _USUAL_WIDTH)
        # What stands around the code gives way to it.
        is_low = bool(link) and rows + _AROUND > height
        self._link.display = not is_low
        self.panel.bare(is_low)

    def action_copy_code(self) -> None:
        """Put the link into the clipboard: of all devices, whatever is drawn."""
        self.app.copy_to_clipboard(self._all)
        self.query_one("#copy_code", Hint).say("Copied")


def _measure(link: str) -> tuple[int, int]:
    """Rows and columns of a link's code."""
    lines = qr_lines(link)
    return len(lines), len(lines[0])


def _fits(link: str, width: int, height: int) -> bool:
    rows, columns = _measure(link)
    return rows + _KEYS <= height and columns + _MARGINS <= width
