import pytest

from tests.xmpp.wire import BOB, OWN, ROOM, RecordingLine, stanza
from tui_xmpp.model.message_parts import StanzaId
from tui_xmpp.model.room import Bookmark
from tui_xmpp.model.stanzas import BookmarksChanged, DisplayedChanged, DisplayedMark, MessageReceived, Route
from tui_xmpp.xmpp.archive import Archives
from tui_xmpp.xmpp.iq import Requests
from tui_xmpp.xmpp.messages import Heard, read_message

CARBONS = "urn:xmpp:carbons:2"
FROM_BOB = "<message from='bob@chat.test/phone' to='alice@chat.test/other' type='chat'><body>hi</body></message>"
FROM_US = "<message from='alice@chat.test/other' to='bob@chat.test' type='chat'><body>mine</body></message>"
EVENT = "http://jabber.org/protocol/pubsub#event"


def read(text: str) -> Heard | None:
    line = RecordingLine()
    return read_message(stanza(text), OWN, Archives(line, Requests(line)))


def carbon(inner: str, *, kind: str = "received", sender: str = "alice@chat.test", delay: str = "") -> str:
    inner = inner.replace("<message ", "<message xmlns='jabber:client' ")
    return (
        f"<message from='{sender}' to='{OWN}'><{kind} xmlns='{CARBONS}'><forwarded xmlns='urn:xmpp:forward:0'>"
        f"{delay}{inner}</forwarded></{kind}></message>"
    )


def test_a_carbon_of_a_received_message_is_opened() -> None:
    message = read(carbon(FROM_BOB))
    assert isinstance(message, MessageReceived)
    assert (message.route, message.sender, message.body) == (Route.CARBON_RECEIVED, BOB, "hi")
    assert message.outer_sender == OWN.bare


def test_a_carbon_of_a_sent_message_is_opened_with_the_time_of_its_envelope() -> None:
    delay = "<delay xmlns='urn:xmpp:delay' from='chat.test' stamp='2023-11-14T22:13:20Z'/>"
    message = read(carbon(FROM_US, kind="sent", delay=delay))
    assert isinstance(message, MessageReceived)
    assert (message.route, message.recipient, message.body) == (Route.CARBON_SENT, BOB.bare, "mine")
    assert message.delay == 1_700_000_000_000_000


@pytest.mark.parametrize("sender", ["mallory@evil.test", "alice@chat.test/desk", "alice@chat.test/other", "chat.test",
                                    "alice@chat.test.evil.test", "", "a b", ROOM.with_resource("alice")])  # fmt: skip
@pytest.mark.parametrize("kind", ["received", "sent"])
def test_a_carbon_from_any_other_address_is_dropped(sender: object, kind: str) -> None:
    assert read(carbon(FROM_BOB if kind == "received" else FROM_US, kind=kind, sender=str(sender))) is None


def test_a_carbon_without_from_is_dropped() -> None:
    assert read(carbon(FROM_BOB).replace("from='alice@chat.test' ", "", 1)) is None


def test_a_forged_carbon_is_dropped_with_the_body_beside_it() -> None:
    assert (
        read(carbon(FROM_BOB, sender="mallory@evil.test").replace("<received", "<body>look</body><received", 1)) is None
    )


@pytest.mark.parametrize(
    "inner",
    [
        FROM_BOB + FROM_BOB,
        "",
        "<presence xmlns='jabber:client' from='bob@chat.test'/>",
        "<message from='room@chat.test/Bob' type='groupchat'><body>x</body></message>",
        "<message from='bob@chat.test' to='carol@chat.test' type='chat'><body>x</body></message>",
        "<message from='@' to='alice@chat.test'><body>x</body></message>",
        FROM_BOB.replace("</message>", f"<received xmlns='{CARBONS}'/></message>"),
        FROM_BOB.replace("</message>", "<result xmlns='urn:xmpp:mam:2'/></message>"),
        FROM_BOB.replace("</message>", f"<event xmlns='{EVENT}'/></message>"),
    ],
)
def test_only_one_message_of_ours_that_is_no_envelope_and_no_groupchat_comes_out_of_a_carbon(inner: str) -> None:
    assert read(carbon(inner)) is None


def test_a_sent_carbon_of_somebody_elses_message_is_dropped() -> None:
    assert read(carbon(FROM_BOB, kind="sent")) is None


def test_two_carbons_in_one_stanza_are_dropped() -> None:
    doubled = carbon(FROM_BOB)
    start, end = doubled.index("<received"), doubled.index("</received>") + len("</received>")
    assert read(doubled[:end] + doubled[start:end] + doubled[end:]) is None


