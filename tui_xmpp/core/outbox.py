"""What is ours on its way: stored first, written in the order in which it was done, and kept until it is settled.

The outbox is in the store: the column `delivery` of messages, and the table of what is done with messages. What was
written on a stream that is lost may or may not have arrived: it is in doubt, and waits until the archive has been
asked (DESIGN §3 Delivery).
"""

import asyncio
import logging
from collections.abc import Callable

from tui_xmpp.core.clock import now
from tui_xmpp.core.composing import Composing, fit_text
from tui_xmpp.core.context import Context
from tui_xmpp.core.judge import Judged
from tui_xmpp.core.outbox_queue import Queue, Queued, State, is_retraction
from tui_xmpp.core.rooms import Rooms
from tui_xmpp.core.sealing import Held, Sealing
from tui_xmpp.core.typing_states import TypingStates
from tui_xmpp.core.wording import NOT_DONE, REFUSED
from tui_xmpp.errors import RequestFailed, Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.events import HistoryExtended, MessageAdded, MessageChanged
from tui_xmpp.model.message import Delivery, Direction, Message
from tui_xmpp.model.sending import Secrecy
from tui_xmpp.model.stanzas import Outgoing
from tui_xmpp.storage.values import NewOperation, NewReply, OutgoingOperation, Stored
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)

SKEW = 600 * 1_000_000
"""How far a server's clock may be behind ours before an archive is looked through too little, in µs."""

AGAIN = 20.0
"""Seconds after which it is tried anew to find out who can decrypt."""

PATIENCE = 3
"""How often a message goes out again after its room said that we are not in it.

Once is not enough: a server may put us out once more when it gets round to the end of our last stream.
"""

_REMEMBERED = 100
"""Settled operations that can still be undone, for an error that comes from further away than our server."""


