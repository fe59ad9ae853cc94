"""Message stanzas sorted by what they are: a message, the envelope of one (carbon, archive), or an event.

An envelope is opened only when whoever sealed it could (SECURITY 9, 10, 12); a forged one is dropped as a whole.
"""

import logging
from collections.abc import Callable
from xml.etree.ElementTree import Element

from tui_xmpp.model.address import Address
from tui_xmpp.model.stanzas import (
    BookmarksChanged,
    DevicesChanged,
    DisplayedChanged,
    MessageReceived,
    MessageType,
    Route,
)
from tui_xmpp.xmpp import names, parse
from tui_xmpp.xmpp.archive import RESULT, Archives
from tui_xmpp.xmpp.displayed import parse_marks
from tui_xmpp.xmpp.omemo import nodes
from tui_xmpp.xmpp.parse_bookmarks import parse_changes
from tui_xmpp.xmpp.parse_children import read_delay
from tui_xmpp.xmpp.parse_message import Envelope, parse_message

log = logging.getLogger(__name__)

Heard = MessageReceived | BookmarksChanged | DevicesChanged | DisplayedChanged

_CARBONS = {
    names.tag(names.CARBONS, "received"): Route.CARBON_RECEIVED,
    names.tag(names.CARBONS, "sent"): Route.CARBON_SENT,
}
_EVENT = names.tag(names.PUBSUB_EVENT, "event")
_ITEMS = names.tag(names.PUBSUB_EVENT, "items")
_PRIVATE_NODES: dict[str, Callable[[Element], BookmarksChanged | DisplayedChanged | None]] = {
    names.BOOKMARKS: parse_changes,
    names.DISPLAYED: parse_marks,
}
"""Who reads the items of events of our own nodes."""
_BODY = names.tag(names.CLIENT, "body")
_ENVELOPES = {*_CARBONS, RESULT, _EVENT}
_FORWARDED = names.tag(names.FORWARD, "forwarded")
_DELAY = names.tag(names.DELAY, "delay")


def read_message(stanza: Element, own: Address, archives: Archives) -> Heard | None:
    """Read one message stanza of our stream; results of archives go to `archives`. None: nothing to tell."""
    envelope = next((child for child in stanza if child.tag in _ENVELOPES), None)
    if envelope is None:
        return parse_message(stanza, own)
    if envelope.tag == RESULT:
        archives.take(stanza, envelope)
        return None
    if envelope.tag == _EVENT:
        return _event(stanza, envelope, own)
    return open_carbon(stanza, envelope, own)


def _event(stanza: Element, event: Element, own: Address) -> Heard | None:
    """Read an event of a node (XEP-0060 §7.1.2.1); our private nodes speak from our own bare address only."""
    sender = own.bare if stanza.get("from") is None else parse.address(stanza.get("from"))
    devices = None if sender is None else nodes.read_event(event, sender)
    if devices is not None:
        return devices
    if parse.address(stanza.get("from")) == own.bare:
        items = event.find(_ITEMS)
        reader = None if items is None else _PRIVATE_NODES.get(items.get("node", ""))
        return None if items is None or reader is None else reader(items)
    if stanza.find(_BODY) is not None:
        return parse_message(stanza, own)
    return None


def open_carbon(stanza: Element, carbon: Element, own: Address) -> MessageReceived | None:
    """Return the message inside a carbon (XEP-0280), or None, logged, for one that our server did not make.

    Required: `from` is exactly our bare address, one level, one message, never groupchat, and we are the
    recipient (received) or the sender (sent) of what is inside.
    """
    inner = _only_message(carbon)
    if parse.address(stanza.get("from")) != own.bare or len(stanza.findall(carbon.tag)) != 1 or inner is None:
        log.warning("a forged carbon was dropped")
        return None
    if any(child.tag in _ENVELOPES for child in inner):
        log.warning("a carbon with another envelope inside was dropped")
        return None
    route = _CARBONS[carbon.tag]
    delay = carbon.find(f"{_FORWARDED}/{_DELAY}")
    stamp = read_delay(delay) if delay is not None else None
    message = parse_message(inner, own, Envelope(route, own.bare, stamp))
    if message is None:
        return None
    ours = message.sender if route is Route.CARBON_SENT else message.recipient
    if message.type is MessageType.GROUPCHAT or ours.bare != own.bare:
        log.warning("a carbon of somebody else's message was dropped")
        return None
    return message


def _only_message(carbon: Element) -> Element | None:
    """Return the one message of the one forwarded element; None when there are more or none."""
    forwarded = list(carbon)
    if len(forwarded) != 1 or forwarded[0].tag != _FORWARDED:
        return None
    messages = forwarded[0].findall(names.MESSAGE)
    return messages[0] if len(messages) == 1 else None
