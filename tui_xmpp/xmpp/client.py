"""slixmpp's client made safe: it builds and matches stanzas, and decides nothing about the connection.

Connecting, TLS, the password, resumption and the guard are ours (`connecting`, `login`, `acks`, `wire`); slixmpp sees
only stanzas of an established session, and everything it sends passes through `send_raw` here. None of its own ways
to connect, to authenticate or to reconnect is ever used.
"""

import asyncio
import logging
import secrets
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, NoReturn
from xml.etree.ElementTree import Element

import slixmpp
import slixmpp.plugins.xep_0004
import slixmpp.plugins.xep_0030
import slixmpp.plugins.xep_0115
import slixmpp.plugins.xep_0128
import slixmpp.plugins.xep_0199  # loaded with this module, so that making a client costs little
from slixmpp.jid import JID
from slixmpp.xmlstream import StanzaBase

from tui_xmpp.errors import AddressError, ConnectionFailed, NetworkError, StreamUnsafe, Unavailable
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.stanzas import StreamLost
from tui_xmpp.xmpp import acks, quiet
from tui_xmpp.xmpp.connecting import open_secured
from tui_xmpp.xmpp.login import STANZAS, bind, expect, new_stream, sign_in
from tui_xmpp.xmpp.stream_errors import STREAM_ERROR, condition, plain_reason
from tui_xmpp.xmpp.tls import Contexts
from tui_xmpp.xmpp.wire import Wire

_log = logging.getLogger(__name__)
ATTEMPT_TIMEOUT = 30.0
"""Seconds after which an attempt to connect is given up."""
REQUEST_TIMEOUT = 30.0
"""Most seconds that a request of ours waits for its answer."""
_QUIET_TIME = 30.0
"""Seconds without a byte after which the server is asked for a sign of life."""
_ANSWER_TIME = 20.0
"""Seconds that it then has."""
_CLOSE_TIME = 1.5
_CAPS_NODE = "urn:x-tui-xmpp"
_IQ_TIMEOUT = "IqTimeout_"
"""Prefix of the names under which slixmpp schedules the timeouts of requests."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A stream that is up."""

    own: Address
    """Our full address."""
    resumed: bool
    security: str
    """TLS version, cipher and login mechanism, in a line."""


