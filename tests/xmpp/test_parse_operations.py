"""Messages that do something to other messages, as they come from other clients and from nobody honest."""

import time
from xml.etree.ElementTree import Element, SubElement, tostring

import pytest

from tests.xmpp.wire import BOB, OWN, ROOM, stanza
from tui_xmpp.model.message_parts import Fallback, Reactions, ReplyTo, Retraction
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Route
from tui_xmpp.model.text import clean
from tui_xmpp.xmpp import names
from tui_xmpp.xmpp.parse_message import Envelope, parse_message

REACTIONS = "urn:xmpp:reactions:0"
REPLY = "urn:xmpp:reply:0"
FALLBACK = "urn:xmpp:fallback:0"
RETRACT = "urn:xmpp:message-retract:1"
RETRACT_0 = "urn:xmpp:message-retract:0"
MODERATE = "urn:xmpp:message-moderate:1"
MODERATE_0 = "urn:xmpp:message-moderate:0"
MODERATOR = ROOM.with_resource("Mo")
STAMP, MOMENT = "2023-11-14T22:13:20Z", 1_700_000_000_000_000


def parsed(children: str, type_: str = "chat", *, archived: bool = False) -> MessageReceived:
    xml = stanza(f"<message from='{BOB}' to='{OWN}' type='{type_}' id='1'>{children}</message>")
    message = parse_message(xml, OWN, Envelope(Route.ARCHIVE, OWN.bare, archive_id="a") if archived else None)
    assert message is not None
    return message


def reactions(*emojis: str, to: str = "m1") -> str:
    inside = "".join(f"<reaction>{emoji}</reaction>" for emoji in emojis)
    return f"<reactions xmlns='{REACTIONS}' id='{to}'>{inside}</reactions>"


@pytest.mark.parametrize(
    ("emojis", "read"),
    [
        (["👍"], ("👍",)),
        (["👍", "🐢", "👍"], ("👍", "🐢")),
        ([" 👍\n", "&#x202e;🐢"], ("👍", "🐢")),
        (["👍👍", "yes", "", "🐢", "&#x9b;", "x" * 100_000], ("🐢",)),
        (["&lt;b>"], ()),
        ([], ()),
    ],
)
def test_reactions_are_single_characters_cleaned_and_no_two_alike(emojis: list[str], read: tuple[str, ...]) -> None:
    message = parsed(reactions(*emojis))
    assert (message.reactions, message.body) == (Reactions("m1", read), None)


def test_no_more_than_twenty_reactions_are_taken() -> None:
    read = parsed(reactions(*(chr(0x1F400 + number) for number in range(50)))).reactions
    assert read is not None
    assert read.emojis == tuple(chr(0x1F400 + number) for number in range(20))


@pytest.mark.parametrize(
    "children",
    [
        reactions("👍") + reactions("🐢"),
        reactions("👍") * 2,
        reactions("👍", to=""),
        reactions("👍", to="x" * 2000),
        f"<reactions xmlns='{REACTIONS}'><reaction>👍</reaction></reactions>",
        "<reactions xmlns='urn:xmpp:reactions:9' id='m1'><reaction>👍</reaction></reactions>",
        f"<x xmlns='urn:x'>{reactions('👍')}</x>",
    ],
)
def test_two_sets_of_reactions_or_one_to_nothing_are_none(children: str) -> None:
    assert parsed(children).reactions is None


def test_a_reaction_inside_something_else_is_none_but_leaves_the_set() -> None:
    nested = f"<reactions xmlns='{REACTIONS}' id='m1'><x xmlns='urn:x'><reaction>👍</reaction></x></reactions>"
    assert parsed(nested).reactions == Reactions("m1")


