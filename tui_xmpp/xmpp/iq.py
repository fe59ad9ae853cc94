"""Requests and their answers (RFC 6120 §8.2.3).

Own bookkeeping in place of slixmpp's: one lookup by id for each answer instead of one stream handler for each
request, and an answer counts only when it comes from whom we asked.
"""

import asyncio
import logging
import secrets
from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import Element

from tui_xmpp.errors import RequestFailed, Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.xmpp import names, parse
from tui_xmpp.xmpp.conditions import TIMEOUT, plain_words
from tui_xmpp.xmpp.line import Line

log = logging.getLogger(__name__)

REQUEST_TIMEOUT = 30.0
"""Seconds after which a request counts as unanswered."""

FLOOD = 8_192
"""Bytes a second above which more time passes: answers come in order, behind what a server had kept for us."""

LONGEST = 600.0
"""Seconds that an answer may take in a flood."""


class Refused(RequestFailed):
    """An error answer, with the stanza: some errors say more than their condition."""

    def __init__(self, stanza: Element) -> None:
        condition, words = parse.error(stanza)
        super().__init__(words, condition=condition)
        self.stanza = stanza


@dataclass(slots=True)
class _Pending:
    recipient: Address | None
    answer: asyncio.Future[Element]


class Requests:
    """The open requests of one account."""

    def __init__(self, line: Line, seconds: float = REQUEST_TIMEOUT) -> None:
        self._line = line
        self._seconds = seconds
        self._pending: dict[str, _Pending] = {}

    async def get(self, payload: Element, recipient: Address | None = None) -> Element:
        """Ask for something; see `_ask`."""
        return await self._ask("get", payload, recipient)

    async def set(self, payload: Element, recipient: Address | None = None) -> Element:
        """Ask to change something; see `_ask`."""
        return await self._ask("set", payload, recipient)

    async def _ask(self, kind: Literal["get", "set"], payload: Element, recipient: Address | None) -> Element:
        """Return the answering stanza. Without a recipient our own account is asked.

        Raises RequestFailed for an error answer and for none in time, Unavailable when there is no stream or the
        stream is lost for good meanwhile. An answer may come after a resumption.
        """
        key = secrets.token_urlsafe(12)
        stanza = Element(names.IQ, {"type": kind, "id": key})
        if recipient is not None:
            stanza.set("to", str(recipient))
        stanza.append(payload)
        answer: asyncio.Future[Element] = asyncio.get_running_loop().create_future()
        self._pending[key] = _Pending(recipient, answer)
        try:
            self._line.send(stanza)
            await asyncio.wait([answer], timeout=self._seconds)
            if not answer.done():
                await self._wait_out_flood(answer)
            if answer.done():
                return answer.result()
            raise RequestFailed(plain_words(TIMEOUT), condition=TIMEOUT)
        finally:
            self._pending.pop(key, None)
            if answer.done():
                # Whoever asked may have been cancelled in the same moment; else asyncio complains about it in the log.
                answer.exception()

    async def _wait_out_flood(self, answer: "asyncio.Future[Element]") -> None:
        """Wait on for as long as so much comes that the answer may well be behind it."""
        loop = asyncio.get_running_loop()
        end = loop.time() + LONGEST
        while loop.time() < end:
            read = self._line.read
            await asyncio.wait([answer], timeout=min(1.0, self._seconds))
            if answer.done() or self._line.read - read < FLOOD:
                return

    def take(self, stanza: Element) -> None:
        """Give an answer to whoever waits for it; others are ignored."""
        pending = self._pending.get(stanza.get("id", ""))
        if pending is None or pending.answer.done():
            return
        if not self._is_from(stanza, pending.recipient):
            log.warning("an answer from somebody who was not asked was ignored")
            return
        if stanza.get("type") == "error":
            pending.answer.set_exception(Refused(stanza))
        else:
            pending.answer.set_result(stanza)

    def fail_all(self) -> None:
        """End all open requests: their answers cannot come any more."""
        for pending in self._pending.values():
            if not pending.answer.done():
                pending.answer.set_exception(Unavailable("The connection was lost before the answer came."))

    def _is_from(self, stanza: Element, recipient: Address | None) -> bool:
        """Whether the answer's sender is who was asked; our server speaks for our account (RFC 6120 §8.1.2.1)."""
        text = stanza.get("from")
        own = self._line.own
        sender = parse.address(text) if text is not None else None
        if recipient is None or recipient == own.bare:
            return text is None or sender in {own.bare, own, Address(own.domain)}
        return sender == recipient or (text is None and recipient == Address(own.domain))
