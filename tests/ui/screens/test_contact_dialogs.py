"""Adding and editing contacts, setting presence, inviting."""

from pathlib import Path

import pytest

from tests.ui.screens.host import showing
from tests.ui.screens.hostile import FORBIDDEN, HOSTILE, HOSTILE_PAIRS
from tests.ui.screens.profiles import HOME, WORK, contact, offline
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.commands import AddContact, Connect, EditContact, InviteToRoom, RemoveContact, SetPresence
from tui_xmpp.model.contact import Availability, Contact, Subscription
from tui_xmpp.storage.writes import Writes
from tui_xmpp.ui.screens.add_contact import AddContactDialog
from tui_xmpp.ui.screens.ask import AskPassword
from tui_xmpp.ui.screens.edit_contact import EditContactDialog
from tui_xmpp.ui.screens.fields import Line
from tui_xmpp.ui.screens.invite import InviteDialog
from tui_xmpp.ui.screens.rows import Rows
from tui_xmpp.ui.screens.set_presence import SetPresenceDialog

MARA = Address.parse("mara@home.example")
ROOM = ChatKey(HOME, Address.parse("kitchen@rooms.home.example"))


def _household(writes: Writes) -> None:
    contact(writes, "mara@home.example", "Mara", "Friends", "Work")
    contact(writes, "ines@far.example", "Inès")
    contact(writes, "kofi@work.example", "Kofi", account=WORK)


async def test_a_contact_is_added_with_name_and_groups(tmp_path: Path) -> None:
    async with (
        offline(tmp_path, HOME) as client,
        showing(lambda: AddContactDialog(client.engine, None)) as (app, pilot),
    ):
        app.screen.query_one("#address", Line).value = " Kofi@Far.example/phone "
        app.screen.query_one("#name", Line).value = "Kofi [/b]"
        app.screen.query_one("#groups", Line).value = "Friends, , Work,Friends"
        await pilot.press("enter")
        assert app.result == AddContact(HOME, Address.parse("kofi@far.example"), "Kofi [/b]", ("Friends", "Work"))


async def test_the_account_is_chosen_where_there_are_several(tmp_path: Path) -> None:
    async with (
        offline(tmp_path, HOME, WORK) as client,
        showing(lambda: AddContactDialog(client.engine, HOME, "kofi@far.example")) as (app, pilot),
    ):
        app.screen.query_one("#account").focus()
        await pilot.press("right")
        assert "alice@work.example" in app.text
        await pilot.press("enter")
        assert app.result == AddContact(WORK, Address.parse("kofi@far.example"))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Whom?"),
        ("@far.example", "nothing before the @"),
        ("alice@home.example", "your own address"),
        ("mara@home.example", "Mara is among your contacts already."),
    ],
)
async def test_what_cannot_be_added_is_said_beside_the_address(tmp_path: Path, typed: str, words: str) -> None:
    async with (
        offline(tmp_path, HOME, fill=_household) as client,
        showing(lambda: AddContactDialog(client.engine, HOME, typed)) as (app, pilot),
    ):
        await pilot.press("enter")
        assert words in app.text
        assert app.focused is app.screen.query_one("#address")
        assert not app.closed


async def test_a_look_alike_is_added_only_after_a_warning(tmp_path: Path) -> None:
    async with (
        offline(tmp_path, HOME) as client,
        showing(lambda: AddContactDialog(client.engine, HOME, "аlice@home.example")) as (app, pilot),
    ):
        await pilot.press("enter")
        assert "mixes letters of several alphabets" in app.text
        assert "xn--" in app.text
        assert not app.closed
        await pilot.press("enter")
        assert isinstance(app.result, AddContact)


@pytest.mark.parametrize(
    ("name", "groups", "result"),
    [
        ("Mara", "Friends, Work", None),
        ("Mara B", "Friends, Work", EditContact(HOME, MARA, "Mara B", ("Friends", "Work"))),
        ("", "Work", EditContact(HOME, MARA, "", ("Work",))),
        ("Mara", "", EditContact(HOME, MARA, "Mara", ())),
    ],
)
async def test_a_contact_is_renamed_and_regrouped(
    tmp_path: Path, name: str, groups: str, result: EditContact | None
) -> None:
    mara = Contact(HOME, MARA, "Mara", ("Friends", "Work"), Subscription.BOTH)
    async with (
        offline(tmp_path, HOME) as client,
        showing(lambda: EditContactDialog(client.engine, mara)) as (app, pilot),
    ):
        assert "You see when the other is available." in app.text
        app.screen.query_one("#name", Line).value = name
        app.screen.query_one("#groups", Line).value = groups
        await pilot.press("enter")
        assert app.closed
        assert app.result == result


