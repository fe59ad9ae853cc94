"""A bar of one row: parts at the left, cut when there is no room, and parts at the right; parts can be clicked."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui_xmpp.model.frozen import frozen


@frozen
class Piece:
    """A text with a style (theme variables allowed); drawn as it is, never as markup."""

    text: str
    style: str = ""
    action: str = ""
    """What a click on it means."""


class Bar(Widget):
    """One row of pieces."""

    DEFAULT_CSS = "Bar { height: 1; width: 1fr; }"
    ALLOW_SELECT = False

    class Pressed(Message):
        """A piece with an action was clicked."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self.left: Sequence[Piece] = ()
        self.right: Sequence[Piece] = ()

    def show(self, left: Sequence[Piece], right: Sequence[Piece] = ()) -> None:
        """Show other pieces."""
        if (left, right) != (self.left, self.right):
            self.left, self.right = left, right
            self.refresh()

    def render(self) -> Content:
        """The pieces, in exactly the width of the bar."""
        return Content.assemble(
            *((piece.text, piece.style) for piece in fitted(self.left, self.right, self.size.width))
        )

    def on_click(self, event: events.Click) -> None:
        """Press the piece under the pointer."""
        column = 0
        for piece in fitted(self.left, self.right, self.size.width):
            column += cell_len(piece.text)
            if event.x < column:
                if piece.action:
                    self.post_message(self.Pressed(piece.action))
                return


def fitted(left: Sequence[Piece], right: Sequence[Piece], width: int) -> list[Piece]:
    """The pieces of a row: the right ones kept whole while they fit, the left ones cut with an ellipsis."""
    right_cells = sum(cell_len(piece.text) for piece in right)
    if right_cells > width:
        right, right_cells = (), 0
    room = width - right_cells - (2 if right else 0)
    pieces: list[Piece] = []
    for piece in left:
        cells = cell_len(piece.text)
        if cells > room:
            if room > 1:
                pieces.append(Piece(set_cell_size(piece.text, room - 1) + "…", piece.style, piece.action))
                room = 0
            break
        pieces.append(piece)
        room -= cells
    pieces.append(Piece(" " * (room + (2 if right else 0))))
    return [*pieces, *right]
