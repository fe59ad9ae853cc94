"""Our wishes written as stanzas; pure.

Everything that a person wrote passes `xml_text`, since one character that XML forbids would end the stream.
"""

import re
import secrets
from xml.etree.ElementTree import Element, SubElement

from tui_xmpp.model.address import Address
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.stanzas import Outgoing
from tui_xmpp.xmpp import names

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Return the text without the characters that XML 1.0 §2.2 forbids, lone surrogates among them."""
    return _NOT_XML.sub("", text)


def text_child(parent: Element, tag: str, text: str) -> Element:
    """Add a child that holds a text."""
    child = SubElement(parent, tag)
    child.text = xml_text(text)
    return child


def message(outgoing: Outgoing) -> Element:
    """Return the message stanza for a wish of the core."""
    stanza = Element(names.MESSAGE, {"to": str(outgoing.recipient), "type": outgoing.type.value, "id": outgoing.id})
    if outgoing.subject is not None:
        text_child(stanza, names.tag(names.CLIENT, "subject"), outgoing.subject)
    if outgoing.body is not None:
        text_child(stanza, names.tag(names.CLIENT, "body"), outgoing.body)
    if outgoing.private:
        SubElement(stanza, names.tag(names.ROOM_USER, "x"))
    if outgoing.origin_id:
        SubElement(stanza, names.tag(names.STABLE_IDS, "origin-id"), {"id": outgoing.origin_id})
    if outgoing.chat_state is not None:
        SubElement(stanza, names.tag(names.CHAT_STATES, outgoing.chat_state.value))
    if outgoing.request_receipt:
        SubElement(stanza, names.tag(names.RECEIPTS, "request"))
    if outgoing.markable:
        SubElement(stanza, names.tag(names.MARKERS, "markable"))
    if outgoing.receipt_for:
        SubElement(stanza, names.tag(names.RECEIPTS, "received"), {"id": xml_text(outgoing.receipt_for)})
    if outgoing.displayed:
        SubElement(stanza, names.tag(names.MARKERS, "displayed"), {"id": xml_text(outgoing.displayed)})
    if outgoing.no_store:
        SubElement(stanza, names.tag(names.HINTS, "no-store"))
    elif outgoing.displayed or outgoing.receipt_for:
        # Without a body a server would neither archive it nor tell our other devices (XEP-0333 §4.1).
        SubElement(stanza, names.tag(names.HINTS, "store"))
    return stanza


def presence(
    availability: Availability = Availability.ONLINE, status: str = "", *, recipient: Address | None = None
) -> Element:
    """Return presence, broadcast or directed (RFC 6121 §4)."""
    stanza = Element(names.PRESENCE)
    if recipient is not None:
        stanza.set("to", str(recipient))
    if availability is Availability.OFFLINE:
        stanza.set("type", "unavailable")
    elif availability is not Availability.ONLINE:
        SubElement(stanza, names.tag(names.CLIENT, "show")).text = availability.value
    if status:
        text_child(stanza, names.tag(names.CLIENT, "status"), status)
    return stanza


def subscription(action: str, address: Address) -> Element:
    """Return a subscription presence, always to the bare address (RFC 6121 §3)."""
    return Element(names.PRESENCE, {"to": str(address.bare), "type": action})


def invitation(room: Address, address: Address, reason: str) -> Element:
    """Return an invitation that the room passes on (XEP-0045 §7.8.2)."""
    stanza = Element(names.MESSAGE, {"to": str(room)})
    user = SubElement(stanza, names.tag(names.ROOM_USER, "x"))
    invite = SubElement(user, names.tag(names.ROOM_USER, "invite"), {"to": str(address)})
    if reason:
        text_child(invite, names.tag(names.ROOM_USER, "reason"), reason)
    return stanza


def decline(room: Address, inviter: Address) -> Element:
    """Return the answer that we do not come, which the room passes on (XEP-0045 §7.8.2)."""
    stanza = Element(names.MESSAGE, {"to": str(room)})
    user = SubElement(stanza, names.tag(names.ROOM_USER, "x"))
    SubElement(user, names.tag(names.ROOM_USER, "decline"), {"to": str(inviter)})
    return stanza


def fresh_id() -> str:
    """Return an id for a stanza that nobody can guess."""
    return secrets.token_urlsafe(12)