@pytest.mark.parametrize(
    ("children", "read"),
    [
        (f"<reply xmlns='{REPLY}' id='m1' to='bob@chat.test/phone'/>", ReplyTo("m1", BOB)),
        (f"<reply xmlns='{REPLY}' id='m1' to='@'/>", ReplyTo("m1")),
        (f"<reply xmlns='{REPLY}' id='m1'/>", ReplyTo("m1")),
        (f"<reply xmlns='{REPLY}' to='{BOB}'/>", None),
        (f"<reply xmlns='{REPLY}' id='{'x' * 2000}'/>", None),
        (f"<reply xmlns='{REPLY}' id='m1'/><reply xmlns='{REPLY}' id='m2'/>", None),
        ("<reply xmlns='urn:x' id='m1'/>", None),
    ],
)
def test_a_reply_names_one_message(children: str, read: ReplyTo | None) -> None:
    assert parsed(f"<body>yes</body>{children}").reply_to == read


def fallback(*places: str, namespace: str = REPLY) -> str:
    inside = "".join(f"<body {place}/>" for place in places)
    return f"<fallback xmlns='{FALLBACK}' for='{namespace}'>{inside}</fallback>"


@pytest.mark.parametrize(
    ("children", "read"),
    [
        (fallback("start='0' end='5'"), (Fallback(REPLY, 0, 5),)),
        (fallback("start='0' end='5'", "start='6' end='8'"), (Fallback(REPLY, 0, 5), Fallback(REPLY, 6, 8))),
        (fallback("end='5'"), (Fallback(REPLY, 0, 5),)),
        (fallback("start='0' end='8'"), (Fallback(REPLY, 0, 8),)),
        (fallback(), (Fallback(REPLY),)),
        (fallback(""), (Fallback(REPLY),)),
        (f"<fallback xmlns='{FALLBACK}'/>", (Fallback(""),)),
        (fallback() + fallback("start='0' end='5'", namespace="urn:x"), (Fallback(REPLY), Fallback("urn:x", 0, 5))),
        (fallback().replace("'/>", "'><subject/></fallback>"), (Fallback(REPLY),)),
        (f"<fallback xmlns='{FALLBACK}' for='{REPLY}'><subject/></fallback>", ()),
        (f"<fallback xmlns='{FALLBACK}' for='{'x' * 2000}'/>", ()),
        (fallback("start='0' end='9'"), ()),
        (fallback("start='5' end='0'"), ()),
        (fallback("start='-1' end='5'"), ()),
        (fallback("start='3'"), ()),
        (fallback("start='zero' end='five'"), ()),
        (fallback("start='0' end='99999999999999999999'"), ()),
        (fallback("start='٠' end='5'"), ()),
        (fallback("start='0' end='5e0'"), ()),
    ],
)
def test_fallback_ranges_within_the_body_are_read_and_nonsense_is_dropped(
    children: str, read: tuple[Fallback, ...]
) -> None:
    assert parsed(f"<body>&gt; hi\nyes</body>{children}").fallbacks == read


def test_a_fallback_range_counts_the_characters_that_came_and_fits_those_that_are_shown() -> None:
    quote = "> 👩‍👧 h\u0301i\u202e\n"
    place = fallback(f"start='0' end='{len(quote)}'")
    xml = stanza(f"<message from='{BOB}'><body/>{place}</message>")
    xml[0].text = quote + "yes"
    message = parse_message(xml, OWN)
    assert message is not None
    assert message.body is not None
    (part,) = message.fallbacks
    assert (message.body[part.start : part.end], message.body[part.end :]) == (clean(quote), "yes")


def test_the_body_that_is_shown_is_the_one_whose_fallback_is_read() -> None:
    bodies = "<body xml:lang='de'>&gt; langes Zitat\nja</body><body>yes</body>"
    message = parsed(bodies + fallback("start='0' end='14'"))
    assert (message.body, message.fallbacks) == ("yes", ())


def test_fallback_without_a_body_means_nothing() -> None:
    assert parsed(fallback() + fallback("start='0' end='1'")).fallbacks == ()


def test_fallback_of_an_encrypted_message_counts_in_the_text_inside() -> None:
    encrypted = "<encrypted xmlns='eu.siacs.conversations.axolotl'/><body>You cannot read it</body>"
    assert parsed(encrypted + fallback("start='0' end='999'")).fallbacks == (Fallback(REPLY, 0, 999),)


def retract(of: str = "m1", inside: str = "") -> str:
    return f"<retract xmlns='{RETRACT}' id='{of}'>{inside}</retract>"


