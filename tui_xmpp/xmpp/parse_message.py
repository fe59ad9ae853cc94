"""A message stanza read into one plain value; pure, and total: whatever came, it gives a value or None.

Nothing is believed here. Carbons, archive results and events are unwrapped elsewhere (`messages`, `archive`);
this reads one `<message/>` as it stands.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from tui_xmpp.model.address import Address
from tui_xmpp.model.stanzas import ChatState, Invitation, MessageReceived, MessageType, Route, StanzaId
from tui_xmpp.model.text import clean, clean_line
from tui_xmpp.xmpp import names, parse

log = logging.getLogger(__name__)

_REPEATS_LIMIT = 8
"""Most delays and stanza-ids taken from one message; an honest one has one or two."""

Delay = tuple[int, Address | None]
"""Time in µs since the epoch, and who says so."""

_TYPES = {member.value: member for member in MessageType}


@dataclass(slots=True)
class _Draft:
    """What the readers of the single children have found so far."""

    bodies: list[Element] = field(default_factory=list)
    subjects: list[Element] = field(default_factory=list)
    delays: list[Delay] = field(default_factory=list)
    stanza_ids: list[StanzaId] = field(default_factory=list)
    thread: str = ""
    origin_id: str = ""
    chat_state: ChatState | None = None
    receipt_request: bool = False
    receipt_for: str = ""
    displayed: str = ""
    received: str = ""
    markable: bool = False
    replaces: str = ""
    occupant_ids: list[str] = field(default_factory=list)
    room_user: Element | None = None
    direct_invitation: Element | None = None
    encrypted: str = ""
    no_store: bool = False


@dataclass(frozen=True, slots=True)
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
    draft = _Draft()
    for child in stanza:
        reader = _READERS.get(child.tag)
        if reader is not None:
            reader(child, draft)
    if envelope is None:
        envelope = Envelope(Route.LIVE, sender if "from" in stanza.attrib else None)
    type_ = _TYPES.get(stanza.get("type", ""), MessageType.NORMAL)
    body = parse.preferred(draft.bodies)
    subject = parse.preferred(draft.subjects)
    delay, delay_by = _delay(draft, envelope, sender, own)
    condition, error = parse.error(stanza) if type_ is MessageType.ERROR else ("", "")
    codes, invitation, declined = _room_part(draft, sender)
    is_private = (
        draft.room_user is not None
        and type_ is not MessageType.GROUPCHAT
        and not (codes or declined or (invitation is not None and not invitation.direct))
    )
    return MessageReceived(
        route=envelope.route,
        outer_sender=envelope.sender,
        sender=sender,
        recipient=recipient,
        type=type_,
        id=parse.identifier(stanza.get("id")),
        body=None if body is None else clean(body.text or ""),
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
        occupant_id=draft.occupant_ids[0] if len(set(draft.occupant_ids)) == 1 else "",
        is_private=is_private,
        status_codes=codes,
        invitation=invitation,
        declined=declined,
        encrypted=draft.encrypted,
        no_store=draft.no_store,
        error=error,
        error_condition=condition,
    )


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
    draft: _Draft, envelope: Envelope, sender: Address, own: Address
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


def _room_part(draft: _Draft, sender: Address) -> tuple[frozenset[int], Invitation | None, bool]:
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


def read_delay(element: Element) -> Delay | None:
    """Return time and stamper of a delay element (XEP-0203); None when it has no time that can be read."""
    stamp = parse.timestamp(element.get("stamp"))
    return None if stamp is None else (stamp, parse.address(element.get("from")))


Reader = Callable[[Element, _Draft], None]


def _read_delay(element: Element, draft: _Draft) -> None:
    delay = read_delay(element)
    if delay is not None and len(draft.delays) < _REPEATS_LIMIT:
        draft.delays.append(delay)


def _read_stanza_id(element: Element, draft: _Draft) -> None:
    by, value = parse.address(element.get("by")), parse.identifier(element.get("id"))
    if by is not None and value and len(draft.stanza_ids) < _REPEATS_LIMIT:
        draft.stanza_ids.append(StanzaId(by, value))


def _read_origin_id(element: Element, draft: _Draft) -> None:
    draft.origin_id = draft.origin_id or parse.identifier(element.get("id"))


def _read_thread(element: Element, draft: _Draft) -> None:
    draft.thread = parse.identifier(element.text)


def _read_receipt_request(_element: Element, draft: _Draft) -> None:
    draft.receipt_request = True


def _read_receipt(element: Element, draft: _Draft) -> None:
    draft.receipt_for = parse.identifier(element.get("id"))


def _read_markable(_element: Element, draft: _Draft) -> None:
    draft.markable = True


def _read_received(element: Element, draft: _Draft) -> None:
    draft.received = parse.identifier(element.get("id"))


def _read_displayed(element: Element, draft: _Draft) -> None:
    draft.displayed = parse.identifier(element.get("id"))


def _read_correction(element: Element, draft: _Draft) -> None:
    draft.replaces = parse.identifier(element.get("id"))


def _read_occupant_id(element: Element, draft: _Draft) -> None:
    draft.occupant_ids.append(parse.identifier(element.get("id")))


def _read_room_user(element: Element, draft: _Draft) -> None:
    if draft.room_user is None:
        draft.room_user = element


def _read_direct_invitation(element: Element, draft: _Draft) -> None:
    if draft.direct_invitation is None:
        draft.direct_invitation = element


def _read_no_store(_element: Element, draft: _Draft) -> None:
    draft.no_store = True


def _read_encryption(element: Element, draft: _Draft) -> None:
    draft.encrypted = clean_line(element.get("namespace") or element.get("name") or "", limit=200) or "unknown"


def _read_encrypted(element: Element, draft: _Draft) -> None:
    draft.encrypted = draft.encrypted or element.tag[1:].partition("}")[0]


def _chat_state_reader(state: ChatState) -> Reader:
    def read(_element: Element, draft: _Draft) -> None:
        draft.chat_state = state

    return read


def _read_body(element: Element, draft: _Draft) -> None:
    draft.bodies.append(element)


def _read_subject(element: Element, draft: _Draft) -> None:
    draft.subjects.append(element)


_INVITE = names.tag(names.ROOM_USER, "invite")
_DECLINE = names.tag(names.ROOM_USER, "decline")
_REASON = names.tag(names.ROOM_USER, "reason")
_PASSWORD = names.tag(names.ROOM_USER, "password")
_STATUS = names.tag(names.ROOM_USER, "status")

_READERS: dict[str, Reader] = {
    names.tag(names.CLIENT, "body"): _read_body,
    names.tag(names.CLIENT, "subject"): _read_subject,
    names.tag(names.CLIENT, "thread"): _read_thread,
    names.tag(names.DELAY, "delay"): _read_delay,
    names.tag(names.STABLE_IDS, "stanza-id"): _read_stanza_id,
    names.tag(names.STABLE_IDS, "origin-id"): _read_origin_id,
    names.tag(names.RECEIPTS, "request"): _read_receipt_request,
    names.tag(names.RECEIPTS, "received"): _read_receipt,
    names.tag(names.MARKERS, "markable"): _read_markable,
    names.tag(names.MARKERS, "received"): _read_received,
    names.tag(names.MARKERS, "displayed"): _read_displayed,
    names.tag(names.CORRECTION, "replace"): _read_correction,
    names.tag(names.OCCUPANT_IDS, "occupant-id"): _read_occupant_id,
    names.tag(names.ROOM_USER, "x"): _read_room_user,
    names.tag(names.DIRECT_INVITATION, "x"): _read_direct_invitation,
    names.tag(names.HINTS, "no-store"): _read_no_store,
    names.tag(names.HINTS, "no-permanent-store"): _read_no_store,
    names.tag(names.ENCRYPTION, "encryption"): _read_encryption,
    names.tag(names.OMEMO_LEGACY, "encrypted"): _read_encrypted,
    names.tag(names.OMEMO, "encrypted"): _read_encrypted,
    names.tag(names.OPENPGP_LEGACY, "x"): _read_encrypted,
    names.tag(names.OPENPGP, "openpgp"): _read_encrypted,
    **{names.tag(names.CHAT_STATES, state.value): _chat_state_reader(state) for state in ChatState},
}
