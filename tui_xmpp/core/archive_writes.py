"""Writes one page of an archive: its messages, and what is done with messages among them."""

from collections.abc import Sequence
from dataclasses import replace

from tui_xmpp.core.echoes import as_ours, as_second_copy, is_sent_again, without_second_copies
from tui_xmpp.core.judge import Judged, new_message, new_sealed, new_subject
from tui_xmpp.core.operations import as_exposed, operations_of, released, write_correction, write_operation
from tui_xmpp.core.wording import system
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message import Delivery, Direction, Message
from tui_xmpp.model.stanzas import MessageType
from tui_xmpp.storage.values import Above, NewMessage, Outcome, Span, Stored
from tui_xmpp.storage.writes import Writes


@frozen
class PageWritten:
    """What a page came to."""

    archive: Address
    judged: tuple[Judged, ...]
    """All its believed messages, also those without a text."""
    stored: tuple[Stored, ...]
    span: Span | None

    def added(self, key: ChatKey) -> int:
        """How many messages it brought for a chat."""
        return sum(1 for s in self.stored if s.outcome is Outcome.ADDED and s.message.chat == key)


def write_page(
    writes: Writes,
    own: Address,
    archive: Address,
    judged: Sequence[Judged],
    *,
    before: str,
    above: Above,
    counts_unread: bool,
    news_from: int | None = None,
    since: int = 0,
) -> tuple[Stored, ...]:
    """Write the rows of a page in archive order, then what it does with messages, which may be among them.

    What was sent before `since` (µs) is not kept, nor what a person has deleted; what was sent from `news_from` on is
    unread in any case.
    """
    judged = [one for one in judged if one.time >= since]
    is_news = [counts_unread or (news_from is not None and one.time >= news_from) for one in judged]
    found = ((row_of(one, counts_unread=unread), one) for one, unread in zip(judged, is_news, strict=True))
    rows = _to_store(writes, [row for row, one in found if row is not None and not is_correction(one)])
    stored = list(writes.add_archive_page(own, archive, rows, before=before, above=above))
    kinds = {row.key: row.kind for row in rows}
    for key in {one.message.chat for one in stored if one.outcome is Outcome.ADDED}:
        if kinds[key] is not ChatKind.ROOM:  # only what is new brings back a chat that a person has closed
            writes.ensure_chat(key, kinds[key], open=True)
    stored = _displayed_before(writes, stored)
    for one in judged:
        for operation in operations_of(one):
            stored += write_operation(writes, one, operation)
        if is_correction(one):
            stored += write_correction(writes, one, hold=True, counts_unread=counts_unread)
    return (*stored, *released(writes, stored, counts_unread=counts_unread))


def _displayed_before(writes: Writes, stored: Sequence[Stored]) -> list[Stored]:
    """What is stored, with ours displayed where a marker, which came with a newer page, means them too."""
    ours: dict[ChatKey, Message] = {}
    for one in stored:
        message = one.message
        if one.outcome is Outcome.ADDED and message.direction is Direction.OUT and message.delivery is Delivery.SENT:
            ours[message.chat] = message
    changed = {
        each.id: each
        for key, newest in ours.items()
        if writes.is_below_displayed(newest)
        for each in writes.delivered_up_to(key, newest.id, Delivery.DISPLAYED)
    }
    shown = {one.message.id for one in stored}
    return [
        *(replace(one, message=changed.get(one.message.id, one.message)) for one in stored),
        *(Stored(each, Outcome.UPDATED) for name, each in changed.items() if name not in shown),
    ]


def _to_store(writes: Writes, rows: Sequence[NewMessage]) -> list[NewMessage]:
    """Those that are to be stored, as what they are; for most neither chat nor name is a reason to look closer."""
    keys = {row.key for row in rows}
    thinned = {key for key in keys if writes.has_forgotten(key)}
    encrypted = {key for key in keys if writes.devices.encryption(key).since}
    rows = [row for row in rows if row.key not in thinned or not writes.is_forgotten(row)]
    known = writes.names_in_use(rows)
    kept: list[NewMessage] = []
    for row in rows:
        if known.isdisjoint((row.stanza_id, row.origin_id)):
            kept.append(row)
        elif not is_sent_again(writes, row):
            kept.append(as_second_copy(writes, as_ours(writes, row)))
    return without_second_copies(as_exposed(writes, row) if row.key in encrypted else row for row in kept)


def is_correction(judged: Judged) -> bool:
    """Whether a message is the new text of another one (XEP-0308)."""
    message = judged.message
    is_text = message.body and message.sealed is None and message.type is not MessageType.ERROR
    return bool(message.replaces and is_text)


def row_of(judged: Judged, *, counts_unread: bool) -> NewMessage | None:
    """The row that a message becomes; None for what is not shown: states, receipts, errors, invitations, reactions."""
    message = judged.message
    if message.type is MessageType.ERROR or message.invitation is not None:
        return None
    if message.sealed is not None:
        return new_sealed(judged, message.sealed, counts_unread=counts_unread) if message.sealed.mark else None
    if message.tombstone is not None and judged.is_told_by_archive:
        return replace(new_message(judged, counts_unread=False), body="", whole="", mentions_us=False)
    if message.body or (message.body is None and system(message.encrypted)):
        row = new_message(judged, counts_unread=counts_unread)
        return row if row.body.strip() else None
    if message.type is MessageType.GROUPCHAT and message.subject is not None and message.body is None:
        return new_subject(judged)
    return None
