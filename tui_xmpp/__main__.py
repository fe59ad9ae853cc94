"""The command line and the composition root: the only file that sees every layer.

Nothing heavy is imported before it is needed: the settings are read before Textual is loaded, and the network is
loaded in a thread once the screen shows what the store has (DESIGN §1, §5).
"""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui_xmpp import config, logs
from tui_xmpp.cli import arguments, memory
from tui_xmpp.cli.exits import Exit, NothingToExport, exit_for
from tui_xmpp.config import Settings
from tui_xmpp.config_table import Source
from tui_xmpp.core.ports import AccountKeeper, Network, NetworkLoader
from tui_xmpp.errors import StoreBusy, TuiXmppError
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.at_rest import Condition
from tui_xmpp.model.letter import Letter
from tui_xmpp.passwords import MemoryKeeper, SettingsKeeper
from tui_xmpp.paths import Paths, downloads

if TYPE_CHECKING:
    from tui_xmpp.core import alone
    from tui_xmpp.core.engine import Engine
    from tui_xmpp.storage.store import Store
    from tui_xmpp.vault.vault import Vault

_DEMO_BANNER = "Demonstration: a private server and a small cast. At the end nothing of it is kept."
_log = logging.getLogger(__name__)


def main(words: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; returns the exit code."""
    wish = arguments.parse(sys.argv[1:] if words is None else words)
    paths = Paths.find(settings=wish.common.settings, data=wish.common.data)
    memory.keep_from_disk()
    try:
        match wish:
            case arguments.Screen():
                _start_log(paths, wish.common.detail)
                return _screen(wish, paths)
            case arguments.Demo():
                return _demo(wish)
            case arguments.Send():
                _start_log(paths, wish.common.detail)
                return _send(wish, paths)
            case arguments.Export():
                _start_log(paths, wish.common.detail)
                return _export(wish, paths)
            case arguments.Storage():
                _start_log(paths, wish.common.detail)
                return _storage(wish, paths)
    except TuiXmppError as error:
        _log.warning("Ended: %s", error.message)
        _say(f"{error.title}: {error.message}")
        return exit_for(error)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except asyncio.CancelledError:
        return 128 + signal.SIGTERM
    except Exception:  # noqa: BLE001 - the end of the program: people get a sentence, the log gets the trace
        _log.exception("The program has crashed")
        _say(logs.crash_message(paths.log))
        return Exit.FAILURE
    finally:
        logs.stop()


def _start_log(paths: Paths, detail: logs.Detail) -> None:
    try:
        logs.start(paths.log, detail)
    except OSError as error:
        _say(f"Nothing is logged: {error}")


def _say(sentence: str) -> None:
    print(f"tui-xmpp: {sentence}", file=sys.stderr)


def _screen(wish: arguments.Screen, paths: Paths) -> int:
    """`tui-xmpp`: the program for one's own accounts."""
    from tui_xmpp.cli import lines
    from tui_xmpp.vault.vault import Vault

    settings = config.load(paths.settings)
    keeper = SettingsKeeper(paths.settings)
    gc.disable()  # until the network is loaded: collecting while modules are imported only costs time

    show = _show_lines if lines.wanted(settings, asked=wish.linear) else _show

    async def go() -> int:
        vault = Vault(paths.database, paths.settings, settings.storage)
        return await show(settings, paths, keeper, _load_network, keeper.give_up, vault=vault, open_at=wish.open_at)

    code = asyncio.run(go())
    if code == Exit.FAILURE:
        _say(logs.crash_message(paths.log))
    return code


async def _show(
    settings: Settings,
    paths: Paths,
    keeper: AccountKeeper,
    load_network: NetworkLoader,
    leaving: Callable[[], None],
    *,
    vault: "Vault | None" = None,
    open_at: Address | None = None,
    banner: str = "",
) -> int:
    """Everything on the screen, until a person leaves it; `leaving` is called then. Returns the exit code.

    Without a `vault` the store is not encrypted.
    """
    from tui_xmpp.cli import unlocking

    attempt = None if vault is None else unlocking.fetch_key(vault)  # while Textual is being imported
    try:
        from tui_xmpp.cli import looks
        from tui_xmpp.cli.ending import need_terminal
        from tui_xmpp.cli.leaving import LeavingApp, run
        from tui_xmpp.cli.letterbox import Letterbox
        from tui_xmpp.cli.patience import Patience
        from tui_xmpp.storage.store import Store
        from tui_xmpp.ui.app import TuiXmppApp

        class App(LeavingApp, TuiXmppApp):
            """The screen, with our way of leaving it."""

        theme = looks.theme(settings)
        keymap = looks.keymap(settings)
        need_terminal()
        if vault is not None:
            left = await unlocking.unlock(vault, settings.storage.key, attempt, theme, keymap)
            if left is not None:
                return left
            if not banner and vault.condition is Condition.PLAIN and settings.storage.key is None:
                banner = unlocking.offer(paths.state)
        patience = Patience()
        try:
            store = Store.open(paths.database, None if vault is None else vault.key, tell=patience.tell)
        finally:
            patience.end()
    finally:
        if vault is not None:
            vault.give_up()
    banner = _moved_aside(store) or banner
    engine = _engine(store, settings, load_network, keeper)
    app = App(
        engine,
        open_at=open_at,
        banner=banner,
        keymap=keymap,
        theme=theme,
        notifications=settings.notifications,
        appearance=looks.appearance(settings),
    )

    letterbox = Letterbox(paths.database, engine.post)
    await letterbox.open()

    async def close() -> None:
        leaving()
        await letterbox.close()
        await engine.close()

    return await run(app, close)


async def _show_lines(
    settings: Settings,
    paths: Paths,
    keeper: AccountKeeper,
    load_network: NetworkLoader,
    leaving: Callable[[], None],
    *,
    vault: "Vault | None" = None,
    open_at: Address | None = None,
    banner: str = "",
) -> int:
    """The same line by line, without the screen."""
    from tui_xmpp.cli import lines, unlocking
    from tui_xmpp.cli.letterbox import Letterbox
    from tui_xmpp.linear.app import Linear
    from tui_xmpp.storage.store import Store

    try:
        if vault is not None:
            await lines.unlock(vault, settings.storage)
            if not banner and vault.condition is Condition.PLAIN and settings.storage.key is None:
                banner = unlocking.offer(paths.state)
        store = Store.open(paths.database, None if vault is None else vault.key)
    finally:
        if vault is not None:
            vault.give_up()
    banner = _moved_aside(store) or banner
    engine = _engine(store, settings, load_network, keeper)

    letterbox = Letterbox(paths.database, engine.post)
    await letterbox.open()

    async def close() -> None:
        leaving()
        await letterbox.close()
        await engine.close()

    told = settings.notifications
    return await lines.run(lambda line: Linear(engine, line, open_at=open_at, banner=banner, notifications=told), close)


def _engine(store: "Store", settings: Settings, load_network: NetworkLoader, keeper: AccountKeeper) -> "Engine":
    from tui_xmpp.core.engine import Engine
    from tui_xmpp.web.loading import load_web

    return Engine(
        store,
        settings.accounts,
        load_network,
        keeper,
        keep_days=settings.history.keep_days,
        load_web=load_web,
        downloads=lambda: settings.files.folder or downloads(),
    )


def _moved_aside(store: "Store") -> str:
    if store.moved_aside is None:
        return ""
    return (
        "The local store was damaged. A new one is filled by the server; what was not sent yet, drafts and what was"
        f" encrypted are only in the old one, {store.moved_aside}"
    )


async def _load_network() -> Network:
    """Import the network libraries in a thread; from then on garbage is collected, while nothing else is done."""
    from tui_xmpp.cli.collecting import start_collecting
    from tui_xmpp.xmpp.loading import load_network

    network = await load_network()
    start_collecting()
    return network


def _demo(wish: arguments.Demo) -> int:
    """`tui-xmpp demo`: the same program in a profile that goes away, with a server and a cast of its own."""
    from tui_xmpp.cli import lines
    from tui_xmpp.demo import Demonstration, install_prosody

    install_prosody(wish.yes, _ask)
    demonstration = Demonstration()
    try:
        paths = Paths.below(demonstration.profile)
        _start_log(paths, wish.common.detail)
        account, password = demonstration.start()
        settings = Settings(Source(paths.settings, ""), (account,))
        keeper = MemoryKeeper({account.address: password})

        async def load_network() -> Network:
            network = await _load_network()
            await demonstration.raise_curtain()
            return network

        async def go() -> int:
            try:
                show = _show_lines if lines.wanted(settings, asked=wish.linear) else _show
                return await show(settings, paths, keeper, load_network, lambda: None, banner=_DEMO_BANNER)
            finally:
                await demonstration.close()

        code = asyncio.run(go())
        if code == Exit.FAILURE:
            _say(f"The demonstration has stopped because of an error in the program:\n{paths.log.read_text()}")
        return code
    finally:
        demonstration.cleanup()


def _ask(question: str, *, default: bool = True) -> bool:
    """Ask a person at the terminal, where Enter is the `default`; without one the answer is no."""
    if not sys.stdin.isatty():
        return False
    try:
        answer = input(f"{question} [{'Y/n' if default else 'y/N'}] ").strip().lower()
        return answer in {"y", "yes"} or (not answer and default)
    except EOFError:
        return False


def _send(wish: arguments.Send, paths: Paths) -> int:
    """`tui-xmpp send`: one message, by the open program if there is one, else over a connection of its own."""
    from tui_xmpp.cli import identity, letters, send

    text = send.message_text(wish.text.encode() if wish.text is not None else sys.stdin.buffer.read())
    settings = config.load(paths.settings)
    account = identity.account_for(settings, wish.account)
    letter = Letter(account.address, wish.recipient, text, wish.room, wish.plain)
    if letters.hand_over(paths.database, letter, wish.patience):
        return Exit.DONE
    from tui_xmpp.xmpp.network import XmppNetwork

    password = identity.password_for(account, SettingsKeeper(paths.settings, terminal=True))
    vault = None if wish.plain or not paths.database.exists() else _unlocked(paths, settings)
    message = send.Wish(wish.recipient, text, wish.room, wish.patience)

    async def go() -> None:
        network = XmppNetwork()
        if wish.plain:
            await send.send(network, account, password, message, send.InClear())
            return
        sealer = _sealer(paths, vault, account, network)
        try:
            await send.send(network, account, password, message, sealer)
        finally:
            await sealer.end()

    asyncio.run(go())
    return Exit.DONE


def _unlocked(paths: Paths, settings: Settings) -> "Vault":
    """What opens the store, asked for at the terminal if need be. Raises StoreLocked."""
    from tui_xmpp.cli import passphrase
    from tui_xmpp.vault.vault import Vault

    vault = Vault(paths.database, paths.settings, settings.storage)
    passphrase.unlock(vault)
    return vault


def _sealer(
    paths: Paths, vault: "Vault | None", account: AccountSettings, network: Network
) -> "alone.WithKeys | alone.WithoutKeys":
    """What decides whether a message is encrypted: with the keys in the store, unless another program has that."""
    from tui_xmpp.core import alone
    from tui_xmpp.storage.store import Store

    if vault is None:
        return alone.WithoutKeys(account, None)
    try:
        return alone.WithKeys(account, network, Store.open(paths.database, vault.key))
    except StoreBusy:
        return alone.WithoutKeys(account, Store.open(paths.database, vault.key, exclusive=False))


def _export(wish: arguments.Export, paths: Paths) -> int:
    """`tui-xmpp export`: from the store, also while the program has it open."""
    from tui_xmpp.cli import export
    from tui_xmpp.storage.database import DriverError, explain
    from tui_xmpp.storage.store import Store

    if not paths.database.exists():
        raise NothingToExport("Nothing is stored yet.")
    vault = _unlocked(paths, config.load(paths.settings))
    export.clean_up_when_ended()
    store = Store.open(paths.database, vault.key, exclusive=False)
    try:
        exported = export.export(store.history, wish.wish)
    except export.ReaderGone:
        return 128 + signal.SIGPIPE
    except DriverError as error:
        raise explain(error, paths.database) from error
    finally:
        store.close_now()
    if exported.place is not None:
        _say(f"{exported}")
    return Exit.DONE


def _storage(wish: arguments.Storage, paths: Paths) -> int:
    """`tui-xmpp storage`: how the store is encrypted, while nobody has it open."""
    from tui_xmpp.cli import storage
    from tui_xmpp.vault.changing import Locksmith

    locksmith = Locksmith(paths.database, paths.settings, config.load(paths.settings).storage)
    return storage.run(locksmith, wish.wish, lambda question: _ask(question, default=False), _say)


if __name__ == "__main__":
    sys.exit(main())
