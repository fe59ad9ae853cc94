"""Saving, opening and stopping files line by line (SECURITY 23, 24, 27)."""

import asyncio

import pytest

from tests.linear.sitting import Session, sitting
from tests.ui.scene import KITCHEN, MARA, MARA_KEY, Scene, said, theirs
from tests.ui.test_files import LINK, SEALED, Desktop, TestWeb, desktop, web
from tests.waiting import until
from tui_xmpp.linear import files
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKind

__all__ = ["desktop", "web"]


async def number_of(session: Session, text: str, sender: Address = MARA) -> int:
    """Somebody has written a text last; its number."""
    row = theirs(MARA_KEY, ChatKind.CONTACT, MARA, text, 9 * 10**15) if sender == MARA else None
    row = row or said(sender.resource, text, 9 * 10**15)
    await session.scene.store.write(lambda writes: writes.add_message(row))
    heard = await session.person.enter("/read 1")
    return int(next(line for line in heard if "://" in line or "plan.pdf" in line).split(".")[0])


async def test_a_file_is_saved_and_it_is_said_how_that_goes(
    scene: Scene, web: TestWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_PAUSE", 0.01)
    web.go.clear()
    async with sitting(scene, open_at=MARA) as session:
        number = await number_of(session, LINK)
        await session.person.enter(f"/save {number}")
        await session.person.hears("Fetching photo of dough.jpg, not encrypted, on files.far.example, 2.3 MB.")
        await session.person.hears("photo of dough.jpg: fetching, 40 % of 2.3 MB")
        assert "It is on its way." in await session.person.enter(f"/save {number}")
        web.go.set()
        await session.person.hears("Saved as ~/Downloads/photo of dough.jpg")
        assert "There is no file in it." in await session.person.enter("/read 2", f"/save {number - 1}")


async def test_a_file_can_be_stopped(scene: Scene, web: TestWeb) -> None:
    web.go.clear()
    async with sitting(scene, open_at=MARA) as session:
        number = await number_of(session, SEALED)
        assert "No file of it is on its way." in await session.person.enter(f"/stop {number}")
        assert "ab" * 8 not in "".join(session.person.heard)
        await session.person.enter(f"/save {number}")
        await until(lambda: SEALED in web.asked)
        await session.person.enter(f"/stop {number}")
        await session.person.hears("Stopped; nothing of the file was kept.")


async def test_the_key_of_a_file_is_never_said(scene: Scene, web: TestWeb) -> None:
    async with sitting(scene, open_at=MARA) as session:
        number = await number_of(session, f"look at {SEALED} and say")
        heard = await session.person.enter("/find look", f"/links {number}", f"/whole {number}")
        assert sum("encrypted file plan.pdf" in line for line in heard) == 3
        assert "ab" * 8 not in "".join(session.person.heard)
        await session.person.enter(f"/save {number}")
        await session.person.hears("Saved as ~/Downloads/plan.pdf")
        assert SEALED in web.asked


async def test_who_gets_to_know_of_it_is_asked_about_first(scene: Scene, web: TestWeb) -> None:
    async with sitting(scene, open_at=KITCHEN) as session:
        number = await number_of(session, LINK, KITCHEN.with_resource("Theo"))
        heard = await session.person.enter(f"/save {number}", "no")
        assert "Whoever runs files.far.example learns your network address" in session.person.prompts[-2]
        assert "Not fetched." in heard
        assert web.asked == []
        await session.person.enter(f"/save {number}", "yes")
        await session.person.hears("Saved as")


async def test_one_of_several_goes_where_one_says(scene: Scene, web: TestWeb) -> None:
    async with sitting(scene, open_at=MARA) as session:
        number = await number_of(session, f"this {LINK} and that {SEALED}")
        assert "2. plan.pdf, encrypted, on files.far.example" in await session.person.enter(f"/save {number}")
        assert any("There is no folder" in line for line in await session.person.enter(f"/save {number} 2 ~/none/x"))
        await session.person.enter(f"/save {number} 2 ~/mine.pdf")
        await session.person.hears("Saved as ~/mine.pdf")
        assert any("/view opens it" in line for line in await session.person.enter(f"/links {number} 2"))


async def test_a_file_is_opened_and_a_program_only_after_a_yes(scene: Scene, web: TestWeb, desktop: Desktop) -> None:
    async with sitting(scene, open_at=MARA) as session:
        number = await number_of(session, SEALED)
        await session.person.enter(f"/view {number}")
        await session.person.hears("Opened ~/Downloads/plan.pdf")
        await until(lambda: desktop.opened)
        desktop.forget()
        web.body = b"#!/bin/sh"
        number = await number_of(session, f"{LINK}?2")
        await session.person.enter(f"/view {number}")
        await session.person.hears(f"It is a program: /view {number} asks")
        assert "Not opened." in await session.person.enter(f"/view {number}", "no")
        await asyncio.sleep(0)
        assert not desktop.opened
        await session.person.enter(f"/view {number}", "yes")
        await until(lambda: desktop.opened)
