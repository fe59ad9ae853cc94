"""Keeping the spans: which stretches of an archive (XEP-0313) the store holds without a gap.

Archive ids are opaque, so a page is known to continue a span only by the id that it was asked with, or by a span's
outermost ids on the page. An archive that is empty has one span without ids, which says that it begins here.
"""

from collections.abc import Sequence
from typing import NamedTuple

from tui_xmpp.model.address import Address
from tui_xmpp.storage import rows
from tui_xmpp.storage.archives import ArchiveReader
from tui_xmpp.storage.rows import Part
from tui_xmpp.storage.values import Span


class _Held(NamedTuple):
    id: int
    place: int
    """The greater, the newer."""
    oldest_id: str
    newest_id: str
    oldest_position: int
    newest_position: int
    begins: int


class SpanWrites(Part):
    """Writes what is held of an archive."""

    def extend_span(
        self,
        account: Address,
        archive: Address,
        ids: Sequence[str],
        *,
        before: str | None = None,
        after: str | None = None,
        complete: bool = False,
        peer: Address | None = None,
        first_live: str | None = None,
    ) -> Span | None:
        """Take a page into the spans; returns the newest span then. None: nothing is held yet.

        `ids` are those of all results in the archive's order, also of what is no message; `before`, `after` and
        `peer` are those of the query, `complete` the answer's. What a page continues or overlaps is joined with it.
        A page read backwards that is complete says that the archive begins there, unless it has `after` too: then it
        reaches down to that id. With the newest page, `first_live` is the id of the first message that came live since
        the stream opened: nothing lies between. A page that lies above that one begins the span anew, so that what
        came live is looked at in the archive's own order too.
        """
        with_peer = "" if peer is None else str(peer)
        row = rows.ensure_archive(self._db, account, archive)
        held = self._held(row, with_peer)
        touched = _touched(held, ids, before or first_live, after)
        if not touched:  # then the message that the query named is held too, but in no span
            ids = [*([after] if after else []), *ids, *([before] if before else [])]
        is_first = complete and before is not None and not after
        begins = is_first or any(span.begins for span in touched)
        if ids or touched or (begins and not held):
            joined = _joined(touched, ids, before or first_live, after)
            positions = [place for span in touched for place in (span.oldest_position, span.newest_position) if place]
            positions += ArchiveReader(self._db).positions_of(account, archive, ids)
            place = touched[0].place if touched else _new_place(held, is_newest=before == "")
            self._replace(held, touched, place, begins=begins, is_first=is_first)
            self._db.run(
                "INSERT INTO spans (archive_id, peer, place, oldest_id, newest_id, oldest_position, newest_position,"
                " begins) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (row, with_peer, place, *joined, min(positions, default=0), max(positions, default=0), int(begins)),
            )
        return ArchiveReader(self._db).span(account, archive, peer)

    def advance_span(self, account: Address, archive: Address, archive_id: str, *, begin: bool = False) -> None:
        """Note the verified archive id of a live message.

        The first of a stream that was not resumed may follow on a gap and has to `begin` a span of its own; those
        after it lengthen it, and a page that reaches back over the gap joins it with what was held. Without a span
        that could be lengthened nothing is noted.
        """
        if begin and archive_id:
            self.extend_span(account, archive, [archive_id], before="")
            return
        row = rows.archive_id(self._db, account, archive)
        newest = self._db.number(
            "SELECT id FROM spans WHERE archive_id = ? AND peer = '' ORDER BY place DESC LIMIT 1", (row,)
        )
        if newest is None or not archive_id:
            return
        position = ArchiveReader(self._db).position_of(account, archive, archive_id) or 0
        self._db.run(
            "UPDATE spans SET newest_id = ?1, newest_position = max(newest_position, ?2),"
            " oldest_id = CASE oldest_id WHEN '' THEN ?1 ELSE oldest_id END,"
            " oldest_position = CASE oldest_position WHEN 0 THEN ?2 ELSE oldest_position END WHERE id = ?3",
            (archive_id, position, newest),
        )

    def shorten_span(self, account: Address, archive: Address, oldest_id: str) -> None:
        """Take the newest span as held only down to a message on it (none: not at all), to be read once more."""
        row = rows.archive_id(self._db, account, archive)
        if not oldest_id:
            newest = self._db.number(
                "SELECT id FROM spans WHERE archive_id = ? AND peer = '' ORDER BY place DESC LIMIT 1", (row,)
            )
            self._db.run("DELETE FROM spans WHERE id = ?", (newest,))
            return
        position = ArchiveReader(self._db).position_of(account, archive, oldest_id) or 0
        self._db.run(
            "UPDATE spans SET oldest_id = ?, oldest_position = ?, begins = 0 WHERE id ="
            " (SELECT id FROM spans WHERE archive_id = ? AND peer = '' ORDER BY place DESC LIMIT 1)",
            (oldest_id, position, row),
        )

    def forget_spans(self, account: Address, archive: Address) -> None:
        """The archive no longer knows our ids: all that is held of it is begun anew. The messages stay."""
        self._db.run("DELETE FROM spans WHERE archive_id = ?", (rows.archive_id(self._db, account, archive),))

    def _held(self, row: int, peer: str) -> list[_Held]:
        return self._db.all(
            _Held._make,
            "SELECT id, place, oldest_id, newest_id, oldest_position, newest_position, begins FROM spans"
            " WHERE archive_id = ? AND peer = ? ORDER BY place DESC",
            (row, peer),
        )

    def _replace(self, held: list[_Held], touched: list[_Held], place: int, *, begins: bool, is_first: bool) -> None:
        """Remove the spans that are joined and what lies between them.

        That of an archive that was empty goes only when the archive's beginning is reached: all after it is missing.
        What lay below the archive's first page has been purged there.
        """
        joined = range(touched[-1].place, touched[0].place + 1) if touched else range(0)
        gone = [
            span.id
            for span in held
            if span.place in joined or (begins and not span.newest_id) or (is_first and span.place < place)
        ]
        self._db.many("DELETE FROM spans WHERE id = ?", [(span,) for span in gone])


def _touched(held: list[_Held], ids: Sequence[str], before: str | None, after: str | None) -> list[_Held]:
    """The spans that a page continues or overlaps, newest first."""
    near = {*ids, before or "", after or ""} - {""}
    return [span for span in held if span.oldest_id in near or span.newest_id in near]


def _joined(touched: list[_Held], ids: Sequence[str], before: str | None, after: str | None) -> tuple[str, str]:
    """Outermost ids of a page together with the spans that it touches."""
    first, last = (ids[0], ids[-1]) if ids else ("", "")
    if not touched:
        return first, last
    newest, oldest = touched[0], touched[-1]
    below = oldest.oldest_id in ids or (before == oldest.oldest_id and first != "")
    above = newest.newest_id in ids or (after == newest.newest_id and last != "")
    return first if below else oldest.oldest_id, last if above else newest.newest_id


def _new_place(held: list[_Held], *, is_newest: bool) -> int:
    if not held:
        return 0
    return held[0].place + 1 if is_newest else held[-1].place - 1
