"""What others, and our other devices, do with messages: corrected, taken back, reacted to. Asked in the transaction."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from tui_xmpp.core.changing import is_moderation, is_proven, may_change, may_react
from tui_xmpp.core.judge import Judged, moderator, new_message
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.message import Direction, Encryption, Message, MessageKind
from tui_xmpp.model.omemo import Trust
from tui_xmpp.model.stanzas import MessageType
from tui_xmpp.model.text import clean_line
from tui_xmpp.storage.values import Change, NewMessage, NewOperation, Outcome, Stored
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)


def operations_of(judged: Judged) -> tuple[NewOperation, ...]:
    """What a message does to others besides being one; a correction is a text, see `write_correction`."""
    message = judged.message
    if message.type is MessageType.ERROR or message.invitation is not None or message.sealed is not None:
        return ()
    found: list[NewOperation] = []
    if message.reactions is not None:
        reactions = message.reactions
        found.append(_operation(judged, Change.REACTIONS, reactions.to, emojis=reactions.emojis))
    if message.retraction is not None:
        retraction = message.retraction
        if retraction.moderated:
            moderation = _operation(judged, Change.MODERATION, retraction.of, body=retraction.reason)
            found.append(replace(moderation, moderator=moderator(judged, retraction)))
        else:
            found.append(_operation(judged, Change.RETRACTION, retraction.of))
    return tuple(found)


def write_operation(writes: Writes, judged: Judged, operation: NewOperation) -> tuple[Stored, ...]:
    """Do it with the message that is meant, or let it wait for that; one that is not allowed is left."""
    operation = _as_ours(writes, judged, operation)
    originals = writes.targets(operation)
    is_ours = operation.direction is Direction.OUT
    if not _is_allowed(judged, operation, originals):
        log.warning("Ignored %s of %s by %s", operation.change, operation.target, operation.sender)
        return ()
    proven = is_ours or operation.change is not Change.RETRACTION or is_proven(judged.author, operation.kind)
    return _changed(writes, writes.operate(operation, hold=proven))


def write_correction(writes: Writes, judged: Judged, *, hold: bool, counts_unread: bool) -> tuple[Stored, ...]:
    """Correct the message that is meant; one that its sender may not change is left, and this is a message of its own.

    A correction that comes before its original waits for it where `hold` says so (SECURITY 13).
    """
    changed, new = correct(writes, judged, hold=hold, counts_unread=counts_unread)
    return changed if new is None else (writes.add_message(as_exposed(writes, new)),)


def correct(
    writes: Writes, judged: Judged, *, hold: bool, counts_unread: bool
) -> tuple[tuple[Stored, ...], NewMessage | None]:
    """What a correction changes, or the message of its own that it is."""
    message = judged.message
    operation = _as_ours(writes, judged, _operation(judged, Change.CORRECTION, message.replaces))
    originals = writes.targets(operation)
    if any(original.tombstone is not None and original.sender == operation.sender for original in originals):
        return (), None  # what was taken back is not said again, whatever can be proven of its author
    new = new_message(
        judged, counts_unread=counts_unread, is_answer=any(original.reply is not None for original in originals)
    )
    operation = replace(operation, body=new.body, whole=new.whole, mentions_us=new.mentions_us)
    if _is_allowed(judged, operation, originals) and (originals or (hold and is_proven(judged.author, operation.kind))):
        return _changed(writes, writes.operate(operation)), None
    return (), new


def released(writes: Writes, stored: Sequence[Stored], *, counts_unread: bool) -> tuple[Stored, ...]:
    """What has waited to correct these messages in their authors' names but may not, as messages of their own.

    Nothing that somebody said is lost by a correction that somebody else forged (SECURITY 13).
    """
    added = [one.message for one in stored if one.outcome is Outcome.ADDED]
    refused = [_as_message(writes, each, counts_unread=counts_unread) for each in writes.take_refused(added)]
    found = tuple(writes.add_message(as_exposed(writes, row)) for row in refused)
    return (*found, *released(writes, found, counts_unread=counts_unread)) if found else ()


def _as_message(writes: Writes, operation: NewOperation, *, counts_unread: bool) -> NewMessage:
    key = operation.key
    is_sealed = operation.encryption is Encryption.OMEMO
    return NewMessage(
        key=key,
        kind=writes.chats.kind(key) or operation.kind,
        direction=operation.direction,
        sender=operation.sender,
        body=operation.body,
        time=operation.time,
        nick=operation.nick,
        occupant_id=operation.occupant_id,
        encryption=operation.encryption,
        device=operation.device,
        trust=writes.devices.trust_of(operation.key_id) if is_sealed else None,
        key_id=operation.key_id,
        stanza_id=operation.stanza_id,
        mentions_us=operation.mentions_us,
        from_archive=operation.from_archive,
        counts_unread=counts_unread,
        whole=operation.whole,
    )


def as_exposed(writes: Writes, row: NewMessage) -> NewMessage:
    """The row, marked if it came in clear though its chat was encrypted by then (SECURITY 29)."""
    is_text = row.message_kind is MessageKind.TEXT and row.tombstone is None
    if not is_text or row.encryption is not Encryption.NONE:
        return row
    since = writes.devices.encryption(row.key).since
    return replace(row, trust=Trust.UNDECIDED) if since and row.time >= since else row


def _operation(
    judged: Judged, change: Change, target: str, *, body: str = "", emojis: tuple[str, ...] = ()
) -> NewOperation:
    place, author = judged.place, judged.author
    return NewOperation(
        key=place.key,
        kind=place.kind,
        change=change,
        target=target,
        archive=None if change is Change.CORRECTION else judged.ids_by,  # XEP-0308 names the sender's id in rooms too
        direction=place.direction,
        sender=place.sender,
        time=judged.time,
        body=body,
        emojis=emojis,
        nick="" if place.kind is ChatKind.CONTACT else clean_line(place.sender.resource),
        occupant_id=author.occupant_id,
        stanza_id=judged.message.id,
        encryption=author.encryption,
        device=author.device,
        key_id=author.key_id,
        not_before=author.here_since or 0,
        from_archive=judged.is_archived,
    )


def _as_ours(writes: Writes, judged: Judged, operation: NewOperation) -> NewOperation:
    """The operation as ours, if a room repeats what this client did: without occupant-ids nothing else proves it."""
    if operation.kind is not ChatKind.ROOM or operation.direction is Direction.OUT or judged.room is None:
        return operation
    is_ours = judged.place.sender.resource == judged.room.nick and writes.is_known_as_ours(operation)
    return replace(operation, direction=Direction.OUT) if is_ours else operation


def _is_allowed(judged: Judged, operation: NewOperation, originals: Sequence[Message]) -> bool:
    """Whether one of the messages that may be meant is the author's to change; true if there is none yet."""
    if operation.change is Change.MODERATION:
        return is_moderation(judged.message, operation.kind)
    if operation.change is Change.REACTIONS:
        return not originals or any(map(may_react, originals))
    author = replace(judged.author, direction=operation.direction)
    return not originals or any(may_change(author, original, operation.kind) for original in originals)


def _changed(writes: Writes, message: Message | None) -> tuple[Stored, ...]:
    """The message that has changed, and those that quote it."""
    if message is None:
        return ()
    quoting = writes.messages.answers_to(message.id)
    return tuple(Stored(one, Outcome.UPDATED) for one in (message, *quoting))
