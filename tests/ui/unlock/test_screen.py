"""The screen before all others, on a vault that answers as it is told."""

import asyncio
import threading
from pathlib import Path

from tests.ui.screens.host import showing
from tests.waiting import until
from tui_xmpp.errors import NoKeyring, StorageError, StoreLocked, TuiXmppError
from tui_xmpp.model.at_rest import Condition, KeyPlace
from tui_xmpp.ui.unlock.screen import UnlockScreen


class ToldVault:
    """Keeps what it is asked; `refuse` is what it answers, `gate` holds an answer back."""

    def __init__(self, condition: Condition, place: KeyPlace = KeyPlace.NONE) -> None:
        self.store = Path("/home/[/foo]/\x9b31mchat.db")
        self.condition = condition
        self.place = place
        self.refuse: TuiXmppError | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.asked: list[object] = []

    def unlock(self, passphrase: str | None = None) -> None:
        self._answer("unlock", passphrase)

    def begin(self, place: KeyPlace, passphrase: str = "", command: tuple[str, ...] = ()) -> None:
        self._answer("begin", place, passphrase, command)

    def start_fresh(self) -> Path:
        self._answer("start fresh")
        self.condition = Condition.NEW
        self.refuse = NoKeyring("There is none.")
        return self.store

    def _answer(self, *asked: object) -> None:
        self.asked.append(asked)
        self.gate.wait(10)
        if self.refuse is not None:
            raise self.refuse


async def test_a_wrong_passphrase_is_said_and_typed_anew_and_the_right_one_opens() -> None:
    vault = ToldVault(Condition.LOCKED, KeyPlace.PASSPHRASE)
    vault.refuse = StoreLocked("This passphrase does not open the store.")
    async with showing(lambda: UnlockScreen(vault)) as (app, pilot):
        await pilot.press("enter")
        assert "The passphrase is missing." in app.text
        await pilot.press(*"wrong", "enter")
        await until(lambda: "does not open the store" in app.text)
        vault.refuse = None
        await pilot.press(*"right", "enter")
        await until(lambda: app.closed)
        assert app.result is True
    assert vault.asked == [("unlock", "wrong"), ("unlock", "right")]


async def test_the_screen_stays_alive_while_something_is_waited_for_and_escape_leaves() -> None:
    vault = ToldVault(Condition.LOCKED, KeyPlace.KEYRING)
    vault.gate.clear()
    attempt = asyncio.ensure_future(asyncio.to_thread(vault.unlock))
    async with showing(lambda: UnlockScreen(vault, attempt=attempt)) as (app, pilot):
        await until(lambda: "Waiting for the keyring" in app.text)
        await pilot.press("escape")
        await until(lambda: app.closed)
        assert app.result is False
        vault.gate.set()


async def test_an_attempt_that_ends_well_on_the_screen_opens() -> None:
    vault = ToldVault(Condition.LOCKED, KeyPlace.KEYRING)
    vault.gate.clear()
    attempt = asyncio.ensure_future(asyncio.to_thread(vault.unlock))
    async with showing(lambda: UnlockScreen(vault, attempt=attempt)) as (app, _):
        await until(lambda: "Waiting for the keyring" in app.text)
        vault.gate.set()
        await until(lambda: app.closed)
        assert app.result is True


async def test_who_does_not_want_to_wait_for_a_keyring_chooses_something_else() -> None:
    vault = ToldVault(Condition.NEW)
    vault.gate.clear()
    attempt = asyncio.ensure_future(asyncio.to_thread(vault.begin, KeyPlace.KEYRING))
    async with showing(lambda: UnlockScreen(vault, attempt=attempt)) as (app, pilot):
        await until(lambda: "has not answered yet" in app.text)
        await pilot.press("enter")
        await until(lambda: "Choose a passphrase" in app.text)
        vault.gate.set()
        await pilot.press(*"correct horse", "tab", *"correct horse", "enter")
        await until(lambda: app.closed)
        assert app.result is True
    assert vault.asked[-1] == ("begin", KeyPlace.PASSPHRASE, "correct horse", ())


async def test_what_the_settings_want_is_asked_for_first() -> None:
    vault = ToldVault(Condition.NEW)
    async with showing(lambda: UnlockScreen(vault, wish=KeyPlace.PASSPHRASE)) as (app, pilot):
        assert "Choose a passphrase" in app.text
        await pilot.press("escape")
        await until(lambda: "How shall they be kept?" in app.text)


async def test_what_cannot_be_done_is_said_on_the_page() -> None:
    vault = ToldVault(Condition.NEW)
    vault.refuse = StorageError("The key file cannot be written: [/no] space\x9b2J.")
    async with showing(lambda: UnlockScreen(vault)) as (app, pilot):
        await pilot.press("down", "enter", *"pass x", "enter")
        await until(lambda: "cannot be written: [/no] space" in app.text)
        assert "\x9b" not in app.text
        assert not app.closed


async def test_to_begin_anew_takes_the_same_key_twice_and_enter_goes_back() -> None:
    vault = ToldVault(Condition.LOCKED, KeyPlace.PASSPHRASE)
    async with showing(lambda: UnlockScreen(vault)) as (app, pilot):
        await pilot.press("f2")
        await until(lambda: "Begin anew?" in app.text)
        assert "\x9b" not in app.text
        await pilot.press("enter")
        await until(lambda: "Its passphrase" in app.text)
        assert vault.asked == []
        await pilot.press("f2")
        await until(lambda: "Begin anew?" in app.text)
        await pilot.press("f2")
        await until(lambda: "How shall they be kept?" in app.text)
    assert vault.asked == [("start fresh",), ("begin", KeyPlace.KEYRING, "", ())]
