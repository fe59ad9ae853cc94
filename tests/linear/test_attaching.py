"""Sending files line by line."""

import asyncio
import threading
from pathlib import Path

import pytest

from tests.linear.sitting import sitting
from tests.ui.scene import MARA, MARA_KEY, Scene
from tests.waiting import until
from tui_xmpp.linear import looking
from tui_xmpp.model.address import Address
from tui_xmpp.model.message import Message
from tui_xmpp.model.sending import UploadService
from tui_xmpp.ui import typed_paths


@pytest.fixture
def bread(scene: Scene, tmp_path: Path) -> Path:
    scene.network.standing.files = UploadService(Address.parse("files.home.example"))
    path = tmp_path / "bread and butter.jpg"
    path.write_bytes(b"x" * 70_000)
    return path


def sent(scene: Scene) -> list[Message]:
    return [message for message in scene.engine.newest(MARA_KEY, 20) if message.upload is not None]


async def test_a_file_is_asked_about_once_and_can_be_stopped(scene: Scene, bread: Path) -> None:
    async with sitting(scene, open_at=MARA) as session:
        await session.person.enter(f"/attach '{bread}'")
        assert session.person.prompts[-1] == ("Send bread and butter.jpg, 70 kB, to Mara, not encrypted? yes or no: ")
        await session.person.enter("yes")
        await until(lambda: sent(scene))
        heard = await session.person.hears("bread and butter.jpg")
        assert "picture, 70 kB" in heard
        number = session.linear.talk.numbers.of(sent(scene)[0])
        await session.person.enter(f"/stop {number}")
        await session.person.hears("Stopped; nothing was sent.")
        assert sent(scene) == []


async def test_who_says_no_sends_nothing(scene: Scene, bread: Path) -> None:
    async with sitting(scene, open_at=MARA) as session:
        await session.person.enter("/attach", str(bread), "no")
        assert sent(scene) == []


async def test_what_is_no_file_is_said(scene: Scene) -> None:
    async with sitting(scene, open_at=MARA) as session:
        assert await session.person.enter("/attach /nowhere") == ["There is no such file."]


async def test_a_disk_that_never_answers_keeps_nobody_waiting(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    go = threading.Event()

    def wait(text: str) -> str:
        assert threading.current_thread() is not threading.main_thread()
        go.wait()
        return text

    monkeypatch.setattr(typed_paths, "_absolute", wait)
    monkeypatch.setattr(looking, "PATIENCE", 1.0)
    try:
        async with sitting(scene, open_at=MARA) as session:
            entered = asyncio.ensure_future(session.person.enter("/attach /far/away"))
            session.receive("are you there?")
            await session.person.hears("are you there?")
            assert not entered.done()
            assert "Nothing done: The disk does not answer." in await entered
            await session.person.enter("yes I am")
            await until(lambda: scene.engine.newest(MARA_KEY, 1)[0].body == "yes I am")
    finally:
        go.set()