async def test_a_contact_is_removed_after_a_question(tmp_path: Path) -> None:
    mara = Contact(HOME, MARA, "Mara")
    async with (
        offline(tmp_path, HOME) as client,
        showing(lambda: EditContactDialog(client.engine, mara)) as (app, pilot),
    ):
        await pilot.press("f8", "escape")
        assert not app.closed
        await pilot.press("f8", "enter")
        assert app.result == RemoveContact(HOME, MARA)


async def test_presence_is_set_for_all_accounts_or_for_one(tmp_path: Path) -> None:
    async with (
        offline(tmp_path, HOME, WORK) as client,
        showing(lambda: SetPresenceDialog(client.engine)) as (app, pilot),
    ):
        await pilot.press("down", "down", "tab", *"tea", "enter")
        assert app.result == SetPresence(None, Availability.AWAY, "tea")
    async with (
        offline(tmp_path, HOME, WORK) as client,
        showing(lambda: SetPresenceDialog(client.engine)) as (app, pilot),
    ):
        app.screen.query_one("#account").focus()
        await pilot.press("right", "right", "enter")
        assert app.result == SetPresence(WORK, Availability.ONLINE, "")


async def test_presence_is_set_by_enter_in_the_list(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME) as client, showing(lambda: SetPresenceDialog(client.engine)) as (app, pilot):
        await pilot.press("end", "enter")
        assert app.result == SetPresence(None, Availability.DND, "")


async def test_a_contact_of_the_rooms_account_is_invited_with_a_reason(tmp_path: Path) -> None:
    async with (
        offline(tmp_path, HOME, WORK, fill=_household) as client,
        showing(lambda: InviteDialog(client.engine, ROOM)) as (app, pilot),
    ):
        assert [row.title for row in app.screen.query_one(Rows).rows] == ["Inès", "Mara"]
        await pilot.press(*"mar", "tab", *"tea")
        await pilot.press("enter")
        assert app.result == InviteToRoom(ROOM, MARA, "tea")


async def test_anybody_is_invited_by_address_and_nobody_by_half_a_name(tmp_path: Path) -> None:
    async with (
        offline(tmp_path, HOME, fill=_household) as client,
        showing(lambda: InviteDialog(client.engine, ROOM)) as (app, pilot),
    ):
        line = app.screen.query_one("#filter", Line)
        line.value = "zzz"
        await pilot.pause()
        await pilot.press("enter")
        assert "Nobody is called so." in app.text
        line.value = "New@Far.example"
        await pilot.pause()
        assert "Nobody is called so." not in app.text
        await pilot.press("enter")
        assert app.result == InviteToRoom(ROOM, Address.parse("new@far.example"), "")


async def test_a_password_is_asked_for_and_not_shown(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME) as client, showing(lambda: AskPassword(client.engine, HOME)) as (app, pilot):
        assert "alice@home.example" in app.text
        await pilot.press("enter")
        assert "The password is missing." in app.text
        await pilot.press(*"secret")
        assert "secret" not in app.text
        await pilot.press("enter")
        assert app.result == Connect(HOME, "secret"), "what is asked for each time is not kept without being told to"
    async with offline(tmp_path, HOME) as client, showing(lambda: AskPassword(client.engine, HOME)) as (app, pilot):
        await pilot.press(*"secret", "tab", "space", "enter")
        assert app.result == Connect(HOME, "secret", keep=True)


@pytest.mark.parametrize("text", HOSTILE_PAIRS)
async def test_no_contact_breaks_the_dialogs(tmp_path: Path, text: str) -> None:
    evil = Contact(HOME, Address.parse("evil0@far.example"), text, (text, "x"))
    async with offline(tmp_path, HOME, WORK) as client:
        async with showing(lambda: AddContactDialog(client.engine, None, text), (50, 20)) as (adding, pilot):
            await pilot.press("enter")
            assert not FORBIDDEN.intersection("".join(adding.lines))
        async with showing(lambda: EditContactDialog(client.engine, evil), (50, 20)) as (editing, pilot):
            assert not FORBIDDEN.intersection("".join(editing.lines))
            await pilot.press("f8")
            assert not FORBIDDEN.intersection("".join(editing.lines))


async def test_no_contact_group_or_room_breaks_inviting_and_adding(tmp_path: Path) -> None:
    def fill(writes: Writes) -> None:
        for number, text in enumerate(HOSTILE):
            contact(writes, f"evil{number}@far.example", text, text)
        writes.set_room_state(ROOM, name="".join(HOSTILE))

    async with offline(tmp_path, HOME, fill=fill) as client:
        async with showing(lambda: InviteDialog(client.engine, ROOM), (50, 40)) as (inviting, pilot):
            for text in ("", *HOSTILE):
                inviting.screen.query_one("#filter", Line).value = text
                await pilot.pause()
                assert not FORBIDDEN.intersection("".join(inviting.lines))
        async with showing(lambda: AddContactDialog(client.engine, None), (50, 20)) as (adding, _):
            assert "in use: " in adding.text
            assert not FORBIDDEN.intersection("".join(adding.lines))
