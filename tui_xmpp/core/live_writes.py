"""Writes texts that came live: all of a tick in one go, for a flood brings hundreds."""

from collections.abc import Sequence
from typing import NamedTuple

from tui_xmpp.core.echoes import as_ours, as_second_copy, is_sent_again
from tui_xmpp.core.operations import as_exposed, released
from tui_xmpp.model.message import Direction
from tui_xmpp.storage.values import NewMessage, Outcome, Stored
from tui_xmpp.storage.writes import Writes


class LiveText(NamedTuple):
    """A text to be stored at the end of its chat."""

    row: NewMessage
    counts_unread: bool
    may_be_ours: bool
    """It may be a second copy of what this client sent, though nothing proves that."""
    found: set[int]
    """What the first look into its archive has found: if it is there already, it is news all the same."""


def write_live(writes: Writes, texts: Sequence[LiveText]) -> list[tuple[Stored, ...]]:
    """Store texts in their order; returns what came of each.

    For most neither chat nor name is a reason to look closer.
    """
    rows = [text.row for text in texts]
    keys = {row.key for row in rows}
    odd = {key for key in keys if writes.has_forgotten(key) or writes.devices.encryption(key).since}
    names = writes.names_in_use(rows)
    written: list[tuple[Stored, ...]] = []
    plain: list[LiveText] = []
    for text in texts:
        row = text.row
        own_names = {row.stanza_id, row.origin_id, *(name for _, name in row.archive_ids)} - {""}
        is_plain = row.direction is Direction.IN and row.sealed is None and not row.from_archive
        if plain and text.counts_unread != plain[0].counts_unread:
            written += _write_plain(writes, plain)
            plain = []
        if is_plain and row.key not in odd and names.isdisjoint(own_names):
            plain.append(text)
        else:
            written += _write_plain(writes, plain)
            plain = []
            written.append(write_text(writes, text))
        names |= own_names
    return written + _write_plain(writes, plain)


def write_text(writes: Writes, text: LiveText) -> tuple[Stored, ...]:
    """Store one text as what it is, if it is one that is to be stored."""
    row = text.row
    if is_sent_again(writes, row) or writes.is_forgotten(row):
        return ()
    ours = as_ours(writes, row) if text.may_be_ours else row
    stored = writes.add_message(as_exposed(writes, as_second_copy(writes, ours)))
    if text.counts_unread and stored.message.id in text.found:
        text.found.discard(stored.message.id)
        news = writes.count_unread(stored.message.id, row.marker)
        stored = stored if news is None else Stored(news, Outcome.UPDATED)
    return (stored, *released(writes, (stored,), counts_unread=text.counts_unread))


def _write_plain(writes: Writes, texts: Sequence[LiveText]) -> list[tuple[Stored, ...]]:
    if not texts:
        return []
    stored = writes.add_messages([text.row for text in texts])
    written = [(one,) for one in stored]
    return [*written[:-1], (*written[-1], *released(writes, stored, counts_unread=texts[0].counts_unread))]
