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

from tui_xmpp import config, logs
from tui_xmpp.cli import arguments
from tui_xmpp.cli.exits import Exit, NothingToExport, exit_for
from tui_xmpp.config import Settings
from tui_xmpp.config_table import Source
from tui_xmpp.core.ports import AccountKeeper, Network, NetworkLoader
from tui_xmpp.errors import TuiXmppError
from tui_xmpp.model.address import Address
from tui_xmpp.passwords import MemoryKeeper, SettingsKeeper
from tui_xmpp.paths import Paths

_DEMO_BANNER = "Demonstration: a private server and a small cast. At the end nothing of it is kept."
_log = logging.getLogger(__name__)


def main(words: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; returns the exit code."""
    wish = arguments.parse(sys.argv[1:] if words is None else words)
    paths = Paths.find(settings=wish.common.settings, data=wish.common.data)
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
    settings = config.load(paths.settings)
    keeper = SettingsKeeper(paths.settings)
    gc.disable()  # until the network is loaded: collecting while modules are imported only costs time

    async def go() -> int:
        return await _show(settings, paths, keeper, _load_network, keeper.give_up, open_at=wish.open_at)

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
    open_at: Address | None = None,
    banner: str = "",
) -> int:
    """Everything on the screen, until a person leaves it; `leaving` is called then. Returns the exit code."""
    from tui_xmpp.cli import looks
    from tui_xmpp.cli.leaving import LeavingApp, need_terminal, run
    from tui_xmpp.core.engine import Engine
    from tui_xmpp.storage.store import Store
    from tui_xmpp.ui.app import TuiXmppApp

    class App(LeavingApp, TuiXmppApp):
        """The screen, with our way of leaving it."""

    theme = looks.theme(settings)
    looks.check_keys(settings)
    need_terminal()
    store = Store.open(paths.database)
    if store.moved_aside is not None:
        banner = f"The local store was damaged. A new one is filled by the server; the old one is {store.moved_aside}"
    engine = Engine(store, settings.accounts, load_network, keeper)
    app = App(engine, open_at=open_at, banner=banner, keymap=settings.ui.keys, theme=theme)

    async def close() -> None:
        leaving()
        await engine.close()

    return await run(app, close)


async def _load_network() -> Network:
    """Import the network libraries in a thread; what is there by then is never looked at by the collector again."""
    from tui_xmpp.xmpp.loading import load_network

    network = await load_network()
    gc.freeze()
    gc.enable()
    return network


def _demo(wish: arguments.Demo) -> int:
    """`tui-xmpp demo`: the same program in a profile that goes away, with a server and a cast of its own."""
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
                return await _show(settings, paths, keeper, load_network, lambda: None, banner=_DEMO_BANNER)
            finally:
                await demonstration.close()

        code = asyncio.run(go())
        if code == Exit.FAILURE:
            _say(f"The demonstration has stopped because of an error in the program:\n{paths.log.read_text()}")
        return code
    finally:
        demonstration.cleanup()


def _ask(question: str) -> bool:
    """Ask a person at the terminal; without one the answer is no."""
    if not sys.stdin.isatty():
        return False
    try:
        return input(f"{question} [Y/n] ").strip().lower() in {"", "y", "yes"}
    except EOFError:
        return False


def _send(wish: arguments.Send, paths: Paths) -> int:
    """`tui-xmpp send`: one message over a connection of its own."""
    from tui_xmpp.cli import identity, send
    from tui_xmpp.xmpp.network import XmppNetwork

    text = send.message_text(wish.text.encode() if wish.text is not None else sys.stdin.buffer.read())
    settings = config.load(paths.settings)
    account = identity.account_for(settings, wish.account)
    password = identity.password_for(account, SettingsKeeper(paths.settings, terminal=True))
    message = send.Wish(wish.recipient, text, wish.room, wish.patience)
    asyncio.run(send.send(XmppNetwork(), account, password, message))
    return Exit.DONE


def _export(wish: arguments.Export, paths: Paths) -> int:
    """`tui-xmpp export`: from the store, also while the program has it open."""
    from tui_xmpp.cli import export
    from tui_xmpp.storage.database import DriverError, explain
    from tui_xmpp.storage.store import Store

    if not paths.database.exists():
        raise NothingToExport("Nothing is stored yet.")
    export.clean_up_when_ended()
    store = Store.open(paths.database, exclusive=False)
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


if __name__ == "__main__":
    sys.exit(main())
