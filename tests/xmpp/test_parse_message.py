from xml.etree.ElementTree import Element

import pytest

from tests.xmpp.wire import BOB, OWN, ROOM, stanza
from tui_xmpp.model.address import Address
from tui_xmpp.model.message_parts import Invitation, StanzaId
from tui_xmpp.model.stanzas import ChatState, MessageReceived, MessageType, Route
from tui_xmpp.xmpp.parse_message import Envelope, parse_message

SERVER = Address("chat.test")
MOMENT = 1_700_000_000_000_000


def parsed(
    children: str, attributes: str = "from='bob@chat.test/phone' to='alice@chat.test/desk' type='chat' id='1'"
) -> MessageReceived:
    message = parse_message(stanza(f"<message {attributes}>{children}</message>"), OWN)
    assert message is not None
    return message


def test_a_chat_message_is_read_with_sender_type_id_and_body() -> None:
    message = parsed("<body>Hi &amp; welcome</body><thread>t1</thread>")
    assert (message.sender, message.recipient, message.type, message.id) == (BOB, OWN, MessageType.CHAT, "1")
    assert (message.body, message.thread, message.route, message.outer_sender) == (
        "Hi & welcome",
        "t1",
        Route.LIVE,
        BOB,
    )


def test_a_message_without_from_comes_from_our_own_account_and_has_no_outer_sender() -> None:
    message = parsed("<body>x</body>", "id='1'")
    assert (message.sender, message.recipient, message.outer_sender) == (OWN.bare, OWN, None)


@pytest.mark.parametrize(
    "attributes", ["from='a b@chat.test'", "from='@chat.test'", "from=''", "from='bob@chat.test/'", "to='//'"]
)
def test_a_message_with_a_bad_address_is_dropped(attributes: str) -> None:
    assert parse_message(stanza(f"<message {attributes}><body>x</body></message>"), OWN) is None


@pytest.mark.parametrize(
    ("written", "read"),
    [("chat", MessageType.CHAT), ("groupchat", MessageType.GROUPCHAT), ("headline", MessageType.HEADLINE),
     ("error", MessageType.ERROR), ("normal", MessageType.NORMAL), ("nonsense", MessageType.NORMAL),
     ("", MessageType.NORMAL)],
)  # fmt: skip
def test_an_unknown_type_counts_as_normal(written: str, read: MessageType) -> None:
    assert parsed("", f"from='bob@chat.test' type='{written}'").type is read


