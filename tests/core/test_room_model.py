"""Where we stand with a room, and who is there."""

import pytest

from tui_xmpp.core.room_model import RoomModel, Turn
from tui_xmpp.errors import RoomRefusal
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.room import Affiliation, Role, RoomStatus
from tui_xmpp.model.stanzas import OccupantReceived

ROOM = Address.parse("kitchen@rooms.chat.test")
KEY = ChatKey(Address.parse("alice@chat.test"), ROOM)


def here(nick: str, *codes: int, occupant_id: str = "") -> OccupantReceived:
    return OccupantReceived(
        ROOM.with_resource(nick),
        Availability.ONLINE,
        affiliation=Affiliation.MEMBER,
        role=Role.PARTICIPANT,
        occupant_id=occupant_id,
        status_codes=frozenset(codes),
    )


def gone(
    nick: str, *codes: int, new_nick: str = "", reason: str = "", actor: str = "", destroyed: bool = False
) -> OccupantReceived:
    return OccupantReceived(
        ROOM.with_resource(nick),
        Availability.OFFLINE,
        new_nick=new_nick,
        status_codes=frozenset(codes),
        reason=reason,
        actor=actor,
        destroyed=destroyed,
    )


@pytest.fixture
def room() -> RoomModel:
    """We, `Alice`, have entered; Bob was there before."""
    model = RoomModel(KEY, "Alice")
    model.begin_entering()
    model.apply(here("Bob"), 100)
    assert model.apply(here("Alice", 110, occupant_id="a"), 100) is Turn.ENTERED
    model.entered()
    return model


def test_who_is_there_is_known_when_we_have_entered(room: RoomModel) -> None:
    assert set(room.occupants) == {"Alice", "Bob"}
    assert room.occupants["Alice"].own
    assert not room.occupants["Bob"].own
    assert room.own_occupant_id == "a"
    assert room.shown.people == 2


def test_the_room_may_give_us_another_nickname() -> None:
    model = RoomModel(KEY, "Alice")
    model.begin_entering()
    assert model.apply(here("alice.", 110, 210), 1) is Turn.ENTERED
    assert model.nick == "alice."


def test_people_come_and_go(room: RoomModel) -> None:
    room.apply(here("Carol"), 200)
    room.apply(gone("Bob"), 300)
    assert set(room.occupants) == {"Alice", "Carol"}


def test_a_nickname_is_held_since_its_holder_came(room: RoomModel) -> None:
    room.apply(here("Carol"), 200)
    room.apply(here("Carol"), 250)
    assert room.since == {"Alice": 0, "Bob": 0, "Carol": 200}
    room.apply(gone("Bob"), 300)
    room.apply(here("Bob"), 400)
    assert room.since["Bob"] == 400


def test_a_changed_nickname_is_held_since_the_change(room: RoomModel) -> None:
    room.apply(gone("Bob", 303, new_nick="Robert"), 300)
    assert set(room.occupants) == {"Alice", "Robert"}
    room.apply(here("Robert"), 300)
    assert room.since["Robert"] == 300
    assert "Bob" not in room.since


def test_our_nickname_stays_ours_until_the_room_has_noticed_that_we_fell_out(room: RoomModel) -> None:
    assert room.holds_nick
    room.waiting()  # the stream is lost, and the next one is lost too before we are back in
    room.waiting()
    assert room.holds_nick
    room.apply(here("Alice", 110), 300)
    room.entered()
    assert room.holds_nick
    room.apply(gone("Alice", 110, 333), 400)
    assert room.status is RoomStatus.JOINING
    assert not room.holds_nick


def test_a_nickname_that_we_only_want_is_not_ours(room: RoomModel) -> None:
    room.waiting()
    room.nick = "Bob"
    assert not room.holds_nick
    room.left()
    room.nick = "Alice"
    room.begin_entering()
    assert not room.holds_nick


def test_our_own_nickname_changes(room: RoomModel) -> None:
    assert room.apply(gone("Alice", 110, 303, new_nick="Al"), 300) is Turn.NONE
    assert room.apply(here("Al", 110), 300) is Turn.NONE
    assert room.nick == "Al"
    assert room.status is RoomStatus.JOINED


@pytest.mark.parametrize(
    ("presence", "turn", "status", "refusal", "problem"),
    [
        (
            gone("Alice", 110, 307, actor="Bob", reason="too loud"),
            Turn.OUT,
            RoomStatus.LEFT,
            None,
            "You were removed from the room by Bob: too loud",
        ),
        (gone("Alice", 110, 301), Turn.OUT, RoomStatus.REFUSED, RoomRefusal.BANNED, "You were banned from the room."),
        (
            gone("Alice", 110, 322),
            Turn.OUT,
            RoomStatus.REFUSED,
            RoomRefusal.MEMBERS_ONLY,
            "The room became open to members only, and you are not a member.",
        ),
        (
            gone("Alice", 110, 321),
            Turn.OUT,
            RoomStatus.REFUSED,
            RoomRefusal.MEMBERS_ONLY,
            "You are no longer a member of this room.",
        ),
        (
            gone("Alice", 110, destroyed=True, reason="done"),
            Turn.OUT,
            RoomStatus.REFUSED,
            RoomRefusal.GONE,
            "The room was closed for good: done",
        ),
        (gone("Alice", 110, 332), Turn.LOST, RoomStatus.JOINING, None, "The room's server is shutting down."),
        (gone("Alice", 110, 307, 333), Turn.LOST, RoomStatus.JOINING, None, "The room lost its connection to you."),
        (gone("Alice", 110), Turn.LOST, RoomStatus.JOINING, None, ""),
        (gone("Bob", 307), Turn.NONE, RoomStatus.JOINED, None, ""),
    ],
)
def test_being_put_out_is_told_in_plain_words(
    room: RoomModel,
    presence: OccupantReceived,
    turn: Turn,
    status: RoomStatus,
    refusal: RoomRefusal | None,
    problem: str,
) -> None:
    assert room.apply(presence, 300) is turn
    assert (room.status, room.refusal, room.problem) == (status, refusal, problem)


def test_the_echo_of_our_leaving_changes_nothing(room: RoomModel) -> None:
    room.left()
    assert room.apply(gone("Alice", 110), 300) is Turn.NONE
    room.begin_entering()
    assert room.apply(gone("Alice", 110), 300) is Turn.NONE
    assert room.status is RoomStatus.JOINING


def test_out_of_the_room_nobody_is_known_to_be_there(room: RoomModel) -> None:
    room.waiting()
    assert room.occupants == {}
    assert room.since == {}
