"""What a message does to another one: reactions, replies, retraction, moderation; and which of its text is fallback.

Pure and total. Where a message says two things at once it says nothing: of two elements that may be there only once
neither is taken, except that a retraction may come in both versions of its extension if they agree.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from xml.etree.ElementTree import Element

from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.graphemes import is_one_grapheme
from tui_xmpp.model.message_parts import Fallback, Reactions, ReplyTo, Retraction
from tui_xmpp.model.text import clean_line
from tui_xmpp.xmpp import names, parse

REACTIONS_LIMIT = 20
"""Most reactions of one sender to one message (SECURITY 15)."""

FALLBACKS_LIMIT = 16
"""Most fallback ranges taken from one message; an honest one has one or two."""

_LOOKED_AT = 100
"""Most elements of a kind that are looked at; what comes after them is there to keep us busy."""

_NAMESPACE_LIMIT = 200
_REACTION_LIMIT = 64
"""Longest reaction that is worth cleaning."""
_FAR = 10**9

_REACTIONS = names.tag(names.REACTIONS, "reactions")
_REACTION = names.tag(names.REACTIONS, "reaction")
_REPLY = names.tag(names.REPLY, "reply")
_FALLBACK = names.tag(names.FALLBACK, "fallback")
_FALLBACK_BODY = names.tag(names.FALLBACK, "body")
_APPLY_TO = names.tag(names.FASTENING, "apply-to")
_RETRACT = names.tag(names.RETRACTION, "retract")
_RETRACTED = names.tag(names.RETRACTION, "retracted")
_MODERATED = names.tag(names.MODERATION, "moderated")
_RETRACT_FIRST = names.tag(names.RETRACTION_FIRST, "retract")
_RETRACTED_FIRST = names.tag(names.RETRACTION_FIRST, "retracted")
_MODERATED_FIRST = names.tag(names.MODERATION_FIRST, "moderated")
_OCCUPANT_ID = names.tag(names.OCCUPANT_IDS, "occupant-id")
_REASON = "{*}reason"
"""Of the namespace of its parent, which differs from version to version and from server to server."""

TAGS = (
    _REACTIONS, _REPLY, _FALLBACK, _APPLY_TO, _RETRACT, _RETRACTED, _RETRACTED_FIRST, _MODERATED_FIRST,
)  # fmt: skip
"""Children of a message that are read here."""


@frozen
class Operations:
    """What the children named in `TAGS` say."""

    reactions: Reactions | None = None
    reply_to: ReplyTo | None = None
    retraction: Retraction | None = None
    tombstone: Retraction | None = None
    fallbacks: tuple[Fallback, ...] = ()
    """In characters of the body as it came."""


NONE = Operations()


def read_operations(elements: list[Element]) -> Operations:
    """Read the children of one message that are named in `TAGS`."""
    if not elements:
        return NONE
    kinds: dict[str, list[Element]] = {}
    for element in elements:
        kinds.setdefault(element.tag, []).append(element)
    reactions, reply = _only(kinds.get(_REACTIONS)), _only(kinds.get(_REPLY))
    return Operations(
        reactions=None if reactions is None else read_reactions(reactions),
        reply_to=None if reply is None else read_reply(reply),
        retraction=read_retraction(kinds.get(_RETRACT, []), kinds.get(_APPLY_TO, [])),
        tombstone=_read_tombstone(kinds),
        fallbacks=tuple(islice(read_fallbacks(kinds.get(_FALLBACK, [])), FALLBACKS_LIMIT)),
    )


def read_reactions(element: Element) -> Reactions | None:
    """Read a set of reactions (XEP-0444 §3), each of one grapheme, no two alike.

    An empty set takes all back; so does one with nothing in it that can be shown, since it replaces the last one too.
    """
    to = parse.identifier(element.get("id"))
    if not to:
        return None
    texts = (child.text or "" for child in element[:_LOOKED_AT] if child.tag == _REACTION)
    emojis = dict.fromkeys(filter(None, (_emoji(text) for text in texts if len(text) <= _REACTION_LIMIT)))
    return Reactions(to, tuple(emojis)[:REACTIONS_LIMIT])


@lru_cache(maxsize=1024)
def _emoji(text: str) -> str:
    """Return a reaction cleaned, empty if it is not one grapheme. Remembers the last ones, which are few and busy."""
    cleaned = clean_line(text)
    return cleaned if is_one_grapheme(cleaned) else ""


def read_reply(element: Element) -> ReplyTo | None:
    """Read what a message answers (XEP-0461 §3)."""
    to = parse.identifier(element.get("id"))
    return ReplyTo(to, parse.address(element.get("to"))) if to else None


def read_retraction(retracts: list[Element], fastenings: list[Element]) -> Retraction | None:
    """Read a retraction: version 1 of XEP-0424 §3 and of XEP-0425 §4, and their first, which fastened it.

    Rooms that still speak to old clients send both; one that is said twice in one version, or of two messages, is none.
    """
    fastened = [element for element in fastenings if _fastened(element) is not None]
    if len(retracts) > 1 or len(fastened) > 1:
        return None
    readings = [_read_retract(element) for element in retracts] + [_read_fastened(element) for element in fastened]
    said = [reading for reading in readings if reading is not None]
    if len({(reading.of, reading.moderated) for reading in said}) != 1:
        return None
    return said[0]


def read_fallbacks(elements: Iterable[Element]) -> Iterator[Fallback]:
    """Yield the parts of the body that are fallback (XEP-0428 §2.2); not those of the subject.

    The namespace is empty where the element does not say what it is for, as before version 0.2.
    """
    for element in islice(elements, _LOOKED_AT):
        namespace = element.get("for", "")
        if len(namespace) > _NAMESPACE_LIMIT:
            continue
        if not len(element):
            yield Fallback(namespace)
        for child in element[:_LOOKED_AT]:
            if child.tag == _FALLBACK_BODY:
                yield from _range(namespace, child)


def _range(namespace: str, body: Element) -> Iterator[Fallback]:
    start, end = body.get("start"), body.get("end")
    if start is None and end is None:
        yield Fallback(namespace)
        return
    first = 0 if start is None else parse.number(start, -1, 0, _FAR)
    last = parse.number(end, -1, 0, _FAR)
    if 0 <= first < last:
        yield Fallback(namespace, first, last)


def _read_retract(element: Element) -> Retraction | None:
    of = parse.identifier(element.get("id"))
    return _retraction(of, element, element.find(_MODERATED)) if of else None


def _fastened(element: Element) -> Element | None:
    """Return what makes a fastening a retraction: a `retract`, or a `moderated` with one inside; None for others."""
    retract = element.find(_RETRACT_FIRST)
    if retract is not None:
        return retract
    moderated = element.find(_MODERATED_FIRST)
    return moderated if moderated is not None and moderated.find(_RETRACT_FIRST) is not None else None


def _read_fastened(element: Element) -> Retraction | None:
    of, inside = parse.identifier(element.get("id")), _fastened(element)
    if not of or inside is None:
        return None
    return _retraction(of, inside, inside if inside.tag == _MODERATED_FIRST else None)


def _read_tombstone(kinds: dict[str, list[Element]]) -> Retraction | None:
    """Read what stands in an archive for a message that was taken back (XEP-0424 §4, XEP-0425 §5)."""
    for tag in (_RETRACTED, _RETRACTED_FIRST, _MODERATED_FIRST):
        element = _only(kinds.get(tag))
        if element is None:
            continue
        if tag == _MODERATED_FIRST:
            retracted = element.find(_RETRACTED_FIRST)
            if retracted is not None:
                return _retraction("", retracted, element)
        else:
            return _retraction("", element, element.find(_MODERATED) if tag == _RETRACTED else None)
    return None


def _retraction(of: str, element: Element, moderated: Element | None) -> Retraction:
    """Put together what a retraction's elements say; the author takes back without naming anybody."""
    if moderated is None:
        return Retraction(of, stamp=parse.timestamp(element.get("stamp")))
    occupant_id = moderated.find(_OCCUPANT_ID)
    reason = element.find(_REASON)
    return Retraction(
        of=of,
        moderated=True,
        by=parse.address(moderated.get("by")),
        by_occupant_id="" if occupant_id is None else parse.identifier(occupant_id.get("id")),
        reason=parse.line(moderated.find(_REASON) if reason is None else reason),
        stamp=parse.timestamp(element.get("stamp")),
    )


def _only(elements: list[Element] | None) -> Element | None:
    """Return the element if it is the only one."""
    return elements[0] if elements is not None and len(elements) == 1 else None
