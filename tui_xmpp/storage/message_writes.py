"""Storing messages: each once, in its place, with everything that its chat's row keeps about it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey, ChatKind
from tui_xmpp.model.message import Message
from tui_xmpp.storage import archive_pages, counters, identity, inserting, merging, moving, reading, rows, seals
from tui_xmpp.storage.archive_pages import Place
from tui_xmpp.storage.chats import ChatReader
from tui_xmpp.storage.identity import Arrival
from tui_xmpp.storage.messages import MessageReader, ids_by_name
from tui_xmpp.storage.moving import Target
from tui_xmpp.storage.rows import Part
from tui_xmpp.storage.values import Above, NewMessage, Outcome, Stored


class MessageWrites(Part):
    """Writes messages."""

    def add_message(self, new: NewMessage) -> Stored:
        """Store a message, or find that it is one that the store has (see `identity`).

        A live message goes to the end of its chat; one with `from_archive` is placed by its time and hints. Makes the
        account and the chat known, but does not put the chat on the list.
        """
        arrival = identity.arrival(self._db, new)
        stored = self._add(arrival)
        reading.reach_waiting(self._db, [(arrival, stored.message.id)])
        return stored

    def add_messages(self, news: Sequence[NewMessage]) -> list[Stored]:
        """The same for many that came live; no two of them may be the same."""
        arrivals = [identity.arrival(self._db, new) for new in news]
        stored: list[Stored] = []
        for is_known, some in groupby(
            zip(arrivals, identity.find_all(self._db, arrivals), strict=True), lambda found: found[1] is not None
        ):
            here = [arrival for arrival, _ in some]
            stored += map(self._add, here) if is_known else self._appended(here)
        reading.reach_waiting(self._db, [(a, one.message.id) for a, one in zip(arrivals, stored, strict=True)])
        return stored

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
        arrivals = [identity.arrival(self._db, new) for new in page]
        places = archive_pages.places(self._db, account, archive, arrivals, before=before, above=above)
        moved = {
            place.moves: Target(arrival.chat, place.position, arrival.new.time)
            for arrival, place in zip(arrivals, places, strict=True)
            if place.moves is not None
        }
        stood = moving.move(self._db, moved)
        added = self._add_page(arrivals, places)
        reading.reach_waiting(
            self._db, [(arrival, one.message.id) for arrival, one in zip(arrivals, added, strict=True)]
        )
        if stood:  # what the page has is known by now not to wait any more
            row, oldest = rows.ensure_archive(self._db, account, archive), _oldest(arrivals, places)
            for left in stood:
                chat, position, _ = moved[left.id]
                moving.take_along_newer(self._db, row, chat, left, position, oldest[chat])
        return tuple(replace(one, outcome=Outcome.MOVED) if one.message.id in moved else one for one in added)

    def names_in_use(self, page: Iterable[NewMessage]) -> set[str]:
        """Which stanza ids and origin-ids of messages the store has in their chats; no need to ask for others."""
        chats = ((rows.chat_id(self._db, new.key), new) for new in page)
        return identity.known_names(self._db, ((chat, new) for chat, new in chats if chat is not None))

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
        inserting.show(self._db, chat, sealed, new)
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

    def _add(self, arrival: Arrival) -> Stored:
        known = identity.find(self._db, arrival)
        if known is not None:
            new = arrival.new
            return self._merged(known, arrival, is_reflection=not new.from_archive and new.kind is ChatKind.ROOM)
        return self._inserted([arrival], [archive_pages.position_of(self._db, arrival.chat, arrival.new)])[0]

    def _appended(self, arrivals: Sequence[Arrival]) -> list[Stored]:
        newest = {chat: counters.newest_position(self._db, chat) for chat in {each.chat for each in arrivals}}
        places: list[int] = []
        for arrival in arrivals:
            newest[arrival.chat] = archive_pages.at_end(arrival.new, newest[arrival.chat])
            places.append(newest[arrival.chat])
        return self._inserted(arrivals, places)

    def _add_page(self, arrivals: Sequence[Arrival], places: Sequence[Place]) -> list[Stored]:
        """What is new in one go; then the others, which may be the same as that."""
        fresh = [index for index, place in enumerate(places) if place.is_new]
        inserted = self._inserted([arrivals[index] for index in fresh], [places[index].position for index in fresh])
        stored = dict(zip(fresh, inserted, strict=True))
        for index, (arrival, place) in enumerate(zip(arrivals, places, strict=True)):
            if not place.is_new:
                known = identity.find(self._db, arrival)
                found = (
                    self._inserted([arrival], [place.position])[0] if known is None else self._merged(known, arrival)
                )
                stored[index] = found
        return [stored[index] for index in range(len(arrivals))]

    def _merged(self, known: int, arrival: Arrival, *, is_reflection: bool = False) -> Stored:
        return merging.merge(self._db, arrival.chat, known, arrival.new, arrival.ids, is_reflection=is_reflection)

    def _inserted(self, arrivals: Sequence[Arrival], places: Sequence[int]) -> list[Stored]:
        return [
            Stored(message, Outcome.ADDED if arrival.new.sealed is None else Outcome.KNOWN)
            for arrival, message in zip(arrivals, inserting.insert(self._db, arrivals, places), strict=True)
        ]


def _oldest(arrivals: Sequence[Arrival], places: Sequence[Place]) -> dict[int, int]:
    """Where the page begins in each chat."""
    found: dict[int, int] = {}
    for arrival, place in zip(arrivals, places, strict=True):
        found[arrival.chat] = min(place.position, found.get(arrival.chat, place.position))
    return found
