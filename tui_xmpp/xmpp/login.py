"""Signing in on an encrypted stream: password, resource or resumption, stream management. Straight lines, no handlers.

Every step takes the elements it expects from the wire and refuses all others, so that a server cannot skip a step or
slip a message in before it has proved itself (SECURITY 3, 5).
"""

import asyncio
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

from tui_xmpp.errors import AddressError, ConnectionFailed, LoginRefused, NetworkError, StreamUnsafe
from tui_xmpp.model.address import Address
from tui_xmpp.model.text import clean_line
from tui_xmpp.xmpp.conditions import plain_words
from tui_xmpp.xmpp.guard import STANZA_LIMIT, STREAMS
from tui_xmpp.xmpp.names import IQ, MESSAGE, PRESENCE, STANZA_ERRORS, tag
from tui_xmpp.xmpp.sasl import PLAIN, Scram, choose_mechanism, plain_message
from tui_xmpp.xmpp.wire import Wire

FEATURES = tag(STREAMS, "features")
_SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
_BIND = "urn:ietf:params:xml:ns:xmpp-bind"
_SESSION = "urn:ietf:params:xml:ns:xmpp-session"
STANZAS = frozenset({MESSAGE, PRESENCE, IQ})
_TEXT_LIMIT = 200
_EARLY_STANZAS = 1000
"""Most stanzas that a server may send before it has finished signing us in."""

_REFUSALS = {
    "account-disabled": "The account has been switched off.",
    "credentials-expired": "The password has expired.",
    "encryption-required": "The server asks for encryption that is already there.",
    "invalid-authzid": "The server does not accept the name of the account.",
    "invalid-mechanism": "The server does not accept this way of signing in.",
    "malformed-request": "The server did not understand the password.",
    "mechanism-too-weak": "The server asks for a stronger way of signing in.",
    "not-authorized": "The address or the password is not right.",
    "temporary-auth-failure": "The server cannot check passwords now.",
}


async def expect(wire: Wire, *tags: str, early: list[Element] | None = None) -> Element:
    """The next element, which must be one of `tags`. Raises StreamUnsafe for any other.

    Stanzas that may come in between are kept in `early`, where one is given.
    """
    while True:
        xml = await wire.next()
        if xml.tag in tags:
            return xml
        if early is None or xml.tag not in STANZAS or len(early) >= _EARLY_STANZAS:
            raise StreamUnsafe("The server skipped a step, or sent messages before it had proved itself.")
        early.append(xml)


async def sign_in(wire: Wire, features: Element, account: Address, password: str, *, scram_only: bool) -> str:
    """Authenticate; returns the mechanism. Raises LoginRefused, StreamUnsafe, ConnectionFailed.

    `features` are those of the encrypted stream; `scram_only` as for `choose_mechanism`. The caller begins the
    stream anew.
    """
    if wire.tls is None:
        raise StreamUnsafe("The connection is not encrypted, so the password was not sent.")
    listed = features.find(tag(_SASL, "mechanisms"))
    if listed is None:
        raise StreamUnsafe("The server did not ask for the password.")
    offered = [mechanism.text or "" for mechanism in listed.iterfind(tag(_SASL, "mechanism"))]
    mechanism = choose_mechanism(offered, scram_only=scram_only)
    if mechanism == PLAIN:
        _send(wire, "auth", plain_message(account.local, password), mechanism)
        _payload(await _answer(wire, "success"))
    else:
        await _scram(wire, Scram(mechanism, account.local, password), mechanism)
    return mechanism


async def _scram(wire: Wire, scram: Scram, mechanism: str) -> None:
    _send(wire, "auth", scram.first(), mechanism)
    scram.challenged(_payload(await _answer(wire, "challenge")))
    keys = await asyncio.to_thread(scram.keys)
    _send(wire, "response", scram.final(keys))
    answer = await _answer(wire, "success", "challenge")
    if answer.tag == tag(_SASL, "challenge"):  # the proof may also come by itself (RFC 4422 §3.8)
        scram.verify(_payload(answer))
        _send(wire, "response", b"")
        await _answer(wire, "success")
    else:
        scram.verify(_payload(answer))


