"""The list of what waits for an answer."""

import time
from pathlib import Path

from tests.engines import make_engine
from tests.server.prosody import Prosody, fresh_name
from tests.ui.screens.host import showing
from tests.ui.screens.hostile import FORBIDDEN, HOSTILE
from tests.ui.screens.profiles import HOME, WORK, offline
from tests.waiting import until
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import AddContact, AnswerRequest, InviteToRoom
from tui_xmpp.model.events import DevicesLearned
from tui_xmpp.model.omemo import ListedDevice, OmemoVersion, Trust
from tui_xmpp.model.request import RequestKind
from tui_xmpp.model.room import RoomStatus
from tui_xmpp.storage.writes import Writes
from tui_xmpp.ui.screens.requests import RequestsScreen

THEO = Address.parse("theo@far.example")
MARA = Address.parse("mara@home.example")
PARTY = Address.parse("party@rooms.home.example")
LOOK_ALIKE = Address.parse("аlice@work.example")


def _asked(writes: Writes) -> None:
    now = int(time.time() * 1_000_000)
    subscription, invitation = RequestKind.SUBSCRIPTION, RequestKind.INVITATION
    writes.add_request(HOME, subscription, THEO, text="We met\nat the bakery.", nick="Theo", time=now - 600_000_000)
    writes.add_request(HOME, invitation, MARA, room=PARTY, text="Bring wine", time=now)
    writes.add_request(WORK, subscription, LOOK_ALIKE, nick="Alice", time=now)


async def test_who_asks_is_shown_by_address_and_their_name_as_a_claim(tmp_path: Path) -> None:
    async with (
        offline(tmp_path, HOME, WORK, fill=_asked) as client,
        showing(lambda: RequestsScreen(client.engine)) as (app, _),
    ):
        for words in (
            "theo@far.example asks to see you",
            "10 minutes ago",
            "says to be “Theo”",
            "mara@home.example invites you",
            "party@rooms.home.example",
            "to alice@work.example",
        ):
            assert words in app.text, app.text


async def test_a_look_alike_is_shown_in_ascii_with_a_warning(tmp_path: Path) -> None:
    async with (
        offline(tmp_path, WORK, fill=_asked) as client,
        showing(lambda: RequestsScreen(client.engine)) as (app, pilot),
    ):
        assert "⚠ xn--" in app.text
        assert "may imitate another" in app.text
        await pilot.press("enter")
        assert "mixes letters of several alphabets" in app.text


def _new_device(writes: Writes) -> None:
    for device, trust in ((1, Trust.VERIFIED), (2, Trust.UNPROVEN)):
        writes.learn_device(HOME, MARA, device, f"{device:02}" * 32, 0, trust)
    writes.add_request(HOME, RequestKind.DEVICE, MARA)


async def test_of_a_new_device_is_said_that_its_owner_does_not_list_it_until_they_do(tmp_path: Path) -> None:
    """SECURITY 30."""
    async with (
        offline(tmp_path, HOME, fill=_new_device) as client,
        showing(lambda: RequestsScreen(client.engine)) as (app, pilot),
    ):
        assert "has a new device" in app.text
        assert "⚠ not in their published list" in app.text
        await pilot.press("enter")
        assert "A new device is not in their published list." in app.text
        await pilot.press("escape")
        listed = [ListedDevice(1), ListedDevice(2)]
        await client.engine._store.write(lambda writes: writes.list_devices(HOME, MARA, OmemoVersion.LEGACY, listed, 0))
        client.engine._hub.publish(DevicesLearned(HOME, MARA))
        await until(lambda: "published list" not in app.text)
        assert "has a new device" in app.text


async def test_details_show_the_whole_text_and_enter_answers_nothing(tmp_path: Path) -> None:
    async with (
        offline(tmp_path, HOME, fill=_asked) as client,
        showing(lambda: RequestsScreen(client.engine)) as (app, pilot),
    ):
        await pilot.press("enter")
        for words in ("May they see when you are available?", "We met at the bakery.", "Asked 10 minutes ago"):
            assert words in app.text
        await pilot.press("enter")
        assert len(client.engine.requests()) == 2
        await pilot.press("escape")
        assert app.closed


