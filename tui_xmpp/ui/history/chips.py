"""Reactions under a message as a row of chips: each emoji once, with the names of few and the number of many."""

from rich.cells import cell_len, set_cell_size

from tui_xmpp.model.message import Message, Reaction
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.history.voices import Voices
from tui_xmpp.ui.words import YOU

Parts = tuple[tuple[str, str], ...]
"""(text, style) of the pieces of one row."""

_ROWS = 3
"""Most rows of chips under a message; the rest is counted, and stands in the message's info."""
_NAMED = 2
"""Most names in a chip."""
_NAMES = 24
"""Most cells of them."""
_FEW = 4
"""Most chips that have names at all."""
_EMOJI = 8
"""Most cells of an emoji: the senders choose it."""
_EDGES = 2
"""Cells of a chip beside its words."""
_ROOM_FOR_MORE = 7
"""Cells kept behind a space for ` +123 ` in the last row."""


def clip(text: str, width: int) -> str:
    """The text in at most `width` cells, cut with an ellipsis."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(0, width - 1)).rstrip() + "…"


def chip_rows(message: Message, voices: Voices, width: int) -> tuple[Parts, ...]:
    """The rows of chips in `width` cells; none where nobody reacted."""
    if not message.reactions or message.tombstone is not None:
        return ()
    named = len(message.reactions) <= _FEW
    left = len(message.reactions)
    rows: list[list[tuple[str, str]]] = [[]]
    room = width
    for reaction in message.reactions:
        words = _words(reaction, voices, named=named)
        if rows[-1] and 1 + cell_len(words) + _EDGES > room:
            if len(rows) == _ROWS:
                rows[-1] += [(" ", ""), (f" +{left} ", "chip")]
                break
            rows.append([])
            room = width if len(rows) < _ROWS else width - _ROOM_FOR_MORE
        if rows[-1]:
            rows[-1].append((" ", ""))
            room -= 1
        text = f" {clip(words, room - _EDGES)} "
        rows[-1].append((text, "chip-own" if reaction.own else "chip"))
        room -= cell_len(text)
        left -= 1
    return tuple(tuple(row) for row in rows)


def _words(reaction: Reaction, voices: Voices, *, named: bool) -> str:
    """`👍 you, Juno` for few, `🍕 3` for many; one's own is told by a word, not by the colour alone."""
    emoji = clip(clean_line(reaction.emoji), _EMOJI)
    if named and reaction.count <= _NAMED:
        names = [*([YOU] if reaction.own else []), *(voices.reactor(nick) for nick in reaction.nicks)]
        words = ", ".join(names)
        if all(names) and cell_len(words) <= _NAMES:
            return f"{emoji} {words}"
    if not reaction.own:
        return f"{emoji} {reaction.count}"
    return f"{emoji} {YOU} +{reaction.count - 1}" if reaction.count > 1 else f"{emoji} {YOU}"
