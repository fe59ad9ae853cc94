"""slixmpp with everything taken out that decides: what is left builds stanzas, matches them and queues them.

Its own ways to connect, to encrypt, to sign in, to reconnect and to answer by itself are never used; whoever opens
the stream hands in the stanzas of an established session and takes what is to be written.
"""

import asyncio
import logging
import ssl
import weakref
from abc import abstractmethod
from collections.abc import Callable
from typing import Any, NoReturn
from xml.etree.ElementTree import Element

import slixmpp
from slixmpp.jid import JID
from slixmpp.types import FilterString
from slixmpp.xmlstream import StanzaBase
from slixmpp.xmlstream.handler.base import BaseHandler
from slixmpp.xmlstream.xmlstream import Filter as AnyFilter

from tui_xmpp.errors import Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.xmpp import quiet
from tui_xmpp.xmpp.handlers import Handlers

_log = logging.getLogger(__name__)
REQUEST_TIMEOUT = 30
"""Most seconds that a request made through slixmpp waits for its answer."""
_IQ_TIMEOUT = "IqTimeout_"
"""Prefix of the names under which slixmpp schedules the timeouts of requests."""
_NEGOTIATION = (
    "Stream Features",
    "STARTTLS Proceed",
    "SASL Success",
    "SASL Failure",
    "SASL Challenge",
    "Stream Error",
)
"""slixmpp's handlers for opening a stream."""


def jid_of(address: Address) -> JID:
    """An address as slixmpp's own kind; an empty one where slixmpp is stricter than servers are (emoji, for one)."""
    try:
        return JID(str(address))
    except slixmpp.InvalidJID:
        return JID("")


class TamedClient(slixmpp.ClientXMPP):
    """The part of slixmpp that is used. Made on the running loop; costs about a millisecond."""

    def __init__(self, account: Address) -> None:
        quiet.keep_failures_to_ourselves()
        self._handlers = Handlers()
        self._readers: dict[str, Callable[[Element], None]] = {}
        self._incoming_filters: list[AnyFilter] = []
        self._timeouts: dict[str, Callable[[], None]] = {}
        # slixmpp's own context is never used; an empty one spares it reading the system's authorities.
        super().__init__(jid_of(account), "", ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        for name in _NEGOTIATION:
            self.remove_handler(name)
        self.auto_authorize = None
        self.auto_subscribe = False
        self.del_event_handler("session_start", self._start_keepalive)

    @property
    @abstractmethod
    def online(self) -> bool:
        """Whether a stream is up and stanzas can be sent."""

    # Incoming

    def deliver(self, xml: Element) -> None:
        """Hand a stanza to its reader or to its handlers; whatever is wrong with it, the stream goes on."""
        reader = self._readers.get(xml.tag)
        if reader is not None:
            reader(xml)
            return
        try:
            self._spawn_event(xml)
        except Exception:  # noqa: BLE001 - the boundary towards handlers
            _log.exception("a stanza could not be handled")

    def read_with(self, tag: str, reader: Callable[[Element], None]) -> None:
        """Hand all stanzas of this name to a reader, which does not raise, and to no handler."""
        self._readers[tag] = reader

    def recv_stanza(self, stanza: StanzaBase) -> None:
        """Run what handles this stanza, and refuse requests that nothing handles."""
        for each in self._incoming_filters:
            filtered = each(stanza)
            if not isinstance(filtered, StanzaBase):
                return
            stanza = filtered
        if not self._handlers.run(stanza):
            stanza.unhandled()

    def register_handler(
        self,
        handler: BaseHandler,
        before: BaseHandler | None = None,  # noqa: ARG002 - slixmpp ignores it as well
        after: BaseHandler | None = None,  # noqa: ARG002 - slixmpp ignores it as well
    ) -> None:
        """Add a handler after all others."""
        if handler.stream is None:
            handler.stream = weakref.ref(self)
            self._handlers.add(handler)

    def remove_handler(self, name: str) -> bool:
        """Take out the first handler of this name."""
        return self._handlers.remove(name)

    def add_filter(self, mode: FilterString, handler: AnyFilter, order: int | None = None) -> None:
        """Add a filter; those for incoming stanzas are plain functions, and see what has no reader of its own."""
        if mode == "in":
            self._incoming_filters.append(handler)
        else:
            super().add_filter(mode, handler, order)

    def del_filter(self, mode: str, handler: Callable[[StanzaBase], StanzaBase | None]) -> None:
        """Take a filter out."""
        if mode == "in":
            self._incoming_filters.remove(handler)
        else:
            super().del_filter(mode, handler)

    def exception(self, exception: Exception) -> None:
        """Log what no handler caught, without the stanza's content."""
        _log.error("a handler failed", exc_info=exception)

    # Outgoing

    def send(self, data: StanzaBase | str, use_filters: bool = True) -> None:
        """Queue a stanza. Raises Unavailable without a stream: nothing is kept for later."""
        if not self.online:
            raise Unavailable("There is no connection to the server now.")
        self.waiting_queue.put_nowait((data, use_filters))

    def start_queue(self) -> None:
        """Write what is queued, as long as the stream is up."""
        if self._run_out_filters is None or self._run_out_filters.done():
            self._run_out_filters = asyncio.ensure_future(self.run_filters())

    async def stop_queue(self) -> None:
        """Write nothing any more."""
        writer, self._run_out_filters = self._run_out_filters, None
        if writer is not None:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    def end_session(self) -> None:
        """Nothing of the old session is sent, answered or waited for any more."""
        self._reset_sendq()
        for name, timed_out in list(self._timeouts.items()):
            self.cancel_schedule(name)
            timed_out()

    # What slixmpp would do by itself

    def connect(self, host: str | None = None, port: int | None = None) -> NoReturn:  # noqa: ARG002 (slixmpp's)
        """Refuse: this class does not connect."""
        raise RuntimeError("slixmpp's own way to connect is not safe")

    def reconnect(self, wait: float = 2.0, reason: str = "") -> NoReturn:  # noqa: ARG002 (slixmpp's)
        """Refuse: whoever owns the client decides when to connect again."""
        raise RuntimeError("slixmpp's own way to connect is not safe")

    def schedule(
        self,
        name: str,
        seconds: int,
        callback: Callable[..., None],
        args: tuple[Any, ...] = (),
        kwargs: dict[Any, Any] | None = None,
        repeat: bool = False,
    ) -> None:
        """Schedule as slixmpp does; requests wait 30 s at most, and no longer than their session."""
        if name.startswith(_IQ_TIMEOUT):
            seconds = min(seconds, REQUEST_TIMEOUT)
            self._timeouts[name] = callback
        super().schedule(name, seconds, callback, args, kwargs or {}, repeat)

    def cancel_schedule(self, name: str) -> None:
        """Cancel as slixmpp does."""
        self._timeouts.pop(name, None)
        super().cancel_schedule(name)
