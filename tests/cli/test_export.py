"""`tui-xmpp export` from the shell, on a real store: what is written where, and what a script is told."""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench.fill import fill
from tests.cli.program import Program
from tests.storage.builders import (
    BOB,
    BOBS,
    ME,
    NOON,
    OTHER_ME,
    ROOM,
    SECOND,
    archived,
    correct,
    in_room,
    incoming,
    outgoing,
)
from tests.waiting import wait_until
from tui_xmpp.cli.arguments import Export, parse
from tui_xmpp.export.format import FIELDS
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.storage.store import Store
from tui_xmpp.storage.writes import Writes

MY_FOLDER = "me@example.org"


def database(program: Program) -> Path:
    return program.home / ".local" / "share" / "tui-xmpp" / "chat.db"


async def write(program: Program, work: Callable[[Writes], object]) -> None:
    store = Store.open(database(program))
    await store.write(work)
    await store.close()


def some_chats(writes: Writes) -> None:
    writes.add_message(archived(incoming("Helo <b>"), "a1"))
    correct(writes, BOBS, "s1", sender=BOB, body="Hello <b>", time=NOON + SECOND, stanza_id="s2")
    writes.add_message(outgoing("Grüße", time=NOON + 86_400 * SECOND))
    writes.add_message(in_room("Tea?"))
    private = ChatKey(ME, ROOM.with_resource("../../bob"))
    writes.add_message(incoming("psst", key=private, kind=ChatKind.PRIVATE, sender=private.peer))
    writes.ensure_chat(ChatKey(ME, ME), ChatKind.CONTACT)


@pytest.fixture
async def filled(program: Program) -> Program:
    await write(program, some_chats)
    return program


def files_below(folder: Path) -> dict[str, int]:
    """Every file and directory with its mode."""
    return {str(path.relative_to(folder)): path.stat().st_mode & 0o777 for path in sorted(folder.rglob("*"))}


async def test_one_chat_goes_to_standard_output(filled: Program) -> None:
    ended = await filled.run("export", "--chat", "bob@example.org")
    assert (ended.code, ended.errors) == (0, "")
    assert ended.output.startswith("# bob@example.org\n\nChat: bob@example.org. Account: me@example.org.")
    assert "> Hello \\<b\\>\n" in ended.output
    assert "> Grüße\n" in ended.output
    assert list(filled.home.iterdir()) == [filled.home / ".local"]


async def test_lines_of_json_have_every_field_and_every_message(filled: Program) -> None:
    ended = await filled.run("export", "--format", "jsonl", "-o", "-")
    assert (ended.code, ended.errors) == (0, "")
    lines = [json.loads(line) for line in ended.output.splitlines()]
    assert all(list(line) == list(FIELDS) for line in lines)
    assert [(line["chat"], line["body"]) for line in lines] == [
        ("bob@example.org", "Hello <b>"),
        ("bob@example.org", "Grüße"),
        ("room@muc.example.org", "Tea?"),
        ("room@muc.example.org/../../bob", "psst"),
    ]
    assert lines[0]["archive_ids"] == [{"archive": "me@example.org", "id": "a1"}]
    assert [edit["body"] for edit in lines[0]["edits"]] == ["Helo <b>", "Hello <b>"]


async def test_all_chats_go_to_a_directory_for_our_eyes_only(filled: Program) -> None:
    ended = await filled.run("export", "--format", "html", "-o", "out")
    assert (ended.code, ended.output) == (0, "")
    assert ended.errors == "tui-xmpp: 4 messages of 3 chats written to out.\n"
    modes = files_below(filled.home / "out")
    names = [name for name in modes if "_bob" not in name]
    assert names == [MY_FOLDER, f"{MY_FOLDER}/bob@example.org.html", f"{MY_FOLDER}/room@muc.example.org.html"]
    (private,) = set(modes) - set(names)
    assert private.startswith(f"{MY_FOLDER}/room@muc.example.org_.._.._bob-")
    assert (filled.home / "out").stat().st_mode & 0o777 == 0o700
    assert modes.pop(MY_FOLDER) == 0o700
    assert set(modes.values()) == {0o600}
    assert "Hello &lt;b&gt;" in (filled.home / "out" / MY_FOLDER / "bob@example.org.html").read_text()


async def test_without_a_name_the_directory_has_the_date(filled: Program) -> None:
    ended = await filled.run("export")
    (folder,) = filled.home.glob("tui-xmpp-export-????-??-??")
    assert ended.code == 0
    assert len(list(folder.rglob("*.md"))) == 3


