"""What we answer to requests of others (RFC 6120 §8.2.3).

slixmpp's plugins answer those who may know that we are here. Everybody else gets, to whatever they ask, the error
that a server gives where no client is, so that a stranger who knows our full address learns nothing (SECURITY 27).
"""

from xml.etree.ElementTree import Element, SubElement

from tui_xmpp.xmpp import names

_ERROR = names.tag(names.CLIENT, "error")


def reply(request: Element) -> Element:
    """Return the positive answer, without content."""
    return _addressed(request, "result")


def refusal(request: Element) -> Element:
    """Return the error of RFC 6121 §8.5.3.2.3, which a server gives for an address without a client."""
    stanza = _addressed(request, "error")
    error = SubElement(stanza, _ERROR, {"type": "cancel"})
    SubElement(error, names.tag(names.STANZA_ERRORS, "service-unavailable"))
    return stanza


def _addressed(request: Element, kind: str) -> Element:
    stanza = Element(names.IQ, {"type": kind, "id": request.get("id", "")})
    sender = request.get("from")
    if sender is not None:
        stanza.set("to", sender)
    return stanza
