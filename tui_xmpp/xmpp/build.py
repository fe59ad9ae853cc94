"""Our wishes written as stanzas; pure.

Everything that a person wrote passes `xml_text`, since one character that XML forbids would end the stream.
"""

import re
import secrets
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement

from tui_xmpp.model.address import Address
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.message_parts import Fallback
from tui_xmpp.model.stanzas import Outgoing
from tui_xmpp.xmpp import names

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

RETRACTION_TEXT = "This person took an earlier message back, but this client cannot remove it."
"""What a client that knows no retraction shows in its place."""


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
    body = RETRACTION_TEXT if outgoing.retracts and not outgoing.body else outgoing.body
    if body is not None:
        text_child(stanza, names.tag(names.CLIENT, "body"), body)
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
    _add_link(stanza, outgoing.link)
    _add_operations(stanza, outgoing)
    _add_fallbacks(stanza, outgoing.fallbacks, body or "")
    if outgoing.no_store:
        SubElement(stanza, names.tag(names.HINTS, "no-store"))
    elif outgoing.displayed or outgoing.receipt_for or outgoing.reactions is not None or outgoing.retracts:
        # Without a body, or with one that is fallback, a server would neither archive it nor tell our other devices
        # (XEP-0333 §4.1, XEP-0424 §3, XEP-0444 §4).
        SubElement(stanza, names.tag(names.HINTS, "store"))
    return stanza


def _add_link(stanza: Element, link: str) -> None:
    """Say that the body is the link of a file, so that clients show the file (XEP-0066 §3)."""
    if link:
        element = SubElement(stanza, names.tag(names.OUT_OF_BAND, "x"))
        text_child(element, names.tag(names.OUT_OF_BAND, "url"), link)


def _add_operations(stanza: Element, outgoing: Outgoing) -> None:
    """Say what a message does to another one, in the versions that today's clients speak.

    Corrections (XEP-0308), reactions (XEP-0444) and replies (XEP-0461) have one version each; Gajim 2, Dino 0.5 and
    Converse 11 know them, Conversations 2.17 all but replies, whose quote it shows as text. A retraction goes out in
    version 1 of XEP-0424 alone, which Gajim 2 and Converse 11 read. Dino 0.5 and Conversations know none, and show the
    body that comes with it, marked as fallback (XEP-0428) for those that know only that. The first version, fastened,
    is read here but not sent: who reads that alone shows the body too.
    """
    if outgoing.replaces:
        SubElement(stanza, names.tag(names.CORRECTION, "replace"), {"id": xml_text(outgoing.replaces)})
    if outgoing.reactions is not None:
        reactions = SubElement(stanza, names.tag(names.REACTIONS, "reactions"), {"id": xml_text(outgoing.reactions.to)})
        for emoji in outgoing.reactions.emojis:
            text_child(reactions, names.tag(names.REACTIONS, "reaction"), emoji)
    if outgoing.reply_to is not None:
        reply = SubElement(stanza, names.tag(names.REPLY, "reply"), {"id": xml_text(outgoing.reply_to.id)})
        if outgoing.reply_to.sender is not None:
            reply.set("to", str(outgoing.reply_to.sender))
    if outgoing.retracts:
        SubElement(stanza, names.tag(names.RETRACTION, "retract"), {"id": xml_text(outgoing.retracts)})
        if all(fallback.namespace != names.RETRACTION for fallback in outgoing.fallbacks):
            SubElement(stanza, names.tag(names.FALLBACK, "fallback"), {"for": names.RETRACTION})


def _add_fallbacks(stanza: Element, fallbacks: Iterable[Fallback], body: str) -> None:
    """Mark the parts of the body that are there for clients without a feature (XEP-0428 §2.2).

    They are counted in the body as it goes out, without what XML forbids.
    """
    elements: dict[str, Element] = {}
    for fallback in fallbacks:
        element = elements.get(fallback.namespace)
        if element is None:
            element = SubElement(stanza, names.tag(names.FALLBACK, "fallback"), {"for": fallback.namespace})
            elements[fallback.namespace] = element
        part = SubElement(element, names.tag(names.FALLBACK, "body"))
        if fallback.end is not None:
            part.set("start", str(len(xml_text(body[: fallback.start]))))
            part.set("end", str(len(xml_text(body[: fallback.end]))))


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