class Outbox:
    """What one account has still to send, in the order in which it was done."""

    def __init__(self, context: Context, rooms: Rooms, typing: TypingStates, sealing: Sealing) -> None:
        self._context = context
        self._rooms = rooms
        self._sealing = sealing
        self.composing = Composing(context, rooms, typing)
        self.queue = Queue()
        self.on_release: Callable[[], None] = lambda: None
        """What was held goes out now: called for what is not here yet."""
        self._settled: dict[str, OutgoingOperation] = {}
        for message in context.store.messages.pending(context.own):
            self.queue.add(message, State.DOUBTFUL)
        for operation in context.store.outgoing.all(context.own):
            self.queue.add(operation, State.DOUBTFUL)

    # Wishes

    async def send(
        self, key: ChatKey, kind: ChatKind, body: str, reply_to: int | None = None, *, in_clear: bool = False
    ) -> int:
        """Store a message as pending, and send it as soon as that can be; returns its local id."""
        text = fit_text(body)
        self.composing.check_may_talk(key, kind)
        answered = None if reply_to is None else self._reply(key, reply_to)
        new = self.composing.new(key, kind, text, self.queue.tick(now()), answered)

        def store(writes: Writes) -> Stored:
            writes.ensure_chat(key, kind, open=True)
            return writes.add_message(new)

        stored = await self._context.pen.write(store)
        self.queue.add(stored.message).in_clear = in_clear
        self._context.hub.publish(MessageAdded(stored.message, live=True))
        self._context.hub.chat_changed(key)
        self.pump()
        return stored.message.id

    def take(self, message: Message) -> None:
        """Send a message whose file the server has by now, after all that was written before."""
        self.queue.add(message)
        self._moved(message)
        self.pump()

    def _reply(self, key: ChatKey, message_id: int) -> NewReply:
        original = self._context.store.messages.get(message_id)
        if original is None or original.chat != key or not (original.stanza_id or self.composing.name_of(original)):
            raise RequestFailed("The message that this answers is not here any more.", title="Not sent")
        if original.stanza_id:
            return NewReply(original.stanza_id)
        return NewReply(self.composing.name_of(original), key.peer)

    async def retry(self, message_id: int) -> None:
        """Send a failed message once more, under its old name: whoever has it already knows it again.

        One that was held is tried anew.
        """
        queued = self.queue.message(message_id)
        if queued is not None and queued.held:
            self.retry_held(queued.key)
            return
        message = await self._context.pen.write(lambda writes: writes.set_delivery(message_id, Delivery.PENDING))
        if message is None:
            return
        self.queue.forget_message(message.id)
        self.queue.add(message)
        self._tell(message)
        self.pump()

    def retry_held(self, key: ChatKey) -> None:
        """What kept a chat's messages back may be over."""
        self.queue.release(key)
        self.pump()
        self.on_release()

    def retry_all_held(self) -> None:
        """A person has decided something on devices: what was held may go out now."""
        for key in {one.key for one in self.queue if one.held}:
            self.queue.release(key)
        self.pump()
        self.on_release()

    async def send_in_clear(self, message_id: int) -> None:
        """Let a held message go out unencrypted, as a person wishes; it alone."""
        queued = self.queue.message(message_id)
        if queued is None or not queued.held:
            raise RequestFailed("This message does not wait for a decision.", title="Not sent")
        queued.in_clear, queued.held = True, ""
        message = await self._context.pen.write(lambda writes: writes.set_encryption_of(message_id, None))
        if message is not None:
            self._tell(message)
        self.pump()

    async def begin(self, message: Message, operation: NewOperation) -> None:
        """Do something with a message: shown at once, and sent as soon as that can be."""
        before = self.queue.message(message.id)
        begun = await self._context.pen.write(lambda writes: writes.begin_operation(message.id, operation))
        if begun is None:
            raise RequestFailed("This message cannot be changed any more.", title=NOT_DONE[operation.change])
        queued = self.queue.add(begun)
        if is_retraction(queued):
            # What was still to be sent of it is not. Whether it has arrived is asked before it is taken back.
            self.queue.forget_operations(message.id, but=begun.id)
            self.queue.forget_message(message.id)
            if before is not None and before.state is State.DOUBTFUL:
                queued.state, queued.since = State.DOUBTFUL, before.since
        self.tell_again(message.id)
        self.pump()

    def name_of(self, message: Message) -> str:
        """By what id others know a message; empty: there is none yet."""
        return self.composing.name_of(message)

    # What comes in

    def acked(self, stanza_id: str) -> None:
        """The server has a stanza of ours. For a room that proves nothing yet: only its reflection does."""
        queued = self.queue.named(stanza_id)
        if queued is None or queued.state is not State.WRITTEN or self.composing.is_to_room(queued.key):
            return
        if isinstance(queued.what, Message):
            self._set(queued.what, Delivery.SENT)
        else:
            self._settle(queued.what)

    def echoed(self, judged: Judged) -> None:
        """Something of ours has come back: reflected by the room, or from an archive."""
        operation = self.queue.operation(judged.key, judged.message.id)
        if operation is None:
            return
        room = judged.room
        if judged.place.direction is Direction.OUT or (room is not None and judged.place.sender.resource == room.nick):
            self._settle(operation)

    def refused(self, key: ChatKey, stanza_id: str, condition: str, text: str) -> None:
        """An error came back from the chat's other side for something that we sent there."""
        queued = self.queue.named(stanza_id)
        is_known = queued is not None and queued.refusals >= PATIENCE
        if condition == "not-acceptable" and not is_known and self._rooms.thrown_out(key.peer):
            # We were not in the room any more; it goes out again when we are back in.
            if queued is not None:
                queued.refusals += 1
            self.queue.doubt(lambda one: one.key == key)
            return
        operation = self.queue.operation(key, stanza_id) or self._settled.pop(stanza_id, None)
        if operation is not None and operation.key == key:
            self._undo(operation, text)
            return

        def fail(writes: Writes) -> Message | None:
            for message in writes.find_by_stanza_id(key, stanza_id):
                if message.stanza_id != stanza_id:
                    continue
                if message.direction is Direction.OUT and message.delivery in {Delivery.PENDING, Delivery.SENT}:
                    return writes.set_delivery(message.id, Delivery.FAILED, text)
            return None

        self._context.pen.write_soon(fail, self._failed)

    def _failed(self, message: Message | None) -> None:
        if message is not None:
            self.queue.forget_message(message.id)
            self._tell(message)

    def _set(self, message: Message, delivery: Delivery) -> None:
        def done(changed: Message | None) -> None:
            if changed is not None:
                self.settled(changed)
                self._tell(changed)

        self._context.pen.write_soon(lambda writes: writes.set_delivery(message.id, delivery), done)

    def settled(self, message: Message) -> None:
        """A message is known to have arrived, or to have failed: nothing is to be done for it any more."""
        if message.delivery is not Delivery.PENDING and self.queue.message(message.id) is not None:
            if message.delivery is not Delivery.FAILED:
                self.queue.arrived(message.id)
            self.queue.forget_message(message.id)
            self.pump()  # what is done with it may have waited for the id that its room gave it

    def _settle(self, operation: OutgoingOperation) -> None:
        self.queue.forget(lambda one: one.what == operation)
        self._settled[operation.stanza_id] = operation
        while len(self._settled) > _REMEMBERED:
            del self._settled[next(iter(self._settled))]
        self._context.pen.write_soon(
            lambda writes: writes.settle_operation(operation), lambda _message: self.tell_again(operation.message_id)
        )

    def _undo(self, operation: OutgoingOperation, text: str) -> None:
        self.queue.forget(lambda one: one.what == operation)
        self._context.problem(RequestFailed(text or REFUSED, title=NOT_DONE[operation.change]))
        self._context.pen.write_soon(
            lambda writes: writes.undo_operation(operation), lambda _message: self.tell_again(operation.message_id)
        )

    def tell_again(self, message_id: int) -> None:
        """A message has changed, and those that quote it."""
        message = self._context.store.messages.get(message_id)
        if message is not None:
            self._tell(message)
            for answer in self._context.store.messages.answers_to(message_id):
                self._context.hub.publish(MessageChanged(answer))

    def _tell(self, message: Message) -> None:
        self._context.hub.publish(MessageChanged(message))
        self._context.hub.chat_changed(message.chat)

    # The stream

    def stream_gone(self) -> None:
        """The stream is lost for good: what was written on it may have arrived or not."""
        self.queue.stream_gone()

    def doubts(self, room: Address | None) -> dict[ChatKey, int]:
        """Chats with something in doubt: those of a room, or (None) all that are in no room.

        Each with the time, µs, back to which its archive must be looked through: our clock may be wrong by `SKEW`.
        """
        doubts: dict[ChatKey, int] = {}
        for one in self.queue:
            is_wanted = not self.composing.is_to_room(one.key) if room is None else one.key.peer == room
            if one.state is State.DOUBTFUL and is_wanted:
                since = one.since - SKEW
                doubts[one.key] = min(since, doubts.get(one.key, since))
        return doubts

    def resolve(self, key: ChatKey) -> None:
        """All that a chat's archive has is stored now: what is still in doubt never arrived, and goes out again."""
        self.queue.settle_doubts(key)
        for one in self.queue:
            if one.key == key and is_retraction(one) and self.composing.is_to_room(key):
                self._drop_unheard(one)
        self.pump()

    def _drop_unheard(self, queued: Queued) -> None:
        """A message was taken back that its room never got: nobody has to be told."""
        message = self._context.store.messages.get(queued.message_id)
        if message is None or message.delivery is not Delivery.PENDING or self.composing.name_of(message):
            return
        self.drop(message)

    def drop(self, message: Message) -> None:
        """Delete a message of which nobody has heard."""
        self.queue.forget(lambda one: one.message_id == message.id)

        def told(_chat: object) -> None:
            self._context.hub.publish(HistoryExtended(message.chat, 0))
            self._context.hub.chat_changed(message.chat)

        self._context.pen.write_soon(lambda writes: writes.delete_message(message.id), told)

    def pump(self) -> None:
        """Write whatever may be written now, each chat's in order."""
        if not self._context.online:
            return
        held: set[ChatKey] = set()
        for one in self.queue:
            if one.state is State.WRITTEN or one.key in held:
                continue
            if one.state is not State.FRESH or one.is_changing or not self.composing.may_write(one.key) or one.held:
                held.add(one.key)
                continue
            try:
                is_over = self._write(one)
                if one.is_closing or (not is_over and self.queue.message(one.message_id) is not None):
                    held.add(one.key)
            except Unavailable:
                return

    def _write(self, queued: Queued) -> bool:
        """Write one, or begin to encrypt it; false: others would not know yet what it is about, or it was deleted."""
        what = queued.what
        stanza = self.composing.message(what.id) if isinstance(what, Message) else self.composing.operation(what)
        if stanza is None:
            if isinstance(what, Message):
                self.queue.forget_message(what.id)
            return False
        kind = self.composing.kind(queued.key)
        if self.composing.has_key(what) or (not self._is_in_clear(queued) and self._sealing.concerns(queued.key, kind)):
            queued.state = State.CLOSING
            self._context.tasks.spawn(self._close(queued, stanza, kind), f"encrypt for {queued.key}")
            return True
        self._send(queued, stanza)
        return True

    def _is_in_clear(self, queued: Queued) -> bool:
        upload = queued.what.upload if isinstance(queued.what, Message) else None
        return queued.in_clear or (upload is not None and upload.secrecy is Secrecy.CLEAR)

    def _send(self, queued: Queued, stanza: Outgoing) -> None:
        """Write one. What was typed long ago stands behind what has come since, as it does for everybody else."""
        self._context.line().send(stanza)
        queued.state = State.WRITTEN
        if isinstance(queued.what, Message):
            message_id = queued.what.id
            self._context.pen.write_soon(lambda writes: writes.follow_on(message_id), self._moved)

    def _moved(self, message: Message | None) -> None:
        if message is not None:
            self._tell(message)
            self._context.hub.publish(HistoryExtended(message.chat, 0))

    async def _close(self, queued: Queued, stanza: Outgoing, kind: ChatKind) -> None:
        """Encrypt one and write it, unless something before it turns out to be unsent; else it is tried anew."""
        message_id = queued.what.id if isinstance(queued.what, Message) else None
        try:
            must = self.composing.is_about_encrypted(queued.what)
            closed = await self._sealing.close(queued.key, kind, stanza, message_id, must=must)
            if self.queue.is_next(queued) and not queued.is_changing:
                self._send(queued, closed)
        except Held as held:
            await self._hold(queued, held.reason)
            if held.passing:
                asyncio.get_running_loop().call_later(AGAIN, self.retry_held, queued.key)
        except RequestFailed as error:
            await self._hold(queued, error.message)
        except Unavailable as error:
            log.info("A message waits for the line: %s", error.message)
        finally:
            if queued.state is State.CLOSING:
                queued.state = State.FRESH
        if message_id is not None:
            self.tell_again(message_id)
        self.pump()

    async def _hold(self, queued: Queued, reason: str) -> None:
        """Keep something back with all that follows it in its chat; what is lost by that is nothing."""
        queued.held = reason
        waiting = [one.what.id for one in self.queue if one.key == queued.key and isinstance(one.what, Message)]

        def hold(writes: Writes) -> None:
            for message_id in waiting:
                writes.hold_message(message_id, reason)

        await self._context.pen.write(hold)
        for message_id in waiting:
            self.tell_again(message_id)
        if not isinstance(queued.what, Message):
            self._context.problem(RequestFailed(reason, title=NOT_DONE[queued.what.change]))
