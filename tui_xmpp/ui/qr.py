"""A QR code drawn in the terminal, two rows of it in each line."""

from textual.content import Content

from tui_xmpp.ui.screens.plain import plain

_CELLS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
_BORDER = 2
"""Light squares around it; readers want some."""


def qr_lines(text: str) -> tuple[str, ...]:
    """The code of a text as lines of half blocks, drawn light on dark where the terminal is dark: see `qr_content`."""
    import segno

    rows = [[bool(square) for square in row] for row in segno.make_qr(text, error="l").matrix_iter(border=_BORDER)]
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return tuple("".join(_CELLS[squares] for squares in zip(upper, lower, strict=True)) for upper, lower in pairs)


def qr_content(text: str) -> Content:
    """The code in black on white, whatever the theme is: some readers take no other."""
    return Content("\n").join(plain(line, "#000000 on #ffffff") for line in qr_lines(text))