@pytest.mark.parametrize(
    ("children", "field", "value"),
    [
        ("<active xmlns='http://jabber.org/protocol/chatstates'/>", "chat_state", ChatState.ACTIVE),
        ("<unstyled xmlns='urn:xmpp:styling:0'/>", "unstyled", True),
        ("<unstyled xmlns='urn:example'/>", "unstyled", False),
        ("<composing xmlns='http://jabber.org/protocol/chatstates'/>", "chat_state", ChatState.COMPOSING),
        ("<paused xmlns='http://jabber.org/protocol/chatstates'/>", "chat_state", ChatState.PAUSED),
        ("<inactive xmlns='http://jabber.org/protocol/chatstates'/>", "chat_state", ChatState.INACTIVE),
        ("<gone xmlns='http://jabber.org/protocol/chatstates'/>", "chat_state", ChatState.GONE),
        ("<confused xmlns='http://jabber.org/protocol/chatstates'/>", "chat_state", None),
        ("<request xmlns='urn:xmpp:receipts'/>", "receipt_request", True),
        ("<received xmlns='urn:xmpp:receipts' id='r'/>", "receipt_for", "r"),
        ("<received xmlns='urn:xmpp:receipts'/>", "receipt_for", ""),
        ("<displayed xmlns='urn:xmpp:chat-markers:0' id='d'/>", "displayed", "d"),
        ("<received xmlns='urn:xmpp:chat-markers:0' id='m'/>", "received", "m"),
        ("<markable xmlns='urn:xmpp:chat-markers:0'/>", "markable", True),
        ("<replace xmlns='urn:xmpp:message-correct:0' id='o'/>", "replaces", "o"),
        ("<occupant-id xmlns='urn:xmpp:occupant-id:0' id='q'/>", "occupant_id", "q"),
        ("<origin-id xmlns='urn:xmpp:sid:0' id='x'/>", "origin_id", "x"),
        ("<stanza-id xmlns='urn:xmpp:sid:0' id='s' by='chat.test'/>", "stanza_ids", (StanzaId(SERVER, "s"),)),
        ("<stanza-id xmlns='urn:xmpp:sid:0' id='s' by='@'/>", "stanza_ids", ()),
        ("<stanza-id xmlns='urn:xmpp:sid:0' id='s'/>", "stanza_ids", ()),
        ("<no-store xmlns='urn:xmpp:hints'/>", "no_store", True),
        ("<no-permanent-store xmlns='urn:xmpp:hints'/>", "no_store", True),
        ("<store xmlns='urn:xmpp:hints'/>", "no_store", False),
        ("<encrypted xmlns='eu.siacs.conversations.axolotl'/>", "encrypted", "eu.siacs.conversations.axolotl"),
        ("<encrypted xmlns='urn:xmpp:omemo:2'/>", "encrypted", "urn:xmpp:omemo:2"),
        ("<openpgp xmlns='urn:xmpp:openpgp:0'>xyz</openpgp>", "encrypted", "urn:xmpp:openpgp:0"),
        ("<x xmlns='jabber:x:encrypted'>xyz</x>", "encrypted", "jabber:x:encrypted"),
        ("<encryption xmlns='urn:xmpp:eme:0' namespace='urn:x' name='X'/>", "encrypted", "urn:x"),
        ("<encryption xmlns='urn:xmpp:eme:0' name='Own thing'/>", "encrypted", "Own thing"),
        ("<encryption xmlns='urn:xmpp:eme:0'/>", "encrypted", "unknown"),
        ("<subject>News</subject>", "subject", "News"),
        ("<subject/>", "subject", ""),
        ("", "subject", None),
        ("<body/>", "body", ""),
        ("", "body", None),
        ("<body xmlns='urn:other'>no</body>", "body", None),
        ("<body xml:lang='de'>Hallo</body><body>Hello</body>", "body", "Hello"),
        ("<body xml:lang='de'>Hallo</body><body xml:lang='fr'>Salut</body>", "body", "Hallo"),
    ],
)  # fmt: skip
def test_each_extension_is_read_into_its_field(children: str, field: str, value: object) -> None:
    assert getattr(parsed(children), field) == value


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("\x1b[31m", None),
        ("a&#x9b;31mb", "a31mb"),
        ("&#x202e;gpj.exe", "gpj.exe"),
        ("one&#xd;&#xa;two&#x2028;three", "one\ntwo\nthree"),
        ("x" * 70_000, "x" * 65_535 + "…"),
    ],
)  # fmt: skip
def test_a_hostile_body_is_cleaned_and_cut(body: str, shown: str | None) -> None:
    if shown is None:
        element = stanza("<message from='bob@chat.test'><body/></message>")
        element[0].text = body
        message = parse_message(element, OWN)
        assert message is not None
        assert message.body == "[31m"
    else:
        assert parsed(f"<body>{body}</body>").body == shown


def test_a_subject_is_cleaned_to_one_line() -> None:
    assert parsed("<subject>  a&#xa;b&#x9d;  c </subject>").subject == "a b c"


def test_an_id_of_absurd_length_counts_as_missing() -> None:
    message = parsed(
        f"<replace xmlns='urn:xmpp:message-correct:0' id='{'x' * 2000}'/>", f"from='bob@chat.test' id='{'y' * 2000}'"
    )
    assert (message.id, message.replaces) == ("", "")


