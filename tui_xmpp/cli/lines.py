"""The linear mode at a terminal: opening the store in words, and running it to its end."""

import asyncio
import io
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tui_xmpp.cli import looks
from tui_xmpp.cli.ending import SIGNALS, hand_back, let_go_of_closed_terminal
from tui_xmpp.cli.exits import Exit
from tui_xmpp.cli.passphrase import Locked, has_terminal, new_passphrase
from tui_xmpp.cli.passphrase import unlock as ask_passphrase
from tui_xmpp.config import StorageSettings
from tui_xmpp.errors import NoKeyring, StoreLocked, TuiXmppError
from tui_xmpp.model.at_rest import Condition, KeyPlace

if TYPE_CHECKING:
    from tui_xmpp.linear.line import Line

_KEYRING_PATIENCE = 5.0
"""Seconds after which it is said that the keyring is being waited for."""

_log = logging.getLogger(__name__)


# The store
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


async def unlock(vault: Vault, wish: StorageSettings) -> None:
    """Return when the store can be opened; asks what has to be asked, line by line. Raises TuiXmppError."""
    if vault.condition in {Condition.LOCKED, Condition.LOST}:
        try:
            await asyncio.to_thread(ask_passphrase, vault)
        except StoreLocked as problem:
            if not has_terminal() or not await asyncio.to_thread(_begin_anew, problem):
                raise
            _say(f"The locked store is kept as {vault.start_fresh()}.")
    if vault.condition is Condition.NEW:
        await _begin(vault, wish)


def _begin_anew(problem: TuiXmppError) -> bool:
    _say(problem.message)
    _say(
        "Without its key nobody can open what is stored. You can begin anew: the old store is kept beside the new one, "
        "and chats come back from the servers, as far as these keep them."
    )
    return _ask("Write “anew” to begin anew; anything else leaves: ") == "anew"


async def _begin(vault: Vault, wish: StorageSettings) -> None:
    """Decide how a new store is kept; without a wish in the keyring, and where there is none a person is asked."""
    place = wish.key
    if place in {None, KeyPlace.KEYRING}:
        attempt = asyncio.ensure_future(asyncio.to_thread(vault.begin, KeyPlace.KEYRING))
        await asyncio.wait({attempt}, timeout=_KEYRING_PATIENCE)
        if not attempt.done():
            _say("Waiting for the keyring of this system…")
        try:
            await attempt
        except NoKeyring:
            if place is KeyPlace.KEYRING or not has_terminal():
                raise
            place = await asyncio.to_thread(_ask_place)
        else:
            return
    secret = await asyncio.to_thread(new_passphrase) if place is KeyPlace.PASSPHRASE else ""
    await asyncio.to_thread(vault.begin, place or KeyPlace.NONE, secret)


def _ask_place() -> KeyPlace:
    """A passphrase, or no encryption; a command is set in the settings."""
    _say("Your messages will be stored on this computer. There is no keyring here that could keep a key for them.")
    _say("1: encrypted, with a passphrase that is asked for at each start. If it is lost, nobody can open the store.")
    _say("2: not encrypted. Only you can read it, and whoever gets the disk or a backup.")
    while True:
        answer = _ask("1 or 2: ")
        if answer in {"1", "2"}:
            return KeyPlace.PASSPHRASE if answer == "1" else KeyPlace.NONE


def _ask(question: str) -> str:
    try:
        return input(question).strip()
    except EOFError as error:
        raise StoreLocked("There was nobody to answer.") from error


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


# The mode itself
async def run(
    start: Callable[["Line"], "Runs"], close: Callable[[], Awaitable[None]], environment: Mapping[str, str] = os.environ
) -> int:
    """Run what `start` makes of a line until it ends, then `close` what it worked on; returns the exit code."""
    loop = asyncio.get_running_loop()
    received: list[signal.Signals] = []
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    running = start(_line(environment))

    def leave(number: signal.Signals) -> None:
        _log.info("Leaving: %s", number.name)
        received.append(number)
        running.leave()

    for each in SIGNALS:
        loop.add_signal_handler(each, leave, each)
    try:
        await running.run()
    finally:
        hand_back(loop)
        let_go_of_closed_terminal()
        await close()
    return 128 + received[0] if received else Exit.DONE


class Runs(Protocol):
    """The linear mode, once it has a line."""

    async def run(self) -> None:
        """Take lines until somebody leaves."""

    def leave(self) -> None:
        """Leave from outside."""


def _line(environment: Mapping[str, str]) -> "Line":
    """A line that can be edited like a shell's, where the terminal can do more than print."""
    if looks.is_terminal() and environment.get("TERM", looks.DUMB) not in {looks.DUMB, "", "unknown"}:
        from tui_xmpp.linear.editor import Editor

        return Editor()
    from tui_xmpp.linear.plain_line import PlainLine

    return PlainLine()
