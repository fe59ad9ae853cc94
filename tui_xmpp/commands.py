"""What the command line asks for besides the screen: sending one message, exporting, changing the store's encryption.

With `__main__` the only file that sees every layer; nothing heavy is imported before it is needed.
"""

import signal
import sys
from typing import TYPE_CHECKING

from tui_xmpp import config
from tui_xmpp.cli import arguments
from tui_xmpp.cli.exits import Exit, NothingToExport
from tui_xmpp.cli.running import run
from tui_xmpp.config import Settings
from tui_xmpp.errors import StoreBusy
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.letter import Letter
from tui_xmpp.passwords import SettingsKeeper
from tui_xmpp.paths import Paths

if TYPE_CHECKING:
    from tui_xmpp.core import alone
    from tui_xmpp.core.ports import Network
    from tui_xmpp.vault.vault import Vault


def say(sentence: str) -> None:
    """Say something to who sits at the terminal, or reads what the program reports."""
    print(f"tui-xmpp: {sentence}", file=sys.stderr)


def ask(question: str, *, default: bool = True) -> bool:
    """Ask a person at the terminal, where Enter is the `default`; without one the answer is no."""
    if not sys.stdin.isatty():
        return False
    try:
        answer = input(f"{question} [{'Y/n' if default else 'y/N'}] ").strip().lower()
        return answer in {"y", "yes"} or (not answer and default)
    except EOFError:
        return False


def send_one(wish: arguments.Send, paths: Paths) -> int:
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

    run(go())
    return Exit.DONE


def _unlocked(paths: Paths, settings: Settings) -> "Vault":
    """What opens the store, asked for at the terminal if need be. Raises StoreLocked."""
    from tui_xmpp.cli import passphrase
    from tui_xmpp.vault.vault import Vault

    vault = Vault(paths.database, paths.settings, settings.storage)
    passphrase.unlock(vault)
    return vault


def _sealer(
    paths: Paths, vault: "Vault | None", account: AccountSettings, network: "Network"
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


def export_chats(wish: arguments.Export, paths: Paths) -> int:
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
        say(f"{exported}")
    return Exit.DONE


def change_storage(wish: arguments.Storage, paths: Paths) -> int:
    """`tui-xmpp storage`: how the store is encrypted, while nobody has it open."""
    from tui_xmpp.cli import storage
    from tui_xmpp.vault.changing import Locksmith

    locksmith = Locksmith(paths.database, paths.settings, config.load(paths.settings).storage)
    return storage.run(locksmith, wish.wish, lambda question: ask(question, default=False), say)
