"""The list of accounts."""

from pathlib import Path

from tests.engines import make_engine
from tests.server.prosody import Prosody, fresh_name
from tests.ui.screens.host import showing
from tests.ui.screens.profiles import HOME, WORK, offline
from tests.waiting import until
from tui_xmpp.model.account import AccountStatus
from tui_xmpp.ui.screens.accounts import AccountsScreen
from tui_xmpp.ui.screens.wizard import Wizard


async def test_every_account_is_listed_with_its_state_in_words(tmp_path: Path) -> None:
    async with (
        offline(tmp_path, HOME, WORK) as client,
        showing(lambda: AccountsScreen(client.engine)) as (app, pilot),
    ):
        assert "alice@home.example disconnected" in app.text.replace("▌ ", "")
        assert "alice@work.example disconnected" in app.text.replace("▌ ", "")
        await pilot.press("escape")
        assert app.closed


async def test_an_account_is_disconnected_and_connected_with_enter(prosody: Prosody) -> None:
    async with (
        make_engine(prosody, fresh_name()) as client,
        showing(lambda: AccountsScreen(client.engine)) as (
            app,
            pilot,
        ),
    ):
        assert "Enter Disconnect" in app.text
        await pilot.press("enter")
        await until(lambda: client.status() is AccountStatus.OFFLINE, what=app.text)
        await until(lambda: "Enter Connect" in app.text, what=app.text)
        await pilot.press("enter")
        await client.online()
        await until(lambda: "Enter Disconnect" in app.text, what=app.text)


async def test_an_account_that_needs_its_password_asks_for_it(prosody: Prosody, tmp_path: Path) -> None:
    async with make_engine(prosody, fresh_name()) as client:
        del client.keeper.passwords[client.account]
        async with showing(lambda: AccountsScreen(client.engine)) as (app, pilot):
            await pilot.press("enter")
            await until(lambda: client.status() is AccountStatus.OFFLINE, what=app.text)
            await until(lambda: "Enter Connect" in app.text, what=app.text)
            await pilot.press("enter")
            await until(lambda: "needs its password" in app.text or "connected" in app.text, what=app.text)
            if client.status() is AccountStatus.NEEDS_PASSWORD:
                await pilot.press("enter")
                await pilot.press(*"secret", "enter")
            await client.online()


async def test_an_account_is_removed_after_a_question(tmp_path: Path) -> None:
    async with (
        offline(tmp_path, HOME, WORK) as client,
        showing(lambda: AccountsScreen(client.engine)) as (app, pilot),
    ):
        await pilot.press("x", "escape")
        assert len(client.engine.accounts()) == 2
        await pilot.press("x")
        assert "Remove the account?" in app.text
        await pilot.press("enter")
        await until(lambda: [state.address for state in client.engine.accounts()] == [WORK], what=app.text)
        await until(lambda: "alice@home" not in app.text, what=app.text)


async def test_an_account_is_added_through_the_wizard(tmp_path: Path) -> None:
    async with offline(tmp_path) as client, showing(lambda: AccountsScreen(client.engine)) as (app, pilot):
        assert "There is no account yet." in app.text
        await pilot.press("n")
        assert isinstance(app.screen, Wizard)
