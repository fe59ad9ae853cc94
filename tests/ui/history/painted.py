"""Messages painted, and their rows as text."""

from tests.ui.messages import kitchen_voices
from tests.ui.scene import frozen_clock
from tui_xmpp.model.message import Message
from tui_xmpp.ui.history.blocks import Blocks
from tui_xmpp.ui.history.columns import Columns
from tui_xmpp.ui.history.painter import Painter
from tui_xmpp.ui.history.voices import Voices


def painter_at(width: int, name: int = 8, voices: Voices | None = None) -> Painter:
    """A painter of the kitchen, or of the chat that these voices are of."""
    painter = Painter(frozen_clock())
    painter.voices = voices or kitchen_voices()
    painter.columns = Columns(width).for_names(name)
    return painter


def rows_of(
    painter: Painter, *messages: Message, first_new: int | None = None, gaps: frozenset[int] = frozenset()
) -> list[str]:
    """What is painted, line by line."""
    blocks = Blocks(painter.measure, frozen_clock())
    blocks.sync(messages, first_new, gaps)
    lines: list[str] = []
    for block in blocks.blocks:
        strips = painter.strips(block)
        assert len(strips) == block.rows, block.message.body
        assert {strip.cell_length for strip in strips} == {painter.columns.width}
        lines += [strip.text.rstrip() for strip in strips]
    assert len(lines) == blocks.total
    return lines
