"""The walls between the layers, and what is loaded when (DESIGN §2, §5)."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

NETWORK = {
    "slixmpp",
    "aiodns",
    "pycares",
    "aiohttp",
    "omemo",
    "oldmemo",
    "twomemo",
    "cryptography",
    "keyring",
    "tomlkit",
}
SCREEN = {"textual", "rich"}
STORE = {"sqlcipher3", "sqlite3"}


SESSIONS = {"tui_xmpp.core.session", "tui_xmpp.core.ports", "tui_xmpp.model.stanzas", "tui_xmpp.storage.writes"}
"""What comes with the network, each with much that stands on it."""


def modules_after(code: str) -> set[str]:
    """All modules that a fresh Python has after running the code."""
    program = f"{code}\nimport sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def loaded(code: str) -> set[str]:
    """The top-level ones of them."""
    return {name.partition(".")[0] for name in modules_after(code)}


def modules_of(package: str) -> list[str]:
    """Every module of a layer."""
    return sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in (ROOT / "tui_xmpp" / package).rglob("*.py")
    )


def importing(package: str) -> str:
    return "\n".join(f"import {module}" for module in modules_of(package))


def test_no_import_crosses_a_wall() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint_imports, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("package", "strangers"),
    [
        ("model", NETWORK | SCREEN | STORE | {"asyncio", "platformdirs"}),
        ("storage", NETWORK | SCREEN),
        ("export", NETWORK | SCREEN | STORE | {"asyncio"}),
        ("core", NETWORK | SCREEN),
        ("xmpp", SCREEN | STORE | {"keyring"}),
        ("web", SCREEN | STORE | {"slixmpp", "keyring"}),
        ("ui", NETWORK | STORE | {"prompt_toolkit"}),
        ("linear", NETWORK | SCREEN | STORE),
        ("vault", NETWORK | SCREEN),
    ],
)
def test_a_layer_loads_only_what_it_stands_on(package: str, strangers: set[str]) -> None:
    assert loaded(importing(package)) & strangers == set()


def test_the_first_picture_needs_no_network_library_and_nothing_that_works_with_it(tmp_path: Path) -> None:
    """Everything up to the moment when the app starts to draw: settings, store, engine, app."""
    code = f"""
from pathlib import Path
import tui_xmpp.__main__
from tui_xmpp import config
from tui_xmpp.cli import leaving, looks, unlocking
from tui_xmpp.core.engine import Engine
from tui_xmpp.passwords import SettingsKeeper
from tui_xmpp.storage.glance import glance
from tui_xmpp.storage.store import Store
from tui_xmpp.vault.vault import Vault
from tui_xmpp.ui.app import TuiXmppApp
from tui_xmpp.ui.first.picture import draw
path = Path({str(tmp_path)!r})
(path / "config.toml").write_text('[[accounts]]\\naddress = "alice@example.org"\\n')
settings = config.load(path / "config.toml")
store = Store.open(path / "chat.db")
app = TuiXmppApp(Engine(store, settings.accounts, None, SettingsKeeper(path / "config.toml")))
store.close_now()
"""
    assert modules_after(code) & (NETWORK | SESSIONS) == set()


def test_reading_the_command_line_needs_neither_the_screen_nor_the_store() -> None:
    code = "from tui_xmpp.__main__ import main\nfrom tui_xmpp.cli.arguments import parse\nparse(['send', 'a@b', 'c'])"
    assert loaded(code) & (NETWORK | SCREEN | STORE) == set()


def test_no_file_is_too_long_to_be_read() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in ("tui_xmpp", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}
