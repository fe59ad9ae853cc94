"""One account: its parts put together, and every signal of the network sent to the part whose business it is."""

import asyncio
import logging
from typing import assert_never

from tui_xmpp.core.archive_writes import PageWritten
from tui_xmpp.core.bookmarks import Bookmarks
from tui_xmpp.core.chat_list import ChatList
from tui_xmpp.core.chores import Chores
from tui_xmpp.core.clock import now
from tui_xmpp.core.complaints import Complaints
from tui_xmpp.core.connector import Connector
from tui_xmpp.core.contacts import Contacts
from tui_xmpp.core.context import Context
from tui_xmpp.core.downloads import Downloads
from tui_xmpp.core.inbox import Inbox
from tui_xmpp.core.judge import Judge
from tui_xmpp.core.omemo import Omemo
from tui_xmpp.core.outbox import Outbox
from tui_xmpp.core.own_operations import OwnOperations
from tui_xmpp.core.own_presence import OwnPresence
from tui_xmpp.core.ports import AccountKeeper, Network
from tui_xmpp.core.reading import Reading
from tui_xmpp.core.receipts import Receipts
from tui_xmpp.core.requests import Requests
from tui_xmpp.core.room_model import SELF, RoomModel
from tui_xmpp.core.rooms import Rooms
from tui_xmpp.core.second_look import AFTER
from tui_xmpp.core.sync import Sync
from tui_xmpp.core.typing_states import TypingStates
from tui_xmpp.core.uploads import Uploads
from tui_xmpp.errors import RequestFailed, TuiXmppError, Unavailable
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.events import HistoryExtended, ProblemRaised
from tui_xmpp.model.history import Top
from tui_xmpp.model.stanzas import (
    BookmarksChanged,
    DevicesChanged,
    DisplayedChanged,
    MessageReceived,
    OccupantError,
    OccupantReceived,
    PresenceReceived,
    RosterPushed,
    Signal,
    StanzaAcked,
    StreamBegun,
    StreamLost,
    StreamOpened,
    SubscriptionReceived,
)

log = logging.getLogger(__name__)

SETTLED_AFTER = 2.0
"""Seconds after a stream was resumed when what the server had held back has come."""

HIDE_AFTER = 10.0
"""Seconds without a line after which contacts are not shown as being there, though the stream may be resumed."""