def test_two_stanza_ids_of_one_archive_are_both_ignored_since_one_is_not_its_own() -> None:
    message = parsed(
        "<stanza-id xmlns='urn:xmpp:sid:0' id='forged' by='chat.test'/>"
        "<stanza-id xmlns='urn:xmpp:sid:0' id='real' by='chat.test'/>"
        "<stanza-id xmlns='urn:xmpp:sid:0' id='other' by='alice@chat.test'/>"
    )
    assert message.stanza_ids == (StanzaId(OWN.bare, "other"),)


def test_two_different_occupant_ids_are_both_ignored() -> None:
    two = "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='a'/><occupant-id xmlns='urn:xmpp:occupant-id:0' id='b'/>"
    assert parsed(two).occupant_id == ""


def test_no_more_than_eight_stanza_ids_are_taken() -> None:
    many = "".join(f"<stanza-id xmlns='urn:xmpp:sid:0' id='{n}' by='a{n}.test'/>" for n in range(100))
    assert len(parsed(many).stanza_ids) == 8


@pytest.mark.parametrize(
    ("stamp", "time"),
    [
        ("2023-11-14T22:13:20Z", MOMENT),
        ("2023-11-14T23:13:20.500000+01:00", MOMENT + 500_000),
        ("2023-11-14T22:13:20", MOMENT),
        ("1969-12-31T23:59:59Z", -1_000_000),
        ("0001-01-01T00:00:00+14:00", -62_135_647_200_000_000),
        ("9999-12-31T23:59:59-14:00", 253_402_351_199_000_000),
        ("yesterday", None),
        ("", None),
        ("2023-13-45T99:99:99Z", None),
        ("-0044-03-15T12:00:00Z", None),
        ("2023-11-14T22:13:20Z" + "0" * 100, None),
    ],
)
def test_the_time_of_a_delay_is_read_and_an_absurd_one_does_no_harm(stamp: str, time: int | None) -> None:
    message = parsed(f"<delay xmlns='urn:xmpp:delay' from='chat.test' stamp='{stamp}'/>")
    assert (message.delay, message.delay_by) == (time, SERVER if time is not None else None)


def test_of_several_delays_that_of_our_own_server_counts() -> None:
    message = parsed(
        "<delay xmlns='urn:xmpp:delay' from='bob@chat.test/phone' stamp='1999-01-01T00:00:00Z'/>"
        "<delay xmlns='urn:xmpp:delay' from='chat.test' stamp='2023-11-14T22:13:20Z'/>"
    )
    assert (message.delay, message.delay_by) == (MOMENT, SERVER)


def test_the_time_of_the_archive_comes_before_any_time_inside_the_message() -> None:
    delay = "<delay xmlns='urn:xmpp:delay' stamp='1999-01-01T00:00:00Z'/>"
    inside = f"<message from='bob@chat.test'><body>x</body>{delay}</message>"
    message = parse_message(stanza(inside), OWN, Envelope(Route.ARCHIVE, OWN.bare, (MOMENT, OWN.bare), "a7"))
    assert message is not None
    assert (message.delay, message.delay_by, message.archive_id, message.route) == (
        MOMENT,
        OWN.bare,
        "a7",
        Route.ARCHIVE,
    )


ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas"
SOME_ERROR = "The other side answered with an error."


@pytest.mark.parametrize(
    ("error", "condition", "words"),
    [
        (f"<item-not-found xmlns='{ERRORS}'/>", "item-not-found", "There is nothing at that address."),
        (f"<forbidden xmlns='{ERRORS}'/><text xmlns='{ERRORS}'>No&#x9b;way</text>",
         "forbidden", "You are not allowed to do that. (“Noway”)"),
        (f"<brand-new xmlns='{ERRORS}'/>", "brand-new", SOME_ERROR),
        ("", "undefined-condition", SOME_ERROR),
        (None, "undefined-condition", SOME_ERROR),
    ],
)  # fmt: skip
def test_an_error_is_told_in_peoples_words(error: str | None, condition: str, words: str) -> None:
    element = "" if error is None else f"<error type='cancel'>{error}</error>"
    message = parsed(f"<body>x</body>{element}", "from='bob@chat.test' type='error' id='7'")
    assert (message.type, message.error_condition, message.error, message.id) == (
        MessageType.ERROR,
        condition,
        words,
        "7",
    )


