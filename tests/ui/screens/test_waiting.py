"""While a server does not answer, keys do what they do: on a real server, over a line that lets nothing through."""

from tests.engines import befriend, make_engine
from tests.server.cutter import Cutter
from tests.server.prosody import Prosody, fresh_name
from tests.ui.screens.host import showing
from tests.ui.screens.test_room_dialogs import choose, two_in_a_room
from tests.waiting import until
from tui_xmpp.model.account import AccountStatus
from tui_xmpp.model.commands import AddContact, InviteToRoom, JoinRoom
from tui_xmpp.model.room import RoomStatus
from tui_xmpp.ui.screens.accounts import AccountsScreen
from tui_xmpp.ui.screens.fields import Line
from tui_xmpp.ui.screens.join_room import JoinRoomDialog
from tui_xmpp.ui.screens.person import PersonScreen
from tui_xmpp.ui.screens.requests import RequestsScreen


async def test_a_bare_name_can_be_gone_on_with_and_left_while_the_server_is_asked(prosody: Prosody) -> None:
    async with (
        Cutter(prosody.port) as line,
        make_engine(prosody, fresh_name(), port=line.port) as client,
        showing(lambda: JoinRoomDialog(client.engine, client.account)) as (app, pilot),
    ):
        line.freeze()
        await pilot.press(*"kit", "enter", *"chen")
        await until(lambda: "where its rooms are…" in app.text, what=app.text)
        assert app.screen.query_one("#room", Line).value == "kitchen"
        line.thaw()
        await until(lambda: "where its rooms are…" not in app.text, what=app.text)
        assert not app.closed, "what was asked about is not what is wanted now"
        await pilot.press("enter")
        await until(lambda: app.closed, what=app.text)
        assert app.result == JoinRoom(client.account, prosody.room("kitchen"))


async def test_a_dialog_that_waits_is_left_with_escape(prosody: Prosody) -> None:
    async with (
        Cutter(prosody.port) as line,
        make_engine(prosody, fresh_name(), port=line.port) as client,
        showing(lambda: JoinRoomDialog(client.engine, client.account)) as (app, pilot),
    ):
        line.freeze()
        await pilot.press(*"kitchen", "enter", "enter", "escape")
        assert app.closed
        assert app.result is None
        line.thaw()


async def test_what_was_begun_is_done_though_its_dialog_was_left(prosody: Prosody) -> None:
    async with (
        Cutter(prosody.port) as line,
        make_engine(prosody, fresh_name(), port=line.port) as own,
        make_engine(prosody, fresh_name("b")) as other,
    ):
        key, juno = await two_in_a_room(own, other, prosody.room())
        async with showing(lambda: PersonScreen(own.engine, key, juno)) as (app, pilot):
            line.freeze()
            choose(app, "kick")
            await pilot.press("enter", "enter")
            await until(lambda: "Waiting for the server…" in app.text, what=app.text)
            await pilot.press("escape")
            assert app.closed
            line.thaw()
            await own.until(lambda: len(own.engine.occupants(key)) == 1, "kicked")


async def test_one_request_is_answered_while_the_room_of_another_does_not_let_us_in(prosody: Prosody) -> None:
    async with (
        Cutter(prosody.port) as line,
        make_engine(prosody, fresh_name(), port=line.port) as own,
        make_engine(prosody, fresh_name("b")) as friend,
        make_engine(prosody, fresh_name("c")) as stranger,
    ):
        await befriend(friend, own)
        key = await friend.join(prosody.room())
        await friend.do(InviteToRoom(key, own.account, "come in"))
        await own.until(lambda: len(own.engine.requests()) == 1)
        await stranger.do(AddContact(stranger.account, own.account))
        await own.until(lambda: len(own.engine.requests()) == 2)
        async with showing(lambda: RequestsScreen(own.engine)) as (app, pilot):
            line.freeze()
            await pilot.press("a", "x")
            await until(lambda: app.closed, what=app.text)
            line.thaw()
            await own.until(lambda: own.engine.room(own.key(key.peer)).status is RoomStatus.JOINED)


async def test_an_account_that_leaves_slowly_holds_nothing_up(prosody: Prosody) -> None:
    async with (
        Cutter(prosody.port) as line,
        make_engine(prosody, fresh_name(), port=line.port) as client,
        showing(lambda: AccountsScreen(client.engine)) as (app, pilot),
    ):
        line.freeze()
        await pilot.press("enter", "x")
        assert "Remove the account?" in app.text
        await pilot.press("escape", "escape")
        assert app.closed
        line.thaw()
        await client.until(lambda: client.status() is AccountStatus.OFFLINE)