def fastened(of: str = "m1", inside: str = f"<retract xmlns='{RETRACT_0}'/>") -> str:
    return f"<apply-to xmlns='urn:xmpp:fasten:0' id='{of}'>{inside}</apply-to>"


def moderated(version: str = MODERATE, inside: str = "", by: object = MODERATOR) -> str:
    return f"<moderated xmlns='{version}' by='{by}'>{inside}</moderated>"


REASON = "<reason>Spam</reason>"
OCCUPANT_ID = "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='mo'/>"


@pytest.mark.parametrize(
    ("children", "read"),
    [
        (retract(), Retraction("m1")),
        (fastened(), Retraction("m1")),
        (retract() + fastened(), Retraction("m1")),
        (retract(inside=moderated(inside=OCCUPANT_ID) + "<reason>No&#x9b;\n spam</reason>"),
         Retraction("m1", moderated=True, by=MODERATOR, by_occupant_id="mo", reason="No spam")),
        (retract(inside=moderated(inside="<reason>Spam</reason>", by="@")),
         Retraction("m1", moderated=True, reason="Spam")),
        (fastened(inside=moderated(MODERATE_0, f"<retract xmlns='{RETRACT_0}'/><reason>Spam</reason>")),
         Retraction("m1", moderated=True, by=MODERATOR, reason="Spam")),
        (retract(inside=moderated() + "<reason>Spam</reason>")
         + fastened(inside=moderated(MODERATE_0, f"<retract xmlns='{RETRACT_0}'/>")),
         Retraction("m1", moderated=True, by=MODERATOR, reason="Spam")),
        (fastened(inside="<external xmlns='urn:xmpp:fasten:0' name='body'/>") + retract(), Retraction("m1")),
    ],
)  # fmt: skip
def test_a_retraction_is_read_in_both_versions(children: str, read: Retraction) -> None:
    message = parsed(children)
    assert (message.retraction, message.tombstone, message.body) == (read, None, None)


@pytest.mark.parametrize(
    "children",
    [
        retract("m1") + retract("m2"),
        retract() * 2,
        retract() * 2 + fastened(),
        retract() + fastened() * 2,
        fastened("m1") + fastened("m2"),
        retract("m1") + fastened("m2"),
        retract() + fastened(inside=moderated(MODERATE_0, f"<retract xmlns='{RETRACT_0}'/>")),
        retract(""),
        retract("x" * 2000),
        fastened(""),
        f"<retract xmlns='{RETRACT_0}' id='m1'/>",
        fastened(inside=moderated(MODERATE_0)),
        fastened(inside=f"<retract xmlns='{RETRACT}'/>"),
        f"<moderated xmlns='{MODERATE}' id='m1'/>",
        f"<x xmlns='urn:x'>{retract()}</x>",
    ],
)
def test_two_retractions_that_differ_and_one_of_nothing_are_none(children: str) -> None:
    assert parsed(children).retraction is None


@pytest.mark.parametrize(
    ("children", "read"),
    [
        (f"<retracted xmlns='{RETRACT}' stamp='{STAMP}' id='r1'/>", Retraction("", stamp=MOMENT)),
        (f"<retracted xmlns='{RETRACT_0}' stamp='{STAMP}'><origin-id xmlns='urn:xmpp:sid:0' id='o'/></retracted>",
         Retraction("", stamp=MOMENT)),
        (f"<retracted xmlns='{RETRACT}' stamp='never'/>", Retraction("")),
        (f"<retracted xmlns='{RETRACT}' stamp='{STAMP}'>{moderated(inside=OCCUPANT_ID)}{REASON}</retracted>",
         Retraction("", moderated=True, by=MODERATOR, by_occupant_id="mo", reason="Spam", stamp=MOMENT)),
        (moderated(MODERATE_0, f"<retracted xmlns='{RETRACT_0}' stamp='{STAMP}'/><reason>Spam</reason>"),
         Retraction("", moderated=True, by=MODERATOR, reason="Spam", stamp=MOMENT)),
    ],
)  # fmt: skip
def test_a_tombstone_in_an_archive_is_read_in_both_versions(children: str, read: Retraction) -> None:
    message = parsed(children, "groupchat", archived=True)
    assert (message.tombstone, message.retraction) == (read, None)


