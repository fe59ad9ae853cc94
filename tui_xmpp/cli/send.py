"""`tui-xmpp send`: one message over a connection of its own, proved to be at the server before we say so.

It tells nobody that we are online. Beside an open tui-xmpp it is needed only for what that one leaves to us (see
`letterbox`): an account that is switched off there, or a room in which it is not.
"""

import asyncio
import re
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol
from uuid import uuid4

from tui_xmpp.core.ports import Connection, Network
from tui_xmpp.errors import (
    ConnectionFailed,
    MustEncrypt,
    NetworkError,
    NotConfirmed,
    RequestFailed,
    RoomRefusal,
    RoomRefused,
    TuiXmppError,
    Unavailable,
)
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.room import Bookmark
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Outgoing, RoomInfo, Signal, StanzaAcked, StreamLost
from tui_xmpp.model.text import BODY_LIMIT

_ROOM_FEATURE = "http://jabber.org/protocol/muc"
_LOOK = 5.0
"""Seconds for the answer to a question that is not worth the whole patience."""
_ACKNOWLEDGEMENT = 2.0
"""Seconds for the acknowledgement of a server that gives any (XEP-0198)."""
_TIMED_OUT = "remote-server-timeout"
_NOT_FOUND = "item-not-found"
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class NothingToSend(TuiXmppError):
    """There is no text, or more than fits in a message."""

    title = "Nothing was sent"


def message_text(raw: bytes) -> str:
    """The message that a program or a file gives: text without colours and controls. Raises NothingToSend."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise NothingToSend("The text to send is not UTF-8.") from error
    text = _CONTROLS.sub("", _ESCAPES.sub("", text.replace("\r\n", "\n"))).rstrip("\n")
    if not text.strip():
        raise NothingToSend("There is no text to send.")
    if len(text) > BODY_LIMIT:
        raise NothingToSend(f"The text is too long for a message: {len(text):,} characters, {BODY_LIMIT:,} at most.")
    return text


@frozen
class Wish:
    """What to send where, within how many seconds."""

    recipient: Address
    text: str
    room: bool
    """It is a room for sure; else that is found out."""
    patience: float


class Sealer(Protocol):
    """Encrypts the message where its chat wants that, and keeps what it encrypted (see `core.alone`)."""

    async def close(self, connection: Connection, outgoing: Outgoing, room: RoomInfo | None, nick: str) -> Outgoing:
        """The message as it may go out. Raises MustEncrypt."""

    async def arrived(self) -> None:
        """The server has it."""

    async def failed(self) -> None:
        """It did not go out, or was refused."""


class InClear:
    """Sends everything as it is."""

    async def close(self, connection: Connection, outgoing: Outgoing, room: RoomInfo | None, nick: str) -> Outgoing:
        """Return the message."""
        del connection, room, nick
        return outgoing

    async def arrived(self) -> None:
        """Nothing is kept."""

    async def failed(self) -> None:
        """Nothing is kept."""


async def send(network: Network, settings: AccountSettings, password: str, wish: Wish, sealer: Sealer) -> None:
    """Send one message and return when the server has it (and, in a room, when the room has passed it on).

    Raises NetworkError, RequestFailed or MustEncrypt when it was not sent, NotConfirmed when that is not known; after
    SIGTERM CancelledError.
    """
    _leave_on_sigterm()
    watch = _Watch(f"{uuid4()}")
    connection = network.connection(settings, watch)
    try:
        await _send(connection, settings, password, wish, watch, sealer)
    except BaseException as error:
        if not watch.sent or isinstance(error, RequestFailed):
            await sealer.failed()
        raise
    await sealer.arrived()


async def _send(
    connection: Connection, settings: AccountSettings, password: str, wish: Wish, watch: "_Watch", sealer: Sealer
) -> None:
    try:
        async with asyncio.timeout(wish.patience):
            try:
                await connection.connect(password)
                await _deliver(connection, settings, wish, watch, sealer)
            finally:
                await connection.close()
    except TimeoutError as error:
        if watch.sent:
            raise NotConfirmed(f"The server did not confirm the message within {wish.patience:g} seconds.") from error
        message = f"There was no connection within {wish.patience:g} seconds; nothing was sent."
        raise ConnectionFailed(message) from error
    except (NetworkError, Unavailable) as error:
        if watch.sent:
            raise NotConfirmed("The line broke before the server confirmed the message.") from error
        raise


def _leave_on_sigterm() -> None:
    """Sign out before the end. It also lets every signal wake the loop, so that Ctrl+C is heard at once (asyncio's
    own way misses it when the system gives it to another thread).
    """
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


@dataclass(slots=True)
class _Watch:
    """Hears what becomes of the one message (core.ports.Receiver)."""

    id: str
    reflection_from: Address | None = None
    """In a room: ourselves, whose message must come back."""
    sent: bool = False
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    error: TuiXmppError | None = None

    def receive(self, signal: Signal) -> None:
        """Take one signal; all but those on our message are of no interest."""
        match signal:
            case StanzaAcked(stanza_id=self.id) if self.reflection_from is None:
                self.arrived.set()
            case MessageReceived(type=MessageType.ERROR, id=self.id):
                reason = signal.error or signal.error_condition or "no reason was given"
                self._fail(RequestFailed(f"The message was refused: {reason}", condition=signal.error_condition))
            case MessageReceived(type=MessageType.GROUPCHAT, sender=self.reflection_from) if self.id in {
                signal.id,
                signal.origin_id,
            }:
                self.arrived.set()
            case StreamLost() if not self.arrived.is_set():
                self._fail(ConnectionFailed(signal.reason))
            case _:
                pass

    async def committed(self) -> None:
        """Nothing is kept here, and no message is ours to take: we never said that we are online."""

    def check(self) -> None:
        """Raise what went wrong, if anything did."""
        if self.error is not None:
            raise self.error

    def _fail(self, error: TuiXmppError) -> None:
        self.error = self.error or error
        self.arrived.set()


async def _deliver(
    connection: Connection, settings: AccountSettings, wish: Wish, watch: _Watch, sealer: Sealer
) -> None:
    bookmark, info = await _room(connection, settings, wish)
    if bookmark is None:
        message = _message(wish, watch, MessageType.CHAT)
        _write(connection, await sealer.close(connection, message, None, ""), watch)
        await _until_processed(connection, Address(settings.address.domain), watch)
        return
    nick = await _enter(connection, bookmark)
    watch.reflection_from = bookmark.room.with_resource(nick)
    message = _message(wish, watch, MessageType.GROUPCHAT)
    try:
        message = await sealer.close(connection, message, info, nick)
    except MustEncrypt:
        connection.leave_room(bookmark.room, nick)
        raise
    _write(connection, message, watch)
    await watch.arrived.wait()
    watch.check()
    connection.leave_room(bookmark.room, nick)


async def _until_processed(connection: Connection, server: Address, watch: _Watch) -> None:
    """Return when the server has the message; raises what went wrong, also what it has refused by then.

    Servers answer in order (RFC 6120 §10.1). So the answer to a question that comes later proves as much as an
    acknowledgement, where there is no stream management, and our own server's refusal is here before it.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(_ACKNOWLEDGEMENT):
            await watch.arrived.wait()
    watch.check()
    acknowledged = watch.arrived.is_set()
    try:
        async with asyncio.timeout(_LOOK if acknowledged else None):
            await connection.room_info(server)
    except RequestFailed as refusal:
        acknowledged = acknowledged or refusal.condition != _TIMED_OUT
    except (TimeoutError, Unavailable):
        if not acknowledged:
            raise
    else:
        acknowledged = True
    watch.check()
    if not acknowledged:
        raise TimeoutError


