"""Writes one page of an archive: its messages, and the corrections among them."""

from collections.abc import Sequence
from dataclasses import dataclass

from tui_xmpp.core.authorship import may_correct
from tui_xmpp.core.echoes import as_ours, as_second_copy, is_sent_again, without_second_copies
from tui_xmpp.core.judge import Judged, new_message, new_subject
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.message import Message
from tui_xmpp.model.stanzas import MessageType
from tui_xmpp.storage.values import Above, NewMessage, Outcome, Span, Stored
from tui_xmpp.storage.writes import Writes


@dataclass(frozen=True, slots=True)
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
) -> tuple[Stored, ...]:
    """Write the rows of a page in archive order, then its corrections, whose originals may be among them."""
    rows: list[NewMessage] = []
    for one in judged:
        row = row_of(one, counts_unread=counts_unread)
        if row is not None and not one.message.replaces and not is_sent_again(writes, row):
            rows.append(as_second_copy(writes, as_ours(writes, row)))
    rows = without_second_copies(rows)
    for key, kind in {row.key: row.kind for row in rows}.items():
        if kind is not ChatKind.ROOM:
            writes.ensure_chat(key, kind, open=True)
    stored = list(writes.add_archive_page(own, archive, rows, before=before, above=above))
    for one in judged:
        if one.message.replaces and one.message.body is not None:
            changed = write_correction(writes, one, hold=True, counts_unread=counts_unread)
            if changed is not None:
                stored.append(changed)
    return tuple(stored)


def row_of(judged: Judged, *, counts_unread: bool) -> NewMessage | None:
    """The row that a message becomes; None for what is not shown: states, receipts, errors, invitations."""
    message = judged.message
    if message.type is MessageType.ERROR or message.invitation is not None:
        return None
    if message.body:
        return new_message(judged, counts_unread=counts_unread)
    if message.type is MessageType.GROUPCHAT and message.subject is not None and message.body is None:
        return new_subject(judged)
    return None


def write_correction(writes: Writes, judged: Judged, *, hold: bool, counts_unread: bool) -> Stored | None:
    """Correct the message that is meant; one that its sender may not change is left, and this is a message of its own.

    A correction that comes before its original waits for it where `hold` says so (SECURITY 13).
    """
    message, author = judged.message, judged.author
    originals = writes.find_by_stanza_id(judged.key, message.replaces)
    allowed = any(may_correct(author, original, judged.place.kind) for original in originals)
    if allowed or (hold and not originals):
        changed: Message | None = writes.correct(
            judged.key,
            message.replaces,
            sender=author.sender,
            occupant_id=author.occupant_id,
            body=message.body or "",
            time=judged.time,
            stanza_id=message.id,
            encryption=author.encryption,
        )
        return None if changed is None else Stored(changed, Outcome.UPDATED)
    return writes.add_message(new_message(judged, counts_unread=counts_unread))
