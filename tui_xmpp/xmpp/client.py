"""The stream of one account: opening it, keeping it, losing it, resuming it.

What is needed for that is ours (`connecting`, `login`, `acks`, `wire`); slixmpp comes in behind it and sees only the
stanzas of an established session (`tamed`).
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from xml.etree.ElementTree import Element

from tui_xmpp.errors import ConnectionFailed, StreamUnsafe
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.stanzas import StreamLost
from tui_xmpp.xmpp import acks, names
from tui_xmpp.xmpp.connecting import open_secured
from tui_xmpp.xmpp.keepalive import keep_alive
from tui_xmpp.xmpp.login import STANZAS, bind, expect, new_stream, sign_in
from tui_xmpp.xmpp.stream_errors import STREAM_ERROR, condition, plain_reason
from tui_xmpp.xmpp.tamed import TamedClient, jid_of
from tui_xmpp.xmpp.tls import Contexts
from tui_xmpp.xmpp.wire import Wire

_log = logging.getLogger(__name__)
ATTEMPT_TIMEOUT = 30.0
"""Seconds after which an attempt to connect is given up."""
_LAST_WORDS_TIME = 0.7
_CLOSE_TIME = 1.0
"""Seconds to write what is queued, and then to wait for the server's good-bye."""
_UNSTORED = "What came in could not be stored."
_COUNTS_DIFFER = "The server lost count of the messages; connecting anew helps."


@frozen
class Opened:
    """A stream that is up."""

    own: Address
    """Our full address."""
    resumed: bool
    security: str
    """TLS version, cipher and login mechanism, in a line."""
    peer: str
    """The server's network address."""