class Session:
    """One account of the engine; the `Receiver` of its connection."""

    def __init__(self, context: Context, keeper: AccountKeeper) -> None:
        self.context = context
        self.contacts = Contacts(context)
        self.presence = OwnPresence(context)
        self.requests = Requests(context, self.contacts)
        self.typing = TypingStates(context, self.contacts)
        self.rooms = Rooms(context)
        self.rooms.on_entered = self._entered
        self.bookmarks = Bookmarks(context, self.rooms)
        self.chats = ChatList(context, self.contacts, self.rooms)
        self.complaints = Complaints(context, self.chats)
        self.downloads = Downloads(context, self.contacts)
        judge = Judge(context, self.contacts, self.rooms)
        self.omemo = Omemo(context, self.contacts, self.requests, self.rooms, judge)
        self.outbox = Outbox(context, self.rooms, self.typing, self.omemo.sealing)
        self.uploads = Uploads(context, self.omemo.sealing, self.outbox)
        self.operations = OwnOperations(context, self.rooms, self.chats, self.outbox, self.uploads)
        self.receipts = Receipts(context, self.contacts, self.outbox)
        self.reading = Reading(context, self.contacts, self.rooms)
        self.inbox = Inbox(
            context,
            self.chats,
            judge,
            requests=self.requests,
            rooms=self.rooms,
            typing=self.typing,
            receipts=self.receipts,
            outbox=self.outbox,
            opening=self.omemo.opening,
        )
        self.omemo.opening.revealed = self.inbox.revealed
        self.omemo.devices.on_listed = self.outbox.retry_all_held
        self.sync = Sync(context, judge, stored=self._page_stored)
        self.inbox.sync = self.sync
        self._chores = Chores(context.tasks)
        self._afterwards = Chores(context.tasks)
        """What nobody waits for."""
        self._hiding: asyncio.TimerHandle | None = None
        self.connector = Connector(context, keeper, self._opened, self._gone)

    # Receiver

    def receive(self, signal: Signal) -> None:
        """Take one signal of the network. An error in here is ours, and must not reach the stream."""
        try:
            self._route(signal)
        except Unavailable as error:
            log.info("The line was gone before %s was dealt with: %s", type(signal).__name__, error.message)
        except Exception as error:  # the boundary of the event router
            log.exception("%s could not be dealt with", type(signal).__name__)
            text = error.message if isinstance(error, TuiXmppError) else "The log says more."
            title = "Something that came in could not be dealt with"
            self.context.hub.publish(ProblemRaised(self.context.own, title, text))

    async def committed(self) -> None:
        """Return when everything received so far is on disk."""
        await self.context.pen.committed()

    def _route(self, signal: Signal) -> None:
        match signal:
            case MessageReceived():
                self._message(signal)
            case PresenceReceived():
                self._present(signal)
            case OccupantReceived():
                self._occupant(signal)
            case OccupantError():
                self.rooms.error(signal)
            case SubscriptionReceived():
                self.requests.subscription(signal)
            case RosterPushed():
                self._contact_changed(signal)
            case BookmarksChanged() | DisplayedChanged() | DevicesChanged():
                self._published(signal)
            case StanzaAcked():
                self.outbox.acked(signal.stanza_id)
            case StreamBegun():
                self.context.pen.stream_begun()
                self._gone()
            case StreamLost():
                self._lost(signal)
            case _:
                assert_never(signal)

    def _contact_changed(self, signal: RosterPushed) -> None:
        self.contacts.pushed(signal)
        if signal.item.subscription.they_see_us:
            self.requests.settled(signal.item.address)
        elif signal.item.asked or signal.item.subscription.we_see_them:
            self.requests.asked_ourselves(signal.item.address)
        if signal.item.subscription.we_see_them:
            # Many show their devices' keys only to those who see when they are here.
            self.omemo.devices.ask_anew(signal.item.address)
            self.outbox.retry_all_held()

    def _message(self, signal: MessageReceived) -> None:
        if signal.sender.is_bare:
            # If it is a room that speaks, people who are not there may have become or ceased to be members.
            self.omemo.sealing.room_changed(signal.sender)
        self.inbox.receive(signal)

    def _present(self, signal: PresenceReceived) -> None:
        self.contacts.present(signal)
        gone = Availability.OFFLINE
        if signal.availability is gone and self.contacts.presence(signal.sender.bare).availability is gone:
            self.typing.left(signal.sender.bare)

    def _occupant(self, signal: OccupantReceived) -> None:
        self.rooms.occupant(signal)
        self.omemo.sealing.room_changed(signal.sender.bare)
        if signal.availability is Availability.OFFLINE:
            is_us = SELF in signal.status_codes and not signal.new_nick  # then nobody is heard any more
            self.typing.left(signal.sender.bare if is_us else signal.sender)

    def _published(self, signal: BookmarksChanged | DisplayedChanged | DevicesChanged) -> None:
        match signal:
            case BookmarksChanged():
                self.bookmarks.changed(signal)
            case DisplayedChanged():
                self.reading.take(signal.marks)
            case DevicesChanged():
                self.omemo.devices.changed(signal)

    # The stream

    def start(self, network: Network) -> None:
        """Make the connection, once, and connect if the account is enabled."""
        if self.context.connection is not None:
            return
        self.context.connection = network.connection(self.context.settings, self)
        self.omemo.start(network)
        if self.context.settings.enabled:
            self.connector.start()

    async def stop(self) -> None:
        """Go offline politely."""
        await self.uploads.stop()
        await self.reading.leave()
        await self.connector.stop()

    def _opened(self, opened: StreamOpened) -> None:
        self._keep_showing()
        self.uploads.stream_opened()
        self.context.peer = opened.peer
        if opened.resumed:
            self.sync.stream_resumed()
            self._chores.do(f"settle {self.context.own}", self._settle)
            self.contacts.show_presences()
            self.rooms.stream_resumed()
            self.outbox.pump()
            self.uploads.pump()
            self.reading.stream_usable()
            self._chores.again()
            self._afterwards.again()
            return
        self._gone()
        self.context.learn(opened.features, opened.server_features)
        self.omemo.stream_opened()
        self._chores.do(f"begin {self.context.own}", self._begin)

    async def _begin(self) -> None:
        """What a new stream needs: contacts, then presence (RFC 6121 §2.2), rooms and the archive beside each other."""
        try:
            await self.contacts.refresh()
        except RequestFailed as error:
            self.context.problem(RequestFailed(error.message, title="The contacts could not be fetched"))
        self.presence.announce()
        self._chores.do(f"marks {self.context.own}", self.reading.refresh)
        self._chores.do(f"bookmarks {self.context.own}", self._enter_rooms)
        self._chores.do(f"devices {self.context.own}", self.omemo.devices.publish)
        await self._catch_up()
        self.omemo.opening.release(self.context.own)
        await self.reading.caught_up(self.context.own, self.sync.found(self.context.own))
        if self.context.has_archive:
            self.sync.expect_more(self.context.own)
            self._afterwards.do(f"look again {self.context.own}", self._look_again)

    async def _look_again(self) -> None:
        await asyncio.sleep(AFTER)
        await self.sync.look_again(self.context.own, is_extended=self.context.has_extended_archive)

    async def _enter_rooms(self) -> None:
        await self.bookmarks.refresh()
        self.rooms.stream_opened()

    async def _catch_up(self) -> None:
        self.outbox.retry_all_held()
        reached = now()
        if self.context.has_archive:
            reached = await self.sync.catch_up(self.context.own, is_extended=self.context.has_extended_archive)
        await self._resolve_doubts(None, reached)

    async def _settle(self) -> None:
        """Compare what came since the stream was resumed with the archives: it may have come in another order."""
        await asyncio.sleep(SETTLED_AFTER)
        self.sync.settled()
        for archive in self.sync.unsettled():
            room = self.rooms.known(archive)
            if room is not None and room.has_archive:
                await self.sync.catch_up(archive, is_extended=room.has_extended_archive)
            elif archive == self.context.own and self.context.has_archive:
                await self.sync.catch_up(archive, is_extended=self.context.has_extended_archive)

    async def _resolve_doubts(self, room: RoomModel | None, reached: int) -> None:
        """Send again what was written on a lost stream and is not in the archive, which is stored back to `reached`."""
        has_archive = self.context.has_archive if room is None else room.has_archive
        for key, since in self.outbox.doubts(None if room is None else room.key.peer).items():
            if has_archive and since < reached:
                await self.sync.look_for(key, self.chats.kind(key), since, self.outbox.queue.mark(key))
            self.outbox.resolve(key)
        # What was typed since may have waited for messages that the archive has shown by now.
        self.outbox.pump()
        self.uploads.pump()

    def _lost(self, signal: StreamLost) -> None:
        self.typing.forget()
        self.sync.stream_lost()
        # What was held back comes only after the next resumption.
        self._chores.forget(f"settle {self.context.own}")
        if not signal.resumable:
            self._gone()
        elif self._hiding is None:
            self._hiding = asyncio.get_running_loop().call_later(HIDE_AFTER, self.contacts.hide_presences)
        self.connector.lost(signal)

    def _keep_showing(self) -> None:
        if self._hiding is not None:
            self._hiding.cancel()
            self._hiding = None

    def _gone(self) -> None:
        """The stream is lost for good: what was known only by it is not known any more."""
        self._keep_showing()
        self._chores.forget()
        self._afterwards.forget()
        self.typing.forget()
        self.contacts.forget_presences()
        self.rooms.stream_gone()
        self.reading.stream_gone()
        self.sync.stream_gone()
        self.outbox.stream_gone()
        self.omemo.stream_gone()

    # Archives

    @property
    def busy(self) -> bool:
        """Whether more of what was said while we were away is to be expected."""
        return self._chores.busy or self.rooms.entering

    def top(self, key: ChatKey) -> Top:
        """What is above the oldest stored message of a chat."""
        kind = self.chats.kind(key)
        kept = self.context.keeping.top(key)
        if kept is not None:
            return kept
        if self.sync.begins(key, kind) and not self.context.keeping.has_hole(key):
            return Top.BEGINS
        if not self.context.online:
            return Top.OFFLINE
        if kind is not ChatKind.ROOM:
            return Top.MORE if self.context.has_archive else Top.NO_ARCHIVE
        model = self.rooms.model(key.peer)
        return Top.NO_ARCHIVE if model.informed and not model.has_archive else Top.MORE

    async def load_older(self, key: ChatKey) -> None:
        """Fetch what is before the oldest stored message of a chat. Raises RequestFailed, Unavailable."""
        kind = self.chats.kind(key)
        if kind is ChatKind.ROOM and not await self.rooms.has_archive(key.peer):
            self.context.hub.publish(HistoryExtended(key, 0))
            return
        await self.sync.older(key, kind)

    def _entered(self, model: RoomModel) -> None:
        async def catch_up() -> None:
            await self._catch_up_room(model)

        self.sync.room_left(model.key.peer)
        if model.has_archive:
            self.omemo.opening.hold(model.key.peer)
        self._chores.do(f"catch up {model.key}", catch_up)

    async def _catch_up_room(self, model: RoomModel) -> None:
        self.outbox.pump()
        reached = now()
        if model.has_archive:
            reached = await self.sync.catch_up(model.key.peer, is_extended=model.has_extended_archive)
        else:
            await self.rooms.history_over(model)
            await self.context.pen.settled()
        await self._resolve_doubts(model, reached)
        self.omemo.opening.release(model.key.peer)
        await self.reading.caught_up(model.key.peer, self.sync.found(model.key.peer))
        self.omemo.look_ahead(model.key, ChatKind.ROOM)

    def _page_stored(self, page: PageWritten, *, is_news: bool) -> None:
        self.inbox.page_stored(page, is_news=is_news)