async def test_nothing_is_replaced_without_force(filled: Program) -> None:
    arguments = ["export", "--chat", "bob@example.org", "-o", "chat.md"]
    assert (await filled.run(*arguments)).code == 0
    (filled.home / "chat.md").write_text("mine")
    ended = await filled.run(*arguments)
    assert (ended.code, ended.errors) == (
        1,
        "tui-xmpp: Not exported: chat.md is there already. --force replaces it.\n",
    )
    assert (filled.home / "chat.md").read_text() == "mine"
    assert (await filled.run(*arguments, "--force")).code == 0
    assert "Hello" in (filled.home / "chat.md").read_text()


async def test_a_directory_is_looked_through_before_anything_is_written(filled: Program) -> None:
    folder = filled.home / "out" / MY_FOLDER
    folder.mkdir(parents=True)
    (folder / "room@muc.example.org.md").write_text("mine")
    ended = await filled.run("export", "-o", "out")
    assert ended.code == 1
    assert list(folder.iterdir()) == [folder / "room@muc.example.org.md"]
    assert (await filled.run("export", "-o", "out", "--force")).code == 0
    assert len(list(folder.iterdir())) == 3


async def test_a_folder_that_leads_elsewhere_is_not_entered(filled: Program) -> None:
    (filled.home / "elsewhere").mkdir()
    (filled.home / "out").mkdir()
    (filled.home / "out" / MY_FOLDER).symlink_to(filled.home / "elsewhere")
    ended = await filled.run("export", "-o", "out", "--force")
    assert ended.code == 1
    assert "leads elsewhere" in ended.errors
    assert list((filled.home / "elsewhere").iterdir()) == []


@pytest.mark.parametrize(
    ("options", "bodies"),
    [
        (["--since", "2026-09-22"], ["Grüße"]),
        (["--until", "2026-09-21"], ["Hello <b>"]),
        (["--since", "2026-09-21", "--until", "2026-09-22"], ["Hello <b>", "Grüße"]),
        (["--since", "2026-09-21T15:00+00:00"], ["Grüße"]),
    ],
)
async def test_days_can_be_chosen(filled: Program, options: list[str], bodies: list[str]) -> None:
    ended = await filled.run("export", "--chat", "bob@example.org", "--format", "jsonl", *options)
    assert [json.loads(line)["body"] for line in ended.output.splitlines()] == bodies


async def test_it_works_while_the_program_is_open(filled: Program) -> None:
    store = Store.open(database(filled))
    await store.write(lambda writes: writes.add_message(incoming("just now", stanza_id="s9", time=NOON + 9 * SECOND)))
    ended = await filled.run("export", "--chat", "bob@example.org")
    assert ended.code == 0
    assert "> just now\n" in ended.output
    await store.write(lambda writes: writes.add_message(incoming("after", stanza_id="s10", time=NOON + 10 * SECOND)))
    await store.close()


async def test_a_chat_of_two_accounts_needs_the_account(filled: Program) -> None:
    key = ChatKey(OTHER_ME, BOB)
    await write(filled, lambda writes: writes.add_message(replace(incoming("other"), key=key)))
    ended = await filled.run("export", "--chat", "bob@example.org")
    assert ended.code == 2
    assert ended.errors == (
        "tui-xmpp: Not clear which chat: Several accounts have a chat with bob@example.org; add --account: "
        "me@example.org, other@example.net.\n"
    )
    ended = await filled.run("export", "--chat", "bob@example.org", "--account", "other@example.net")
    assert "> other\n" in ended.output
    ended = await filled.run("export", "--account", "other@example.net", "-o", "out")
    assert ended.errors == "tui-xmpp: 1 message of 1 chat written to out.\n"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--chat", "nobody@example.org"], 8, "Nothing to export: There is no chat with nobody@example.org."),
        (["--account", "x@example.org"], 3, "No such account: Nothing is stored of an account x@example.org."),
        (["--chat", "me@example.org"], 8, "There are no messages with me@example.org."),
        (["--chat", "bob@example.org", "--since", "2030-01-01"], 8, "messages with bob@example.org from that time."),
        (["--since", "2030-01-01", "-o", "new"], 8, "There are no messages from that time."),
        (["--chat", "bob@example.org", "-o", "no/where.md"], 1, "no/where.md cannot be written: No such file"),
        (["-o", "/proc/out"], 1, "/proc/out cannot be written: "),
        (["-o", "file"], 1, "file is a file; several chats need a directory."),
        (["--chat", "bob@example.org", "-o", "/dev/full"], 1, "The disk is full: /dev/full could not be written."),
    ],
)
async def test_what_cannot_be_done_is_said(filled: Program, arguments: list[str], code: int, words: str) -> None:
    (filled.home / "file").touch()
    ended = await filled.run("export", *arguments)
    assert (ended.code, ended.output) == (code, "")
    assert words in ended.errors
    assert "Traceback" not in ended.errors
    assert sorted(path.name for path in filled.home.iterdir()) == [".local", "file"]


