"""Storing messages: each once, in its place, with everything that its chat's row keeps about it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey, ChatKind
from tui_xmpp.model.message import Delivery, Direction, Message, MessageKind
from tui_xmpp.storage import (
    archive_pages,
    beside,
    counters,
    identity,
    merging,
    moving,
    operations,
    positions,
    reading,
    replies,
    rows,
    seals,
    search_index,
    tombstones,
)
from tui_xmpp.storage.archive_pages import Place
from tui_xmpp.storage.chats import ChatReader
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.identity import ArchiveId
from tui_xmpp.storage.messages import MessageReader, ids_by_name
from tui_xmpp.storage.moving import Target
from tui_xmpp.storage.replies import Name
from tui_xmpp.storage.rows import Part
from tui_xmpp.storage.search_index import Indexed
from tui_xmpp.storage.values import Above, NewMessage, Outcome, Stored


class _ChatState(NamedTuple):
    kind: str
    read_position: int
    preview_position: int
    newest_position: int


class _Marks(NamedTuple):
    read_position: int
    preview_position: int


_INSERT = """
INSERT INTO messages (id, chat_id, position, time, direction, kind, sender, nick, occupant_id, body, delivery,
                      encryption, stanza_id, origin_id, mentions_us, unread, device, trust)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class MessageWrites(Part):
    """Writes messages."""

    def add_message(self, new: NewMessage) -> Stored:
        """Store a message, or find that it is one that the store has (see `identity`).

        A live message goes to the end of its chat; one with `from_archive` is placed by its time and hints. Makes the
        account and the chat known, but does not put the chat on the list.
        """
        return self._add(new, None)

    def add_archive_page(
        self,
        account: Address,
        archive: Address,
        page: Sequence[NewMessage],
        *,
        before: str,
        above: Above | None = None,
    ) -> tuple[Stored, ...]:
        """Store one page of an archive, oldest first, so that each chat's positions grow in the page's order.

        `before` is that of the query: an id, or an empty string for the newest page. `above` is what the pages above
        have shown, and takes in this one; None: that is not known.

        Of messages that are known the missing ids are kept; they stay in their place, unless they contradict the
        archive's order.
        """
        above = Above(skipped=True) if above is None else above
        places = archive_pages.places(self._db, account, archive, page, before=before, above=above)
        moved = {
            place.moves: Target(rows.ensure_chat(self._db, new.key, new.kind), place.position, new.time)
            for new, place in zip(page, places, strict=True)
            if place.moves is not None
        }
        moving.move(self._db, moved)
        added = (self._add(new, place) for new, place in zip(page, places, strict=True))
        return tuple(replace(one, outcome=Outcome.MOVED) if one.message.id in moved else one for one in added)

    def find_by_stanza_id(self, key: ChatKey, stanza_id: str) -> tuple[Message, ...]:
        """As `MessageReader.find_by_stanza_id`, seeing what this transaction has written."""
        return MessageReader(self._db).find_by_stanza_id(key, stanza_id)

    def open_message(self, message_id: int, new: NewMessage) -> Message | None:
        """Show a sealed message, as what it turned out to be; it stays in its place. None: it is shown already.

        `new` is the message as it is known now; whatever names and archive ids the sealed one had stay.
        """
        sealed = MessageReader(self._db).stored(message_id)
        if sealed is None or not seals.take(self._db, message_id):
            return None
        chat = rows.chat_id(self._db, sealed.chat)
        assert chat is not None
        _show(self._db, chat, sealed, new)
        return MessageReader(self._db).get(message_id)

    def said(self, key: ChatKey, stanza_id: str, body: str | None) -> tuple[Message, ...]:
        """Messages with this id or origin-id whose first text this may be (None: any), also those taken back since."""
        chat = rows.chat_id(self._db, key)
        if chat is None or not stanza_id:
            return ()
        reader = MessageReader(self._db)
        found = (reader.stored(message_id) for message_id in sorted(ids_by_name(self._db, chat, stanza_id)))
        return tuple(m for m in found if m is not None and identity.may_have_said(self._db, m.id, m.body, body))

    def follow_on(self, message_id: int) -> Message | None:
        """Let an own message that is about to be sent stand behind all that came before; None: it does already."""
        message = MessageReader(self._db).get(message_id)
        if message is None:
            return None
        chat = rows.chat_id(self._db, message.chat)
        assert chat is not None
        archive = rows.archive_id(self._db, message.chat.account, message.chat.account)
        moved = archive_pages.follow_on(self._db, chat, archive or 0, message_id)
        return MessageReader(self._db).get(message_id) if moved else None

    def delete_message(self, message_id: int) -> Chat | None:
        """Delete a message from the store for good; returns its chat's new row. None: there was none."""
        message = MessageReader(self._db).get(message_id)
        if message is None:
            return None
        chat = rows.chat_id(self._db, message.chat)
        assert chat is not None
        self._db.run("DELETE FROM messages WHERE id = ?", (message_id,))
        counters.recount(self._db, chat)
        counters.refresh_preview_of(self._db, chat, message_id)
        return ChatReader(self._db).get(message.chat)

    def _add(self, new: NewMessage, place: Place | None) -> Stored:
        chat = rows.ensure_chat(self._db, new.key, new.kind)
        ids = identity.archive_ids(self._db, new)
        known = None if place is not None and place.is_new else identity.find(self._db, chat, new, ids)
        if known is not None:
            is_reflection = place is None and not new.from_archive and new.kind is ChatKind.ROOM
            stored = merging.merge(self._db, chat, known, new, ids, is_reflection=is_reflection)
        else:
            added = _insert(self._db, chat, new, ids, None if place is None else place.position)
            stored = Stored(added, Outcome.ADDED if new.sealed is None else Outcome.KNOWN)
        reading.reach_waiting(self._db, new.key, chat, stored.message.id, ids)
        return stored


