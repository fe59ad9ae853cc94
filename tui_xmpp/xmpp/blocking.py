"""Having the server keep somebody away (XEP-0191), with a report to its operators where they take one (XEP-0377)."""

from xml.etree.ElementTree import Element, SubElement

from tui_xmpp.model.address import Address
from tui_xmpp.model.report import Report
from tui_xmpp.xmpp import build, names, parse
from tui_xmpp.xmpp.iq import Requests

_ITEM = names.tag(names.BLOCKING, "item")
_MOST = 10_000
"""Most addresses that are read from the list."""


async def blocked(requests: Requests) -> tuple[Address, ...]:
    """Who is kept away now. Raises RequestFailed."""
    answer = await requests.get(Element(names.tag(names.BLOCKING, "blocklist")))
    found = answer.find(names.tag(names.BLOCKING, "blocklist"))
    items = [] if found is None else found.findall(_ITEM)[:_MOST]
    addresses = (parse.address(item.get("jid")) for item in items)
    return tuple(sorted({address for address in addresses if address is not None}))


async def block(requests: Requests, address: Address, report: Report | None) -> None:
    """Keep an address away from now on. Raises RequestFailed."""
    payload = Element(names.tag(names.BLOCKING, "block"))
    item = SubElement(payload, _ITEM, {"jid": str(address)})
    if report is not None:
        item.append(_report(report))
    await requests.set(payload)


async def unblock(requests: Requests, address: Address) -> None:
    """Let an address write again. Raises RequestFailed."""
    payload = Element(names.tag(names.BLOCKING, "unblock"))
    SubElement(payload, _ITEM, {"jid": str(address)})
    await requests.set(payload)


def _report(report: Report) -> Element:
    """Return the report that goes with a block (XEP-0377 §3)."""
    element = Element(names.tag(names.REPORTING, "report"), {"reason": report.complaint.value})
    if report.by is not None:
        for archive_id in report.archive_ids:
            attributes = {"by": str(report.by), "id": build.xml_text(archive_id)}
            SubElement(element, names.tag(names.STABLE_IDS, "stanza-id"), attributes)
    if report.text:
        build.text_child(element, names.tag(names.REPORTING, "text"), report.text)
    return element
