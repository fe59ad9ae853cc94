"""Items of a roster read into plain values and written back (RFC 6121 §2)."""

import logging
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from tui_xmpp.model.contact import Subscription
from tui_xmpp.model.stanzas import RosterItem
from tui_xmpp.model.text import clean_line
from tui_xmpp.xmpp import names, parse
from tui_xmpp.xmpp.build import xml_text

log = logging.getLogger(__name__)

QUERY = names.tag(names.ROSTER, "query")
_ITEM = names.tag(names.ROSTER, "item")
_GROUP = names.tag(names.ROSTER, "group")

_GROUPS_LIMIT = 32
"""Most groups taken of one contact."""

_SUBSCRIPTIONS = {member.value: member for member in Subscription}


def parse_roster(query: Element) -> Iterator[RosterItem]:
    """Yield the items of a roster; those with a bad address are left out and logged."""
    for item in query.iterfind(_ITEM):
        address = parse.address(item.get("jid"))
        if address is None:
            log.warning("a contact with a bad address was left out")
            continue
        subscription = item.get("subscription", "none")
        groups = dict.fromkeys(clean_line(group.text or "") for group in item.iterfind(_GROUP))
        yield RosterItem(
            address=address.bare,
            name=clean_line(item.get("name", "")),
            groups=tuple(group for group in groups if group)[:_GROUPS_LIMIT],
            subscription=_SUBSCRIPTIONS.get(subscription, Subscription.NONE),
            asked=item.get("ask") == "subscribe",
            removed=subscription == "remove",
        )


def roster_set(item: RosterItem) -> Element:
    """Return the query that adds, changes or removes one item (RFC 6121 §2.3-2.5)."""
    query = Element(QUERY)
    element = SubElement(query, _ITEM, {"jid": str(item.address.bare)})
    if item.removed:
        element.set("subscription", "remove")
        return query
    if item.name:
        element.set("name", xml_text(item.name))
    for group in item.groups:
        SubElement(element, _GROUP).text = xml_text(group)
    return query
