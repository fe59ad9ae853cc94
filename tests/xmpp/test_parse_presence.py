import pytest

from tests.xmpp.wire import BOB, OWN, ROOM, stanza
from tui_xmpp.model.address import Address
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.room import Affiliation, Role
from tui_xmpp.model.stanzas import (
    OccupantError,
    OccupantReceived,
    PresenceReceived,
    SubscriptionAction,
    SubscriptionReceived,
)
from tui_xmpp.xmpp.parse_presence import PresenceSignal, parse_presence

USER = "http://jabber.org/protocol/muc#user"


def parsed(text: str, *, from_room: bool = True) -> PresenceSignal | None:
    return parse_presence(stanza(text), OWN, from_room=from_room)


@pytest.mark.parametrize(
    ("inside", "kind", "expected"),
    [
        ("", "", PresenceReceived(BOB, Availability.ONLINE)),
        ("<show>away</show><status>a&#x9b;b\n c</status><priority>5</priority>", "",
         PresenceReceived(BOB, Availability.AWAY, "ab c", 5)),
        ("<show>chat</show>", "", PresenceReceived(BOB, Availability.CHAT)),
        ("<show>xa</show>", "", PresenceReceived(BOB, Availability.XA)),
        ("<show> dnd </show>", "", PresenceReceived(BOB, Availability.DND)),
        ("<show>offline</show>", "", PresenceReceived(BOB, Availability.ONLINE)),
        ("<priority>1000</priority>", "", PresenceReceived(BOB, Availability.ONLINE)),
        ("<priority>ten</priority>", "", PresenceReceived(BOB, Availability.ONLINE)),
        ("<status>bye</status>", "type='unavailable'", PresenceReceived(BOB, Availability.OFFLINE, "bye")),
        ("<error/>", "type='error'", PresenceReceived(BOB, Availability.OFFLINE)),
        ("", "type='probe'", None),
        ("", "type='nonsense'", None),
    ],
)  # fmt: skip
def test_presence_of_a_contact_is_read(inside: str, kind: str, expected: PresenceSignal | None) -> None:
    assert parsed(f"<presence from='{BOB}' {kind}>{inside}</presence>", from_room=False) == expected


@pytest.mark.parametrize("address", ["", "a@b@c", "bob@", "@", "bob@chat test", "bob@chat.test/\u0007"])
def test_presence_with_a_bad_address_is_dropped(address: str) -> None:
    element = stanza("<presence />")
    element.set("from", address)
    assert parse_presence(element, OWN, from_room=False) is None


@pytest.mark.parametrize("action", list(SubscriptionAction))
def test_a_subscription_presence_comes_from_the_bare_address(action: SubscriptionAction) -> None:
    text = f"<presence from='{BOB}' type='{action}'><status>Me</status><nick xmlns='http://jabber.org/protocol/nick'>[/Bob]</nick></presence>"
    assert parsed(text) == SubscriptionReceived(BOB.bare, action, "Me", "[/Bob]")


def test_an_occupant_is_read_with_all_that_the_room_says() -> None:
    text = (
        f"<presence from='{ROOM}/Bob'><show>dnd</show><x xmlns='{USER}'>"
        "<item affiliation='owner' role='moderator' jid='bob@chat.test/phone'/>"
        "<status code='110'/><status code='100'/></x>"
        "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='o1'/></presence>"
    )
    assert parsed(text) == OccupantReceived(
        ROOM.with_resource("Bob"), Availability.DND, "", Affiliation.OWNER, Role.MODERATOR, BOB.bare, "o1",
        status_codes=frozenset({110, 100}),
    )  # fmt: skip


def test_a_kick_tells_who_and_why() -> None:
    text = (
        f"<presence from='{ROOM}/Bob' type='unavailable'><x xmlns='{USER}'><item role='none' affiliation='member'>"
        "<actor nick='Carol'/><reason>Too\nloud</reason></item><status code='307'/></x></presence>"
    )
    signal = parsed(text)
    assert isinstance(signal, OccupantReceived)
    assert (signal.availability, signal.actor, signal.reason, signal.status_codes) == (
        Availability.OFFLINE,
        "Carol",
        "Too loud",
        frozenset({307}),
    )


def test_a_new_nickname_counts_only_with_its_status_code() -> None:
    change = f"<presence from='{ROOM}/Bob' type='unavailable'><x xmlns='{USER}'><item nick='Bobby'/>%s</x></presence>"
    with_code, without = parsed(change % "<status code='303'/>"), parsed(change % "")
    assert isinstance(with_code, OccupantReceived)
    assert isinstance(without, OccupantReceived)
    assert (with_code.new_nick, without.new_nick) == ("Bobby", "")


def test_a_destroyed_room_tells_where_to_go() -> None:
    text = (
        f"<presence from='{ROOM}/Bob' type='unavailable'><x xmlns='{USER}'><item role='none' affiliation='none'/>"
        "<destroy jid='cellar@rooms.chat.test'><reason>Moved</reason></destroy></x></presence>"
    )
    signal = parsed(text)
    assert isinstance(signal, OccupantReceived)
    assert (signal.destroyed, signal.alternate, signal.reason) == (
        True,
        Address.parse("cellar@rooms.chat.test"),
        "Moved",
    )


@pytest.mark.parametrize(
    "item",
    ["<item affiliation='god' role='king' jid='@'/>", "<item/>", "", "<item><actor/></item>", "<item jid='a b'/>"],
)
def test_what_a_room_says_in_nonsense_counts_as_nothing(item: str) -> None:
    signal = parsed(f"<presence from='{ROOM}/Bob'><x xmlns='{USER}'>{item}</x></presence>")
    assert signal == OccupantReceived(ROOM.with_resource("Bob"), Availability.ONLINE)


def test_presence_without_room_element_from_a_room_that_we_are_in_is_an_occupants() -> None:
    signal = parsed(f"<presence from='{ROOM}/Bob' type='unavailable'/>")
    assert signal == OccupantReceived(ROOM.with_resource("Bob"), Availability.OFFLINE)


def test_an_error_from_a_room_gives_its_condition_and_own_words() -> None:
    namespace = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"
    error = f"<error><conflict {namespace}/><text {namespace}>Taken</text></error>"
    text = f"<presence from='{ROOM}/Bob' type='error'>{error}</presence>"
    assert parsed(text) == OccupantError(ROOM.with_resource("Bob"), "conflict", "Taken")


@pytest.mark.parametrize(
    "text",
    [
        f"<presence from='{ROOM}/Bob'><x xmlns='{USER}'><status code='110'/></x></presence>",
        f"<presence from='{BOB}' type='unavailable'><x xmlns='{USER}'/></presence>",
        f"<presence from='{ROOM}/Bob' type='error'><x xmlns='http://jabber.org/protocol/muc'/><error/></presence>",
    ],
)
def test_who_is_in_no_room_of_ours_cannot_pretend_to_be_an_occupant(text: str) -> None:
    assert parsed(text, from_room=False) is None
