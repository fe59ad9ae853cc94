"""What happens to a message that comes in: a list of named steps, each in one place (DESIGN §2).

known? → authenticate → clean and classify → store. Texts come cleaned, `judge` authenticates, the steps here classify,
and the store knows what it has already: the question is asked in the transaction that would add it.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from tui_xmpp.core.archive_writes import PageWritten, is_correction, row_of
from tui_xmpp.core.chat_list import ChatList
from tui_xmpp.core.context import Context
from tui_xmpp.core.judge import Judge, Judged
from tui_xmpp.core.live_writes import LiveText, write_live, write_text
from tui_xmpp.core.opening import Opening, Revealed
from tui_xmpp.core.operations import operations_of, released, write_correction, write_operation
from tui_xmpp.core.outbox import Outbox
from tui_xmpp.core.receipts import Receipts
from tui_xmpp.core.requests import Requests
from tui_xmpp.core.rooms import Rooms
from tui_xmpp.core.sync import Sync
from tui_xmpp.core.typing_states import TypingStates
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.events import HistoryExtended, MessageAdded, MessageChanged
from tui_xmpp.model.message import Direction
from tui_xmpp.model.stanzas import ChatState, MessageReceived, MessageType, Route
from tui_xmpp.model.text import clean_line
from tui_xmpp.storage.values import NewOperation, Outcome, Stored
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)

Step = Callable[[Judged], bool]
"""Takes what is its business; True: the message needs no further step."""


class Inbox:
    """The pipeline of one account."""

    def __init__(
        self,
        context: Context,
        chats: ChatList,
        judge: Judge,
        *,
        requests: Requests,
        rooms: Rooms,
        typing: TypingStates,
        receipts: Receipts,
        outbox: Outbox,
        opening: Opening,
    ) -> None:
        self._context = context
        self._chats = chats
        self._judge = judge
        self._requests = requests
        self._rooms = rooms
        self._typing = typing
        self._receipts = receipts
        self._outbox = outbox
        self._opening = opening
        self.sync: Sync | None = None
        """Set once, right after both are made: each needs the other."""
        self.steps: Sequence[tuple[str, Step]] = (
            ("errors", self._error),
            ("invitations", self._invitation),
            ("rooms", self._room),
            ("typing states", self._typing_state),
            ("receipts and markers", self._receipt),
            ("subjects and texts", self._text),
            ("archive ids", self._archive_id),
        )
        self.sealed_steps: Sequence[tuple[str, Step]] = (
            ("errors", self._error),
            ("rooms", self._room),
            ("keys", self._bare),
            ("sealed texts", self._text),
            ("archive ids", self._archive_id),
        )
        """Of a message that is still encrypted; the others follow when it is opened."""

    def receive(self, message: MessageReceived) -> None:
        """Take one message through all the steps."""
        judged = self._judge.judge(message)
        if judged is None:
            return
        for _name, step in self.steps if message.sealed is None else self.sealed_steps:
            if step(judged):
                return

    # The steps

    def _error(self, judged: Judged) -> bool:
        message = judged.message
        if message.type is not MessageType.ERROR:
            return False
        if message.id:
            self._outbox.refused(judged.key, message.id, message.error_condition, message.error)
        return True

    def _invitation(self, judged: Judged) -> bool:
        message = judged.message
        if message.declined:
            return True
        if message.invitation is None:
            return False
        room = self._rooms.known(message.invitation.room)
        if judged.place.direction is Direction.IN and not (room is not None and room.wanted):
            self._requests.invitation(message.invitation)
        return True

    def _room(self, judged: Judged) -> bool:
        if judged.room is not None:
            self._rooms.message_heard(judged.room, judged.message.status_codes)
        return False

    def _typing_state(self, judged: Judged) -> bool:
        message, place = judged.message, judged.place
        said_now = message.route is Route.LIVE and judged.live and place.direction is Direction.IN
        if said_now and (message.chat_state is not None or message.body):
            state = None if message.body else message.chat_state
            name = self._shown_name(judged) if state is ChatState.COMPOSING else ""
            self._typing.heard(judged.key, place.sender, name, state)
        return False

    def _shown_name(self, judged: Judged) -> str:
        sender = judged.place.sender
        return self._chats.title(sender) if judged.place.kind is ChatKind.CONTACT else clean_line(sender.resource)

    def _receipt(self, judged: Judged) -> bool:
        self._receipts.heard(judged)
        return False

    def _bare(self, judged: Judged) -> bool:
        sealed = judged.message.sealed
        if sealed is not None and not sealed.mark and judged.writer is not None:
            self._opening.bare(sealed, judged.writer)
        return False

    def _archive_id(self, judged: Judged) -> bool:
        if self.sync is not None and judged.archive_ids:
            self.sync.heard(judged)
        return False

    def _text(self, judged: Judged) -> bool:
        message, room = judged.message, judged.room
        is_subject = room is not None and message.subject is not None and message.body is None
        if room is not None and is_subject:
            entering = room.entering
            self._rooms.subject(room, message.subject or "", clean_line(judged.place.sender.resource))
            if entering:
                # The subject that everybody is told on entering is no news.
                return False
        counts = not judged.is_room_history or (room is not None and room.visited)
        row = row_of(judged, counts_unread=counts)
        operations = operations_of(judged)
        if row is None:
            if operations:
                self._operate(judged, operations)
            return False
        if self.sync is not None and self.sync.is_first(judged):
            row = replace(row, leaves_room=True)
        is_shown = judged.place.kind is not ChatKind.ROOM and row.sealed is None
        opens = is_shown and not self._chats.is_open(judged.key)
        has_archive = self._context.has_archive if room is None else room.has_archive
        # What a person has deleted, or does not keep, no archive brings back: a correction of it says something new.
        hold = has_archive and not (is_correction(judged) and self._context.keeping.top(judged.key))
        has_our_nick = room is not None and judged.place.sender.resource == room.nick

        # What a resumed stream brings again may be stamped too, and then its nickname proves nothing.
        archive = judged.key.account if room is None else judged.key.peer
        found = set() if self.sync is None else self.sync.found(archive)
        text = LiveText(row, counts, message.delay is not None or has_our_nick, found)
        then = partial(self._stored, judged)
        if not (opens or operations or is_correction(judged)):
            self._context.pen.write_together(write_live, text, then)
            return False

        def store(writes: Writes) -> tuple[Stored, ...]:
            if opens:
                writes.ensure_chat(row.key, row.kind, open=True)
            done = [stored for operation in operations for stored in write_operation(writes, judged, operation)]
            if is_correction(judged):
                done += write_correction(writes, judged, hold=hold, counts_unread=counts)
                return (*done, *released(writes, done, counts_unread=counts))
            return (*done, *write_text(writes, text))

        self._context.pen.write_soon(store, then)
        return False

    def _operate(self, judged: Judged, operations: Sequence[NewOperation]) -> None:
        """Do what a message that is nothing else does with others; nobody's chat comes on the list by it."""

        def operate(writes: Writes) -> tuple[Stored, ...]:
            return tuple(stored for operation in operations for stored in write_operation(writes, judged, operation))

        self._context.pen.write_soon(operate, lambda stored: self._stored(judged, stored))

    # What is on disk now

    def _stored(self, judged: Judged, stored: Sequence[Stored]) -> None:
        for one in stored:
            self._publish(one, live=judged.live)
            if judged.message.sealed is not None:
                self._opening.stored(one.message.id, live=judged.live)
        self._outbox.echoed(judged)
        if judged.message.sealed is None:
            self._receipts.committed(judged)

    def revealed(self, batch: Sequence[Revealed]) -> None:
        """Encrypted messages were opened, and what came of them is on disk."""
        added: dict[ChatKey, int] = {}
        for one in batch:
            for stored in one.stored:
                self._publish(stored, live=one.live)
                if stored.outcome is Outcome.ADDED and not one.live:
                    added[stored.message.chat] = added.get(stored.message.chat, 0) + 1
            if one.judged is not None:
                self._typing_state(one.judged)
                self._receipts.heard(one.judged)
                self._receipts.committed(one.judged)
            self._receipts.stored(stored.message for stored in one.stored if stored.outcome is Outcome.ADDED)
        for key, count in added.items():
            self._context.hub.publish(HistoryExtended(key, count))

    def page_stored(self, page: PageWritten, *, is_news: bool) -> None:
        """A page of an archive is on disk: newer than what was there (`is_news`), or what somebody scrolled back to."""
        added: dict[ChatKey, int] = {}
        for stored in page.stored:
            key = stored.message.chat
            if stored.outcome in {Outcome.ADDED, Outcome.MOVED}:
                added[key] = added.get(key, 0) + (stored.outcome is Outcome.ADDED)
            if is_news or stored.outcome is not Outcome.ADDED:
                self._publish(stored, live=False)
        for key, count in added.items():
            self._context.hub.publish(HistoryExtended(key, count))
            self._context.hub.chat_changed(key)
        for judged in page.judged:
            self._outbox.echoed(judged)
            if judged.message.sealed is None:
                self._receipts.heard(judged)
            else:
                self._bare(judged)
        self._receipts.stored(one.message for one in page.stored if one.outcome is Outcome.ADDED)
        self._opening.wake()

    def _publish(self, stored: Stored, *, live: bool) -> None:
        message = stored.message
        if message.direction is Direction.OUT:
            self._outbox.settled(message)
        if stored.outcome is Outcome.KNOWN:
            return
        if stored.outcome is Outcome.ADDED:
            self._context.hub.publish(MessageAdded(message, live))
            if not live:
                self._context.backlog.add(message)
        else:
            self._context.hub.publish(MessageChanged(message))
        if stored.outcome is Outcome.MOVED and live:
            self._context.hub.publish(HistoryExtended(message.chat, 0))
        self._context.hub.chat_changed(message.chat)
