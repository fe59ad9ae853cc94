"""The command line and the composition root: with `commands` the only file that sees every layer.

Nothing heavy is imported before it is needed: the settings are read before Textual is loaded, and the network is
loaded in a thread once the screen shows what the store has (DESIGN §1, §5).
"""

import gc
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from tui_xmpp import commands, config, logs
from tui_xmpp.cli import arguments, memory
from tui_xmpp.cli.exits import Exit, exit_for
from tui_xmpp.cli.first_picture import FirstPicture
from tui_xmpp.cli.running import Terminated, run
from tui_xmpp.config import Settings
from tui_xmpp.config_table import Source
from tui_xmpp.errors import TuiXmppError
from tui_xmpp.model.address import Address
from tui_xmpp.model.at_rest import Condition
from tui_xmpp.passwords import MemoryKeeper, SettingsKeeper
from tui_xmpp.paths import Paths, downloads

if TYPE_CHECKING:
    from tui_xmpp.core.engine import Engine
    from tui_xmpp.core.ports import AccountKeeper, Network, NetworkLoader
    from tui_xmpp.storage.cipher import Key
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
                return commands.send_one(wish, paths)
            case arguments.Export():
                _start_log(paths, wish.common.detail)
                return commands.export_chats(wish, paths)
            case arguments.Storage():
                _start_log(paths, wish.common.detail)
                return commands.change_storage(wish, paths)
    except TuiXmppError as error:
        _log.warning("Ended: %s", error.message)
        commands.say(f"{error.title}: {error.message}")
        return exit_for(error)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except Terminated:
        return 128 + signal.SIGTERM
    except Exception:  # noqa: BLE001 - the end of the program: people get a sentence, the log gets the trace
        _log.exception("The program has crashed")
        commands.say(logs.crash_message(paths.log))
        return Exit.FAILURE
    finally:
        logs.stop()


def _start_log(paths: Paths, detail: logs.Detail) -> None:
    try:
        logs.start(paths.log, detail)
    except OSError as error:
        commands.say(f"Nothing is logged: {error}")


def _screen(wish: arguments.Screen, paths: Paths) -> int:
    """`tui-xmpp`: the program for one's own accounts."""
    from tui_xmpp.cli import looks
    from tui_xmpp.vault.vault import Vault

    gc.disable()  # until the network is loaded: collecting while modules are imported only costs time
    settings = config.load(paths.settings)
    with FirstPicture() as picture:
        if looks.line_by_line(settings, asked=wish.linear):
            show = _show_lines
        else:
            _show_first(picture, settings, paths, wish.open_at)
            show = partial(_show, picture=picture)
        keeper = SettingsKeeper(paths.settings)

        async def go() -> int:
            vault = Vault(paths.database, paths.settings, settings.storage)
            return await show(settings, paths, keeper, _load_network, keeper.give_up, vault=vault, open_at=wish.open_at)

        code = run(go())
    if code == Exit.FAILURE:
        commands.say(logs.crash_message(paths.log))
    return code


def _show_first(
    picture: FirstPicture, settings: Settings, paths: Paths, open_at: Address | None, key: "Key | None" = None
) -> None:
    """Show what the store has, if it can be opened by now. Raises ConfigError."""
    from tui_xmpp.cli import looks
    from tui_xmpp.storage.glance import glance
    from tui_xmpp.ui.clock import Clock
    from tui_xmpp.ui.first.picture import Look, draw

    accounts = [account.address for account in settings.accounts if account.enabled]
    compact = settings.ui.density == "compact"
    look = Look(looks.scheme(settings), looks.depth(), compact=compact, grey=looks.is_grey())
    if looks.appearance(settings).ascii:
        return
    try:
        seen = glance(paths.database, accounts, key=key, open_at=open_at)
        if seen is not None:
            picture.show(lambda size: draw(seen, accounts, look, size, Clock()))
    except Exception:  # noqa: BLE001 - a courtesy: what is wrong with the store or the terminal, the screen finds, too
        _log.exception("There is no first picture")
        picture.take_down()


async def _show(
    settings: Settings,
    paths: Paths,
    keeper: "AccountKeeper",
    load_network: "NetworkLoader",
    leaving: Callable[[], None],
    *,
    vault: "Vault | None" = None,
    open_at: Address | None = None,
    banner: str = "",
    picture: FirstPicture | None = None,
) -> int:
    """Everything on the screen, until a person leaves it; `leaving` is called then. Returns the exit code.

    Without a `vault` the store is not encrypted. A `picture` of it is on the terminal already, or once there is a key.
    """
    from tui_xmpp.cli import unlocking

    try:
        attempt = None if vault is None else unlocking.fetch_key(vault)
        if vault is not None and picture is not None and await unlocking.is_quick(attempt):
            _show_first(picture, settings, paths, open_at, vault.key)
        from tui_xmpp.cli import looks
        from tui_xmpp.cli.ending import need_terminal
        from tui_xmpp.cli.leaving import LeavingApp, run_app
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
    app.picture = picture

    letterbox = Letterbox(paths.database, engine.post)
    await letterbox.open()

    async def close() -> None:
        leaving()
        await letterbox.close()
        await engine.close()

    return await run_app(app, close)


async def _show_lines(
    settings: Settings,
    paths: Paths,
    keeper: "AccountKeeper",
    load_network: "NetworkLoader",
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


def _engine(store: "Store", settings: Settings, load_network: "NetworkLoader", keeper: "AccountKeeper") -> "Engine":
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


async def _load_network() -> "Network":
    """Import the network libraries in a thread; from then on garbage is collected, while nothing else is done."""
    from tui_xmpp.cli.collecting import start_collecting
    from tui_xmpp.xmpp.loading import load_network

    network = await load_network()
    start_collecting()
    return network


def _demo(wish: arguments.Demo) -> int:
    """`tui-xmpp demo`: the same program in a profile that goes away, with a server and a cast of its own."""
    from tui_xmpp.cli import looks
    from tui_xmpp.demo import Demonstration, install_prosody

    install_prosody(wish.yes, commands.ask)
    demonstration = Demonstration()
    try:
        paths = Paths.below(demonstration.profile)
        _start_log(paths, wish.common.detail)
        account, password = demonstration.start()
        settings = Settings(Source(paths.settings, ""), (account,))
        keeper = MemoryKeeper({account.address: password})

        async def load_network() -> "Network":
            network = await _load_network()
            await demonstration.raise_curtain()
            return network

        async def go() -> int:
            try:
                show = _show_lines if looks.line_by_line(settings, asked=wish.linear) else _show
                return await show(settings, paths, keeper, load_network, lambda: None, banner=_DEMO_BANNER)
            finally:
                await demonstration.close()

        code = run(go())
        if code == Exit.FAILURE:
            commands.say(f"The demonstration has stopped because of an error in the program:\n{paths.log.read_text()}")
        return code
    finally:
        demonstration.cleanup()


if __name__ == "__main__":
    sys.exit(main())
