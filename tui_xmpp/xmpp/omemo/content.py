"""What is inside an encrypted message and what stays outside: stanzas closed and opened (XEP-0384, XEP-0420); pure.

The old version holds the body alone, so everything beside it is the server's word. The new one holds whole elements
together with who sent them and where to; of the outside only what servers and rooms add themselves is taken then, and
the id that a correction names, which has to stand there (SECURITY 32).
"""

import secrets
import time
from xml.etree.ElementTree import Element, SubElement
from xml.sax.saxutils import escape, quoteattr

from tui_xmpp.errors import StreamUnsafe
from tui_xmpp.model.address import Address
from tui_xmpp.model.omemo import Envelope, OmemoVersion
from tui_xmpp.xmpp import names, parse
from tui_xmpp.xmpp.build import text_child
from tui_xmpp.xmpp.guard import STANZA_LIMIT, STREAMS, Guard
from tui_xmpp.xmpp.omemo.codec import ENCRYPTED, write_envelope

SCE = "urn:xmpp:sce:1"
FALLBACK_BODY = "This message is encrypted with OMEMO, which your client does not support or has not set up."
"""What those see who cannot decrypt (XEP-0380 §4)."""

BACKDATED = 24 * 3600 * 1_000_000
"""How much later than the server says a message may have been written, in µs: clocks differ (XEP-0420 §4.5)."""

_BODY = names.tag(names.CLIENT, "body")
_ENVELOPE = names.tag(SCE, "envelope")
_CONTENT = names.tag(SCE, "content")
_FROM = names.tag(SCE, "from")
_TO = names.tag(SCE, "to")
_TIME = names.tag(SCE, "time")
_PADDING = 200
_XML = "{http://www.w3.org/XML/1998/namespace}"
_STREAM = f"<stream:stream xmlns:stream='{STREAMS}' xmlns='{names.CLIENT}'>".encode()

_OUTSIDE = {
    names.tag(names.STABLE_IDS, "origin-id"),
    names.tag(names.ROOM_USER, "x"),
    names.tag(names.CORRECTION, "replace"),
    names.tag(names.HINTS, "store"),
    names.tag(names.HINTS, "no-store"),
}
"""What is never inside: servers and rooms need it, or clients look for it outside only."""

_SAID = {
    _BODY,
    names.tag(names.CLIENT, "subject"),
    names.tag(names.CLIENT, "thread"),
    names.tag(names.REACTIONS, "reactions"),
    names.tag(names.OUT_OF_BAND, "x"),
}
"""What never goes out in clear beside what is encrypted."""

_ADDED_OUTSIDE = _OUTSIDE | {
    names.tag(names.DELAY, "delay"),
    names.tag(names.STABLE_IDS, "stanza-id"),
    names.tag(names.OCCUPANT_IDS, "occupant-id"),
    names.tag(names.HINTS, "no-permanent-store"),
}
"""What is taken from outside though the inside is signed: nobody inside could know it."""


_BESIDE = _ADDED_OUTSIDE | {
    names.tag(names.CLIENT, "thread"),
    names.tag(names.REPLY, "reply"),
    names.tag(names.FALLBACK, "fallback"),
    names.tag(names.REACTIONS, "reactions"),
    *(names.tag(names.RECEIPTS, name) for name in ("request", "received")),
    *(names.tag(names.MARKERS, name) for name in ("markable", "received", "displayed", "acknowledged")),
    *(names.tag(names.CHAT_STATES, name) for name in ("active", "composing", "paused", "inactive", "gone")),
}
"""What is taken from beside a text of the old version, though nobody signs it: none of it takes a text away."""


class Forged(Exception):
    """The inside contradicts the outside, or is not what it should be."""


# Closing


def contents(stanza: Element, own: Address) -> dict[OmemoVersion, bytes]:
    """Return what of a stanza is to be encrypted, for each version; a stanza without a body has nothing for the old."""
    body = stanza.findtext(_BODY)
    new = _wrap(stanza, own)
    return {OmemoVersion.TWO: new} if body is None else {OmemoVersion.LEGACY: body.encode(), OmemoVersion.TWO: new}


def close(stanza: Element, envelopes: tuple[Envelope, ...]) -> None:
    """Put the envelopes in the place of what they hold, with a hint for those who cannot read them (XEP-0380)."""
    versions = {envelope.version for envelope in envelopes}
    for child in list(stanza):
        # The old version has room for the body only; the rest has to go beside it, but for what people said.
        if child.tag in _SAID or (child.tag not in _OUTSIDE and OmemoVersion.LEGACY not in versions):
            stanza.remove(child)
    for envelope in envelopes:
        stanza.append(write_envelope(envelope))
    newest = OmemoVersion.TWO if OmemoVersion.TWO in versions else OmemoVersion.LEGACY
    SubElement(stanza, names.tag(names.ENCRYPTION, "encryption"), {"namespace": newest.value, "name": "OMEMO"})
    if any(envelope.payload is not None for envelope in envelopes):
        text_child(stanza, _BODY, FALLBACK_BODY)
    store = names.tag(names.HINTS, "store")
    if stanza.find(names.tag(names.HINTS, "no-store")) is None and stanza.find(store) is None:
        SubElement(stanza, store)