async def _answer(wire: Wire, *names: str) -> Element:
    xml = await expect(wire, tag(_SASL, "failure"), *(tag(_SASL, name) for name in names))
    if xml.tag == tag(_SASL, "failure"):
        raise _refusal(xml)
    return xml


def _refusal(failure: Element) -> NetworkError:
    condition = next((name for name in _REFUSALS if failure.find(tag(_SASL, name)) is not None), "not-authorized")
    text = clean_line(failure.findtext(tag(_SASL, "text"), ""), limit=_TEXT_LIMIT)
    words = f"{_REFUSALS[condition]} (“{text}”)" if text else _REFUSALS[condition]
    return ConnectionFailed(words) if condition == "temporary-auth-failure" else LoginRefused(words)


def _send(wire: Wire, name: str, payload: bytes, mechanism: str = "") -> None:
    attribute = f" mechanism={quoteattr(mechanism)}" if mechanism else ""
    wire.write(f"<{name} xmlns='{_SASL}'{attribute}>{b64encode(payload).decode()}</{name}>")


def _payload(xml: Element) -> bytes:
    text = (xml.text or "").strip()
    if text == "=":
        return b""
    try:
        return b64decode(text, validate=True)
    except (Base64Error, ValueError) as error:
        raise StreamUnsafe("The server asked for the password in a way that is not understood.") from error


async def bind(wire: Wire, features: Element, account: Address, resource: str, early: list[Element]) -> Address:
    """Take a resource (RFC 6120 §7); returns our full address. Raises LoginRefused, ConnectionFailed, StreamUnsafe."""
    if features.find(tag(_BIND, "bind")) is None:
        raise StreamUnsafe("The server skipped a step of signing in.")
    wire.write(f"<iq type='set' id='bind'><bind xmlns='{_BIND}'><resource>{escape(resource)}</resource></bind></iq>")
    answer = await _result(wire, "bind", early)
    text = answer.findtext(f"{tag(_BIND, 'bind')}/{tag(_BIND, 'jid')}", "")
    try:
        own = Address.parse(text)
    except AddressError as error:
        raise StreamUnsafe("The server gave us an address that is none.") from error
    if own.bare != account.bare or own.is_bare:
        raise StreamUnsafe("The server signed us in as somebody else.")
    session = features.find(tag(_SESSION, "session"))
    if session is not None and session.find(tag(_SESSION, "optional")) is None:  # RFC 3921 §3, servers of old
        wire.write(f"<iq type='set' id='session'><session xmlns='{_SESSION}'/></iq>")
        await _result(wire, "session", early)
    return own


async def _result(wire: Wire, request: str, early: list[Element]) -> Element:
    """The answer to a request of ours; other stanzas go to `early`."""
    while True:
        iq = await expect(wire, IQ, early=early)
        kind = iq.get("type")
        if iq.get("id") == request and kind == "result":
            return iq
        if iq.get("id") == request and kind == "error":
            raise _bind_refusal(iq)
        if len(early) >= _EARLY_STANZAS:
            raise StreamUnsafe("The server sent too much before it had finished signing us in.")
        early.append(iq)


def _bind_refusal(iq: Element) -> NetworkError:
    conditions = (child.tag for child in iq.iterfind("{*}error/*"))
    prefix = "{" + STANZA_ERRORS + "}"
    condition = next((name.removeprefix(prefix) for name in conditions if name.startswith(prefix)), "")
    if condition == "resource-constraint":
        return ConnectionFailed("This account is open in too many places at once.")
    if condition == "conflict":  # an old session of ours, and a server that lets the older one stay
        return ConnectionFailed("The server holds this client's last connection still.")
    return LoginRefused(plain_words(condition))


async def new_stream(wire: Wire, domain: str) -> tuple[Element, dict[str, str]]:
    """Begin the stream that follows the password; returns its features and its header's attributes."""
    wire.set_limit(STANZA_LIMIT)
    header = await wire.open_stream(domain)
    return await expect(wire, FEATURES), header