def _insert(db: Connection, chat: int, new: NewMessage, ids: list[ArchiveId], place: int | None) -> Message:
    state = db.one(
        _ChatState._make,
        "SELECT kind, read_position, preview_position,"
        " coalesce((SELECT max(position) FROM messages WHERE chat_id = chats.id), 0) FROM chats WHERE id = ?",
        (chat,),
    )
    assert state is not None
    position = positions.clamp(_position(db, chat, new, state.newest_position) if place is None else place)
    message_id = positions.free_id(db, position, chat)
    is_text = new.message_kind is MessageKind.TEXT
    is_gone = new.tombstone is not None
    counts = is_text and not is_gone and new.counts_unread and new.direction is Direction.IN
    unread = counts and position > state.read_position and new.sealed is None
    time = positions.clamp(new.time)
    db.run(
        _INSERT,
        (
            message_id,
            chat,
            position,
            time,
            new.direction,
            new.message_kind,
            str(new.sender),
            new.nick,
            new.occupant_id,
            new.body,
            new.delivery,
            new.encryption,
            new.stanza_id,
            new.origin_id,
            int(new.mentions_us),
            int(unread),
            new.device,
            new.trust or "",
        ),
    )
    identity.remember(db, message_id, ids)
    if new.sealed is not None:
        seals.keep(db, message_id, position, new.key.account, new.sealed, counts_unread=new.counts_unread)
        sealed = MessageReader(db).stored(message_id)
        assert sealed is not None
        return sealed
    if not is_gone:
        search_index.add(db, Indexed(message_id, chat, new.direction, str(new.sender), new.nick, new.body))
    if is_text:
        _note(
            db,
            chat,
            new,
            message_id,
            position,
            newest=state.newest_position,
            preview=position >= state.preview_position,
            unread=unread,
        )
    if _keep_beside(db, chat, new, message_id, ids):
        kept = MessageReader(db).get(message_id)
        assert kept is not None
        return kept
    return Message(
        message_id,
        new.key,
        position,
        time,
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
    )


