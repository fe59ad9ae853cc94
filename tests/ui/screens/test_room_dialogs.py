"""Joining rooms, browsing them, and what can be done to the people in them."""

from pathlib import Path

import pytest

from tests.engines import Client, make_engine
from tests.server.fixtures import ProsodyFactory
from tests.server.prosody import Prosody, fresh_name
from tests.ui.screens.host import Host, showing
from tests.ui.screens.hostile import FORBIDDEN, HOSTILE_PAIRS
from tests.ui.screens.profiles import HOME, WORK, offline
from tests.waiting import until
from tui_xmpp.errors import RoomRefusal
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.commands import JoinRoom
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.room import Affiliation, Occupant, RoomListing, RoomStatus
from tui_xmpp.ui.screens.browse_rooms import BrowseRooms
from tui_xmpp.ui.screens.fields import Line
from tui_xmpp.ui.screens.join_room import JoinRoomDialog
from tui_xmpp.ui.screens.person import PersonScreen
from tui_xmpp.ui.screens.rows import Rows
from tui_xmpp.ui.screens.wishes import ChatWanted

KITCHEN = Address.parse("kitchen@rooms.home.example")


async def test_a_room_is_joined_with_nickname_and_password(tmp_path: Path) -> None:
    async with (
        offline(tmp_path, HOME, WORK) as client,
        showing(lambda: JoinRoomDialog(client.engine, WORK)) as (
            app,
            pilot,
        ),
    ):
        app.screen.query_one("#room", Line).value = "Kitchen@rooms.home.example"
        app.screen.query_one("#nick", Line).value = "Alice [/b]"
        app.screen.query_one("#password", Line).value = " pw "
        await pilot.press("enter")
        assert app.result == JoinRoom(WORK, KITCHEN, "Alice [/b]", " pw ")


@pytest.mark.parametrize(
    ("room", "nick", "words"),
    [
        ("", "", "Which room?"),
        ("rooms.home.example", "", "has a name before the @"),
        ("@rooms", "", "nothing before the @"),
        ("kitchen@rooms.home.example", "n" * 1100, "empty or too long"),
    ],
)
async def test_what_cannot_be_joined_is_said_beside_its_field(tmp_path: Path, room: str, nick: str, words: str) -> None:
    async with (
        offline(tmp_path, HOME) as client,
        showing(lambda: JoinRoomDialog(client.engine, None, room)) as (
            app,
            pilot,
        ),
    ):
        app.screen.query_one("#nick", Line).value = nick
        await pilot.press("enter")
        assert words in app.text
        assert not app.closed


@pytest.mark.parametrize(
    ("refusal", "title", "at"),
    [
        (RoomRefusal.PASSWORD, "The room asks for a password", "password"),
        (RoomRefusal.NICKNAME_TAKEN, "The nickname is taken", "nick"),
        (RoomRefusal.NICKNAME_INVALID, "The nickname is not accepted", "nick"),
        (RoomRefusal.MEMBERS_ONLY, "Join a room", "room"),
        (RoomRefusal.BANNED, "Join a room", "room"),
    ],
)
async def test_after_a_refusal_the_problem_is_shown_where_it_can_be_mended(
    tmp_path: Path, refusal: RoomRefusal, title: str, at: str
) -> None:
    async with (
        offline(tmp_path, HOME) as client,
        showing(
            lambda: JoinRoomDialog(client.engine, HOME, str(KITCHEN), "The room says [/no].", refusal, "Alice")
        ) as (app, _),
    ):
        assert title in app.text
        assert "The room says [/no]." in app.text
        assert app.focused is not None
        assert app.focused.id == at
        assert app.screen.query_one("#nick", Line).value == "Alice"


async def test_a_taken_nickname_must_be_replaced_by_another(tmp_path: Path) -> None:
    async with (
        offline(tmp_path, HOME) as client,
        showing(
            lambda: JoinRoomDialog(client.engine, HOME, str(KITCHEN), "Taken.", RoomRefusal.NICKNAME_TAKEN, "Alice")
        ) as (app, pilot),
    ):
        nick = app.screen.query_one("#nick", Line)
        nick.value = ""
        await pilot.press("enter")
        assert "Choose another nickname." in app.text
        await pilot.press(*"Al", "enter")
        assert app.result == JoinRoom(HOME, KITCHEN, "Al")


async def test_without_a_line_browsing_says_so(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME) as client, showing(lambda: JoinRoomDialog(client.engine, HOME)) as (app, pilot):
        await pilot.press("f2")
        await until(lambda: "Not connected" in app.text, what=app.text)
        await pilot.press("escape")
        assert "Join a room" in app.text


async def test_a_bare_name_is_a_room_of_the_own_server(prosody: Prosody) -> None:
    async with (
        make_engine(prosody, fresh_name()) as client,
        showing(lambda: JoinRoomDialog(client.engine, client.account)) as (app, pilot),
    ):
        await pilot.press(*"kitchen", "enter")
        await until(lambda: app.closed, what=app.text)
        assert app.result == JoinRoom(client.account, prosody.room("kitchen"))


async def test_without_a_line_a_bare_name_stays_and_the_reason_is_said(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME) as client, showing(lambda: JoinRoomDialog(client.engine, HOME)) as (app, pilot):
        await pilot.press(*"kitchen", "enter")
        await until(lambda: "Not connected" in app.text, what=app.text)
        assert app.screen.query_one("#room", Line).value == "kitchen"
        assert not app.closed


