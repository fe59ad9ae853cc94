"""Having the store's key before the first picture: without a word where that goes, else with a screen of its own."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tui_xmpp.cli.exits import Exit
from tui_xmpp.cli.passphrase import Locked
from tui_xmpp.errors import TuiXmppError
from tui_xmpp.model.at_rest import Condition, KeyPlace
from tui_xmpp.paths import private_directory

if TYPE_CHECKING:
    from tui_xmpp.ui.unlock.vault import Vault as VaultOnScreen

_PATIENCE = 1.0
"""Seconds for the keyring before a screen says what is being waited for."""
_MOMENT = 0.5
"""The same before anything else is loaded: a keyring that is there takes a third of it."""
_FIRST_PATIENCE = 5.0
"""The same at the first start, when there is nothing yet that somebody could wait to see."""

_OFFER = "What is stored on this computer is not encrypted. To change that, leave and enter: tui-xmpp storage encrypt"


class Vault(Locked, Protocol):
    """The store before it is open."""

    @property
    def store(self) -> Path:
        """The file."""
        ...

    def begin(self, place: KeyPlace, passphrase: str = "", command: tuple[str, ...] = ()) -> None:
        """Decide how a new store is encrypted."""
        ...

    def start_fresh(self) -> Path:
        """Put the store that cannot be opened aside; returns where it is."""
        ...


Attempt = asyncio.Future[None]


def fetch_key(vault: Vault) -> Attempt | None:
    """Begin to get a key that is in the keyring, in a thread; None: it is not there."""
    try:
        if vault.condition is not Condition.LOCKED or vault.place is not KeyPlace.KEYRING:
            return None
    except TuiXmppError:
        return None
    return _in_thread(vault.unlock)


async def is_quick(attempt: Attempt | None) -> bool:
    """Whether a key comes before there is anything else to be seen."""
    if attempt is None:
        return False
    await asyncio.wait({attempt}, timeout=_MOMENT)
    return attempt.done() and attempt.exception() is None


async def unlock(
    vault: Vault, wish: KeyPlace | None, attempt: Attempt | None, theme: str, keymap: Mapping[str, str]
) -> int | None:
    """Return when the store can be opened, or with an exit code when it was left locked.

    `wish` is what the settings want for a new store, `attempt` comes from `fetch_key`. Raises TuiXmppError.
    """
    problem: TuiXmppError | None = None
    try:
        if attempt is None:
            attempt = _first_attempt(vault, wish)
            if attempt is None and vault.condition is Condition.PLAIN:
                return None
        if attempt is not None:
            await asyncio.wait_for(asyncio.shield(attempt), _patience(vault, wish))
            return None
    except TimeoutError:
        pass
    except TuiXmppError as error:
        problem, attempt = error, None
    return await _on_screen(vault, wish, attempt, problem, theme, keymap)


def offer(state: Path) -> str:
    """A line that offers to encrypt the store, once; else nothing."""
    offered = state / "encryption-offered"
    if offered.exists():
        return ""
    try:
        private_directory(state)
        offered.touch(mode=0o600)
    except OSError:
        return ""
    return _OFFER


def _first_attempt(vault: Vault, wish: KeyPlace | None) -> Attempt | None:
    """What can be tried without asking anybody."""
    match vault.condition:
        case Condition.LOCKED if vault.place is KeyPlace.PASSPHRASE:
            return None
        case Condition.LOCKED | Condition.LOST:
            # The screen is not up yet, so that a command may ask its own question.
            return _in_thread(partial(vault.unlock, terminal=True))
        case Condition.NEW if wish is not KeyPlace.PASSPHRASE:
            return _in_thread(partial(vault.begin, wish or KeyPlace.KEYRING))
        case _:
            return None


def _patience(vault: Vault, wish: KeyPlace | None) -> float | None:
    """How long to wait without a screen: a command may be on the terminal itself."""
    new = vault.condition is Condition.NEW
    if (wish if new else vault.place) is KeyPlace.COMMAND:
        return None
    return _FIRST_PATIENCE if new else _PATIENCE


def _in_thread(work: Callable[[], None]) -> Attempt:
    attempt = asyncio.ensure_future(asyncio.to_thread(work))
    # Whoever waits hears of what went wrong; nobody may be left to.
    attempt.add_done_callback(lambda done: done.cancelled() or done.exception())
    return attempt


async def _on_screen(
    vault: "VaultOnScreen",
    wish: KeyPlace | None,
    attempt: Attempt | None,
    problem: TuiXmppError | None,
    theme: str,
    keymap: Mapping[str, str],
) -> int | None:
    from tui_xmpp.cli.leaving import LeavingApp, run_app
    from tui_xmpp.ui.unlock.app import UnlockApp

    class App(LeavingApp, UnlockApp):
        """The screen that unlocks, with our way of leaving it."""

    async def nothing() -> None:
        """Nothing is open yet."""

    app = App(vault, wish=wish, theme=theme, keymap=keymap, attempt=attempt, problem=problem)
    code = await run_app(app, nothing)
    return None if code == Exit.DONE and app.opened else code