async def test_without_requests_the_list_says_so(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME) as client, showing(lambda: RequestsScreen(client.engine)) as (app, pilot):
        assert "Nobody waits for an answer." in app.text
        assert "Accept" not in app.text
        await pilot.press("a", "x", "enter")
        assert not app.closed
        await pilot.press("escape")
        assert app.closed


async def test_what_needs_a_line_is_refused_in_words_while_there_is_none(tmp_path: Path) -> None:
    async with (
        offline(tmp_path, HOME, fill=_asked) as client,
        showing(lambda: RequestsScreen(client.engine)) as (app, pilot),
    ):
        await pilot.press("a")
        await until(lambda: bool(app.screen.query_one(".panel--problem").display), what=app.text)
        assert len(client.engine.requests()) == 2


async def test_requests_are_accepted_and_declined_with_a_key_and_the_last_closes_the_list(prosody: Prosody) -> None:
    async with (
        make_engine(prosody, fresh_name()) as own,
        make_engine(prosody, fresh_name("b")) as friend,
        make_engine(prosody, fresh_name("c")) as stranger,
        showing(lambda: RequestsScreen(own.engine)) as (app, pilot),
    ):
        await friend.do(AddContact(friend.account, own.account))
        await until(lambda: friend.account.local in app.text, what=app.text)
        await stranger.do(AddContact(stranger.account, own.account))
        await until(lambda: stranger.account.local in app.text, what=app.text)
        await pilot.press("a")
        await until(lambda: friend.account.local not in app.text, what=app.text)
        await pilot.press("x")
        await until(lambda: app.closed, what="the last one is answered")

        def seen() -> bool:
            contact = friend.engine.contact(friend.account, own.account)
            return contact is not None and contact.subscription.we_see_them

        await until(seen, what="the friend sees us")
        await until(lambda: not own.engine.requests(), what="answered")
        refused = stranger.engine.contact(stranger.account, own.account)
        assert refused is None or not refused.subscription.we_see_them


async def test_an_invitation_is_accepted_from_its_details(prosody: Prosody) -> None:
    async with (
        make_engine(prosody, fresh_name()) as own,
        make_engine(prosody, fresh_name("b")) as friend,
        showing(lambda: RequestsScreen(own.engine)) as (app, pilot),
    ):
        await friend.do(AddContact(friend.account, own.account))
        await own.until(lambda: own.engine.requests())
        await own.do(AnswerRequest(own.engine.requests()[0].id, accept=True))
        room = prosody.room()
        key = await friend.join(room)
        await friend.do(InviteToRoom(key, own.account, "come in"))
        await until(lambda: str(room) in app.text, what=app.text)
        await pilot.press("enter")
        assert "come in" in app.text
        await pilot.press("a")
        await own.until(lambda: own.engine.room(own.key(room)).status is RoomStatus.JOINED, "in the room")
        await until(lambda: app.closed, what="the last one is answered")
        assert [wish.key for wish in app.wishes] == [own.key(room)], "the room is shown"


async def test_no_request_breaks_the_list(tmp_path: Path) -> None:
    def fill(writes: Writes) -> None:
        for number, text in enumerate(HOSTILE):
            sender = Address.parse(f"evil{number}@far.example")
            writes.add_request(HOME, RequestKind.SUBSCRIPTION, sender, text=text * 3, nick=text, time=10**18)
            writes.add_request(HOME, RequestKind.INVITATION, sender, room=PARTY, text=text)

    async with (
        offline(tmp_path, HOME, fill=fill) as client,
        showing(lambda: RequestsScreen(client.engine), (50, 20)) as (app, pilot),
    ):
        assert not FORBIDDEN.intersection("".join(app.lines))
        for _ in range(2 * len(HOSTILE)):
            await pilot.press("enter")
            assert "Esc Back" in app.text
            assert not FORBIDDEN.intersection("".join(app.lines))
            await pilot.press("escape", "down")
            assert not FORBIDDEN.intersection("".join(app.lines))
