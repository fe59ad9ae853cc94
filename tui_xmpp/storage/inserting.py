"""Putting new messages into the tables, as many as there are at once, with what their chats' rows keep about them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from tui_xmpp.model.message import Delivery, Direction, Message, MessageKind
from tui_xmpp.storage import (
    beside,
    counters,
    identity,
    merging,
    operations,
    positions,
    replies,
    rows,
    seals,
    search_index,
    tombstones,
)
from tui_xmpp.storage.database import Connection, Values
from tui_xmpp.storage.identity import Arrival
from tui_xmpp.storage.messages import MessageReader
from tui_xmpp.storage.replies import Name
from tui_xmpp.storage.search_index import Indexed
from tui_xmpp.storage.values import NewMessage

_INSERT = """
INSERT INTO messages (id, chat_id, position, time, direction, kind, sender, nick, occupant_id, body, delivery,
                      encryption, stanza_id, origin_id, mentions_us, unread, device, trust, key_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_NOTE = "UPDATE chats SET activity = max(activity, ?), unread = unread + ?, mentions = mentions + ? WHERE id = ?"
_NOTE_PREVIEW = """
UPDATE chats SET preview_id = ?, preview_position = ?, preview_text = ?, preview_sender = ?, preview_own = ?,
                 preview_time = ?, preview_delivery = ?,
                 activity = max(activity, ?), unread = unread + ?, mentions = mentions + ? WHERE id = ?
"""


class _Marks(NamedTuple):
    read_position: int
    preview_position: int


class _Entry(NamedTuple):
    """A new message, and what became of it."""

    arrival: Arrival
    id: int
    position: int
    unread: bool


def insert(db: Connection, arrivals: Sequence[Arrival], places: Iterable[int]) -> list[Message]:
    """Store messages that the store does not have, each at its place, and do what has waited for them."""
    marks = {chat: _marks(db, chat) for chat in {arrival.chat for arrival in arrivals}}
    where = [positions.clamp(place) for place in places]
    ids = positions.free_ids(db, [(place, arrival.chat) for place, arrival in zip(where, arrivals, strict=True)])
    entries = [
        _Entry(arrival, message_id, place, _is_unread(arrival.new, place, marks[arrival.chat]))
        for arrival, message_id, place in zip(arrivals, ids, where, strict=True)
    ]
    db.many(_INSERT, map(_values, entries))
    identity.remember(db, [(entry.id, archived) for entry in entries for archived in entry.arrival.ids])
    opened = [entry for entry in entries if entry.arrival.new.sealed is None]
    search_index.add(db, [_indexed(entry) for entry in opened if entry.arrival.new.tombstone is None])
    waited: set[str] = set()
    for chat, here in _by_chat(opened).items():
        texts = [entry for entry in here if entry.arrival.new.message_kind is MessageKind.TEXT]
        if texts:
            _note(db, chat, marks[chat], texts)
        waited |= operations.waited_for(db, chat, {name for entry in here for name in _names(entry)})
    return [_with_the_rest(db, entry, waited) for entry in entries]


def show(db: Connection, chat: int, sealed: Message, new: NewMessage) -> None:
    """Let a sealed message that is stored be what it turned out to be."""
    beside.unmark(db, sealed.id, beside.SEALED | beside.HIDDEN)
    marks = _marks(db, chat)
    unread = new.counts_unread and new.direction is Direction.IN and sealed.position > marks.read_position
    db.run(
        "UPDATE messages SET body = ?, encryption = ?, device = ?, trust = ?, key_id = ?, mentions_us = ?, unread = ?"
        " WHERE id = ?",
        (
            new.body,
            new.encryption,
            new.device,
            new.trust or "",
            new.key_id,
            int(new.mentions_us),
            int(unread),
            sealed.id,
        ),
    )
    entry = _Entry(Arrival(new, chat, identity.ids_of(db, sealed.id)), sealed.id, sealed.position, unread)
    search_index.add(db, [_indexed(entry)])
    _note(db, chat, marks, [entry])
    _keep_beside(db, entry, _names(entry))


def _marks(db: Connection, chat: int) -> _Marks:
    marks = db.one(_Marks._make, "SELECT read_position, preview_position FROM chats WHERE id = ?", (chat,))
    assert marks is not None
    return marks


def _is_unread(new: NewMessage, position: int, marks: _Marks) -> bool:
    is_text = new.message_kind is MessageKind.TEXT and new.tombstone is None and new.sealed is None
    return is_text and new.counts_unread and new.direction is Direction.IN and position > marks.read_position


def _by_chat(entries: Iterable[_Entry]) -> dict[int, list[_Entry]]:
    found: defaultdict[int, list[_Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.arrival.chat].append(entry)
    return found


def _names(entry: _Entry) -> list[str]:
    """All ids by which other messages may mean it."""
    new, _, ids = entry.arrival
    return [name for name in (new.stanza_id, new.origin_id, *(archived.id for archived in ids)) if name]


def _values(entry: _Entry) -> Values:
    """The columns, all of the plain types: for a member of an enumeration the driver looks for an adapter each time,
    which takes longer than the rest of the row."""
    new = entry.arrival.new
    return (
        entry.id,
        entry.arrival.chat,
        entry.position,
        positions.clamp(new.time),
        str(new.direction),
        str(new.message_kind),
        str(new.sender),
        new.nick,
        new.occupant_id,
        new.body,
        int(new.delivery),
        str(new.encryption),
        new.stanza_id,
        new.origin_id,
        int(new.mentions_us),
        int(entry.unread),
        new.device,
        str(new.trust or ""),
        new.key_id,
    )


def _indexed(entry: _Entry) -> Indexed:
    new = entry.arrival.new
    return Indexed(entry.id, entry.arrival.chat, new.direction, str(new.sender), new.nick, new.body)


def _with_the_rest(db: Connection, entry: _Entry, waited: Collection[str]) -> Message:
    """The message as it stands now, after all was done that its row alone does not hold."""
    new = entry.arrival.new
    if new.sealed is not None:
        seals.keep(db, entry.id, entry.position, new.key.account, new.sealed, counts_unread=new.counts_unread)
    elif not _keep_beside(db, entry, waited):
        return _message(entry)
    message = MessageReader(db).stored(entry.id)
    assert message is not None
    return message


def _message(entry: _Entry) -> Message:
    new = entry.arrival.new
    return Message(
        entry.id,
        new.key,
        entry.position,
        positions.clamp(new.time),
        new.direction,
        new.sender,
        new.body,
        new.message_kind,
        new.nick,
        new.occupant_id,
        new.delivery,
        new.encryption,
        new.stanza_id,
        new.origin_id,
        mentions_us=new.mentions_us,
        device=new.device,
        trust=new.trust,
        key_id=new.key_id,
    )


def _keep_beside(db: Connection, entry: _Entry, waited: Collection[str]) -> bool:
    """Keep what a message has in other tables, and do what has waited for it by one of the names that are `waited` for.

    Says whether there was any of what is shown.
    """
    (new, chat, ids), message_id = entry.arrival, entry.id
    reply = None if new.tombstone is not None else new.reply
    if reply is not None:
        archive = 0 if reply.archive is None else rows.ensure_archive(db, new.key.account, reply.archive)
        originals = operations.targets(db, chat, Name(archive, reply.target))
        original = next((original for original in originals if original != message_id), None)
        replies.add(db, new.key.account, chat, message_id, reply, original)
    if new.whole:
        db.run("INSERT INTO whole_texts (message_id, body) VALUES (?, ?)", (message_id, new.whole))
    if new.tombstone is not None:
        tombstones.add(db, message_id, new.tombstone)
    if new.unstyled:
        beside.mark(db, message_id, beside.UNSTYLED)
    changed = False
    if waited and any(name in waited for name in _names(entry)):
        changed = operations.learned(db, chat, new.key, message_id, merging.names(new, ids))
    return changed or reply is not None or new.tombstone is not None or new.unstyled


def _note(db: Connection, chat: int, marks: _Marks, texts: Sequence[_Entry]) -> None:
    """Keep the chat's row in step with new texts."""
    newest = max(texts, key=_place)
    unread = [entry for entry in texts if entry.unread]
    activity = max(positions.clamp(entry.arrival.new.time) for entry in texts)
    counts = (activity, len(unread), sum(entry.arrival.new.mentions_us for entry in unread), chat)
    if newest.position >= marks.preview_position:
        db.run(_NOTE_PREVIEW, (*_preview(newest), *counts))
    else:
        db.run(_NOTE, counts)
    marked = max((entry for entry in unread if entry.arrival.new.marker), key=_place, default=None)
    if marked is not None:
        counters.note_marker(db, chat, marked.arrival.new.marker, marked.position)
    own = [entry for entry in texts if entry.arrival.new.direction is Direction.OUT]
    if own:
        _note_own(db, chat, max(own, key=_place))


def _place(entry: _Entry) -> tuple[int, int]:
    return entry.position, entry.id


def _preview(text: _Entry) -> Values:
    new = text.arrival.new
    return (
        text.id,
        text.position,
        counters.preview_text(new.body),
        new.nick,
        int(new.direction is Direction.OUT),
        positions.clamp(new.time),
        new.delivery,
    )


def _note_own(db: Connection, chat: int, text: _Entry) -> None:
    """Who writes has read what was there."""
    if text.arrival.new.delivery is Delivery.PENDING:
        # Who writes without a line has not seen what the server has got meanwhile, though it will stand above.
        below = "SELECT max(position) FROM messages WHERE chat_id = ? AND position < ?"
        counters.read_up_to(db, chat, db.number(below, (chat, text.position)) or 0)
        return
    counters.read_up_to(db, chat, text.position)
    counters.forget_marker(db, chat, text.position)  # the other device has told what it told
