"""Going to any chat, contact or room."""

from pathlib import Path

import pytest

from tests.ui.screens.host import Host, showing
from tests.ui.screens.hostile import FORBIDDEN, HOSTILE
from tests.ui.screens.profiles import HOME, WORK, chat, contact, offline
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.room import Bookmark
from tui_xmpp.storage.writes import Writes
from tui_xmpp.ui.screens.fields import Line
from tui_xmpp.ui.screens.goto import GoTo
from tui_xmpp.ui.screens.places import places, ranked
from tui_xmpp.ui.screens.rows import Rows
from tui_xmpp.ui.screens.wishes import RoomWanted


def _household(writes: Writes) -> None:
    contact(writes, "mara@home.example", "Mara", "Friends")
    contact(writes, "ines@far.example", "Inès")
    contact(writes, "noor@home.example")
    chat(writes, "mara@home.example", 1)
    chat(writes, "kofi@far.example", 2, unread=2)
    chat(writes, "kitchen@rooms.home.example", 3, kind=ChatKind.ROOM, unread=3, mention=True)
    chat(writes, "dev@rooms.home.example", 4, kind=ChatKind.ROOM)
    writes.upsert_bookmark(HOME, Bookmark(Address.parse("garden@rooms.home.example"), "Garden"))
    writes.upsert_bookmark(HOME, Bookmark(Address.parse("dev@rooms.home.example"), "dev"))


def _titles(app: Host[ChatKey | None]) -> list[str]:
    return [row.title for row in app.screen.query_one(Rows).rows]


def _type(app: Host[ChatKey | None], text: str) -> None:
    app.screen.query_one(Line).value = text


def _key(peer: str, account: Address = HOME) -> ChatKey:
    return ChatKey(account, Address.parse(peer))


async def test_unread_chats_come_first_then_recent_ones_then_contacts_then_bookmarks(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, fill=_household) as client, showing(lambda: GoTo(client.engine)) as (app, _):
        assert [row.id.split(" ")[1] for row in app.screen.query_one(Rows).rows] == [
            "kitchen@rooms.home.example",
            "kofi@far.example",
            "dev@rooms.home.example",
            "mara@home.example",
            "ines@far.example",
            "noor@home.example",
            "garden@rooms.home.example",
        ]
        assert "@1" in app.text
        assert "2" in app.text


@pytest.mark.parametrize(
    ("typed", "peer"),
    [
        ("mara", "mara@home.example"),
        ("ines", "ines@far.example"),
        ("far.ex ines", "ines@far.example"),
        ("kit", "kitchen@rooms.home.example"),
        ("gard", "garden@rooms.home.example"),
        ("kofi@far", "kofi@far.example"),
        ("noor@home.example", "noor@home.example"),
    ],
)
async def test_a_few_letters_and_enter_go_there(tmp_path: Path, typed: str, peer: str) -> None:
    async with offline(tmp_path, HOME, fill=_household) as client, showing(lambda: GoTo(client.engine)) as (app, pilot):
        _type(app, typed)
        await pilot.pause()
        await pilot.press("enter")
        assert app.closed
        assert app.result == _key(peer)


async def test_the_arrows_choose_without_leaving_the_line(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, fill=_household) as client, showing(lambda: GoTo(client.engine)) as (app, pilot):
        await pilot.press("down", "down", "up")
        assert isinstance(app.focused, Line)
        await pilot.press("enter")
        assert app.result == _key("kofi@far.example")


async def test_escape_goes_nowhere(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, fill=_household) as client, showing(lambda: GoTo(client.engine)) as (app, pilot):
        await pilot.press("escape")
        assert app.closed
        assert app.result is None


async def test_an_unknown_address_can_be_written_to_from_each_account(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, WORK) as client, showing(lambda: GoTo(client.engine)) as (app, pilot):
        _type(app, "New@Far.example")
        await pilot.pause()
        assert _titles(app) == ["Chat with new@far.example"] * 2 + ["Join room new@far.example"] * 2
        assert "as alice@work.example" in app.text
        await pilot.press("down", "enter")
        assert app.result == _key("new@far.example", WORK)


async def test_an_unknown_room_is_asked_of_the_app(tmp_path: Path) -> None:
    wanted: list[RoomWanted] = []

    class RoomHost(Host[ChatKey | None]):
        def on_room_wanted(self, event: RoomWanted) -> None:
            wanted.append(event)

    async with offline(tmp_path, HOME) as client:
        app = RoomHost(lambda: GoTo(client.engine))
        async with app.run_test() as pilot:
            _type(app, "party@rooms.far.example")
            await pilot.pause()
            await pilot.press("down", "enter")
            assert app.closed
            assert app.result is None
            assert [(one.account, str(one.room)) for one in wanted] == [(HOME, "party@rooms.far.example")]


async def test_a_half_typed_address_offers_nothing_new(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME) as client, showing(lambda: GoTo(client.engine)) as (app, pilot):
        for typed in ("new@", "@far.example", "new", "new@far..example"):
            _type(app, typed)
            await pilot.pause()
            assert _titles(app) == []
            assert "Nothing is called so" in app.text
        await pilot.press("enter")
        assert not app.closed


async def test_a_look_alike_address_is_marked_where_it_is_offered(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME) as client, showing(lambda: GoTo(client.engine)) as (app, pilot):
        _type(app, "аlice@home.example")
        await pilot.pause()
        assert all(title.split(" ")[2].startswith(("⚠", "xn--")) for title in _titles(app))


async def test_no_name_breaks_going_there(tmp_path: Path) -> None:
    def fill(writes: Writes) -> None:
        for number, text in enumerate(HOSTILE):
            contact(writes, f"evil{number}@far.example", text, text)
            room = chat(writes, f"room{number}@rooms.far.example", 1, kind=ChatKind.ROOM, unread=1)
            writes.set_title(room, text)
            writes.upsert_bookmark(HOME, Bookmark(Address.parse(f"other{number}@rooms.far.example"), text))

    async with (
        offline(tmp_path, HOME, WORK, fill=fill) as client,
        showing(lambda: GoTo(client.engine), (50, 60)) as (app, pilot),
    ):
        assert len(app.screen.query_one(Rows).rows) == 3 * len(HOSTILE)
        for text in ("", *HOSTILE):
            _type(app, text)
            await pilot.pause()
            assert not FORBIDDEN.intersection("".join(app.lines))


async def test_letters_scattered_over_addresses_of_one_server_find_nothing(tmp_path: Path) -> None:
    def fill(writes: Writes) -> None:
        contact(writes, "mara@demo.example", "Mara")
        contact(writes, "juno@demo.example", "Juno")

    async with offline(tmp_path, HOME, fill=fill) as client:
        everywhere = places(client.engine)
        assert [place.title for place, _ in ranked("ma", everywhere, 9)] == ["Mara"]
        assert {place.title for place, _ in ranked("demo", everywhere, 9)} == {"Mara", "Juno"}


async def test_a_name_that_fits_comes_before_an_unread_address_that_fits(tmp_path: Path) -> None:
    def fill(writes: Writes) -> None:
        contact(writes, "work@demo.example", "Juno")
        chat(writes, "work@demo.example", 1, unread=3)
        contact(writes, "ines@demo.example", "Workshop")

    async with offline(tmp_path, HOME, fill=fill) as client:
        assert [place.title for place, _ in ranked("work", places(client.engine), 9)] == ["Workshop", "Juno"]