def _wrap(stanza: Element, own: Address) -> bytes:
    """Return the envelope of XEP-0420.

    Written by hand: Converse finds `body` by that name alone, without a prefix, and `to` by an attribute `xmlns` of its
    own.
    """
    inside = "".join(_plain(child) for child in stanza if child.tag not in _OUTSIDE)
    padding = secrets.token_urlsafe(_PADDING)[: secrets.randbelow(_PADDING)]
    stamp = parse.written_time(time.time_ns() // 1000)
    room = stanza.get("to") if stanza.get("type") == "groupchat" else None
    to = "" if room is None else f'<to xmlns="{SCE}" jid={quoteattr(room)}/>'
    return (
        f'<envelope xmlns="{SCE}"><content xmlns="{SCE}">{inside}</content>'
        f'<rpad xmlns="{SCE}">{padding}</rpad><time xmlns="{SCE}" stamp="{stamp}"/>'
        f'<from xmlns="{SCE}" jid={quoteattr(str(own.bare))}/>{to}</envelope>'
    ).encode()


def _plain(element: Element, outer: str = "") -> str:
    """Write an element and all in it without prefixes, naming the namespace wherever it changes."""
    namespace, _, name = element.tag[1:].rpartition("}") if element.tag.startswith("{") else ("", "", element.tag)
    start = name if namespace == outer else f"{name} xmlns={quoteattr(namespace)}"
    for key, value in element.attrib.items():
        plain = f"xml:{key.removeprefix(_XML)}" if key.startswith(_XML) else key
        if not plain.startswith("{"):
            start += f" {plain}={quoteattr(value)}"
    inner = escape(element.text or "")
    for child in element:
        inner += _plain(child, namespace) + escape(child.tail or "")
    return f"<{start}>{inner}</{name}>"


# Opening


def envelopes_in(stanza: Element) -> list[Element]:
    """Return the encrypted elements of a message, the new version's first."""
    found = {version: element for element in stanza if (version := ENCRYPTED.get(element.tag)) is not None}
    return [found[version] for version in (OmemoVersion.TWO, OmemoVersion.LEGACY) if version in found]


def opened(
    stanza: Element, version: OmemoVersion, content: bytes, *, sender: Address, own: Address, said: int | None
) -> Element:
    """Return the stanza as it was before it was closed. Raises Forged.

    `sender` is the real bare address of whose device it is, `said` when it was sent as others say, µs.
    """
    result = Element(stanza.tag, stanza.attrib)
    if version is OmemoVersion.LEGACY:
        for child in stanza:
            if child.tag in _BESIDE:
                result.append(child)
        try:
            SubElement(result, _BODY).text = content.decode()
        except UnicodeDecodeError as error:
            raise Forged("the text is no text") from error
        return result
    envelope = _parse(content)
    _verify(envelope, stanza, sender, own)
    written = envelope.find(_TIME)
    stamp = parse.timestamp(written.get("stamp")) if written is not None else None
    if stamp is not None and said is not None and stamp > said + BACKDATED:
        raise Forged("it is older than it can be")
    result.extend(child for child in stanza if child.tag in _ADDED_OUTSIDE)
    inside = envelope.find(_CONTENT)
    if inside is not None:
        result.extend(child for child in inside if child.tag not in _NOT_INSIDE)
    return result


_EME = names.tag(names.ENCRYPTION, "encryption")
_NOT_INSIDE = _ADDED_OUTSIDE - {names.tag(names.CORRECTION, "replace")} | {*ENCRYPTED, _EME}
"""What only servers and rooms may say (XEP-0420 §5)."""


def _parse(content: bytes) -> Element:
    """Parse what was encrypted under the rules of the stream, whose parser it has not met."""
    text = content.strip()
    if text.startswith(b"<?xml"):
        text = text.partition(b"?>")[2]
    try:
        elements = Guard(STANZA_LIMIT).feed(_STREAM + text)
    except StreamUnsafe as error:
        raise Forged("what is inside is no XML that is allowed") from error
    if len(elements) != 1 or elements[0].tag != _ENVELOPE:
        raise Forged("what is inside is no envelope")
    return elements[0]


def _verify(envelope: Element, stanza: Element, sender: Address, own: Address) -> None:
    inner = envelope.find(_FROM)
    claimed = parse.address(inner.get("jid")) if inner is not None else None
    if claimed is None or claimed.bare != sender.bare:
        raise Forged("it is signed by somebody else")
    to = envelope.find(_TO)
    meant = parse.address(to.get("jid")) if to is not None else None
    if stanza.get("type") == "groupchat":
        place = parse.address(stanza.get("from"))
        if meant is None or place is None or meant.bare != place.bare:
            raise Forged("it was written for another place")
    elif to is not None:
        recipient = own if stanza.get("to") is None else parse.address(stanza.get("to"))
        if meant is None or recipient is None or meant.bare != recipient.bare:
            raise Forged("it was written for somebody else")
