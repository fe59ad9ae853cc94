"""A presence stanza read into one plain value; pure and total."""

import logging
from xml.etree.ElementTree import Element

from tui_xmpp.model.address import Address
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.room import Affiliation, Role
from tui_xmpp.model.stanzas import (
    OccupantError,
    OccupantReceived,
    PresenceReceived,
    SubscriptionAction,
    SubscriptionReceived,
)
from tui_xmpp.model.text import clean_line
from tui_xmpp.xmpp import names, parse
from tui_xmpp.xmpp.parse_message import room_status_codes

log = logging.getLogger(__name__)

PresenceSignal = PresenceReceived | SubscriptionReceived | OccupantReceived | OccupantError

_STATUS = names.tag(names.CLIENT, "status")
_SHOW = names.tag(names.CLIENT, "show")
_PRIORITY = names.tag(names.CLIENT, "priority")
_NICK = names.tag(names.NICK, "nick")
_ROOM = names.tag(names.ROOM, "x")
_ROOM_USER = names.tag(names.ROOM_USER, "x")
_ITEM = names.tag(names.ROOM_USER, "item")
_ACTOR = names.tag(names.ROOM_USER, "actor")
_REASON = names.tag(names.ROOM_USER, "reason")
_DESTROY = names.tag(names.ROOM_USER, "destroy")
_OCCUPANT_ID = names.tag(names.OCCUPANT_IDS, "occupant-id")

_SHOWN = {member.value: member for member in (Availability.CHAT, Availability.AWAY, Availability.XA, Availability.DND)}
_ACTIONS = {member.value: member for member in SubscriptionAction}
_AFFILIATIONS = {member.value: member for member in Affiliation}
_ROLES = {member.value: member for member in Role}

_NICKNAME_CHANGED = 303


def parse_presence(stanza: Element, own: Address, *, from_room: bool) -> PresenceSignal | None:
    """Read a presence; None when its address is bad (logged) or it says nothing to a client.

    `from_room`: the sender's bare address is a room that we are in or entering. From there all presence is an
    occupant's, also without any room element (a service that goes down); from elsewhere none is, whatever it claims.
    An error from a contact means that the contact cannot be reached (RFC 6121 §4.3.2).
    """
    text = stanza.get("from")
    sender = own.bare if text is None else parse.address(text)
    if sender is None:
        log.warning("a presence with a bad address was dropped")
        return None
    kind = stanza.get("type")
    if kind in _ACTIONS:
        return SubscriptionReceived(
            sender.bare, _ACTIONS[kind], parse.child_line(stanza, _STATUS), parse.child_line(stanza, _NICK)
        )
    if kind == "error":
        if from_room:
            return OccupantError(sender, parse.error(stanza)[0], parse.error_text(stanza))
        return None if stanza.find(_ROOM) is not None else PresenceReceived(sender, Availability.OFFLINE)
    if kind not in {None, "unavailable"}:
        return None
    availability = Availability.OFFLINE if kind else _availability(stanza)
    user = stanza.find(_ROOM_USER)
    if from_room:
        return _occupant(stanza, sender, availability, user)
    if user is not None:
        log.info("presence of a room that we are not in was dropped")
        return None
    priority = parse.number(stanza.findtext(_PRIORITY), 0, -128, 127)
    return PresenceReceived(sender, availability, _status(stanza), priority)


def _availability(stanza: Element) -> Availability:
    return _SHOWN.get((stanza.findtext(_SHOW) or "").strip(), Availability.ONLINE)


def _status(stanza: Element) -> str:
    return parse.line(parse.preferred(stanza.findall(_STATUS)))


def _occupant(stanza: Element, sender: Address, availability: Availability, user: Element | None) -> OccupantReceived:
    """Read the presence of an occupant (XEP-0045 §7); one without details says only whether somebody is there."""
    occupant_id = stanza.find(_OCCUPANT_ID)
    if user is None:
        user = Element(_ROOM_USER)
    item = user.find(_ITEM)
    if item is None:
        item = Element(_ITEM)
    actor = item.find(_ACTOR)
    destroy = user.find(_DESTROY)
    codes = room_status_codes(user)
    address = parse.address(item.get("jid"))
    alternate = parse.address(destroy.get("jid")) if destroy is not None else None
    return OccupantReceived(
        sender=sender,
        availability=availability,
        status=_status(stanza),
        affiliation=_AFFILIATIONS.get(item.get("affiliation", ""), Affiliation.NONE),
        role=_ROLES.get(item.get("role", ""), Role.NONE),
        address=address.bare if address is not None else None,
        occupant_id=parse.identifier(occupant_id.get("id")) if occupant_id is not None else "",
        new_nick=parse.occupant_nick(item.get("nick"), sender.bare) if _NICKNAME_CHANGED in codes else "",
        status_codes=codes,
        reason=parse.child_line(item if destroy is None else destroy, _REASON),
        actor=clean_line(actor.get("nick") or actor.get("jid") or "") if actor is not None else "",
        destroyed=destroy is not None,
        alternate=alternate.bare if alternate is not None else None,
    )
