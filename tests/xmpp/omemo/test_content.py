"""What is inside and what stays outside, and the lies between the two (SECURITY 32)."""

from xml.etree.ElementTree import Element, fromstring, tostring

import pytest

from tui_xmpp.model.address import Address
from tui_xmpp.model.omemo import Envelope, OmemoVersion
from tui_xmpp.model.stanzas import ChatState, MessageType, Outgoing
from tui_xmpp.xmpp import build, names
from tui_xmpp.xmpp.omemo import content
from tui_xmpp.xmpp.parse_message import parse_message

OWN = Address.parse("alice@example.org")
BOB = Address.parse("bob@example.org")
ROOM = Address.parse("kitchen@rooms.example.org")
EMPTY = "<encrypted xmlns='urn:xmpp:omemo:2'><header sid='1'/><payload>AA==</payload></encrypted>"
SCE = "urn:xmpp:sce:1"


def closed(outgoing: Outgoing, *versions: OmemoVersion) -> Element:
    stanza = build.message(outgoing)
    content.close(stanza, tuple(Envelope(version, 1, (), b"x", b"i") for version in versions))
    return stanza


def read(
    inside: str, *, outside: str = "", type_: str = "chat", to: str = str(OWN), sender: str = f"{BOB}/phone"
) -> Element:
    stanza = fromstring(
        f"<message xmlns='jabber:client' from='{sender}' to='{to}' type='{type_}' id='1'>{EMPTY}{outside}</message>"
    )
    return content.opened(stanza, OmemoVersion.TWO, inside.encode(), sender=BOB, own=OWN, said=2_000_000_000_000_000)


def envelope(inside: str, *, sender: str = str(BOB), more: str = "") -> str:
    return f"<envelope xmlns='{SCE}'><content>{inside}</content><rpad>x</rpad><from jid='{sender}'/>{more}</envelope>"


BODY = "<body xmlns='jabber:client'>hello</body>"


def texts(stanza: Element) -> list[str | None]:
    return [body.text for body in stanza.iterfind(names.tag(names.CLIENT, "body"))]


def test_the_old_version_leaves_no_text_outside() -> None:
    outgoing = Outgoing(BOB, MessageType.CHAT, "1", "the secret", origin_id="1", request_receipt=True)
    stanza = closed(outgoing, OmemoVersion.LEGACY)
    assert "secret" not in tostring(stanza, encoding="unicode")
    assert texts(stanza) == [content.FALLBACK_BODY]
    assert stanza.find(names.tag(names.RECEIPTS, "request")) is not None
    encryption = stanza.find(names.tag(names.ENCRYPTION, "encryption"))
    assert encryption is not None
    assert encryption.get("namespace") == OmemoVersion.LEGACY


def test_the_new_version_leaves_nothing_outside_but_what_servers_need() -> None:
    outgoing = Outgoing(
        BOB,
        MessageType.CHAT,
        "1",
        "the secret",
        "1",
        ChatState.ACTIVE,
        request_receipt=True,
        markable=True,
        replaces="0",
    )
    stanza = closed(outgoing, OmemoVersion.TWO)
    assert {child.tag.partition("}")[2] for child in stanza} <= {
        "origin-id", "replace", "encrypted", "encryption", "body", "store",
    }  # fmt: skip
    assert texts(stanza) == [content.FALLBACK_BODY]


def test_what_went_in_comes_out() -> None:
    outgoing = Outgoing(BOB, MessageType.CHAT, "1", "a <b> & 'c' 😀", "1", ChatState.ACTIVE, request_receipt=True)
    inside = content.contents(build.message(outgoing), BOB)[OmemoVersion.TWO]
    message = parse_message(read(inside.decode()), OWN)
    assert message is not None
    assert (message.body, message.receipt_request, message.encrypted) == ("a <b> & 'c' 😀", True, "")


def test_the_envelope_is_written_as_converse_reads_it() -> None:
    stanza = build.message(Outgoing(ROOM, MessageType.GROUPCHAT, "1", "hello"))
    inside = content.contents(stanza, OWN)[OmemoVersion.TWO].decode()
    assert '<body xmlns="jabber:client">hello</body>' in inside
    assert f'<to xmlns="{SCE}" jid="{ROOM}"/>' in inside


def test_of_the_outside_only_what_servers_add_is_taken() -> None:
    outside = (
        "<body>forged</body><reply xmlns='urn:xmpp:reply:0' id='9'/><request xmlns='urn:xmpp:receipts'/>"
        "<subject>forged</subject><stanza-id xmlns='urn:xmpp:sid:0' by='alice@example.org' id='s'/>"
        "<replace xmlns='urn:xmpp:message-correct:0' id='0'/>"
    )
    stanza = read(
        envelope(BODY + "<stanza-id xmlns='urn:xmpp:sid:0' by='alice@example.org' id='inner'/>"), outside=outside
    )
    message = parse_message(stanza, OWN)
    assert message is not None
    assert texts(stanza) == ["hello"]
    assert (message.subject, message.receipt_request, message.replaces) == (None, False, "0")
    assert [each.id for each in message.stanza_ids] == ["s"]


@pytest.mark.parametrize(
    "inside",
    [
        envelope(BODY, sender="carol@example.org"),
        f"<envelope xmlns='{SCE}'><content>{BODY}</content></envelope>",
        envelope(BODY, more="<to jid='carol@example.org'/>"),
        envelope(BODY, more="<time stamp='2100-01-01T00:00:00Z'/>"),
        "<!DOCTYPE x [<!ENTITY a 'b'>]>" + envelope("<body xmlns='jabber:client'>&a;</body>"),
        envelope("<!-- -->" + BODY),
        envelope(BODY) + envelope(BODY),
        "hello",
        "<body xmlns='jabber:client'>hello</body>",
        envelope("<a>" * 200 + "</a>" * 200),
        envelope(BODY)[:-5],
        "</stream:stream>",
    ],
)
def test_an_inside_that_is_not_what_it_should_be_is_forged(inside: str) -> None:
    with pytest.raises(content.Forged):
        read(inside)


def test_a_message_cannot_be_moved_into_a_room_or_out_of_one() -> None:
    room = {"type_": "groupchat", "sender": f"{ROOM}/bob"}
    for inside, where in (
        (envelope(BODY), room),
        (envelope(BODY, more="<to jid='bedroom@rooms.example.org'/>"), room),
        (envelope(BODY, more=f"<to jid='{ROOM}'/>"), {}),
    ):
        with pytest.raises(content.Forged):
            read(inside, **where)
    assert texts(read(envelope(BODY, more=f"<to jid='{ROOM}'/>"), **room)) == ["hello"]


def test_of_the_old_version_only_the_body_is_replaced() -> None:
    stanza = fromstring(
        f"<message xmlns='jabber:client' from='{BOB}/phone' to='{OWN}'><body>forged</body>{EMPTY}"
        "<replace xmlns='urn:xmpp:message-correct:0' id='0'/></message>"
    )
    result = content.opened(stanza, OmemoVersion.LEGACY, b"true", sender=BOB, own=OWN, said=None)
    message = parse_message(result, OWN)
    assert message is not None
    assert (message.body, message.replaces, message.encrypted) == ("true", "0", "")
    with pytest.raises(content.Forged):
        content.opened(stanza, OmemoVersion.LEGACY, b"\xff", sender=BOB, own=OWN, said=None)
