"""The children of a message gathered by name; pure, and in one pass over them however many there are."""

from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from tui_xmpp.model.address import Address
from tui_xmpp.model.links import found_links
from tui_xmpp.model.message_parts import StanzaId
from tui_xmpp.model.stanzas import ChatState
from tui_xmpp.model.text import clean_line
from tui_xmpp.xmpp import names, parse, parse_operations

_REPEATS_LIMIT = 8
"""Most delays and stanza-ids taken from one message; an honest one has one or two."""
_LINK_LIMIT = 4_000
"""Most characters of a link beside a text."""

Delay = tuple[int, Address | None]
"""Time in µs since the epoch, and who says so."""


@dataclass(slots=True)
class Draft:
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
    omemo: list[Element] = field(default_factory=list)
    beside: str = ""
    """A link that stands beside the text."""
    no_store: bool = False
    unstyled: bool = False
    operations: list[Element] = field(default_factory=list)
    """What `parse_operations` reads."""


def gather(stanza: Element) -> Draft:
    """Return what the children say that anybody here reads; all others are passed over."""
    draft = Draft()
    for child in stanza:
        reader = _READERS.get(child.tag)
        if reader is not None:
            reader(child, draft)
    return draft


def read_delay(element: Element) -> Delay | None:
    """Return time and stamper of a delay element (XEP-0203); None when it has no time that can be read."""
    stamp = parse.timestamp(element.get("stamp"))
    return None if stamp is None else (stamp, parse.address(element.get("from")))


Reader = Callable[[Element, Draft], None]


def _read_delay(element: Element, draft: Draft) -> None:
    delay = read_delay(element)
    if delay is not None and len(draft.delays) < _REPEATS_LIMIT:
        draft.delays.append(delay)


def _read_stanza_id(element: Element, draft: Draft) -> None:
    by, value = parse.address(element.get("by")), parse.identifier(element.get("id"))
    if by is not None and value and len(draft.stanza_ids) < _REPEATS_LIMIT:
        draft.stanza_ids.append(StanzaId(by, value))


def _read_origin_id(element: Element, draft: Draft) -> None:
    draft.origin_id = draft.origin_id or parse.identifier(element.get("id"))


def _read_thread(element: Element, draft: Draft) -> None:
    draft.thread = parse.identifier(element.text)


def _read_receipt_request(_element: Element, draft: Draft) -> None:
    draft.receipt_request = True


def _read_receipt(element: Element, draft: Draft) -> None:
    draft.receipt_for = parse.identifier(element.get("id"))


def _read_markable(_element: Element, draft: Draft) -> None:
    draft.markable = True


def _read_received(element: Element, draft: Draft) -> None:
    draft.received = parse.identifier(element.get("id"))


def _read_displayed(element: Element, draft: Draft) -> None:
    draft.displayed = parse.identifier(element.get("id"))


def _read_correction(element: Element, draft: Draft) -> None:
    draft.replaces = parse.identifier(element.get("id"))


def _read_occupant_id(element: Element, draft: Draft) -> None:
    draft.occupant_ids.append(parse.identifier(element.get("id")))


def _read_room_user(element: Element, draft: Draft) -> None:
    if draft.room_user is None:
        draft.room_user = element


def _read_direct_invitation(element: Element, draft: Draft) -> None:
    if draft.direct_invitation is None:
        draft.direct_invitation = element


def _read_unstyled(_element: Element, draft: Draft) -> None:
    draft.unstyled = True


def _read_out_of_band(element: Element, draft: Draft) -> None:
    """Take the first link beside a text (XEP-0066 §3); what it is described by is not shown."""
    link = clean_line(element.findtext(names.tag(names.OUT_OF_BAND, "url")) or "", limit=_LINK_LIMIT)
    if not draft.beside and found_links(link) == [(0, len(link))]:
        draft.beside = link


def _read_no_store(_element: Element, draft: Draft) -> None:
    draft.no_store = True


def _read_operation(element: Element, draft: Draft) -> None:
    draft.operations.append(element)


def _read_encryption(element: Element, draft: Draft) -> None:
    draft.encrypted = clean_line(element.get("namespace") or element.get("name") or "", limit=200) or "unknown"


def _read_encrypted(element: Element, draft: Draft) -> None:
    draft.encrypted = draft.encrypted or element.tag[1:].partition("}")[0]


def _read_omemo(element: Element, draft: Draft) -> None:
    _read_encrypted(element, draft)
    if len(draft.omemo) < _REPEATS_LIMIT:
        draft.omemo.append(element)


def _chat_state_reader(state: ChatState) -> Reader:
    def read(_element: Element, draft: Draft) -> None:
        draft.chat_state = state

    return read


def _read_body(element: Element, draft: Draft) -> None:
    draft.bodies.append(element)


def _read_subject(element: Element, draft: Draft) -> None:
    draft.subjects.append(element)


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
    names.tag(names.STYLING, "unstyled"): _read_unstyled,
    names.tag(names.OUT_OF_BAND, "x"): _read_out_of_band,
    names.tag(names.HINTS, "no-store"): _read_no_store,
    names.tag(names.HINTS, "no-permanent-store"): _read_no_store,
    names.tag(names.ENCRYPTION, "encryption"): _read_encryption,
    names.tag(names.OMEMO_LEGACY, "encrypted"): _read_omemo,
    names.tag(names.OMEMO, "encrypted"): _read_omemo,
    names.tag(names.OPENPGP_LEGACY, "x"): _read_encrypted,
    names.tag(names.OPENPGP, "openpgp"): _read_encrypted,
    **dict.fromkeys(parse_operations.TAGS, _read_operation),
    **{names.tag(names.CHAT_STATES, state.value): _chat_state_reader(state) for state in ChatState},
}
