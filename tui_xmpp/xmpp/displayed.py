"""What our devices have read, kept on the server in a private node (XEP-0490)."""

import logging
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.message_parts import StanzaId
from tui_xmpp.model.stanzas import DisplayedChanged, DisplayedMark
from tui_xmpp.xmpp import names, parse
from tui_xmpp.xmpp.build import xml_text
from tui_xmpp.xmpp.iq import Requests
from tui_xmpp.xmpp.private_node import ITEM, UNSUPPORTED, PrivateNode

log = logging.getLogger(__name__)

MARKS_LIMIT = 2000
"""Most marks taken from the server at once; it has one for each chat."""

_DISPLAYED = names.tag(names.DISPLAYED, "displayed")
_STANZA_ID = names.tag(names.STABLE_IDS, "stanza-id")
_EVENT_ITEM = names.tag(names.PUBSUB_EVENT, "item")
_REFUSAL = "The server would show others what you have read, so it was not stored there."


class DisplayedMarks:
    """Reads and sets the marks of one account."""

    def __init__(self, requests: Requests) -> None:
        self._node = PrivateNode(requests, names.DISPLAYED, _REFUSAL)

    def reset(self) -> None:
        """Forget what was learnt of the server on the last stream."""
        self._node.reset()

    async def fetch(self) -> tuple[DisplayedMark, ...]:
        """Return all marks (§3.4); none where the server keeps none. Raises RequestFailed for a failure in between."""
        try:
            items = await self._node.items()
        except RequestFailed as refusal:
            if refusal.condition not in UNSUPPORTED:
                raise
            log.info("the server does not keep what was read")
            return ()
        return () if items is None else tuple(_marks(items, ITEM))

    async def publish(self, mark: DisplayedMark) -> None:
        """Set the mark of one chat (§3.2). Raises RequestFailed, also when the node cannot be made private.

        Its own publication, and not the server's help with a marker (§3.5.1), which few servers offer and which would
        tell the contact too.
        """
        displayed = Element(_DISPLAYED)
        place = {"by": str(mark.stanza_id.by), "id": xml_text(mark.stanza_id.id)}
        SubElement(displayed, _STANZA_ID, place)
        await self._node.publish(str(mark.peer), displayed)


def parse_marks(items: Element) -> DisplayedChanged | None:
    """Read an event of our own node; None where it sets no mark, as when one is taken away."""
    marks = tuple(_marks(items, _EVENT_ITEM))
    return DisplayedChanged(marks) if marks else None


def _marks(items: Element, item_tag: str) -> Iterator[DisplayedMark]:
    """Yield the marks of a node's items; those without a good address or exactly one stanza-id are left out."""
    for item in items.findall(item_tag)[:MARKS_LIMIT]:
        peer, displayed = parse.address(item.get("id")), item.find(_DISPLAYED)
        stanza_ids = displayed.findall(_STANZA_ID) if displayed is not None else []
        if peer is None or len(stanza_ids) != 1:
            continue
        by, value = parse.address(stanza_ids[0].get("by")), parse.identifier(stanza_ids[0].get("id"))
        if by is not None and value:
            yield DisplayedMark(peer, StanzaId(by, value))
