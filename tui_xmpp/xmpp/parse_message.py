"""A message stanza read into one plain value; pure, and total: whatever came, it gives a value or None.

Nothing is believed here. Carbons, archive results and events are unwrapped elsewhere (`messages`, `archive`);
this reads one `<message/>` as it stands.
"""

import hashlib
import logging
from dataclasses import replace
from xml.etree.ElementTree import Element, tostring

from tui_xmpp.model.address import Address
from tui_xmpp.model.fallbacks import fitted
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message_parts import Fallback, Invitation, StanzaId
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Route, Sealed
from tui_xmpp.model.text import clean, clean_line
from tui_xmpp.xmpp import names, parse
from tui_xmpp.xmpp.omemo.codec import read_envelope
from tui_xmpp.xmpp.parse_children import Delay, Draft, gather
from tui_xmpp.xmpp.parse_operations import read_operations

log = logging.getLogger(__name__)

_INVITE = names.tag(names.ROOM_USER, "invite")
_DECLINE = names.tag(names.ROOM_USER, "decline")
_REASON = names.tag(names.ROOM_USER, "reason")
_PASSWORD = names.tag(names.ROOM_USER, "password")
_STATUS = names.tag(names.ROOM_USER, "status")

_TYPES = {member.value: member for member in MessageType}


@frozen
class Envelope:
    """What a message came in, for other routes than LIVE: a carbon (XEP-0280) or an archive's result (XEP-0313)."""

    route: Route
    sender: Address | None
    """`from` of the stanza that came over our stream."""
    delay: Delay | None = None
    archive_id: str = ""


def parse_message(stanza: Element, own: Address, envelope: Envelope | None = None) -> MessageReceived | None:
    """Read a message; None when an address in it is bad, which is logged.

    A missing `from` or `to` stands for our own account (RFC 6120 §8.1.2.1). Without an envelope it is a live one.
    """
    sender = _party(stanza, "from", own.bare)
    recipient = _party(stanza, "to", own)
    if sender is None or recipient is None:
        log.warning("a message with a bad address was dropped")
        return None
    draft = gather(stanza)
    if envelope is None:
        envelope = Envelope(Route.LIVE, sender if "from" in stanza.attrib else None)
    type_ = _TYPES.get(stanza.get("type", ""), MessageType.NORMAL)
    element = parse.preferred(draft.bodies)
    raw = None if element is None else element.text or ""
    body = None if raw is None else clean(raw)
    operations = read_operations(draft.operations)
    subject = parse.preferred(draft.subjects)
    delay, delay_by = _delay(draft, envelope, sender, own)
    # A room tells its history to whoever enters, tombstones and all; nothing that was said just now can be one.
    is_old = envelope.route is Route.ARCHIVE or (type_ is MessageType.GROUPCHAT and delay is not None)
    condition, error = parse.error(stanza) if type_ is MessageType.ERROR else ("", "")
    codes, invitation, declined = _room_part(draft, sender)
    is_private = (
        draft.room_user is not None
        and type_ is not MessageType.GROUPCHAT
        and not (codes or declined or (invitation is not None and not invitation.direct))
    )
    message = MessageReceived(
        route=envelope.route,
        outer_sender=envelope.sender,
        sender=sender,
        recipient=recipient,
        type=type_,
        id=parse.identifier(stanza.get("id")),
        body=_with_link(body, draft),
        subject=None if subject is None else clean_line(subject.text or ""),
        thread=draft.thread,
        origin_id=draft.origin_id,
        stanza_ids=_unambiguous(draft.stanza_ids),
        delay=delay,
        delay_by=delay_by,
        archive_id=envelope.archive_id,
        chat_state=draft.chat_state,
        receipt_request=draft.receipt_request,
        receipt_for=draft.receipt_for,
        displayed=draft.displayed,
        received=draft.received,
        markable=draft.markable,
        replaces=draft.replaces,
        reactions=operations.reactions,
        reply_to=operations.reply_to,
        retraction=operations.retraction,
        tombstone=operations.tombstone if raw is None and is_old else None,
        fallbacks=_fallbacks(operations.fallbacks, raw, body, encrypted=bool(draft.encrypted)),
        occupant_id=draft.occupant_ids[0] if len(set(draft.occupant_ids)) == 1 else "",
        is_private=is_private,
        status_codes=codes,
        invitation=invitation,
        declined=declined,
        encrypted=draft.encrypted,
        sealed=_sealed(stanza, draft.omemo, envelope) if draft.omemo else None,
        no_store=draft.no_store,
        unstyled=draft.unstyled,
        error=error,
        error_condition=condition,
    )
    return _without_echo(message) if type_ is MessageType.ERROR else message