async def test_without_a_store_there_is_nothing_and_none_is_made(program: Program) -> None:
    ended = await program.run("export")
    assert (ended.code, ended.errors) == (8, "tui-xmpp: Nothing to export: Nothing is stored yet.\n")
    assert not database(program).parent.exists()
    await write(program, lambda writes: writes.ensure_account(ME))
    ended = await program.run("export")
    assert (ended.code, ended.errors) == (8, "tui-xmpp: Nothing to export: Nothing is stored yet.\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_directory_that_may_not_be_written_is_said(filled: Program) -> None:
    (filled.home / "locked").mkdir(mode=0o500)
    ended = await filled.run("export", "-o", "locked")
    assert ended.code == 1
    assert "cannot be written: Permission denied." in ended.errors


def big(program: Program) -> list[str]:
    """A store with more than a pipe holds; the options that export a chat of it."""
    keys = fill(database(program), contacts=0, chats=1, messages=20_000, account=ME)
    return ["export", "--chat", str(keys[0].peer), "--format", "jsonl"]


def test_a_reader_who_has_enough_is_no_error(program: Program) -> None:
    process = subprocess.Popen(
        program.command(*big(program)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=program.environment,
        cwd=program.home,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=30) == 128 + signal.SIGPIPE


def test_a_full_disk_behind_standard_output_is_said(program: Program) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            program.command(*big(program)),
            stdout=full,
            stderr=subprocess.PIPE,
            env=program.environment,
            cwd=program.home,
            check=False,
            text=True,
        )
    assert (done.returncode, done.stderr) == (
        1,
        "tui-xmpp: Not exported: The disk is full: standard output could not be written.\n",
    )


async def test_a_damaged_store_is_said_and_leaves_no_half_file(program: Program) -> None:
    arguments = big(program)
    with database(program).open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(size // 4)
        file.write(b"\xa5" * (size // 4))
    ended = await program.run(*arguments, "-o", "chat.jsonl")
    assert ended.code == 1
    assert f"The store {database(program)} is damaged." in ended.errors
    assert not (program.home / "chat.jsonl").exists()
    assert not list(program.home.glob(".tui-xmpp*"))


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_ended_in_the_middle_it_leaves_no_half_file(program: Program, number: signal.Signals, code: int) -> None:
    arguments = big(program)
    program.home.joinpath("out").mkdir()
    # It is caught in the middle by making it slow, as a large store does.
    slow = (
        "import sys, time\n"
        "from tui_xmpp.storage.messages import MessageReader\n"
        "page = MessageReader.between\n"
        "def between(*words, **names):\n"
        "    time.sleep(0.05)\n"
        "    return page(*words, **names)\n"
        "MessageReader.between = between\n"
        "from tui_xmpp.__main__ import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    command = [program.command()[0], "-c", slow, *arguments, "-o", "out/chat.jsonl"]
    with subprocess.Popen(command, env=program.environment, cwd=program.home) as process:
        wait_until(lambda: list((program.home / "out").iterdir()), timeout=30)
        process.send_signal(number)
        assert process.wait(timeout=30) == code
    assert list((program.home / "out").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "pdf"], "pdf"),
        (["--since", "yesterday"], "must be a date as 2026-01-31"),
        (["--until", "9999-12-31"], "must be a date"),
        (["--since", "2026-02-01", "--until", "2026-01-31"], "--since is later than --until"),
        (["-o", "-"], "as jsonl only"),
        (["-o", ""], "-o needs a file or a directory"),
        (["--chat", "@b"], "nothing before the @"),
        (["bob@example.org"], "bob@example.org"),
    ],
)
def test_a_mistake_is_said_and_ends_with_two(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(["export", *arguments], {})
    assert caught.value.code == 2
    assert words in capsys.readouterr().err


def test_a_chat_named_twice_is_one_chat() -> None:
    wish = parse(["export", "--chat", "bob@example.org", "--chat", "Bob@example.org"], {})
    assert isinstance(wish, Export)
    assert wish.wish.chats == (BOB,)


def test_help_names_every_field(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["export", "--help"], {})
    printed = capsys.readouterr().out
    for name, line in FIELDS.items():
        assert f"{name:<13} {line}" in printed