async def test_a_server_that_lists_no_rooms_is_said_to(prosody: Prosody) -> None:
    async with (
        make_engine(prosody, fresh_name()) as client,
        showing(lambda: BrowseRooms(client.engine, client.account)) as (app, pilot),
    ):
        await until(lambda: "The server tells of no public rooms." in app.text, what=app.text)
        await pilot.press("enter")
        assert not app.closed


async def test_the_rooms_of_the_server_are_browsed_and_one_is_chosen(prosody_factory: ProsodyFactory) -> None:
    server = prosody_factory(settings="muc_room_default_public = true")
    async with make_engine(server, fresh_name()) as client:
        room = server.room()
        await client.join(room)
        async with showing(lambda: JoinRoomDialog(client.engine, client.account)) as (app, pilot):
            await pilot.press("f2")
            await until(
                lambda: isinstance(app.screen, BrowseRooms) and bool(app.screen.query_one(Rows).rows), what=app.text
            )
            app.screen.query_one("#filter", Line).value = room.local
            await until(lambda: str(room) in app.text, what=app.text)
            await pilot.press("enter")
            assert app.screen.query_one("#room", Line).value == str(room)
            await pilot.press("enter")
            assert app.result == JoinRoom(client.account, room)


async def two_in_a_room(own: Client, other: Client, room: Address) -> tuple[ChatKey, Occupant]:
    """We own the room, the other is in it."""
    key = await own.join(room, "Alice")
    await other.join(room, "Juno")

    def juno() -> Occupant | None:
        return next((one for one in own.engine.occupants(key) if one.nick == "Juno"), None)

    await until(lambda: juno() is not None, what="Juno is there")
    found = juno()
    assert found is not None
    return key, found


def choose(app: Host[None], action: str) -> None:
    rows = app.screen.query_one(Rows)
    rows.highlighted = [row.id for row in rows.rows].index(action)


async def test_an_owner_can_name_members_and_admins_and_kick_and_ban(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as own, make_engine(prosody, fresh_name("b")) as other:
        key, juno = await two_in_a_room(own, other, prosody.room())

        async with showing(lambda: PersonScreen(own.engine, key, juno)) as (app, pilot):
            assert str(other.account) in app.text
            assert "guest, may talk" in app.text
            offered = [row.id for row in app.screen.query_one(Rows).rows]
            assert offered == ["private", "add", "kick", "make-member", "make-admin", "ban"]
            choose(app, "make-member")
            await pilot.press("enter")
            await until(lambda: app.closed, what=app.text)

        def standing() -> Affiliation | None:
            return next((one.affiliation for one in own.engine.occupants(key) if one.nick == "Juno"), None)

        await until(lambda: standing() is Affiliation.MEMBER, what="a member")

        async with showing(lambda: PersonScreen(own.engine, key, juno)) as (app, pilot):
            choose(app, "kick")
            await pilot.press("enter")
            await pilot.press(*"out", "enter")
            await until(lambda: standing() is None, what="kicked")

        async with showing(lambda: PersonScreen(own.engine, key, juno)) as (app, pilot):
            choose(app, "ban")
            await pilot.press("enter", "enter")
            await until(lambda: app.closed, what=app.text)
        await until(lambda: other.engine.room(other.key(key.peer)).status is not RoomStatus.JOINED, what="out")


async def test_a_guest_is_offered_a_private_message_only(prosody: Prosody) -> None:
    wanted: list[ChatKey] = []

    class ChatHost(Host[None]):
        def on_chat_wanted(self, event: ChatWanted) -> None:
            wanted.append(event.key)

    async with make_engine(prosody, fresh_name()) as own, make_engine(prosody, fresh_name("b")) as other:
        key, _ = await two_in_a_room(own, other, prosody.room())
        theirs = other.key(key.peer)
        alice = next(one for one in other.engine.occupants(theirs) if one.nick == "Alice")
        app = ChatHost(lambda: PersonScreen(other.engine, theirs, alice))
        async with app.run_test() as pilot:
            await pilot.pause()
            offered = [row.id for row in app.screen.query_one(Rows).rows]
            assert "private" in offered
            assert not {"kick", "ban", "make-member", "make-admin"}.intersection(offered)
            choose(app, "private")
            await pilot.press("enter")
            assert app.closed
            assert wanted == [ChatKey(other.account, key.peer.with_resource("Alice"))]


@pytest.mark.parametrize("text", HOSTILE_PAIRS)
async def test_no_nickname_or_room_breaks_the_dialogs(tmp_path: Path, text: str) -> None:
    key = ChatKey(HOME, KITCHEN)
    person = Occupant(text, availability=Availability.AWAY, status=text, address=Address.parse("аlice@far.example"))
    async with offline(tmp_path, HOME) as client:
        async with showing(lambda: PersonScreen(client.engine, key, person), (50, 20)) as (showing_person, pilot):
            assert not FORBIDDEN.intersection("".join(showing_person.lines))
            await pilot.press("enter")
        async with showing(
            lambda: JoinRoomDialog(client.engine, HOME, text, text, RoomRefusal.OTHER, text), (50, 20)
        ) as (
            joining,
            pilot,
        ):
            await pilot.press("enter")
            assert not FORBIDDEN.intersection("".join(joining.lines))
        browse = BrowseRooms(client.engine, HOME)
        async with showing(lambda: browse, (50, 20)) as (browsing, pilot):
            browse.add_listings([RoomListing(KITCHEN, text)])
            await pilot.pause()
            assert not FORBIDDEN.intersection("".join(browsing.lines))
