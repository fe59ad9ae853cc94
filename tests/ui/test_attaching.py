"""Sending files from the screen: by a command, a key, a drop, or a long paste."""

import threading
from pathlib import Path

import pytest
from textual import events

from tests.ui.running import Running, running
from tests.ui.scene import KITCHEN, MARA, MARA_KEY, Scene
from tui_xmpp.model.address import Address
from tui_xmpp.model.message import Delivery, Message
from tui_xmpp.model.sending import UploadService
from tui_xmpp.ui import typed_paths
from tui_xmpp.ui.screens.attach import AttachDialog
from tui_xmpp.ui.screens.dialog import Panel

LONG = "".join(f"line {number}\n" for number in range(40))


@pytest.fixture(autouse=True)
def files(scene: Scene) -> None:
    """Somebody takes files."""
    scene.network.standing.files = UploadService(Address.parse("files.home.example"), 1_000_000)


@pytest.fixture
def bread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "bread and butter.jpg").write_bytes(b"x" * 70_000)
    (folder / "bread.txt").write_bytes(b"x")
    (folder / ".hidden").write_bytes(b"x")
    monkeypatch.setenv("HOME", str(tmp_path))
    return folder / "bread and butter.jpg"


def sent(scene: Scene) -> list[Message]:
    """What has a file, in Mara's chat."""
    return [message for message in scene.engine.newest(MARA_KEY, 20) if message.upload is not None]


def asked(shown: Running) -> str:
    """What is asked."""
    return shown.part(shown.screen().query_one(Panel))


async def paste(shown: Running, text: str) -> None:
    shown.composer.post_message(events.Paste(text))
    await shown.pilot.pause()


async def test_a_path_behind_the_command_is_completed_and_asked_about_once(scene: Scene, bread: Path) -> None:
    async with running(scene, open_at=MARA) as shown:
        shown.composer.insert("/attach ~/pictures/b")
        await shown.until(lambda: "bread and butter.jpg" in shown.text and "bread.txt" in shown.text)
        assert ".hidden" not in shown.text
        await shown.press("tab")
        assert shown.composer.text == "/attach ~/pictures/bread and butter.jpg"
        await shown.press("enter")
        assert isinstance(shown.screen(), AttachDialog)
        await shown.until(lambda: "bread and butter.jpg, 70 kB To Mara, not encrypted" in asked(shown))
        assert sent(scene) == []
        await shown.press("enter")
        await shown.until(lambda: "picture, 70 kB, uploading 40 %" in shown.text)
        (message,) = sent(scene)
        assert (message.body, message.delivery) == ("bread and butter.jpg", Delivery.PENDING)
        assert shown.composer.text == ""


async def test_who_says_no_sends_nothing(scene: Scene, bread: Path) -> None:
    async with running(scene, open_at=MARA) as shown:
        shown.composer.insert(f"/attach {bread}")
        await shown.press("enter", "escape")
        assert not isinstance(shown.screen(), AttachDialog)
        assert sent(scene) == []


async def test_a_key_asks_for_the_path_too_and_tab_completes_it(scene: Scene, bread: Path) -> None:
    async with running(scene, open_at=MARA) as shown:
        await shown.press("f10")
        await shown.press(*"~/pictures/bread ", "tab")
        await shown.until(lambda: "bread and butter.jpg, 70 kB" in shown.text)
        await shown.press("enter")
        await shown.until(lambda: sent(scene))


@pytest.mark.parametrize(("path", "problem"), [("/nowhere/at/all", "no such file"), ("~/pictures", "no such file")])
async def test_what_cannot_be_sent_is_said_where_it_was_named(
    scene: Scene, bread: Path, path: str, problem: str
) -> None:
    async with running(scene, open_at=MARA) as shown:
        shown.composer.insert(f"/attach {path}")
        await shown.press("enter", "enter")
        await shown.until(lambda: problem in shown.text)
        assert isinstance(shown.screen(), AttachDialog)
        assert sent(scene) == []


@pytest.mark.parametrize("form", ["{0}", "{0} ", "'{0}'", '"{0}" ', "{1}", "file://{2}"])
async def test_a_file_that_is_dropped_into_the_terminal_is_offered_to_be_sent(
    scene: Scene, bread: Path, form: str
) -> None:
    text = form.format(bread, str(bread).replace(" ", "\\ "), str(bread).replace(" ", "%20"))
    async with running(scene, open_at=MARA) as shown:
        await shown.press(*"see ")
        await paste(shown, text)
        await shown.until(lambda: "A file, bread and butter.jpg F10 sends it as a file" in shown.text)
        await shown.press("f10")
        assert isinstance(shown.screen(), AttachDialog)
        assert shown.composer.text == "see "
        await shown.press("enter")
        await shown.until(lambda: sent(scene))


