"""The socket on which an open program takes letters: only this user's, and nothing else does harm."""

import asyncio
import json
import os
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.waiting import until
from tui_xmpp.cli.exits import Exit, Reported
from tui_xmpp.cli.letterbox import AT_ONCE, Letterbox
from tui_xmpp.cli.letters import LONGEST_LINE, Malformed, hand_over, is_ours, read_outcome, write_letter
from tui_xmpp.errors import MustEncrypt, NotConfirmed
from tui_xmpp.model.address import Address
from tui_xmpp.model.letter import Letter
from tui_xmpp.model.text import BODY_LIMIT

LETTER = Letter(Address.parse("alice@chat.test"), Address.parse("bob@chat.test"), "“hello”\n\\ there 👋", in_clear=True)


class Post:
    """Takes letters; sends them, fails, or waits."""

    def __init__(self, outcome: bool | Exception | None = True) -> None:
        self.letters: list[Letter] = []
        self.cancelled = 0
        self._outcome = outcome

    async def __call__(self, letter: Letter, patience: float) -> bool:
        self.letters.append(letter)
        if self._outcome is None:
            try:
                await asyncio.sleep(patience)
            except asyncio.CancelledError:
                self.cancelled += 1
                raise
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return bool(self._outcome)


@asynccontextmanager
async def letterbox(directory: Path, post: Post) -> AsyncIterator[Path]:
    store = directory / "chat.db"
    box = Letterbox(store, post)
    await box.open()
    yield store
    await box.close()
    assert not store.with_name("chat.db.socket").exists()


async def handed(store: Path, letter: Letter = LETTER) -> bool:
    return await asyncio.to_thread(hand_over, store, letter, 20.0)


async def said(store: Path, line: bytes) -> bytes:
    """Send whatever it is, and return the answer."""
    reader, writer = await asyncio.open_unix_connection(store.with_name("chat.db.socket"))
    writer.write(line)
    try:
        return await reader.readline()
    finally:
        writer.close()


@pytest.mark.parametrize("outcome", [True, False])
async def test_a_letter_comes_whole_and_its_outcome_goes_back(tmp_path: Path, outcome: bool) -> None:
    post = Post(outcome)
    async with letterbox(tmp_path, post) as store:
        assert await handed(store) is outcome
        assert post.letters == [LETTER]
        assert store.with_name("chat.db.socket").stat().st_mode & 0o777 == 0o600


async def test_what_went_wrong_there_is_said_here_with_its_exit_code(tmp_path: Path) -> None:
    async with letterbox(tmp_path, Post(MustEncrypt("You trust nobody."))) as store:
        with pytest.raises(Reported) as caught:
            await handed(store)
    assert (caught.value.message, caught.value.code) == ("You trust nobody.", Exit.ENCRYPTED)


async def test_without_an_open_program_the_letter_is_ours(tmp_path: Path) -> None:
    assert not await handed(tmp_path / "chat.db")


async def test_what_a_killed_program_left_takes_nothing_and_is_replaced(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / "chat.db.socket"))
    assert not await handed(tmp_path / "chat.db")
    async with letterbox(tmp_path, Post()) as store:
        assert await handed(store)


async def test_a_store_that_lies_deep_has_a_letterbox_too(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["directory"] * 20)
    deep.mkdir(parents=True)
    async with letterbox(deep, Post()) as store:
        assert await handed(store)


async def test_the_longest_text_fits(tmp_path: Path) -> None:
    post, letter = Post(), Letter(LETTER.account, LETTER.recipient, "\U0001f44b" * (BODY_LIMIT - 9) + '"' * 9)
    async with letterbox(tmp_path, post) as store:
        assert await handed(store, letter)
    assert post.letters == [letter]


def written(**changes: object) -> bytes:
    return json.dumps(json.loads(write_letter(LETTER, 20)) | changes).encode() + b"\n"


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"hello\n",
        b"[]\n",
        b"{}\n",
        b"\xff\xfe\n",
        b"[" * 100_000 + b"\n",
        b"9" * 10_000 + b"\n",
        written(account="nobody at all"),
        written(account="\ud800@chat.test"),
        written(recipient=5),
        written(body=None),
        written(patience="20"),
        written(patience=0),
        written(patience=float("nan")),
        written(patience=1e99),
        written(to_room=1),
        b"x" * (LONGEST_LINE + 10) + b"\n",
    ],
)
async def test_what_is_no_letter_is_refused_in_words_and_the_next_one_is_taken(tmp_path: Path, line: bytes) -> None:
    post = Post()
    async with letterbox(tmp_path, post) as store:
        with pytest.raises(Reported) as caught:
            read_outcome(await said(store, line))
        assert caught.value.title == Malformed.title
        assert post.letters == []
        assert await handed(store)


async def test_whoever_goes_away_takes_along_what_is_not_sent_yet(tmp_path: Path) -> None:
    post = Post(None)
    async with letterbox(tmp_path, post) as store:
        _, writer = await asyncio.open_unix_connection(store.with_name("chat.db.socket"))
        writer.write(write_letter(LETTER, 60))
        await until(lambda: post.letters)
        writer.close()
        await until(lambda: post.cancelled == 1)


async def test_a_program_that_closes_says_that_nothing_was_sent(tmp_path: Path) -> None:
    post = Post(None)
    async with letterbox(tmp_path, post) as store:
        waiting = asyncio.ensure_future(handed(store))
        await until(lambda: post.letters)
    with pytest.raises(Reported, match="nothing was sent"):
        await waiting


async def test_a_program_that_dies_leaves_it_open_whether_it_was_sent(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dying:
        dying.bind(str(tmp_path / "chat.db.socket"))
        dying.listen()
        waiting = asyncio.ensure_future(handed(tmp_path / "chat.db"))
        (await asyncio.to_thread(dying.accept))[0].close()
        with pytest.raises(NotConfirmed):
            await waiting


async def test_so_many_at_once_are_refused(tmp_path: Path) -> None:
    post = Post(None)
    async with letterbox(tmp_path, post) as store:
        waiting = [asyncio.ensure_future(said(store, write_letter(LETTER, 60))) for _ in range(AT_ONCE + 3)]
        await until(lambda: sum(each.done() for each in waiting) == 3)
        assert len(post.letters) == AT_ONCE
    answers = await asyncio.gather(*waiting)
    assert sum(b"Too much" in answer for answer in answers) == 3


class Peer:
    """A process of somebody."""

    def __init__(self, user: int) -> None:
        self._user = user

    def getsockopt(self, level: int, name: int, size: int, /) -> bytes:
        return struct.pack("3i", 1, self._user, 1)


@pytest.mark.skipif(not hasattr(socket, "SO_PEERCRED"), reason="only Linux says whose process it is")
def test_a_process_of_another_user_is_not_ours() -> None:
    assert is_ours(Peer(os.getuid()))
    assert not is_ours(Peer(os.getuid() + 1))