def event(items: str, *, sender: str = "alice@chat.test", node: str = "urn:xmpp:bookmarks:1") -> str:
    inside = f"<event xmlns='{EVENT}'><items node='{node}'>{items}</items></event>"
    return f"<message from='{sender}' type='headline'>{inside}</message>"


def bookmark(room: str) -> str:
    attributes = "xmlns='urn:xmpp:bookmarks:1' name='The kitchen' autojoin='1'"
    return f"<item id='{room}'><conference {attributes}><nick>Al</nick></conference></item>"


def test_an_event_of_our_bookmarks_tells_what_came_and_what_went() -> None:
    signal = read(event(bookmark(str(ROOM)) + "<retract id='cellar@rooms.chat.test'/>" + bookmark("@") + "<retract/>"))
    assert isinstance(signal, BookmarksChanged)
    assert signal.published == (Bookmark(ROOM, "The kitchen", "Al", autojoin=True),)
    assert [str(room) for room in signal.retracted] == ["cellar@rooms.chat.test"]


@pytest.mark.parametrize("sender", ["mallory@evil.test", "alice@chat.test/desk", "chat.test", "bob@chat.test"])
def test_an_event_of_bookmarks_from_anybody_else_is_dropped(sender: str) -> None:
    assert read(event(bookmark(str(ROOM)), sender=sender)) is None


MARKS = "urn:xmpp:mds:displayed:0"
STANZA_ID = "<stanza-id xmlns='urn:xmpp:sid:0' by='{by}' id='{id}'/>"


def mark(peer: str, *stanza_ids: str) -> str:
    return f"<item id='{peer}'><displayed xmlns='{MARKS}'>{''.join(stanza_ids)}</displayed></item>"


def test_an_event_of_our_displayed_marks_tells_how_far_another_device_has_read() -> None:
    own, room = STANZA_ID.format(by=OWN.bare, id="s1"), STANZA_ID.format(by=ROOM, id="s2")
    signal = read(event(mark("bob@chat.test", own) + mark(str(ROOM), room) + mark(f"{ROOM}/Bob", own), node=MARKS))
    assert signal == DisplayedChanged(
        (
            DisplayedMark(BOB.bare, StanzaId(OWN.bare, "s1")),
            DisplayedMark(ROOM, StanzaId(ROOM, "s2")),
            DisplayedMark(ROOM.with_resource("Bob"), StanzaId(OWN.bare, "s1")),
        )
    )


@pytest.mark.parametrize(
    "items",
    [
        mark("@", STANZA_ID.format(by=OWN.bare, id="s1")),
        mark("bob@chat.test"),
        mark("bob@chat.test", STANZA_ID.format(by=OWN.bare, id="s1"), STANZA_ID.format(by=OWN.bare, id="s2")),
        mark("bob@chat.test", STANZA_ID.format(by="@", id="s1")),
        mark("bob@chat.test", STANZA_ID.format(by=OWN.bare, id="")),
        mark("bob@chat.test", STANZA_ID.format(by=OWN.bare, id="x" * 2000)),
        "<item id='bob@chat.test'/>",
        f"<item><displayed xmlns='{MARKS}'>{STANZA_ID.format(by=OWN.bare, id='s1')}</displayed></item>",
        "<retract id='bob@chat.test'/>",
        "",
    ],
)
def test_a_mark_that_does_not_name_one_chat_and_one_message_is_none(items: str) -> None:
    assert read(event(items, node=MARKS)) is None


@pytest.mark.parametrize("sender", ["mallory@evil.test", "alice@chat.test/desk", "chat.test", "bob@chat.test"])
def test_an_event_of_displayed_marks_from_anybody_else_is_dropped(sender: str) -> None:
    items = mark("bob@chat.test", STANZA_ID.format(by=OWN.bare, id="s1"))
    assert read(event(items, sender=sender, node=MARKS)) is None


def test_an_event_of_another_node_says_nothing() -> None:
    assert read(event("<item id='1'/>", node="urn:xmpp:avatar:metadata")) is None


def test_an_archives_result_that_nobody_asked_for_is_dropped() -> None:
    inner = FROM_BOB.replace("<message ", "<message xmlns='jabber:client' ")
    forwarded = f"<forwarded xmlns='urn:xmpp:forward:0'>{inner}</forwarded>"
    result = f"<result xmlns='urn:xmpp:mam:2' id='1' queryid='guess'>{forwarded}</result>"
    assert read(f"<message from='alice@chat.test'><body>x</body>{result}</message>") is None
