"""Pages of message archives (XEP-0313 with the paging of XEP-0059).

Own function in place of slixmpp's plugin, which cannot ask for the newest page and accepts results from anybody.
A result counts only for a query that is open, only from the archive that was asked, and never beyond the size of
the page (SECURITY 10).
"""

import logging
import secrets
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.archive import ArchivePage, ArchiveQuery
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Route
from tui_xmpp.xmpp import names, parse
from tui_xmpp.xmpp.build import xml_text
from tui_xmpp.xmpp.forms import submission
from tui_xmpp.xmpp.iq import Requests
from tui_xmpp.xmpp.line import Line
from tui_xmpp.xmpp.parse_children import read_delay
from tui_xmpp.xmpp.parse_message import Envelope, parse_message

log = logging.getLogger(__name__)

RESULT = names.tag(names.ARCHIVE, "result")
_QUERY = names.tag(names.ARCHIVE, "query")
_FIN = names.tag(names.ARCHIVE, "fin")
_FORWARDED = names.tag(names.FORWARD, "forwarded")
_DELAY = names.tag(names.DELAY, "delay")
_SET = names.tag(names.RSM, "set")
_MAX = names.tag(names.RSM, "max")
_BEFORE = names.tag(names.RSM, "before")
_AFTER = names.tag(names.RSM, "after")
_FIRST = names.tag(names.RSM, "first")
_LAST = names.tag(names.RSM, "last")


_AROUND = 60_000_000
"""µs by which clocks may differ."""


@dataclass(slots=True)
class _Open:
    query: ArchiveQuery
    results: int = 0
    messages: list[MessageReceived] = field(default_factory=list)
    wanted: str = ""
    """The archive id of a stanza that is wanted as it is."""
    found: Element | None = None


class Archives:
    """Asks archives for pages and gathers the results that belong to them."""

    def __init__(self, line: Line, requests: Requests) -> None:
        self._line = line
        self._requests = requests
        self._open: dict[str, _Open] = {}

    async def page(self, query: ArchiveQuery) -> ArchivePage:
        """Ask for one page. Raises RequestFailed; `item-not-found`: the archive does not know the id to page from."""
        answer, gathered = await self._ask(_Open(query))
        fin = answer.find(_FIN)
        if fin is None:
            fin = Element(_FIN)
        return ArchivePage(
            messages=tuple(gathered.messages),
            first=parse.identifier(fin.findtext(f"{_SET}/{_FIRST}")),
            last=parse.identifier(fin.findtext(f"{_SET}/{_LAST}")),
            complete=parse.flag(fin.get("complete")),
        )

    async def stanza(self, archive: Address | None, archive_id: str, time: int) -> Element | None:
        """Return one archived stanza by its id; `time` is about when it was archived. Raises RequestFailed.

        An archive that cannot be asked for an id refuses, or answers with others: then its page of that time is asked
        for.
        """
        about = ArchiveQuery(archive, start=max(0, time - _AROUND), size=100)
        for query in (ArchiveQuery(archive, ids=(archive_id,)), about):
            try:
                _, gathered = await self._ask(_Open(query, wanted=archive_id))
            except RequestFailed:
                if query is about:
                    raise
            else:
                if gathered.found is not None:
                    return gathered.found
        return None

    async def _ask(self, gathered: _Open) -> tuple[Element, _Open]:
        key = secrets.token_urlsafe(12)
        self._open[key] = gathered
        try:
            return await self._requests.set(_request(gathered.query, key), gathered.query.archive), gathered
        finally:
            del self._open[key]

    def take(self, stanza: Element, result: Element) -> None:
        """Keep one result if it belongs to an open query; drop it, logged, if not."""
        gathered = self._open.get(result.get("queryid", ""))
        if gathered is None:
            log.warning("an archive's result that nobody asked for was dropped")
            return
        own = self._line.own
        sender = stanza.get("from")
        archive = gathered.query.archive or own.bare
        if not (parse.address(sender) == archive or (sender is None and archive == own.bare)):
            log.warning("an archive's result from somebody who was not asked was dropped")
            return
        gathered.results += 1
        if gathered.results > gathered.query.size:
            log.warning("more archived messages came than were asked for")
            return
        if gathered.wanted:
            if result.get("id") == gathered.wanted:
                gathered.found = result.find(f"{_FORWARDED}/{names.MESSAGE}")
            return
        message = read_result(result, own, archive)
        if message is not None:
            gathered.messages.append(message)


def read_result(result: Element, own: Address, archive: Address) -> MessageReceived | None:
    """Read the message inside a result whose sender is verified.

    From a room's archive only that room's own groupchat is taken; None for all else and for bad addresses.
    """
    forwarded = result.find(_FORWARDED)
    inner = forwarded.find(names.MESSAGE) if forwarded is not None else None
    delay = forwarded.find(_DELAY) if forwarded is not None else None
    if inner is None:
        return None
    stamp = read_delay(delay) if delay is not None else None
    envelope = Envelope(
        Route.ARCHIVE,
        archive,
        (stamp[0], archive) if stamp is not None else None,
        parse.identifier(result.get("id")),
    )
    message = parse_message(inner, own, envelope)
    if message is None or archive == own.bare:
        return message
    if message.type is MessageType.GROUPCHAT and message.sender.bare == archive:
        return message
    log.warning("a room's archive gave a message that is not the room's; it was dropped")
    return None


def _request(query: ArchiveQuery, key: str) -> Element:
    payload = Element(_QUERY, {"queryid": key})
    fields: dict[str, tuple[str, ...]] = {}
    if query.peer is not None:
        fields["with"] = (str(query.peer),)
    if query.start is not None:
        fields["start"] = (parse.written_time(query.start),)
    if query.ids:
        fields["ids"] = tuple(xml_text(name) for name in query.ids)
    if query.end is not None:
        fields["end"] = (parse.written_time(query.end),)
    if query.after_id:
        fields["after-id"] = (xml_text(query.after_id),)
    if fields:
        payload.append(submission(names.ARCHIVE, fields))
    page = SubElement(payload, _SET)
    SubElement(page, _MAX).text = str(query.size)
    if query.before is not None:
        SubElement(page, _BEFORE).text = xml_text(query.before)
    if query.after is not None:
        SubElement(page, _AFTER).text = xml_text(query.after)
    return payload