class SafeClient(slixmpp.ClientXMPP):
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
        quiet.keep_failures_to_ourselves()
        # slixmpp's own context is never used; an empty one spares it reading the system's authorities.
        super().__init__(JID(str(settings.address)), "", ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        self._settings = settings
        self._committed = committed
        self._on_lost = on_lost
        self._contexts = Contexts(settings.ca_file)
        self._resource = f"tui-xmpp.{secrets.token_hex(4)}"
        self._acks = acks.Acks(self._write, committed, on_acked)
        self._wire: Wire | None = None
        self._online = False
        self._had_session = False
        self._shutting = False
        self._farewell: Element | None = None
        self._scram_worked = False
        self._keepalive: asyncio.Task[None] | None = None
        self._timeouts: dict[str, Callable[[], None]] = {}
        self.stream_features: frozenset[str] = frozenset()
        """Qualified names of what the server offered on the signed-in stream."""
        self._disarm()
        self.register_plugin("xep_0030")
        self.register_plugin("xep_0115", {"caps_node": _CAPS_NODE})
        self.register_plugin("xep_0199")
        self.remove_handler("Entity Capabilities")  # it asks everybody who comes into sight

    def _disarm(self) -> None:
        """Take out slixmpp's own handling of streams, passwords, rosters and subscriptions."""
        for name in ("Stream Features", "STARTTLS Proceed", "SASL Success", "SASL Failure", "SASL Challenge"):
            self.remove_handler(name)
        self.remove_handler("Stream Error")
        self.auto_authorize = None
        self.auto_subscribe = False
        self.del_event_handler("session_start", self._start_keepalive)

    @property
    def online(self) -> bool:
        """Whether a stream is up and stanzas can be sent."""
        return self._online

    # Opening and closing

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
            self._end_session()
            raise ConnectionFailed("The server lost count of the messages; connecting anew helps.") from error
        finally:
            if not self._online:
                self._drop_wire()

    async def shut(self) -> None:
        """End the stream politely within 2 s and forget the session; `on_lost` is not called. Safe at any time."""
        self._shutting = True
        wire = self._wire
        if wire is not None:
            try:
                async with asyncio.timeout(_CLOSE_TIME / 2):
                    await self.waiting_queue.join()
                    await self._acks.settle()
            except TimeoutError:
                _log.info("the last stanzas were not sent in time")
            self._online = False
            await wire.close(_CLOSE_TIME)
            await wire.closed.wait()
        self._wire_closed()
        self._end_session()
        filters, self._run_out_filters = self._run_out_filters, None
        if filters is not None:
            filters.cancel()
            await asyncio.gather(filters, return_exceptions=True)

    def _drop_wire(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.abort()

    async def _attempt(self, password: str) -> Opened:
        account = self._settings.address.bare
        secured = await open_secured(self._settings, self._contexts)
        wire = self._wire = secured.wire
        mechanism = await sign_in(wire, secured.features, account, password, scram_only=self._scram_worked)
        self._scram_worked = self._scram_worked or mechanism.startswith("SCRAM-")
        features, header = await new_stream(wire, account.domain)
        self.stream_features = frozenset(child.tag for child in features)
        self.peer_default_lang = next((value for name, value in header.items() if name.endswith("}lang")), None)
        security = _security(wire, mechanism)
        if self._acks.resumable and await self._resume(wire):
            self._go_online(wire, [], resumed=True)
            return Opened(Address.parse(self.boundjid.full), resumed=True, security=security)
        self._end_session()
        early: list[Element] = []
        own = await bind(wire, features, account, self._resource, early)
        self.boundjid = JID(str(own))
        if acks.FEATURE in self.stream_features:
            await self._count(wire, early)
        self._go_online(wire, early, resumed=False)
        await self.refresh_capabilities()
        return Opened(own, resumed=False, security=security)

    async def refresh_capabilities(self) -> None:
        """Compute the hash of our features anew, for the next presence (XEP-0115); to be called when they change."""
        await self.plugin["xep_0115"].update_caps(broadcast=False)

    async def _resume(self, wire: Wire) -> bool:
        await self._committed()
        wire.write(self._acks.resume_request())
        answer = await expect(wire, acks.RESUMED, acks.FAILED)
        if answer.tag == acks.FAILED:
            self._acks.failed(answer)
            return False
        self._acks.resumed(answer)
        return True

    async def _count(self, wire: Wire, early: list[Element]) -> None:
        wire.write(self._acks.enable_request())
        answer = await expect(wire, acks.ENABLED, acks.FAILED, early=early)
        if answer.tag == acks.ENABLED:
            self._acks.enabled(answer)

    def _go_online(self, wire: Wire, early: list[Element], *, resumed: bool) -> None:
        if self._run_out_filters is None or self._run_out_filters.done():
            self._run_out_filters = asyncio.ensure_future(self.run_filters())
        self.init_plugins()  # type: ignore[no-untyped-call]  # slixmpp has no types there
        self._online = True
        self.authenticated = self.bound = self.sessionstarted = True
        if not resumed:
            self._had_session = True
            self.event("session_bind", self.boundjid)
            self.plugin["xep_0030"].add_identity(category="client", itype="console", name="tui-xmpp")
        self.session_bind_event.set()
        self.event("session_resumed" if resumed else "session_start")
        self._keepalive = asyncio.get_running_loop().create_task(self._keep_alive(wire), name="keep alive")
        for xml in early:
            self._deliver(xml)
        wire.deliver_to(self._take, self._wire_closed)

    # Losing the stream

    def _wire_closed(self) -> None:
        """The connection is gone and everything it had brought is handled."""
        wire, self._wire = self._wire, None
        if self._keepalive is not None:
            self._keepalive.cancel()
            self._keepalive = None
        was_online, self._online = self._online, False
        self._acks.halt()
        if wire is None:
            return
        self.authenticated = self.bound = self.sessionstarted = False
        farewell = self._farewell
        resumable = self._acks.resumable and not wire.ended_by_server and farewell is None
        if isinstance(wire.error, StreamUnsafe):
            resumable = False
        if not resumable:
            self._end_session()
        self.event("disconnected", None)
        if was_online and not self._shutting:
            self._on_lost(
                StreamLost(
                    _reason(wire, farewell),
                    resumable=resumable,
                    conflict=farewell is not None and condition(farewell) == "conflict",
                )
            )

    def _end_session(self) -> None:
        """Nothing of the old session is sent, answered or waited for any more."""
        self._acks.reset()
        self._reset_sendq()
        if self._had_session:
            self._had_session = False
            self.event("session_end")
        for name, timed_out in list(self._timeouts.items()):
            self.cancel_schedule(name)
            timed_out()

    async def _keep_alive(self, wire: Wire) -> None:
        """Notice a dead line within `_QUIET_TIME` + `_ANSWER_TIME`."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(max(wire.heard + _QUIET_TIME - loop.time(), 0.1))
            if loop.time() - wire.heard < _QUIET_TIME:
                continue
            self._ask_for_life(wire)
            asked = loop.time()
            await asyncio.sleep(_ANSWER_TIME)
            if wire.heard < asked:
                wire.abort(ConnectionFailed("The server no longer answers."))
                return

    def _ask_for_life(self, wire: Wire) -> None:
        if self._acks.active:
            wire.write(f"<r xmlns='{acks.NAMESPACE}'/>")
        else:
            wire.write(f"<iq type='get' id='{secrets.token_hex(8)}'><ping xmlns='urn:xmpp:ping'/></iq>")

    # Incoming

    def _take(self, xml: Element) -> None:
        """One top-level element of the running session."""
        try:
            if xml.tag in STANZAS:
                self._deliver(xml)
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
            self._fail(ConnectionFailed("The server lost count of the messages; connecting anew helps."))

    def _deliver(self, xml: Element) -> None:
        """Hand a stanza to its handlers; whatever is wrong with it, the stream goes on."""
        try:
            for name in ("from", "to"):
                text = xml.get(name)
                if text:
                    Address.parse(text)
                    JID(text)
            self._spawn_event(xml)
        except (AddressError, slixmpp.InvalidJID):
            _log.warning("a stanza with an address that is none was dropped")
        except Exception:  # noqa: BLE001 - the boundary towards handlers
            _log.exception("a stanza could not be handled")

    def _fail(self, error: NetworkError) -> None:
        if self._wire is not None:
            self._wire.abort(error)

    def exception(self, exception: Exception) -> None:
        """Log what no handler caught, without the stanza's content."""
        _log.error("a handler failed", exc_info=exception)

    # Outgoing

    def send(self, data: StanzaBase | str, use_filters: bool = True) -> None:
        """Queue a stanza. Raises Unavailable without a stream: nothing is kept for later."""
        if not self._online:
            raise Unavailable("There is no connection to the server now.")
        self.waiting_queue.put_nowait((data, use_filters))

    def send_raw(self, data: str | bytes) -> None:
        """Write text, a stanza at a time; what goes out in the moment of a cut is kept for the resumption."""
        text = data.decode() if isinstance(data, bytes) else data
        self._acks.sent(text)
        if self._wire is not None:
            self._wire.write(text)

    def _write(self, text: str) -> None:
        if self._wire is not None:
            self._wire.write(text)

    # What slixmpp would do by itself

    def connect(self, host: str | None = None, port: int | None = None) -> NoReturn:  # noqa: ARG002
        """Refuse: `open` is the only way to connect."""
        raise RuntimeError("use open()")

    def reconnect(self, wait: float = 2.0, reason: str = "") -> NoReturn:  # noqa: ARG002
        """Refuse: whoever owns the client decides when to connect again."""
        raise RuntimeError("use open()")

    def abort(self) -> None:
        """End the connection at once, as if it had been cut."""
        if self._wire is not None:
            self._wire.abort()

    def schedule(
        self,
        name: str,
        seconds: float,
        callback: Callable[..., None],
        args: tuple[Any, ...] = (),
        kwargs: dict[Any, Any] | None = None,
        repeat: bool = False,
    ) -> None:
        """Schedule as slixmpp does; requests wait 30 s at most, and no longer than their session."""
        if name.startswith(_IQ_TIMEOUT):
            seconds = min(seconds, REQUEST_TIMEOUT)
            self._timeouts[name] = callback
        super().schedule(name, int(seconds), callback, args, kwargs or {}, repeat)

    def cancel_schedule(self, name: str) -> None:
        """Cancel as slixmpp does."""
        self._timeouts.pop(name, None)
        super().cancel_schedule(name)


def _security(wire: Wire, mechanism: str) -> str:
    tls = wire.tls
    cipher = None if tls is None else tls.cipher()
    version = "" if tls is None else tls.version() or ""
    return f"{version}, {cipher[0] if cipher else ''}, {mechanism}"


def _reason(wire: Wire, farewell: Element | None) -> str:
    if farewell is not None:
        return plain_reason(farewell)
    if wire.error is not None:
        return wire.error.message
    return "The server closed the connection."
