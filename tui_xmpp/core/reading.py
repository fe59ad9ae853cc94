"""Read here is read everywhere: marks for our other devices (XEP-0490), markers for who asked for them (XEP-0333).

The store knows what was read and who has not been told so yet; what could not be told goes out when there is a line
again, also after a restart. A mark that names a message which is not stored yet waits for it in the store.
"""

import asyncio
import logging
from collections.abc import Sequence

from tui_xmpp.core.authorship import archive_of_mark, may_know_of_us, may_mark_in_room
from tui_xmpp.core.backoff import Backoff
from tui_xmpp.core.contacts import Contacts
from tui_xmpp.core.context import Context
from tui_xmpp.core.ids import fresh_id
from tui_xmpp.core.rooms import Rooms
from tui_xmpp.core.unmet_marks import UnmetMarks
from tui_xmpp.errors import RequestFailed, Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey, ChatKind
from tui_xmpp.model.message_parts import StanzaId
from tui_xmpp.model.room import RoomStatus
from tui_xmpp.model.stanzas import DisplayedMark, MessageType, Outgoing
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)

PAUSE = 1.0
"""Seconds for which reading is gathered before our other devices are told: in a busy chat each message is read."""

TRIES = 5
"""How often on one stream the server is asked for what was read, or told, when it cannot answer just now."""

GOODBYE = 1.0
"""Seconds that telling them may take when we leave."""


