"""Asking a room to take somebody's message back for everybody (XEP-0425 §4)."""

from xml.etree.ElementTree import Element, SubElement

from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.xmpp import build, disco, names
from tui_xmpp.xmpp.iq import Requests

_NOT_THERE = "The room's archive does not have that message."
_UNSUPPORTED = "This room's server cannot take messages back."


async def moderate(requests: Requests, room: Address, archive_id: str, reason: str) -> None:
    """Ask in the version that the room announces, the present one first; the room tells everybody itself.

    Raises RequestFailed: the room has no such message or no such feature, or we are no moderator there.
    """
    features = (await disco.ask_info(requests, room)).features
    if names.MODERATION in features:
        payload = _request(archive_id, reason)
    elif names.MODERATION_FIRST in features:
        payload = _first_request(archive_id, reason)
    else:
        raise RequestFailed(_UNSUPPORTED, condition="feature-not-implemented")
    try:
        await requests.set(payload, room)
    except RequestFailed as refusal:
        if refusal.condition == "item-not-found":
            raise RequestFailed(_NOT_THERE, condition=refusal.condition) from refusal
        raise


def _request(archive_id: str, reason: str) -> Element:
    """Return the request of version 0.3, which says in one element what is to be done with which message."""
    moderate_ = Element(names.tag(names.MODERATION, "moderate"), {"id": build.xml_text(archive_id)})
    SubElement(moderate_, names.tag(names.RETRACTION, "retract"))
    _add_reason(moderate_, names.MODERATION, reason)
    return moderate_


def _first_request(archive_id: str, reason: str) -> Element:
    """Return the request of version 0.2, fastened to the message; rooms on Debian 12's Prosody know only that."""
    fastening = Element(names.tag(names.FASTENING, "apply-to"), {"id": build.xml_text(archive_id)})
    moderate_ = SubElement(fastening, names.tag(names.MODERATION_FIRST, "moderate"))
    SubElement(moderate_, names.tag(names.RETRACTION_FIRST, "retract"))
    _add_reason(moderate_, names.MODERATION_FIRST, reason)
    return fastening


def _add_reason(moderate_: Element, namespace: str, reason: str) -> None:
    if reason:
        build.text_child(moderate_, names.tag(namespace, "reason"), reason)