def _message(wish: Wish, watch: _Watch, kind: MessageType) -> Outgoing:
    # A receipt finds its way to an open tui-xmpp after we have gone (RFC 6121 §8.5.3.2.1).
    chat = kind is MessageType.CHAT
    return Outgoing(
        wish.recipient, kind, watch.id, body=wish.text, origin_id=watch.id, request_receipt=chat, markable=chat
    )


def _write(connection: Connection, message: Outgoing, watch: _Watch) -> None:
    connection.send(message)
    watch.sent = True


async def _room(
    connection: Connection, settings: AccountSettings, wish: Wish
) -> tuple[Bookmark | None, RoomInfo | None]:
    """How to enter, and what it is, when the recipient is a room; None when it is a person.

    Raises RequestFailed: there is none.
    """
    room, info = wish.recipient, RoomInfo()
    if not room.is_bare or not room.local:
        return None, None
    bookmark = await _bookmark(connection, room)
    sure = wish.room or bookmark is not None
    if not sure and room.domain == settings.address.domain:
        return None, None
    try:
        async with asyncio.timeout(_LOOK):
            info = await connection.room_info(room)
    except (RequestFailed, TimeoutError) as error:
        if not sure:
            return None, None
        # To enter a room that does not exist would create it.
        if isinstance(error, RequestFailed) and error.condition == _NOT_FOUND:
            raise RoomRefused(f"There is no room {room.shown}.", refusal=RoomRefusal.NOT_FOUND) from error
    else:
        sure = sure or _ROOM_FEATURE in info.features
    nick = bookmark.nick if bookmark and bookmark.nick else settings.room_nickname
    found = Bookmark(room, nick=nick, password=bookmark.password if bookmark else "")
    return (found, info) if sure else (None, None)


async def _bookmark(connection: Connection, room: Address) -> Bookmark | None:
    try:
        bookmarks = await connection.bookmarks()
    except RequestFailed:
        return None
    return next((bookmark for bookmark in bookmarks if bookmark.room == room), None)


async def _enter(connection: Connection, bookmark: Bookmark) -> str:
    """Enter the room, under a nickname much like ours where that one is taken, perhaps by ourselves elsewhere."""
    for nick in (bookmark.nick, f"{bookmark.nick}_"):
        try:
            await connection.join_room(bookmark.room, nick, bookmark.password, history=0)
        except RoomRefused as refusal:
            if refusal.refusal is not RoomRefusal.NICKNAME_TAKEN:
                raise
        else:
            return nick
    nick = f"{bookmark.nick}__"
    await connection.join_room(bookmark.room, nick, bookmark.password, history=0)
    return nick
