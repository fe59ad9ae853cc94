"""Stream management (XEP-0198): what each side has surely got, and a stream that outlives its connection.

What we acknowledge is on disk first: the count is taken when the server asks, sent when the store has caught up. What
we send is kept as it went out, until the server has acknowledged it, so that a resumed stream repeats the same bytes
and the counts cannot drift apart.
"""

import asyncio
import logging
import re
from collections import deque
from collections.abc import Awaitable, Callable
from xml.etree.ElementTree import Element
from xml.sax.saxutils import quoteattr, unescape

from tui_xmpp.model.frozen import frozen
from tui_xmpp.xmpp.names import tag

NAMESPACE = "urn:xmpp:sm:3"
FEATURE = tag(NAMESPACE, "sm")
ENABLED = tag(NAMESPACE, "enabled")
RESUMED = tag(NAMESPACE, "resumed")
FAILED = tag(NAMESPACE, "failed")
REQUEST = tag(NAMESPACE, "r")
ANSWER = tag(NAMESPACE, "a")
_MODULUS = 2**32
_ASK_AFTER = 20
"""Stanzas other than messages that go out before the server is asked; a message asks at once."""

UNSTORED_TIME = 30.0
"""Seconds after which a session is given up of which something could not be stored: the disk may have room by then."""

_log = logging.getLogger(__name__)
_STANZA = re.compile(r"<(message|presence|iq)(?=[\s/>])([^>]*)")
_ID = re.compile(r"""\sid=(?:"([^"]*)"|'([^']*)')""")
_ENTITIES = {"&quot;": '"', "&apos;": "'"}


class CountsDiffer(Exception):
    """The server acknowledges what was never sent; the stream cannot go on (XEP-0198 §4)."""


@frozen
class _Sent:
    text: str
    message_id: str
    """Empty for all but messages."""


class Acks:
    """The counts of one session, over all the connections that it lives through.

    `write` sends raw text; `committed` returns when all that was received is on disk; `on_acked` takes the id of each
    message that the server has acknowledged; `on_unstored` is called, after a while, when something was received that
    could not be stored: nothing is acknowledged in this session any more, so that the server passes it on once more.
    """

    def __init__(
        self,
        write: Callable[[str], None],
        committed: Callable[[], Awaitable[None]],
        on_acked: Callable[[str], None],
        on_unstored: Callable[[], None],
    ) -> None:
        self._write = write
        self._committed = committed
        self._on_acked = on_acked
        self._on_unstored = on_unstored
        self._giving_up: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._on_line = False
        self.reset()

    def reset(self) -> None:
        """Forget the session: nothing of it is sent again."""
        self.halt()
        self._unstored = False
        self._active = False
        self._session = ""
        self._received = 0
        self._acknowledged = 0
        self._wanted = 0
        self._confirmed = 0
        self._unacked: deque[_Sent] = deque()

    def halt(self) -> None:
        """The connection is gone; what the session holds stays for its resumption."""
        self._on_line = False
        self._asked = False
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None

    @property
    def resumable(self) -> bool:
        """The server holds the session for us, if it still does."""
        return bool(self._session)

    @property
    def active(self) -> bool:
        """Both sides count."""
        return self._active

    # Beginning and resuming

    @staticmethod
    def enable_request() -> str:
        """What asks the server to count, and to hold the session when the line is cut."""
        return f"<enable xmlns='{NAMESPACE}' resume='true'/>"

    def enabled(self, answer: Element) -> None:
        """Take `<enabled/>`: from here on both sides count."""
        self.reset()
        self._active = self._on_line = True
        if answer.get("resume") in {"true", "1"}:
            self._session = answer.get("id", "")

    def resume_request(self) -> str:
        """What asks for the session; all that it acknowledges must be on disk."""
        self._acknowledged = self._received
        return f"<resume xmlns='{NAMESPACE}' h='{self._received}' previd={quoteattr(self._session)}/>"

    def resumed(self, answer: Element) -> None:
        """Take `<resumed/>`: send again what the server has not got. Raises CountsDiffer."""
        self._confirm(answer)
        self._on_line = True
        for sent in self._unacked:
            self._write(sent.text)
        if self._unacked:
            self.ask()

    def failed(self, answer: Element) -> None:
        """Take `<failed/>`: what the server still says to have got is acknowledged, the rest is dropped."""
        try:
            if answer.get("h") is not None:
                self._confirm(answer)
        except CountsDiffer:
            _log.info("the server does not know what it has got of the old session")
        self.reset()

    # Incoming

    def received(self) -> None:
        """Count a stanza whose handling is done."""
        if self._active:
            self._received = (self._received + 1) % _MODULUS

    def requested(self) -> None:
        """The server asks: answer with the present count, once all of it is on disk."""
        if not self._active or self._unstored:
            return
        self._wanted = self._received
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._answer_when_committed(), name="acknowledge")

    async def settle(self) -> None:
        """Acknowledge everything received, before a polite end."""
        if self._active and self._on_line and self._acknowledged != self._received:
            count = self._received
            if await self.stored():
                self._acknowledge(count)

    async def stored(self) -> bool:
        """Wait until all that was received is on disk; false: some of it never will be."""
        try:
            if not self._unstored:
                await self._committed()
        except Exception:  # noqa: BLE001 - the store's own failure; the server keeps what is not acknowledged
            _log.exception("nothing is acknowledged: it could not be stored")
            self._unstored = True
        return not self._unstored

    async def _answer_when_committed(self) -> None:
        while True:
            count = self._wanted
            if not await self.stored():
                self._giving_up = asyncio.get_running_loop().call_later(UNSTORED_TIME, self._on_unstored)
                return
            self._acknowledge(count)
            if count == self._wanted:
                return

    def _acknowledge(self, count: int) -> None:
        self._acknowledged = count
        self._write(f"<a xmlns='{NAMESPACE}' h='{count}'/>")

    # Outgoing

    def sent(self, text: str) -> None:
        """Note raw text that goes out; only stanzas count."""
        if not self._active:
            return
        stanza = _STANZA.match(text)
        if stanza is None:
            return
        is_message = stanza[1] == "message"
        found = _ID.search(stanza[2]) if is_message else None
        message_id = "" if found is None else unescape(found[1] or found[2] or "", _ENTITIES)
        self._unacked.append(_Sent(text, message_id))
        if is_message or len(self._unacked) >= _ASK_AFTER:
            self.ask()

    def ask(self) -> None:
        """Ask the server what it has got, at the end of this turn of the loop; one question at a time."""
        if self._active and self._on_line and not self._asked:
            self._asked = True
            asyncio.get_running_loop().call_soon(self._ask_now)

    def answered(self, answer: Element) -> None:
        """Take `<a/>`. Raises CountsDiffer."""
        self._asked = False
        self._confirm(answer)
        if any(sent.message_id for sent in self._unacked) or len(self._unacked) >= _ASK_AFTER:
            self.ask()

    def _ask_now(self) -> None:
        if self._on_line:
            self._write(f"<r xmlns='{NAMESPACE}'/>")

    def _confirm(self, answer: Element) -> None:
        text = answer.get("h", "")
        if not (text.isascii() and text.isdigit() and len(text) <= 10):
            raise CountsDiffer(text[:20])
        fresh = (int(text) - self._confirmed) % _MODULUS
        if fresh > len(self._unacked):
            raise CountsDiffer(f"{fresh} acknowledged, {len(self._unacked)} sent")
        self._confirmed = int(text) % _MODULUS
        for _ in range(fresh):
            sent = self._unacked.popleft()
            if sent.message_id:
                self._on_acked(sent.message_id)