def _with_link(body: str | None, draft: Draft) -> str | None:
    """Add the link beside a text where the text lacks it; nobody vouches for one beside what is encrypted."""
    if not body or not draft.beside or draft.encrypted or draft.beside in body:
        return body
    return f"{body}\n{draft.beside}"


def _sealed(stanza: Element, encrypted: list[Element], envelope: Envelope) -> Sealed:
    """Keep the stanza as it came, to be opened in its turn."""
    delay, delay_by = (None, None) if envelope.delay is None else envelope.delay
    payloads = [child.text or "" for element in encrypted for child in element if child.tag.endswith("}payload")]
    return Sealed(
        tostring(stanza, encoding="unicode"),
        envelope.route,
        envelope.sender,
        delay,
        delay_by,
        envelope.archive_id,
        hashlib.sha256("".join(payloads).encode()).hexdigest()[:32] if any(payloads) else "",
        next((each.device for element in encrypted if (each := read_envelope(element)) is not None), 0),
    )


def _without_echo(message: MessageReceived) -> MessageReceived:
    """Return an error without what it may carry back of our own message (RFC 6120 §8.3.1): they did none of it."""
    return replace(
        message,
        chat_state=None,
        receipt_request=False,
        receipt_for="",
        displayed="",
        received="",
        markable=False,
        replaces="",
        sealed=None,
        reactions=None,
        reply_to=None,
        retraction=None,
        tombstone=None,
        fallbacks=(),
    )


def _fallbacks(
    ranges: tuple[Fallback, ...], raw: str | None, body: str | None, *, encrypted: bool
) -> tuple[Fallback, ...]:
    """Return the fallback parts of the body; those of an encrypted message count in the text that is inside."""
    if not ranges or encrypted:
        return ranges
    return () if raw is None or body is None else fitted(ranges, raw, body)


def _party(stanza: Element, attribute: str, missing: Address) -> Address | None:
    text = stanza.get(attribute)
    return missing if text is None else parse.address(text)


def _unambiguous(stanza_ids: list[StanzaId]) -> tuple[StanzaId, ...]:
    """Return the ids without those of whom the same archive seems to have given several: one is not its own."""
    if len(stanza_ids) < 2:
        return tuple(stanza_ids)
    distinct = dict.fromkeys(stanza_ids)
    by = [stanza_id.by for stanza_id in distinct]
    return tuple(stanza_id for stanza_id in distinct if by.count(stanza_id.by) == 1)


def _delay(
    draft: Draft, envelope: Envelope, sender: Address, own: Address
) -> tuple[int, Address | None] | tuple[None, None]:
    """Return the time to go by (XEP-0203 §4): the archive's; of several inside, the one of our own server first."""
    if envelope.delay is not None and (envelope.route is Route.ARCHIVE or not draft.delays):
        return envelope.delay
    if not draft.delays:
        return None, None
    if len(draft.delays) > 1:
        for stamper in (Address(own.domain), own.bare, sender.bare):
            for delay in draft.delays:
                if delay[1] == stamper:
                    return delay
    return draft.delays[0]


def _room_part(draft: Draft, sender: Address) -> tuple[frozenset[int], Invitation | None, bool]:
    """Return status codes, an invitation and whether one was declined (XEP-0045 §7.8, XEP-0249)."""
    user = draft.room_user
    if user is not None:
        invite = user.find(_INVITE)
        if invite is not None:
            invitation = Invitation(
                room=sender.bare,
                inviter=parse.address(invite.get("from")),
                reason=parse.child_line(invite, _REASON),
                password=parse.identifier(user.findtext(_PASSWORD)),
            )
            return frozenset(), invitation, False
        if user.find(_DECLINE) is not None:
            return frozenset(), None, True
    codes = room_status_codes(user)
    direct = draft.direct_invitation
    room = parse.address(direct.get("jid")) if direct is not None else None
    if direct is None or room is None:
        return codes, None, False
    reason = clean_line(direct.get("reason", ""))
    password = parse.identifier(direct.get("password"))
    return codes, Invitation(room.bare, sender.bare, reason, password, direct=True), False


def room_status_codes(user: Element | None) -> frozenset[int]:
    """Return the codes inside a muc#user element (XEP-0045 §15.6.2)."""
    if user is None:
        return frozenset()
    codes = (parse.number(status.get("code"), 0, 100, 999) for status in user.iterfind(_STATUS))
    return frozenset(code for code in codes if code)
