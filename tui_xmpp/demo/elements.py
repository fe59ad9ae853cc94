"""Stanzas of the cast as XML elements: what each means, and which extension it comes from."""

import secrets
from xml.etree.ElementTree import Element

CLIENT = "jabber:client"
CHAT_STATES = "http://jabber.org/protocol/chatstates"
CORRECTION = "urn:xmpp:message-correct:0"
DELAY = "urn:xmpp:delay"
FALLBACK = "urn:xmpp:fallback:0"
DISCO = "http://jabber.org/protocol/disco#info"
HINTS = "urn:xmpp:hints"
MARKERS = "urn:xmpp:chat-markers:0"
MUC = "http://jabber.org/protocol/muc"
MUC_USER = "http://jabber.org/protocol/muc#user"
NICK = "http://jabber.org/protocol/nick"
PING = "urn:xmpp:ping"
REACTIONS = "urn:xmpp:reactions:0"
RECEIPTS = "urn:xmpp:receipts"
REPLY = "urn:xmpp:reply:0"
RETRACTION = "urn:xmpp:message-retract:1"
ROSTER = "jabber:iq:roster"
STABLE_IDS = "urn:xmpp:sid:0"
STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"

FEATURES = (CHAT_STATES, CORRECTION, DISCO, FALLBACK, MARKERS, PING, REACTIONS, RECEIPTS, REPLY, RETRACTION)
"""What a member of the cast says it understands (XEP-0030)."""


def element(name: str, namespace: str = "", /, *children: Element, text: str = "", **attributes: str) -> Element:
    """Return an element as it will be written: the namespace as a plain `xmlns`, none where the parent's applies."""
    made = Element(name, {"xmlns": namespace, **attributes} if namespace else attributes)
    made.text = text or None
    made.extend(children)
    return made


def message(to: str, kind: str, *children: Element, identifier: str = "") -> Element:
    """A message stanza of this type; without `identifier` it gets one of its own."""
    return element("message", CLIENT, *children, to=to, type=kind, id=identifier or new_id())


def presence(*children: Element, **attributes: str) -> Element:
    """A presence stanza."""
    return element("presence", CLIENT, *children, **attributes)


def body(text: str) -> Element:
    """The text of a message."""
    return element("body", text=text)


def chat_state(name: str) -> Element:
    """`composing`, `active` or `paused` (XEP-0085)."""
    return element(name, CHAT_STATES)


def receipt_request() -> Element:
    """Please acknowledge (XEP-0184)."""
    return element("request", RECEIPTS)


def receipt(identifier: str) -> Element:
    """It has arrived (XEP-0184)."""
    return element("received", RECEIPTS, id=identifier)


def markable() -> Element:
    """Please say when it has been read (XEP-0333)."""
    return element("markable", MARKERS)


def displayed(identifier: str) -> Element:
    """It has been read (XEP-0333)."""
    return element("displayed", MARKERS, id=identifier)


def correction_of(identifier: str) -> Element:
    """This replaces an earlier message (XEP-0308)."""
    return element("replace", CORRECTION, id=identifier)


def reactions(identifier: str, *emojis: str) -> Element:
    """These emojis belong under an earlier message (XEP-0444)."""
    return element("reactions", REACTIONS, *(element("reaction", text=emoji) for emoji in emojis), id=identifier)


def reply_to(identifier: str, sender: str) -> Element:
    """This answers an earlier message (XEP-0461)."""
    return element("reply", REPLY, id=identifier, to=sender)


def retraction_of(identifier: str) -> Element:
    """This takes an earlier message back (XEP-0424)."""
    return element("retract", RETRACTION, id=identifier)


def to_be_kept() -> Element:
    """Archives keep it though it has no body (XEP-0334 §4.4)."""
    return element("store", HINTS)


def fallback_for(feature: str) -> Element:
    """The whole body is for programs that do not know a feature (XEP-0428)."""
    return element("fallback", FALLBACK, **{"for": feature})


def own_words(stanza: Element, text: str) -> str:
    """The body without what it quotes for programs that do not know answers (XEP-0461 §3.1)."""
    for fallback in stanza.iterfind(f"{{{FALLBACK}}}fallback[@for='{REPLY}']/{{{FALLBACK}}}body"):
        start, end = fallback.get("start", ""), fallback.get("end", "")
        if start.isdecimal() and end.isdecimal():
            return text[: int(start)] + text[int(end) :]
    return text


def private_in_room() -> Element:
    """Marks a private message to an occupant of a room (XEP-0045 §7.5)."""
    return element("x", MUC_USER)


def entering() -> Element:
    """Enters a room without asking for what was said before (XEP-0045 §7.2)."""
    return element("x", MUC, element("history", maxstanzas="0"))


def invitation(to: str, reason: str) -> Element:
    """An invitation that the room passes on (XEP-0045 §7.8.2)."""
    return element("x", MUC_USER, element("invite", "", element("reason", text=reason), to=to))


def nickname(name: str) -> Element:
    """How a stranger would like to be called (XEP-0172)."""
    return element("nick", NICK, text=name)


def answer_to(request: Element, *children: Element, kind: str = "result") -> Element:
    """The answer to an IQ."""
    sender, identifier = request.get("from", ""), request.get("id", "")
    return element("iq", CLIENT, *children, to=sender, id=identifier, type=kind)


def roster_request() -> Element:
    """Asks for the contact list; who does not is not told of answers to subscriptions (RFC 6121 §3.1.6)."""
    return element("iq", CLIENT, element("query", ROSTER), type="get", id=new_id())


def what_i_can(name: str) -> Element:
    """The answer to a question of service discovery (XEP-0030 §3)."""
    identity = element("identity", category="client", type="bot", name=name)
    return element("query", DISCO, identity, *(element("feature", var=feature) for feature in FEATURES))


def not_understood() -> Element:
    """The error for requests that the cast does not know (RFC 6120 §8.3.3.19)."""
    return element("error", "", element("service-unavailable", STANZAS), type="cancel")


def new_id() -> str:
    """An identifier that nobody can guess."""
    return secrets.token_urlsafe(9)