def _show(db: Connection, chat: int, sealed: Message, new: NewMessage) -> None:
    beside.unmark(db, sealed.id, beside.SEALED | beside.HIDDEN)
    state = db.one(_Marks._make, "SELECT read_position, preview_position FROM chats WHERE id = ?", (chat,))
    assert state is not None
    unread = new.counts_unread and new.direction is Direction.IN and sealed.position > state.read_position
    db.run(
        "UPDATE messages SET body = ?, encryption = ?, device = ?, trust = ?, mentions_us = ?, unread = ? WHERE id = ?",
        (new.body, new.encryption, new.device, new.trust or "", int(new.mentions_us), int(unread), sealed.id),
    )
    search_index.add(db, Indexed(sealed.id, chat, new.direction, str(new.sender), new.nick, new.body))
    _note(
        db,
        chat,
        new,
        sealed.id,
        sealed.position,
        newest=sealed.position,
        preview=sealed.position >= state.preview_position,
        unread=unread,
    )
    _keep_beside(db, chat, new, sealed.id, identity.ids_of(db, sealed.id))


def _keep_beside(db: Connection, chat: int, new: NewMessage, message_id: int, ids: list[ArchiveId]) -> bool:
    """Keep what a new message has in other tables, and do what has waited for it; says whether there was any."""
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
    changed = operations.learned(db, chat, new.key, message_id, merging.names(new, ids))
    return changed or reply is not None or new.tombstone is not None or new.unstyled


def _position(db: Connection, chat: int, new: NewMessage, newest: int) -> int:
    if not new.from_archive:
        return max(new.time, newest + (archive_pages.ROOM_FOR_GAP if new.leaves_room else 1))
    # History comes in order, often with stamps of whole seconds: it goes after what came with the same stamp.
    same_time = db.number(
        "SELECT position FROM messages WHERE chat_id = ? AND position BETWEEN ? AND ? AND time = ?"
        " ORDER BY position DESC, id DESC LIMIT 1",
        (chat, positions.clamp(new.time), positions.clamp(new.time + 1_000_000), positions.clamp(new.time)),
    )
    position = max(new.time, (same_time or 0) + 1, (new.position_after or 0) + 1)
    return position if new.position_before is None else min(position, new.position_before - 1)


def _note(
    db: Connection,
    chat: int,
    new: NewMessage,
    message_id: int,
    position: int,
    *,
    newest: int,
    preview: bool,
    unread: bool,
) -> None:
    """Keep the chat's row in step with a new text; `newest` is the position of the last message before it came."""
    time = positions.clamp(new.time)
    own = new.direction is Direction.OUT
    mention = unread and new.mentions_us
    if preview:
        db.run(
            "UPDATE chats SET preview_id = ?, preview_position = ?, preview_text = ?, preview_sender = ?,"
            " preview_own = ?, preview_time = ?, preview_delivery = ?, activity = max(activity, ?),"
            " unread = unread + ?, mentions = mentions + ? WHERE id = ?",
            (
                message_id,
                position,
                counters.preview_text(new.body),
                new.nick,
                int(own),
                time,
                new.delivery,
                time,
                int(unread),
                int(mention),
                chat,
            ),
        )
    else:
        db.run(
            "UPDATE chats SET activity = max(activity, ?), unread = unread + ?, mentions = mentions + ? WHERE id = ?",
            (time, int(unread), int(mention), chat),
        )
    if unread and new.marker:
        db.run(
            "UPDATE chats SET marker_id = ?1, marker_position = ?2 WHERE id = ?3 AND marker_position < ?2",
            (new.marker, position, chat),
        )
    if own and new.delivery is Delivery.PENDING:
        # Who writes without a line has not seen what the server has got meanwhile, though it will stand above.
        counters.read_up_to(db, chat, newest)
    elif own:
        counters.read_up_to(db, chat, position)
        counters.forget_marker(db, chat, position)  # the other device has told what it told
