"""What we send to do something to other messages: read back by our own reader, and element by element."""

from xml.etree.ElementTree import Element, fromstring, tostring

import pytest

from tests.xmpp.wire import BOB, OWN
from tui_xmpp.model.message_parts import Fallback, Reactions, ReplyTo, Retraction
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Outgoing
from tui_xmpp.xmpp import build, names
from tui_xmpp.xmpp.parse_message import parse_message

REPLY = "urn:xmpp:reply:0"
BODY = names.tag(names.CLIENT, "body")
STORE = names.tag(names.HINTS, "store")
NO_STORE = names.tag(names.HINTS, "no-store")


def sent(outgoing: Outgoing) -> Element:
    """The stanza as it is on the wire."""
    return fromstring(tostring(build.message(outgoing)))


def received(outgoing: Outgoing) -> MessageReceived:
    message = parse_message(sent(outgoing), OWN)
    assert message is not None
    return message


@pytest.mark.parametrize("emojis", [(), ("👍",), ("👍", "🏳️‍🌈")])
def test_a_set_of_reactions_has_no_body_and_asks_to_be_kept(emojis: tuple[str, ...]) -> None:
    outgoing = Outgoing(BOB.bare, MessageType.CHAT, "1", origin_id="1", reactions=Reactions("m1", emojis))
    stanza, message = sent(outgoing), received(outgoing)
    assert (message.reactions, message.body, message.origin_id) == (Reactions("m1", emojis), None, "1")
    assert stanza.find(STORE) is not None


def test_a_reply_names_the_message_and_its_author_and_marks_the_quote() -> None:
    quote = (Fallback(REPLY, 0, 5),)
    outgoing = Outgoing(BOB, MessageType.CHAT, "1", "> hi\nyes", reply_to=ReplyTo("m1", BOB), fallbacks=quote)
    message = received(outgoing)
    assert (message.body, message.reply_to) == ("> hi\nyes", ReplyTo("m1", BOB))
    assert message.fallbacks == quote
    assert sent(outgoing).find(STORE) is None


def test_a_reply_to_somebody_unknown_names_nobody() -> None:
    reply = sent(Outgoing(BOB.bare, MessageType.CHAT, "1", body="yes", reply_to=ReplyTo("m1"))).find(
        f"{{{REPLY}}}reply"
    )
    assert reply is not None
    assert reply.attrib == {"id": "m1"}


def test_a_correction_carries_its_new_id_the_old_one_and_the_whole_text() -> None:
    outgoing = Outgoing(BOB.bare, MessageType.CHAT, "2", body="right", origin_id="2", replaces="1")
    message = received(outgoing)
    assert (message.id, message.origin_id, message.replaces, message.body) == ("2", "2", "1", "right")


@pytest.mark.parametrize(
    ("body", "shown"), [(None, build.RETRACTION_TEXT), ("", build.RETRACTION_TEXT), ("Gone", "Gone")]
)
def test_a_retraction_has_a_sentence_for_clients_that_know_none(body: str | None, shown: str) -> None:
    outgoing = Outgoing(BOB.bare, MessageType.CHAT, "2", body=body, retracts="1")
    message = received(outgoing)
    assert (message.retraction, message.body) == (Retraction("1"), shown)
    assert message.fallbacks == (Fallback(names.RETRACTION),)
    assert sent(outgoing).find(STORE) is not None


def test_a_retraction_says_only_once_that_its_body_is_fallback() -> None:
    whole = (Fallback(names.RETRACTION),)
    assert received(Outgoing(BOB, MessageType.CHAT, "2", "Gone", retracts="1", fallbacks=whole)).fallbacks == whole


def test_several_ranges_of_one_feature_stand_in_one_element() -> None:
    ranges = (Fallback(REPLY, 0, 2), Fallback("urn:x"), Fallback(REPLY, 3, 4))
    elements = sent(Outgoing(BOB, MessageType.CHAT, "1", "abcd", fallbacks=ranges)).findall(
        names.tag(names.FALLBACK, "fallback")
    )
    assert [(one.get("for"), [part.attrib for part in one]) for one in elements] == [
        (REPLY, [{"start": "0", "end": "2"}, {"start": "3", "end": "4"}]),
        ("urn:x", [{}]),
    ]


def test_a_range_counts_what_goes_out_and_not_what_xml_forbids() -> None:
    outgoing = Outgoing(BOB, MessageType.CHAT, "1", "> \x00h\x1bi 👍\nyes", fallbacks=(Fallback(REPLY, 0, 9),))
    message = received(outgoing)
    assert message.body == "> hi 👍\nyes"
    assert message.fallbacks == (Fallback(REPLY, 0, 7),)


def test_what_must_not_be_kept_says_so_alone() -> None:
    stanza = sent(Outgoing(BOB, MessageType.CHAT, "1", reactions=Reactions("m1"), no_store=True))
    assert (stanza.find(STORE), stanza.find(NO_STORE) is None) == (None, False)


def test_no_character_that_xml_forbids_gets_out_through_an_operation() -> None:
    bad = "a\x00\ud800b"
    outgoing = Outgoing(
        BOB,
        MessageType.CHAT,
        "1",
        bad,
        replaces=bad,
        reactions=Reactions(bad, (bad,)),
        reply_to=ReplyTo(bad),
        retracts=bad,
    )
    message = received(outgoing)
    assert (message.replaces, message.body, message.reply_to) == ("ab", "ab", ReplyTo("ab"))
    assert (message.reactions, message.retraction) == (Reactions("ab"), Retraction("ab"))
    assert sent(outgoing).find(BODY) is not None
