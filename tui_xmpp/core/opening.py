"""Encrypted messages that are stored and wait: opened one after the other, each written with the keys that it changed.

A message is stored sealed as soon as it comes, which makes it known and safe, and is opened in its turn: the oldest
first, and none while its archive is still being caught up with, so that sessions see messages in the order in which
they were written. What comes out takes the same way as a message that was never encrypted.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from tui_xmpp.core.archive_writes import is_correction, row_of
from tui_xmpp.core.context import Context
from tui_xmpp.core.devices import Devices, Heard
from tui_xmpp.core.echoes import is_sent_again
from tui_xmpp.core.judge import Judge, Judged
from tui_xmpp.core.keys import Keys
from tui_xmpp.core.operations import correct, operations_of, released, write_operation
from tui_xmpp.core.ports import Cipher
from tui_xmpp.core.proving import Proving
from tui_xmpp.core.wording import unopened
from tui_xmpp.errors import StorageError, TuiXmppError
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message import Encryption, MessageKind
from tui_xmpp.model.omemo import NotOpened, OmemoVersion, Trust, Unopened
from tui_xmpp.model.stanzas import OpenedMessage, Sealed
from tui_xmpp.storage.values import NewMessage, Outcome, SealedMessage, Stored
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)

BATCH = 48
"""Messages that are opened in one transaction."""

BATCH_TIME = 0.06
"""Seconds after which a transaction takes no further message; the loop runs between any two of them."""

MOST_BARE = 200
"""Most messages without content that wait to be opened."""


@frozen
class Peer:
    """One device, as we speak with it."""

    address: Address
    device: int
    version: OmemoVersion


@frozen
class Revealed:
    """What came of one sealed message."""

    judged: Judged | None
    """None: it was not opened, or has nothing to tell."""
    stored: tuple[Stored, ...]
    live: bool


HeardKey = tuple[Address, int, str]
"""Whose it is, the device, the fingerprint."""

Unsealed = tuple[SealedMessage, Address | None, OpenedMessage | NotOpened]
"""A message, whose it is, and what came of it."""


class Opening:
    """Opens the messages of one account; `revealed` hears of what came of them when it is on disk."""

    def __init__(self, context: Context, keys: Keys, devices: Devices, judge: Judge) -> None:
        self._context = context
        self._keys = keys
        self._devices = devices
        self._judge = judge
        self.revealed: Callable[[Sequence[Revealed]], None] = lambda _revealed: None
        self.idle: Callable[[], None] = lambda: None
        """Called each time that nothing waits any more."""
        self._wake = asyncio.Event()
        self._catching: set[Address] = set()
        self._live: set[int] = set()
        self._bare: deque[tuple[Sealed, Address]] = deque(maxlen=MOST_BARE)
        self.to_answer: set[Peer] = set()
        """Devices that wait for a sign of life from us."""
        self.to_heal: set[Peer] = set()
        """Devices that just wrote in a session which we do not have."""
        self.proving = Proving(context, keys, devices)
        self._cautious = False
        """The last transaction failed, so that messages are taken one by one."""

    # What is to be opened

    def stored(self, message_id: int, *, live: bool) -> None:
        """A sealed message is on disk."""
        if live:
            self._live.add(message_id)
        self._wake.set()

    def bare(self, sealed: Sealed, author: Address) -> None:
        """A message came that carries nothing but keys."""
        self._bare.append((sealed, author))
        self._wake.set()

    def hold(self, archive: Address) -> None:
        """Open nothing of this archive until it is released: older messages are still to come."""
        self._catching.add(archive)
        self._wake.set()

    def release(self, archive: Address) -> None:
        """An archive has been caught up with."""
        self._catching.discard(archive)
        self._wake.set()

    def release_all(self) -> None:
        """The stream is gone, and nothing more comes now: open what is here."""
        self._catching.clear()
        self._wake.set()

    def wake(self) -> None:
        """Something may wait."""
        self._wake.set()

    @property
    def is_catching_up(self) -> bool:
        """Whether older messages are still to come."""
        return bool(self._catching)

    # Opening

    async def run(self) -> None:
        """Open whatever waits, for ever."""
        await self._keys.ready()
        self._wake.set()
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._open_all()
            except StorageError as error:
                # What cannot be written stays sealed, and is tried again when the next one comes.
                log.warning("Messages could not be opened: %s", error.message)
                continue
            if not self._wake.is_set():
                self.idle()

    async def _open_all(self) -> None:
        waiting: Sequence[SealedMessage] = ()
        while waiting := self._next(waiting):
            if self._keys.failed:
                await self._give_up(waiting[0], Unopened.NOT_LOADED)
                waiting = ()
                continue
            try:
                waiting = waiting[await self._open_some(waiting) :]
            except StorageError:
                raise
            except Exception:  # the boundary of what comes in: one bad message must not stop all others
                log.exception("Messages could not be opened")
                first, waiting = waiting[0], ()
                if self._cautious:
                    await self._give_up(first, Unopened.BROKEN)
                self._cautious = not self._cautious
            else:
                self._cautious = False
        while self._bare and not self._catching and not self._keys.failed:
            sealed, author = self._bare.popleft()
            await self._open_bare(sealed, author)

    def _next(self, rest: Sequence[SealedMessage]) -> Sequence[SealedMessage]:
        """The next messages to open, of which `rest` was read before; anew when an older one may have come since."""
        if rest and not self._wake.is_set() and not self._cautious:
            return rest
        self._wake.clear()
        limit = 1 if self._cautious else BATCH
        return self._context.store.seals.waiting(self._context.own, limit, but=self._catching)

    async def _open_some(self, waiting: Sequence[SealedMessage]) -> int:
        """Open as many as fit into one transaction; says how many those were."""
        for one in waiting:
            author = one.author or self._author(one)
            if author is not None:
                await self.proving.seek(one.sealed, author)

        async def unseal(cipher: Cipher) -> list[Unsealed]:
            return await self._open(cipher, waiting)

        revealed = await self._keys.do(unseal, self._write)
        self._devices.tell_heard()
        self._context.guard(lambda: self.revealed(revealed))
        return len(revealed)

    async def _open(self, cipher: Cipher, waiting: Sequence[SealedMessage]) -> list[Unsealed]:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + BATCH_TIME
        opened = []
        for one in waiting:
            author = one.author or self._author(one)
            result = await self._open_one(cipher, one.sealed, author)
            opened.append((one, author, result))
            # A key that nobody had before is written down before another one is looked at, which may be the same.
            if loop.time() > deadline or self._is_first(author, result):
                break
            await asyncio.sleep(0)
        return opened

    async def _open_one(self, cipher: Cipher, sealed: Sealed, author: Address | None) -> OpenedMessage | NotOpened:
        if author is None:
            return NotOpened(Unopened.UNKNOWN_SENDER, sealed.device)
        if self.proving.is_anothers(sealed, author):
            return NotOpened(Unopened.FORGED, sealed.device)
        return await cipher.unseal(sealed, author, self._devices.fingerprints(author))

    def _is_first(self, author: Address | None, result: OpenedMessage | NotOpened) -> bool:
        if author is None or not isinstance(result, OpenedMessage):
            return False
        device = self._devices.get(author, result.device)
        return device is None or device.fingerprint != result.fingerprint

    def _author(self, one: SealedMessage) -> Address | None:
        """Whose message it is, where the room did not say it when it came: it may have since."""
        devices, key = self._context.store.devices, one.message.chat
        if one.message.occupant_id:
            return devices.person(key, one.message.occupant_id)
        # Where a room gives no such ids, the key itself proves whose it is, once it is known whom to try.
        owners = devices.owners(self._context.own, one.sealed.device)
        return owners[0] if len(owners) == 1 else None

    # Writing

    def _write(self, writes: Writes, opened: Sequence[Unsealed]) -> list[Revealed]:
        heard: dict[HeardKey, Heard] = {}
        for _one, author, result in opened:
            if isinstance(result, OpenedMessage) and author is not None:
                key = (author, result.device, result.fingerprint)
                if key not in heard:
                    heard[key] = self._devices.heard(writes, *key)
        return [self._write_one(writes, one, author, result, heard) for one, author, result in opened]

    def _write_one(
        self,
        writes: Writes,
        one: SealedMessage,
        author: Address | None,
        result: OpenedMessage | NotOpened,
        heard: Mapping[HeardKey, Heard],
    ) -> Revealed:
        live = one.message.id in self._live
        self._live.discard(one.message.id)
        if isinstance(result, OpenedMessage) and author is not None:
            by = heard[author, result.device, result.fingerprint]
            if result.answer:
                self.to_answer.add(Peer(author, result.device, result.version))
            if by.trust is not Trust.DISTRUSTED:
                return self._show(writes, one, result, by, live=live)
            result = NotOpened(Unopened.DISTRUSTED, result.device)
        assert isinstance(result, NotOpened)
        if result.reason is Unopened.NO_SESSION and live and author is not None:
            self.to_heal.add(Peer(author, result.device, OmemoVersion.LEGACY))
        return self._keep_closed(writes, one, result, live=live)

    def _keep_closed(self, writes: Writes, one: SealedMessage, result: NotOpened, *, live: bool) -> Revealed:
        """Say in one line why a message cannot be read; one that was read before is left out."""
        is_one_of_many = result.reason is Unopened.NOT_FOR_US and self._has_like_it(writes, one)
        is_replay = result.reason is Unopened.REPEATED and writes.came_before(one.message, one.sealed.mark)
        if is_replay or is_one_of_many:
            writes.spend_seal(one.message.id)
            return Revealed(None, (), live)
        return Revealed(None, self._reveal(writes, one, _unreadable(one, result, self._kind(writes, one))), live)

    def _has_like_it(self, writes: Writes, one: SealedMessage) -> bool:
        """Whether it stands beside another one that is not for this device: then that says enough."""
        message = one.message
        words = unopened(Unopened.NOT_FOR_US)
        place = (message.chat, message.position, message.id, 1)
        beside = (*writes.messages.older(*place), *writes.messages.newer(*place))
        return any(each.encryption is Encryption.UNREADABLE and each.body == words for each in beside)

    def _show(self, writes: Writes, one: SealedMessage, opened: OpenedMessage, by: Heard, *, live: bool) -> Revealed:
        if opened.message is None:
            writes.spend_seal(one.message.id)
            return Revealed(None, (), live)
        kind = self._kind(writes, one)
        judged = self._judge.reopened(opened, one.message, kind, by.key_id, live=live)
        writes.begin_encryption(one.message.chat, kind, one.message.time)
        stored = [done for each in operations_of(judged) for done in write_operation(writes, judged, each)]
        row = row_of(judged, counts_unread=one.counts_unread)
        if is_correction(judged):
            changed, row = correct(writes, judged, hold=True, counts_unread=one.counts_unread)
            stored += changed
        if row is None or row.message_kind is not MessageKind.TEXT or is_sent_again(writes, row):
            writes.spend_seal(one.message.id)
            return Revealed(judged, tuple(stored), live)
        stored += self._reveal(writes, one, replace(row, trust=by.trust))
        return Revealed(judged, (*stored, *released(writes, stored, counts_unread=one.counts_unread)), live)

    def _reveal(self, writes: Writes, one: SealedMessage, row: NewMessage) -> tuple[Stored, ...]:
        if row.kind is not ChatKind.ROOM:
            writes.ensure_chat(row.key, row.kind, open=True)
        message = writes.open_message(one.message.id, row)
        return () if message is None else (Stored(message, Outcome.ADDED),)

    def _kind(self, writes: Writes, one: SealedMessage) -> ChatKind:
        return writes.chats.kind(one.message.chat) or ChatKind.CONTACT

    async def _give_up(self, one: SealedMessage, reason: Unopened) -> None:
        """Show one as unreadable that nothing could be done with."""
        closed = NotOpened(reason, one.sealed.device)
        revealed = await self._context.pen.write(lambda writes: self._keep_closed(writes, one, closed, live=False))
        self._context.guard(lambda: self.revealed([revealed]))

    async def _open_bare(self, sealed: Sealed, author: Address) -> None:
        async def unseal(cipher: Cipher) -> OpenedMessage | NotOpened:
            return await self._open_one(cipher, sealed, author)

        def write(writes: Writes, result: OpenedMessage | NotOpened) -> None:
            if isinstance(result, OpenedMessage):
                self._devices.heard(writes, author, result.device, result.fingerprint)
                if result.answer:
                    self.to_answer.add(Peer(author, result.device, result.version))

        try:
            await self.proving.seek(sealed, author)
            await self._keys.do(unseal, write)
            self._devices.tell_heard()
        except TuiXmppError as error:
            log.info("A message without content could not be opened: %s", error.message)


def _unreadable(one: SealedMessage, result: NotOpened, kind: ChatKind) -> NewMessage:
    message = one.message
    return NewMessage(
        key=message.chat,
        kind=kind,
        direction=message.direction,
        sender=message.sender,
        body=unopened(result.reason),
        time=message.time,
        nick=message.nick,
        occupant_id=message.occupant_id,
        encryption=Encryption.UNREADABLE,
        stanza_id=message.stanza_id,
        origin_id=message.origin_id,
        # A screen full of what cannot be read is nothing that somebody has missed.
        counts_unread=one.counts_unread and result.reason is not Unopened.NOT_FOR_US,
        device=result.device,
    )