def room_message(children: str, kind: str = "groupchat", nick: str = "/Bob") -> MessageReceived:
    return parsed(children, f"from='{ROOM}{nick}' to='{OWN}' type='{kind}'")


def test_an_invitation_through_the_room_names_the_room_and_who_invites() -> None:
    message = room_message(
        "<x xmlns='http://jabber.org/protocol/muc#user'><invite from='bob@chat.test/phone'>"
        "<reason>Come\n in</reason></invite><password>pw</password></x>",
        "normal", "",
    )  # fmt: skip
    assert message.invitation == Invitation(ROOM, BOB, "Come in", "pw", direct=False)
    assert not message.is_private


def test_a_direct_invitation_names_the_sender_as_who_invites() -> None:
    message = parsed(f"<x xmlns='jabber:x:conference' jid='{ROOM}' reason='Hey' password='pw'/>")
    assert message.invitation == Invitation(ROOM, BOB.bare, "Hey", "pw", direct=True)


def test_an_invitation_to_a_bad_address_is_none() -> None:
    assert parsed("<x xmlns='jabber:x:conference' jid='no such@place'/>").invitation is None


def test_a_declined_invitation_is_seen() -> None:
    message = room_message(
        "<x xmlns='http://jabber.org/protocol/muc#user'><decline from='carol@chat.test'/></x>", "normal", ""
    )
    assert (message.declined, message.invitation, message.is_private) == (True, None, False)


def test_a_private_message_in_a_room_is_marked() -> None:
    assert room_message("<body>psst</body><x xmlns='http://jabber.org/protocol/muc#user'/>", "chat").is_private
    assert not room_message("<body>hi all</body><x xmlns='http://jabber.org/protocol/muc#user'/>").is_private


def test_status_codes_of_a_room_are_read_and_nonsense_is_left_out() -> None:
    codes = "".join(f"<status code='{code}'/>" for code in ("104", "172", "x", "", "-1", "99999999999999"))
    message = room_message(f"<x xmlns='http://jabber.org/protocol/muc#user'>{codes}</x>", nick="")
    assert message.status_codes == {104, 172}


def test_a_stanza_with_thousands_of_children_is_read_once_and_quickly() -> None:
    element = Element("{jabber:client}message", {"from": "bob@chat.test"})
    for number in range(20_000):
        element.append(Element(f"{{urn:x}}y{number % 7}"))
    assert parse_message(element, OWN) is not None


@pytest.mark.parametrize(
    ("text", "link", "read"),
    [
        ("look", "https://a.example/f.png", "look\nhttps://a.example/f.png"),
        ("https://a.example/f.png", "https://a.example/f.png", "https://a.example/f.png"),
        ("see https://a.example/f.png!", "https://a.example/f.png", "see https://a.example/f.png!"),
        ("look", "file:///etc/passwd", "look"),
        ("look", "https://a.example/f.png and more", "look"),
        ("look", "https://a.example/\u202ef.png", "look\nhttps://a.example/f.png"),
        ("look", "", "look"),
    ],
)
def test_a_link_beside_a_text_is_added_to_it_where_it_lacks_it(text: str, link: str, read: str) -> None:
    children = f"<body>{text}</body><x xmlns='jabber:x:oob'><url>{link}</url></x>"
    assert parsed(children, "from='bob@chat.test' type='chat'").body == read


def test_a_link_beside_an_encrypted_message_is_not_taken() -> None:
    children = (
        "<body>encrypted</body><encrypted xmlns='eu.siacs.conversations.axolotl'/>"
        "<x xmlns='jabber:x:oob'><url>https://a.example/f.png</url></x>"
    )
    assert parsed(children, "from='bob@chat.test' type='chat'").body == "encrypted"


def test_a_link_without_a_text_makes_no_text() -> None:
    children = "<x xmlns='jabber:x:oob'><url>https://a.example/f.png</url></x>"
    assert parsed(children, "from='bob@chat.test' type='chat'").body is None