class SafeClient(TamedClient):
    """One account's stream; lives over reconnects. Made on the running loop.

    `committed` returns when all that was handed on is on disk; `on_lost` is called once for each stream that had
    been opened and ended without `shut`; `on_acked` with the id of each message that the server has got.
    Handlers must hand on what they receive before they return, or an acknowledgement may overtake it.
    """

    def __init__(
        self,
        settings: AccountSettings,
        *,
        committed: Callable[[], Awaitable[None]],
        on_lost: Callable[[StreamLost], None],
        on_acked: Callable[[str], None],
    ) -> None:
        super().__init__(settings.address)
        self._settings = settings
        self._on_lost = on_lost
        self._contexts = Contexts(settings.ca_file)
        self._resource = _fresh_resource()
        self._acks = acks.Acks(self._write, committed, on_acked, self._give_session_up)
        self._own = settings.address
        self._wire: Wire | None = None
        self._online = False
        self._shutting = False
        self._scram_worked = False
        self._farewell: Element | None = None
        """The error with which the server ended the stream."""
        self._watch: asyncio.Task[None] | None = None
        self.stream_features: frozenset[str] = frozenset()
        """Qualified names of what the server offered on the signed-in stream."""

    @property
    def online(self) -> bool:
        """Whether a stream is up and stanzas can be sent."""
        return self._online

    @property
    def read(self) -> int:
        """Bytes that have been read on the present connection."""
        return 0 if self._wire is None else self._wire.read

    # Opening

    async def open(self, password: str) -> Opened:
        """Make one attempt, resuming the last session where the server still holds it.

        Raises ConnectionFailed, LoginRefused, CertificateRejected or StreamUnsafe, each with a sentence for people.
        """
        if self._wire is not None:
            raise RuntimeError("the stream is open already")
        self._farewell = None
        self._shutting = False
        try:
            async with asyncio.timeout(ATTEMPT_TIMEOUT):
                return await self._attempt(password)
        except TimeoutError as error:
            raise ConnectionFailed("The server did not answer in time.") from error
        except acks.CountsDiffer as error:
            self.end_session()
            raise ConnectionFailed(_COUNTS_DIFFER) from error
        finally:
            if not self._online:
                self._drop_wire()

    async def _attempt(self, password: str) -> Opened:
        account = self._settings.address.bare
        secured = await open_secured(self._settings, self._contexts)
        wire = self._wire = secured.wire
        if self._shutting:
            raise ConnectionFailed("Signing in was given up.")
        mechanism = await sign_in(wire, secured.features, account, password, scram_only=self._scram_worked)
        self._scram_worked = self._scram_worked or mechanism.startswith("SCRAM-")
        features, header = await new_stream(wire, account.domain)
        self.stream_features = frozenset(child.tag for child in features)
        self.peer_default_lang = next((value for name, value in header.items() if name.endswith("}lang")), None)
        security = _security(wire, mechanism)
        if self._acks.resumable and await self._resume(wire):
            self._go_online(wire, [], resumed=True)
            return Opened(self._own, resumed=True, security=security, peer=wire.peer)
        self.end_session()
        early: list[Element] = []
        # Without an answer it may reach the server late, when it must not end a stream that has come after it.
        resource, self._resource = self._resource, _fresh_resource()
        own = await bind(wire, features, account, resource, early)
        self._resource = resource
        self._own = own
        self.boundjid = jid_of(own)
        if acks.FEATURE in self.stream_features:
            await self._count(wire, early)
        self._go_online(wire, early, resumed=False)
        return Opened(own, resumed=False, security=security, peer=wire.peer)

    async def _resume(self, wire: Wire) -> bool:
        if not await self._acks.stored():  # what the request acknowledges is gone from the server
            self.event("session_end")
            return False
        wire.write(self._acks.resume_request())
        answer = await expect(wire, acks.RESUMED, acks.FAILED)
        if answer.tag == acks.FAILED:
            self._acks.failed(answer)
            self.event("session_end")
            return False
        self._acks.resumed(answer)
        return True

    async def _count(self, wire: Wire, early: list[Element]) -> None:
        wire.write(self._acks.enable_request())
        answer = await expect(wire, acks.ENABLED, acks.FAILED, early=early)
        if answer.tag == acks.ENABLED:
            self._acks.enabled(answer)

    def _go_online(self, wire: Wire, early: list[Element], *, resumed: bool) -> None:
        self.init_plugins()  # type: ignore[no-untyped-call]  # slixmpp has no types there
        self.start_queue()
        self._online = True
        self.authenticated = self.bound = self.sessionstarted = True
        self.session_bind_event.set()
        if not resumed:
            self.event("session_bind", self.boundjid)
        self.event("session_resumed" if resumed else "session_start")
        watch = keep_alive(wire, self._ask_for_life)
        self._watch = asyncio.get_running_loop().create_task(watch, name="keep alive")
        for xml in early:
            self.deliver(xml)
        wire.deliver_to(self._take, self._wire_closed)

    def _ask_for_life(self) -> None:
        if self._acks.active:
            self._write(f"<r xmlns='{acks.NAMESPACE}'/>")
        else:
            self._write(f"<iq type='get' id='{secrets.token_hex(8)}'><ping xmlns='{names.PING}'/></iq>")

    # Within the session

    def _take(self, xml: Element) -> None:
        """One top-level element of the running session."""
        try:
            if xml.tag in STANZAS:
                self.deliver(xml)
                self._acks.received()
            elif xml.tag == acks.REQUEST:
                self._acks.requested()
            elif xml.tag == acks.ANSWER:
                self._acks.answered(xml)
            elif xml.tag == STREAM_ERROR:
                self._farewell = xml
            else:
                _log.warning("the server sent an element that is no part of a session")
        except acks.CountsDiffer:
            self._acks.reset()
            if self._wire is not None:
                self._wire.abort(ConnectionFailed(_COUNTS_DIFFER))

    def _give_session_up(self) -> None:
        """Something of this session could not be stored: in another one the server passes on what is unacknowledged."""
        self._acks.reset()
        if self._wire is not None:
            self._wire.abort(ConnectionFailed(_UNSTORED))

    def send_raw(self, data: str | bytes) -> None:
        """Write text, one stanza at a time; what goes out in the moment of a cut is kept for the resumption."""
        text = data.decode() if isinstance(data, bytes) else data
        self._acks.sent(text)
        self._write(text)

    def _write(self, text: str) -> None:
        if self._wire is not None:
            self._wire.write(text)

    # Ending

    async def shut(self) -> None:
        """End the stream politely within 2 s and forget the session; `on_lost` is not called. Safe at any time."""
        self._shutting = True
        wire = self._wire
        if wire is not None:
            try:
                await self._say_goodbye(wire)
            finally:
                # Whoever has no patience for the goodbye cancels it; the connection must not stay open then.
                wire.abort()
            await wire.closed.wait()
        self._wire_closed()
        self.end_session()
        await self.stop_queue()

    async def _say_goodbye(self, wire: Wire) -> None:
        try:
            async with asyncio.timeout(_LAST_WORDS_TIME):
                await self.waiting_queue.join()
                await self._acks.settle()
        except TimeoutError:
            _log.info("the last stanzas were not sent in time")
        self._online = False
        await wire.close(_CLOSE_TIME)

    def abort(self) -> None:
        """End the connection at once, as if it had been cut."""
        if self._wire is not None:
            self._wire.abort()

    def end_session(self) -> None:
        """Nothing of the old session is sent, answered or waited for any more."""
        self._acks.reset()
        super().end_session()

    def _wire_closed(self) -> None:
        """The connection is gone and everything that it had brought is handled."""
        wire, self._wire = self._wire, None
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.cancel()
        was_online, self._online = self._online, False
        conflict = self._farewell is not None and condition(self._farewell) == "conflict"
        if conflict:
            self._resource = _fresh_resource()
        self._acks.halt()
        if wire is None:
            return
        self.authenticated = self.bound = self.sessionstarted = False
        over = self._shutting or wire.ended_by_server or self._farewell is not None
        resumable = self._acks.resumable and not over and not isinstance(wire.error, StreamUnsafe)
        if not resumable:
            self.end_session()
            self.event("session_end")
        self.event("disconnected")
        if was_online and not self._shutting:
            self._on_lost(StreamLost(self._reason(wire), resumable=resumable, conflict=conflict))

    def _reason(self, wire: Wire) -> str:
        if self._farewell is not None:
            return plain_reason(self._farewell)
        return "The server closed the connection." if wire.error is None else wire.error.message

    def _drop_wire(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.abort()


def _fresh_resource() -> str:
    """What only this program has, and only until somebody contests it."""
    return f"tui-xmpp.{secrets.token_hex(4)}"


def _security(wire: Wire, mechanism: str) -> str:
    tls = wire.tls
    if tls is None:
        return mechanism
    cipher = tls.cipher()
    return ", ".join(filter(None, (tls.version(), cipher[0] if cipher else "", mechanism)))
