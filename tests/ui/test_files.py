"""Saving, opening and stopping the files of messages (SECURITY 23, 24, 27)."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.quiet_web import QuietWeb
from tests.ui.running import Running, running
from tests.ui.scene import KITCHEN, KITCHEN_KEY, MARA, MARA_KEY, Scene, said, theirs
from tests.ui.screens.hostile import FORBIDDEN, HOSTILE
from tests.waiting import until
from tui_xmpp.core.ports import Web
from tui_xmpp.errors import FileTampered, TransferFailed
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.files import MOST_UNTOLD, FileFacts, Trust
from tui_xmpp.ui.history import files as history_files
from tui_xmpp.ui.screens.ask import Confirm
from tui_xmpp.ui.screens.choose_link import ChooseLink
from tui_xmpp.ui.screens.message_info import MessageInfo
from tui_xmpp.ui.screens.save_file import SaveFileDialog

LINK = "https://files.far.example/slot/1/photo%20of%20dough.jpg"
SEALED = f"aesgcm://files.far.example/slot/1/plan.pdf#{'ab' * 44}"


class TestWeb(QuietWeb):
    """A web whose file comes when the test says so, and has what the test says."""

    __test__ = False

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.most: list[int] = []
        self.size: int | None = 2_345_678
        self.body = b"\xff\xd8\xff"
        self.go = asyncio.Event()
        self.go.set()
        self.problem: Exception | None = None

    async def size_of(self, link: str, trust: Trust) -> int | None:
        self.asked.append(f"size {link}")
        if self.size == -1:
            raise TransferFailed("files.far.example cannot be reached.")
        return self.size

    async def save(
        self, link: str, trust: Trust, place: Path, *, most: int, tell: Callable[[int, int | None], None]
    ) -> Path:
        self.asked.append(link)
        self.most.append(most)
        tell(938_272, self.size)
        await self.go.wait()
        if self.problem is not None:
            raise self.problem
        write(place, self.body)
        return place


def write(place: Path, body: bytes) -> None:
    place.write_bytes(body)


@pytest.fixture
def web(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TestWeb:
    web = TestWeb()

    async def load() -> Web:
        return web

    scene.engine._web._load = load
    monkeypatch.setattr(scene.engine, "_downloads", lambda: tmp_path / "Downloads")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return web


class Desktop:
    """Notes what it is to open."""

    def __init__(self, folder: Path) -> None:
        self._noted = folder / "opened"
        self.program = folder / "xdg-open"
        self.program.write_text(
            f'#!/bin/sh\nprintf %s "$1" > {self._noted}.new && mv {self._noted}.new {self._noted}\n'
        )
        self.program.chmod(0o755)

    @property
    def opened(self) -> str:
        """What it was given; empty: nothing yet."""
        return self._noted.read_text() if self._noted.exists() else ""

    def forget(self) -> None:
        self._noted.unlink()


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desktop:
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("DISPLAY", ":0")
    return Desktop(tmp_path / "bin")


@asynccontextmanager
async def chat_with(scene: Scene, text: str, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Running]:
    """Mara, a contact, has sent this last; it is selected."""
    row = theirs(MARA_KEY, ChatKind.CONTACT, MARA, text, 9 * 10**15)
    await scene.store.write(lambda writes: writes.add_message(row))
    async with running(scene, size, open_at=MARA) as shown:
        await shown.press("up")
        yield shown


def card(shown: Running) -> str:
    """What stands in the history, without what is beside it."""
    return shown.part(shown.history)


def says(shown: Running, words: str) -> bool:
    return words in shown.text


async def test_a_file_is_saved_where_the_dialog_says(scene: Scene, web: TestWeb, tmp_path: Path) -> None:
    async with chat_with(scene, LINK) as shown:
        assert web.asked == []
        assert "s save file" in shown.text
        await shown.press("s")
        assert isinstance(shown.screen(), SaveFileDialog)
        await shown.until(lambda: "Size: 2.3 MB" in shown.text)
        for words in ("photo of dough.jpg", "on files.far.example", "not encrypted", "~/Downloads/photo of dough.jpg"):
            assert words in shown.text
        assert "learns your network address" not in shown.text
        web.go.clear()
        await shown.press("enter")
        await shown.until(lambda: "fetching, 40 % of 2.3 MB" in card(shown))
        assert web.most == [2_345_678]
        assert "c stop file" in shown.text
        web.go.set()
        await shown.until(lambda: "Saved as ~/Downloads/photo of dough.jpg" in shown.text)
        assert "saved as ~/Downloads/photo of dough.jpg" in card(shown)
        assert (tmp_path / "Downloads" / "photo of dough.jpg").read_bytes() == web.body


async def test_a_file_that_is_on_its_way_can_be_stopped(scene: Scene, web: TestWeb) -> None:
    web.go.clear()
    async with chat_with(scene, LINK) as shown:
        await shown.press("s", "enter")
        await shown.until(lambda: "fetching, 40 %" in card(shown))
        await shown.press("s", "O")
        assert not isinstance(shown.screen(), SaveFileDialog)
        assert "save file" not in shown.text
        await shown.press("c")
        await shown.until(lambda: "nothing of the file was kept" in shown.text)
        assert "not fetched" in card(shown)
        assert "c stop file" not in shown.text


async def test_why_a_file_was_not_saved_is_said_and_it_can_be_tried_again(scene: Scene, web: TestWeb) -> None:
    web.problem = FileTampered("Somebody changed it.")
    async with chat_with(scene, SEALED) as shown:
        await shown.press("s", "enter")
        await shown.until(lambda: "The file was changed on its way: Somebody changed it." in shown.text)
        assert "not saved: Somebody changed it." in card(shown)
        web.problem = None
        await shown.press("s", "enter")
        await shown.until(lambda: "Saved as ~/Downloads/plan.pdf" in shown.text)


async def test_who_gets_to_know_of_it_is_said_before_anything_is_asked(scene: Scene, web: TestWeb) -> None:
    await scene.store.write(lambda writes: writes.add_message(said("Theo", LINK, 9 * 10**15)))
    async with running(scene, open_at=KITCHEN) as shown:
        await shown.press("up", "s")
        assert "Whoever runs files.far.example learns your network address" in shown.text
        assert "not known before it is fetched" in shown.text
        assert web.asked == []
        await shown.press("escape")
        assert web.asked == []
        await shown.press("s", "enter")
        await shown.until(lambda: "Saved as" in shown.text)
        assert web.most == [MOST_UNTOLD]
        assert shown.main.open_key == KITCHEN_KEY


async def test_a_place_that_is_none_is_refused_in_the_dialog(scene: Scene, web: TestWeb, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "Downloads").mkdir()
    async with chat_with(scene, LINK) as shown:
        await shown.press("s")
        dialog = shown.screen()
        assert isinstance(dialog, SaveFileDialog)
        for text, words in (
            ("~/none/x.jpg", "There is no folder"),
            ("~/file/x.jpg", "There is no folder"),
            ("~nobody-here/x.jpg", "no place for a file"),
        ):
            dialog._line.value = text
            await shown.press("enter")
            await shown.until(partial(says, shown, words))
        dialog._line.value = "~/he"
        dialog._line.cursor_position = 4
        await shown.press("tab")
        assert dialog._line.value == "~/here/"
        await shown.press("enter")
        await shown.until(lambda: "Saved as ~/here/photo of dough.jpg" in shown.text)


async def test_a_size_that_cannot_be_asked_for_is_said_and_does_not_hinder(scene: Scene, web: TestWeb) -> None:
    web.size = -1
    async with chat_with(scene, LINK) as shown:
        await shown.press("s")
        await shown.until(lambda: "files.far.example cannot be reached." in shown.text)
        assert "Size: not told" in shown.text
        await shown.press("enter")
        await shown.until(lambda: "Saved as" in shown.text)


async def test_a_size_of_nothing_is_none_that_was_told(scene: Scene, web: TestWeb) -> None:
    web.size = 0
    async with chat_with(scene, LINK) as shown:
        await shown.press("s")
        await shown.until(lambda: "Size: not told" in shown.text)
        await shown.press("enter")
        await shown.until(lambda: "Saved as" in shown.text)
        assert web.most == [MOST_UNTOLD]


async def test_of_two_files_with_one_name_the_second_can_be_had(scene: Scene, web: TestWeb) -> None:
    other = LINK.replace("files.far.example/", "files.far.example/other/")
    async with chat_with(scene, f"this: {LINK} and that: {other}") as shown:
        await shown.press("s", "2", "enter")
        await shown.until(lambda: "Saved as" in shown.text)
        assert web.asked[-1] == other


async def test_what_is_found_is_shown_without_its_key(scene: Scene, web: TestWeb) -> None:
    async with chat_with(scene, f"that: {SEALED}") as shown:
        await shown.press("ctrl+f", *"that")
        await shown.until(lambda: "that: encrypted file plan.pdf" in shown.text)


async def test_a_file_among_words_is_had_though_its_key_is_nowhere_to_be_seen(
    scene: Scene, web: TestWeb, desktop: Desktop
) -> None:
    async with chat_with(scene, f"look at {SEALED} and say") as shown:
        assert "look at encrypted file plan.pdf and say" in card(shown)
        await shown.press("y")
        assert shown.app.clipboard == "look at encrypted file plan.pdf and say"
        await shown.press("i")
        await shown.until(lambda: isinstance(shown.screen(), MessageInfo))
        assert "look at encrypted file plan.pdf and say" in shown.text
        await shown.press("escape")
        await shown.press("s", "enter")
        await shown.until(lambda: "Saved as ~/Downloads/plan.pdf" in shown.text)
        assert web.asked[-1] == SEALED
        await shown.press("O")
        await until(lambda: desktop.opened)
        assert "ab" * 8 not in shown.text


async def test_links_to_choose_from_are_shown_without_the_keys_of_files(scene: Scene, web: TestWeb) -> None:
    async with chat_with(scene, f"this: {LINK} and that: {SEALED}") as shown:
        await shown.press("o")
        assert isinstance(shown.screen(), ChooseLink)
        assert "encrypted file plan.pdf" in shown.text
        assert "ab" * 8 not in shown.text
        await shown.press("2")
        await shown.until(lambda: isinstance(shown.screen(), SaveFileDialog))


async def test_one_of_several_files_is_chosen_by_its_number(scene: Scene, web: TestWeb) -> None:
    web.go.clear()
    async with chat_with(scene, f"this: {LINK} and that: {SEALED}") as shown:
        await shown.press("s")
        assert isinstance(shown.screen(), ChooseLink)
        assert "plan.pdf on files.far.example" in shown.text
        await shown.press("2", "enter")
        await shown.until(lambda: "c stop file" in shown.text)
        await shown.press("s", "2")
        await shown.until(lambda: "It is on its way." in shown.text)
        web.go.set()
        await shown.until(lambda: "Saved as ~/Downloads/plan.pdf" in shown.text)
        assert web.asked[-1] == SEALED
        assert "size not told" in card(shown)
        assert "▤ plan.pdf saved as ~/Downloads/plan.pdf" in card(shown)


# Opening
async def test_a_file_is_saved_and_opened_and_then_only_opened(scene: Scene, web: TestWeb, desktop: Desktop) -> None:
    async with chat_with(scene, SEALED) as shown:
        await shown.press("o")
        assert "Save and open the file" in shown.text
        await shown.press("enter")
        await until(lambda: desktop.opened)
        assert desktop.opened.endswith("/Downloads/plan.pdf")
        await shown.until(lambda: "Opened ~/Downloads/plan.pdf" in shown.text)
        desktop.forget()
        asked = len(web.asked)
        await shown.press("O")
        await until(lambda: desktop.opened)
        assert len(web.asked) == asked
        assert "ab" * 8 not in desktop.opened


async def test_without_a_desktop_it_is_said_where_the_file_is(scene: Scene, web: TestWeb) -> None:
    async with chat_with(scene, LINK) as shown:
        await shown.press("O", "enter")
        await shown.until(lambda: "Nothing here can open it; it is saved as ~/Downloads/photo of" in shown.text)


@pytest.mark.parametrize(
    ("name", "body"),
    [("holiday.desktop", b""), ("setup.exe", b""), ("photo.jpg", b"#!/bin/sh\n"), ("photo.jpg", b"\x7fELF")],
)
async def test_what_does_something_is_never_opened_unasked(
    scene: Scene, web: TestWeb, desktop: Desktop, name: str, body: bytes
) -> None:
    web.body = body
    async with chat_with(scene, f"https://files.far.example/{name}") as shown:
        await shown.press("O", "enter")
        await shown.until(lambda: isinstance(shown.screen(), Confirm))
        assert f"{name} is a program" in shown.text
        await shown.press("escape")
        assert not desktop.opened
        await shown.press("O", "enter")
        await until(lambda: desktop.opened)


async def test_a_disk_that_never_answers_does_not_hold_the_screen_up(
    scene: Scene, web: TestWeb, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()

    def wait(_place: Path) -> bool:
        assert threading.current_thread() is not threading.main_thread()
        return go.wait()

    monkeypatch.setattr(history_files, "does_something", wait)
    async with chat_with(scene, LINK) as shown:
        await shown.press("O", "enter")
        await shown.until(lambda: "saved as ~/Downloads" in card(shown))
        await shown.press("escape", *"meanwhile")
        assert shown.composer.text == "meanwhile"
        assert not desktop.opened
        go.set()
        await shown.until(lambda: isinstance(shown.screen(), Confirm))


async def test_nothing_is_opened_that_was_only_saved(scene: Scene, web: TestWeb, desktop: Desktop) -> None:
    async with chat_with(scene, LINK) as shown:
        await shown.press("s", "enter")
        await shown.until(lambda: "Saved as" in shown.text)
        assert not desktop.opened


async def test_hostile_names_are_drawn_as_they_are(scene: Scene, web: TestWeb) -> None:
    async with chat_with(scene, LINK) as shown:
        message = shown.history.selected
        assert message is not None
        for text in HOSTILE:
            hostile = FileFacts(text, text, encrypted=True, foreign=True, link=LINK)
            await shown.app.push_screen(SaveFileDialog(scene.engine, message, hostile))
            await shown.pilot.pause()
            assert "Save the file" in shown.text
            assert not FORBIDDEN & set("".join(shown.lines))
            await shown.press("escape")