async def test_a_disk_that_never_answers_keeps_nobody_waiting(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    go = threading.Event()

    def wait(text: str) -> str:
        assert threading.current_thread() is not threading.main_thread()
        go.wait()
        return text

    monkeypatch.setattr(typed_paths, "_absolute", wait)
    try:
        async with running(scene, open_at=MARA) as shown:
            shown.composer.insert("/attach /far/away")
            await shown.press("tab")
            assert shown.composer.has_focus
            await shown.press("enter", "enter")
            assert isinstance(shown.screen(), AttachDialog)
            await shown.press("escape", "f10", *"/far/a", "tab", "enter", "escape")
            assert not isinstance(shown.screen(), AttachDialog)
            await paste(shown, "/far/away")
            await shown.press(*" ok")
            assert shown.composer.text == "/far/away ok"
            assert sent(scene) == []
    finally:
        go.set()


async def test_a_path_that_is_found_after_going_on_typing_is_offered_no_more(
    scene: Scene, bread: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, looked = threading.Event(), threading.Event()

    def wait(path: str) -> int:
        go.wait()
        looked.set()
        return 1

    monkeypatch.setattr(typed_paths, "size_of", wait)
    async with running(scene, open_at=MARA) as shown:
        await paste(shown, str(bread))
        await shown.press("x")
        go.set()
        await shown.until(looked.is_set)
        assert "sends it as a file" not in shown.text


async def test_a_long_paste_becomes_a_file_with_one_key_and_all_of_it_goes(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        await shown.press(*"so: ")
        await paste(shown, LONG.replace("\n", "\r\n") + "\t\x1b[31m")
        assert "Pasted 41 lines" in shown.text
        await shown.press("f10")
        await shown.until(lambda: sent(scene))
        (message,) = sent(scene)
        assert message.body.startswith("paste-2026-11-22-")
        assert message.body.endswith(".txt")
        kept = scene.store.uploads.get(message.id)
        assert kept is not None
        assert kept.content == LONG + "\t\x1b[31m"
        assert shown.composer.text == "so: "
        assert "Pasted" not in shown.text


async def test_going_on_typing_declines_and_it_stays_one_message(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        await paste(shown, LONG)
        assert "F10 sends it as a file" in shown.text
        await shown.press("x")
        assert "F10 sends it as a file" not in shown.text
        await shown.press("enter")
        await shown.until(lambda: scene.engine.newest(MARA_KEY, 1)[0].body == LONG + "x")
        assert sent(scene) == []


async def test_what_is_sent_as_it_is_is_offered_no_longer(scene: Scene) -> None:
    async with running(scene, open_at=MARA) as shown:
        await paste(shown, LONG)
        await shown.press("enter")
        await shown.until(lambda: "F10 sends it as a file" not in shown.text)
        await shown.press("f10")
        assert isinstance(shown.screen(), AttachDialog), "the key asks for a file again"


@pytest.mark.parametrize("text", ["short", "/etc", "/nowhere/at/all", "not /etc/passwd", "~", "'"])
async def test_what_is_short_and_no_file_is_just_text(scene: Scene, text: str) -> None:
    async with running(scene, open_at=MARA) as shown:
        await paste(shown, text)
        assert "sends it as a file" not in shown.text


async def test_a_file_on_its_way_out_is_stopped_with_a_key(scene: Scene, bread: Path) -> None:
    async with running(scene, open_at=MARA) as shown:
        shown.composer.insert(f"/attach {bread}")
        await shown.press("enter", "enter")
        await shown.until(lambda: "uploading 40 %" in shown.text)
        await shown.press("up")
        assert "c stop file" in shown.text
        assert "r reply" not in shown.text
        await shown.press("c")
        await shown.until(lambda: sent(scene) == [])
        assert "uploading" not in shown.text


async def test_a_file_that_failed_says_why_and_can_be_tried_again(scene: Scene, bread: Path) -> None:
    scene.network.standing.files = None
    async with running(scene, open_at=MARA) as shown:
        shown.composer.insert(f"/attach {bread}")
        await shown.press("enter", "enter")
        await shown.until(lambda: "not sent: Your server does not take files." in shown.text)
        scene.network.standing.files = UploadService(Address.parse("files.home.example"))
        await shown.press("up", "R")
        await shown.until(lambda: "uploading 40 %" in shown.text)


async def test_in_a_room_it_is_said_that_everybody_there_gets_it(scene: Scene, bread: Path) -> None:
    async with running(scene, open_at=KITCHEN) as shown:
        shown.composer.insert(f"/attach {bread}")
        await shown.press("enter")
        assert "To everybody in Kitchen, not encrypted" in asked(shown)


async def test_a_hostile_name_is_drawn_clean(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "[red]\x1b[31m\u202egpj.txt"
    path.write_bytes(b"x")
    async with running(scene, open_at=MARA) as shown:
        shown.main.ask_file(MARA_KEY, str(path))
        await shown.pilot.pause()
        await shown.until(lambda: "[red][31mgpj.txt, 1 byte" in asked(shown))
        await shown.press("enter")
        await shown.until(lambda: "▤ [red][31mgpj.txt" in shown.text)