class Reading:
    """What was read on one account."""

    def __init__(self, context: Context, contacts: Contacts, rooms: Rooms) -> None:
        self._context = context
        self._contacts = contacts
        self._rooms = rooms
        self._waiting: asyncio.TimerHandle | None = None
        self._waits = Backoff()
        self._failures = 0
        """How often in a row the server has not taken what was read here."""
        self._telling = asyncio.Lock()
        self._synchronised = False
        """The marks that the server has were fetched on this stream."""
        self._answered = asyncio.Event()
        """The server was asked for them on this stream, and has answered in one way or another."""
        self._unmet = UnmetMarks(context, rooms)
        self._whole: set[Address] = set()
        """The archives that are stored without a gap up to now."""

    # Wishes

    async def read(self, key: ChatKey) -> None:
        """Everything in a chat has been seen: tell whoever is to know."""
        chat = await self._context.pen.write(lambda writes: writes.mark_read(key))
        self._row(chat)
        self._tell_sender(key)
        self._tell_soon()

    async def mark_unread(self, key: ChatKey, message_id: int) -> None:
        """Take a message and all after it as not seen; only here."""
        self._row(await self._context.pen.write(lambda writes: writes.mark_unread(key, message_id)))

    # The stream

    async def refresh(self) -> None:
        """Take in what our other devices read while this one was away. Raises Unavailable."""
        waits = Backoff()
        for _ in range(TRIES):
            try:
                marks = await self._context.line().displayed_marks()
            except RequestFailed as error:
                log.info("%s does not tell what was read: %s", self._context.own, error.message)
                self._answered.set()
                await asyncio.sleep(waits.next_wait())
            else:
                self.take(marks)
                await self._context.pen.settled()
                self._synchronised = True
                self._answered.set()
                self._tell_soon()
                return

    def stream_gone(self) -> None:
        """What our other devices read from now on does not reach us."""
        self._synchronised = False
        self._failures = 0
        self._waits.reset()
        self._answered.clear()
        self._whole.clear()
        self._unmet.forget()

    async def caught_up(self, archive: Address, found: set[int]) -> None:
        """All that an archive has is stored: now it is known what was read, and who is to be told.

        What a first look has `found` is read as far as our other devices have read, if they say how far that is.
        """
        own = self._context.own
        if not self._context.store.archives.has_gap(own, archive):
            self._whole.add(archive)
            for chat in await self._context.pen.write(lambda writes: writes.settle(own, archive)):
                self._tell_sender(chat.key)
        self.stream_usable()
        if found:
            await self._answered.wait()
            for key in await self._context.pen.write(lambda writes: writes.count_unread_after_marks(found)):
                self._context.hub.chat_changed(key)
        if archive in self._whole:
            await self._unmet.settle(archive)

    def stream_usable(self) -> None:
        """There is a line: tell what could not be told without one."""
        for key, _ in self._context.store.reading.markers(self._context.own):
            self._tell_sender(key)
        self._tell_soon()

    async def leave(self) -> None:
        """Tell our other devices what was read, before there is no line any more.

        Who reads and quits right after the start may be quicker than the server, which is to say first what it has.
        """
        self._stop_waiting()
        if not self._context.online or not self._context.store.reading.untold(self._context.own):
            return
        try:
            async with asyncio.timeout(GOODBYE):
                await self._answered.wait()
                await self._tell_devices()
        except TimeoutError:
            log.info("Our other devices will be told what was read at the next start")

    # What comes in

    def take(self, marks: Sequence[DisplayedMark]) -> None:
        """One of our devices has read something."""
        own = self._context.own
        believed: list[tuple[ChatKey, Address, str]] = []
        for mark in marks:
            archive = archive_of_mark(mark, own, is_room=self._is_room(mark.peer))
            if archive is None:
                log.warning("Ignored a mark for %s by %s", mark.peer, mark.stanza_id.by)
            else:
                believed.append((self._context.key(mark.peer), archive, mark.stanza_id.id))

        def keep(writes: Writes) -> tuple[Chat | None, ...]:
            return tuple(writes.take_mark(*mark) for mark in believed)

        def kept(chats: tuple[Chat | None, ...]) -> None:
            for chat in chats:
                self._row(chat)
            for archive in {archive for _, archive, _ in believed} & self._whole:
                self._context.tasks.spawn(self._unmet.settle(archive), f"look for what was read in {archive}")

        if believed:
            self._context.pen.write_soon(keep, kept)

    def _is_room(self, peer: Address) -> bool | None:
        if self._rooms.is_room(peer):
            return True
        kind = self._context.store.chats.kind(self._context.key(peer))
        return None if kind is None and self._contacts.get(peer) is None else kind is ChatKind.ROOM

    # Telling

    def _tell_sender(self, key: ChatKey) -> None:
        """Send a marker to who asked for one, if they may know; else they are not told later either."""
        marker = self._context.store.reading.marker(key)
        if not marker or not self._context.online:
            return
        room = self._rooms.known(key.peer)
        if room is None:
            may, kind = may_know_of_us(self._contacts.get(key.peer)), MessageType.CHAT
        elif room.status is not RoomStatus.JOINED:
            return
        else:
            people = self._rooms.occupants(key)
            contacts = {contact.address: contact for contact in self._contacts.all()}
            may, kind = may_mark_in_room(room.shown, people, contacts, self._context.own), MessageType.GROUPCHAT
        if may:
            self._context.line().send(Outgoing(key.peer, kind, fresh_id(), displayed=marker))
        self._context.pen.write_soon(lambda writes: writes.told_marker(key, marker))

    def _tell_soon(self, pause: float = PAUSE) -> None:
        if self._waiting is None and self._synchronised:
            self._waiting = asyncio.get_running_loop().call_later(pause, self._tell_now)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _tell_now(self) -> None:
        self._waiting = None
        if self._context.online:
            self._context.tasks.spawn(self._tell_devices(), f"tell the devices of {self._context.own}")

    async def _tell_devices(self) -> None:
        """Publish how far each chat was read, where the server's mark is behind."""
        async with self._telling:
            refused = 0
            for key in self._context.store.reading.untold(self._context.own):
                try:
                    await self._publish(key)
                except Unavailable:
                    return
                except RequestFailed as error:
                    log.warning("That %s was read could not be kept on the server: %s", key.peer, error)
                    refused += 1
                    if refused == TRIES:
                        break
            self._failures = self._failures + 1 if refused else 0
            if refused and self._failures < TRIES:
                self._tell_soon(PAUSE + self._waits.next_wait())
            elif refused:
                # Reading works without; there is another try on the next stream.
                self._synchronised = False

    async def _publish(self, key: ChatKey) -> None:
        archive = key.peer if self._context.store.chats.kind(key) is ChatKind.ROOM else self._context.own
        reached = self._context.store.reading.to_publish(key, archive, whole=archive in self._whole)
        if reached is not None and self._synchronised:
            mark = DisplayedMark(key.peer, StanzaId(archive, reached.id))
            await self._context.line().publish_displayed(mark)
            await self._context.pen.write(lambda writes: writes.told_mark(key, archive, reached))

    def _row(self, chat: Chat | None) -> None:
        if chat is not None:
            self._context.hub.chat_changed(chat.key)