@pytest.mark.parametrize(
    "children",
    [moderated(MODERATE_0), moderated(), f"<retracted xmlns='{RETRACT}'/>" * 2, "<retracted xmlns='urn:x'/>"],
)
def test_what_is_no_tombstone_or_two_is_none(children: str) -> None:
    assert parsed(children, archived=True).tombstone is None


def test_only_what_was_kept_has_tombstones_and_only_in_place_of_a_text() -> None:
    tombstone, kept = f"<retracted xmlns='{RETRACT}'/>", f"<delay xmlns='urn:xmpp:delay' stamp='{STAMP}'/>"
    assert parsed(tombstone).tombstone is None
    assert parsed(tombstone, "groupchat").tombstone is None
    assert parsed(tombstone + kept).tombstone is None
    assert parsed(tombstone + kept, "groupchat").tombstone == Retraction("")
    assert parsed(f"<body>still here</body>{tombstone}", archived=True).tombstone is None


def test_an_error_that_carries_our_operation_back_is_no_operation_of_the_other_side() -> None:
    operations = (
        reactions("👍") + retract() + fallback() + f"<reply xmlns='{REPLY}' id='m'/>"
        "<replace xmlns='urn:xmpp:message-correct:0' id='m'/><displayed xmlns='urn:xmpp:chat-markers:0' id='m'/>"
        "<received xmlns='urn:xmpp:receipts' id='m'/><request xmlns='urn:xmpp:receipts'/>"
        "<composing xmlns='http://jabber.org/protocol/chatstates'/><body>text</body>"
    )  # fmt: skip
    message = parsed(operations, "error", archived=True)
    assert (message.type, message.id, message.body) == (MessageType.ERROR, "1", "text")
    said = (message.reactions, message.reply_to, message.retraction, message.tombstone, message.chat_state)
    assert said == (None,) * 5
    assert (message.replaces, message.displayed, message.receipt_for, message.fallbacks) == ("", "", "", ())
    assert not message.receipt_request


def flooded() -> Element:
    """A message of 20,000 elements of each kind, each with something inside."""
    xml = stanza(f"<message from='{BOB}'><body>{'é&#x202e;' * 30_000}</body></message>")
    for number in range(20_000):
        part = SubElement(xml, names.tag(FALLBACK, "fallback"), {"for": REPLY})
        SubElement(part, names.tag(FALLBACK, "body"), {"start": str(number), "end": str(number + 20_000)})
        SubElement(xml, names.tag(REPLY, "reply"), {"id": str(number)})
        SubElement(xml, names.tag("urn:xmpp:fasten:0", "apply-to"), {"id": str(number)})
        SubElement(xml, names.tag(RETRACT, "retracted"))
    sets = SubElement(xml, names.tag(REACTIONS, "reactions"), {"id": "m1"})
    for number in range(20_000):
        SubElement(sets, names.tag(REACTIONS, "reaction")).text = "👍" * (number % 5)
    return xml


def test_a_flood_of_elements_is_read_in_a_moment_and_little_is_taken() -> None:
    xml = flooded()
    begun = time.process_time()
    message = parse_message(xml, OWN)
    assert time.process_time() - begun < 1
    assert message is not None
    assert (len(message.fallbacks), message.reply_to, message.retraction) == (16, None, None)
    assert message.reactions == Reactions("m1", ("👍",))


def test_junk_nested_a_hundred_deep_does_no_harm() -> None:
    xml = stanza(f"<message from='{BOB}'><body>hi</body></message>")
    place = xml
    for number in range(100):
        tag = (names.tag(RETRACT, "retract"), names.tag(REACTIONS, "reactions"), names.tag(FALLBACK, "fallback"))
        place = SubElement(place, tag[number % 3], {"id": "m1", "for": REPLY})
    message = parse_message(xml, OWN)
    assert message is not None, tostring(xml)
    assert (message.body, message.retraction, message.reactions) == ("hi", Retraction("m1"), None)
