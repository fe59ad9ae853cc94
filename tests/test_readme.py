"""What the README promises, held against the program."""

import ast
import inspect
import re
import subprocess
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from tui_xmpp import config
from tui_xmpp.cli.exits import SUMMARY
from tui_xmpp.export.format import FIELDS
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.notifying import NotificationSettings
from tui_xmpp.ui import command_words
from tui_xmpp.ui.actions import ACTIONS
from tui_xmpp.ui.keymap import check_keymap
from tui_xmpp.ui.keys import shown

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def table(heading: str) -> list[tuple[str, str]]:
    """The rows of the table with this first heading."""
    lines = README.split(f"| {heading} |")[1].splitlines()[2:]
    rows = [re.fullmatch(r"\| (.+?) \| (.+?) \|", line) for line in lines[: lines.index("")]]
    return [(row[1], row[2]) for row in rows if row]


def blocks(language: str) -> list[str]:
    """The code blocks in this language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_continuous_integration_runs_the_test_command_and_nothing_else() -> None:
    commands = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line and line[0] != "#"]
    assert commands == ["set -eu", 'cd "$(dirname "$0")/.."', "sh tests/run.sh"]
    assert "sh tests/run.sh\n" in blocks("sh")


def test_every_script_it_names_is_there() -> None:
    for script in re.findall(r"\bsh (\S+\.sh)", README):
        assert subprocess.run(["sh", "-n", ROOT / script], check=False).returncode == 0
    for module in re.findall(r"python -m (tests\.\S+)", README):
        assert (ROOT / (module.replace(".", "/") + ".py")).is_file()


def test_every_file_it_links_to_is_there() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", README):
        assert (ROOT / target).is_file(), target


def test_the_keys_are_those_of_the_actions() -> None:
    keys = {action.help: ", ".join(shown(key) for key in action.keys) for action in ACTIONS}
    assert len(table("keys")) > 10
    for written, what in table("keys"):
        assert keys[what] == written


def test_the_slash_words_it_names_exist() -> None:
    sentence = README.split("In the text, ")[1].split("\n\n")[0]
    assert set(re.findall(r"`/(\w+)`", sentence)) <= set(command_words.WORDS)


def test_the_settings_it_shows_are_all_there_are_and_can_be_read(tmp_path: Path) -> None:
    example = next(block for block in blocks("toml"))
    written = tomllib.loads(example)
    assert set(written["accounts"][0]) == {field.name for field in fields(AccountSettings)}
    assert set(written["storage"]) == {field.name for field in fields(config.StorageSettings)}
    assert set(written["ui"]) == {field.name for field in fields(config.UiSettings)}
    assert set(written["notifications"]) == {field.name for field in fields(NotificationSettings)}
    assert set(written["history"]) == {field.name for field in fields(config.HistorySettings)}
    (tmp_path / "ca.pem").touch()
    settings = config.parse(example.replace("/path/ca.pem", str(tmp_path / "ca.pem")), tmp_path / "config.toml")
    assert check_keymap(settings.ui.keys) == ()


@pytest.mark.parametrize(
    "table", [config.UiSettings, config.HistorySettings, config.StorageSettings, NotificationSettings]
)
def test_every_setting_is_documented_where_it_is_defined(table: type) -> None:
    body = ast.parse(inspect.getsource(table)).body[0]
    assert isinstance(body, ast.ClassDef)
    for first, second in zip(body.body, [*body.body[1:], None], strict=True):
        if isinstance(first, ast.AnnAssign):
            assert isinstance(second, ast.Expr)
            assert isinstance(second.value, ast.Constant)


def test_the_exit_codes_are_those_of_the_program() -> None:
    assert table("exit code") == [(str(code.value), line) for code, line in SUMMARY.items()]


def test_the_fields_of_an_export_are_those_of_the_program() -> None:
    assert table("field") == [(f"`{name}`", line) for name, line in FIELDS.items()]
