"""Notifications of the desktop, on a real session bus."""

import shutil
from pathlib import Path

import pytest

from tests.ui.notify.service import notification_service
from tests.waiting import until
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.ui.notify.desktop import Desktop
from tui_xmpp.ui.notify.rules import Note

pytestmark = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="dbus is not installed")

ME = Address.parse("alice@home.example")
MARA = ChatKey(ME, Address.parse("mara@home.example"))
ROOM = ChatKey(ME, Address.parse("kitchen@rooms.example"))


async def test_a_note_is_shown_replaced_clicked_and_withdrawn() -> None:
    clicked: list[Note] = []
    async with notification_service(["actions", "body"]) as service:
        desktop = Desktop(clicked.append, {"DBUS_SESSION_BUS_ADDRESS": service.address})
        first, second = Note(MARA, "Mara", "hi", urgent=True), Note(MARA, "Mara", "are you <b>there</b>?")
        assert await desktop.show(first)
        assert await desktop.show(second)
        assert await desktop.show(Note(ROOM, "Kitchen", "Juno: bread?"))
        assert [(shown.title, shown.text, shown.replaces) for shown in service.shown] == [
            ("Mara", "hi", 0),
            ("Mara", "are you <b>there</b>?", 1),
            ("Kitchen", "Juno: bread?", 0),
        ]
        assert service.shown[0].actions == ["default", "Open"]
        await service.click(1)
        await until(lambda: clicked == [second])
        await desktop.withdraw(MARA)
        await desktop.withdraw(MARA)
        await until(lambda: service.withdrawn == [1])
        await desktop.close()


async def test_a_service_that_understands_markup_gets_none_from_outside() -> None:
    async with notification_service(["body-markup"]) as service:
        desktop = Desktop(lambda _note: None, {"DBUS_SESSION_BUS_ADDRESS": service.address})
        assert await desktop.show(Note(MARA, "Mara", '<a href="x">&'))
        assert service.shown[0].text == '&lt;a href="x"&gt;&amp;'
        assert service.shown[0].actions == []
        await desktop.close()


@pytest.mark.parametrize("address", ["", "unix:path=/nowhere", "nonsense", "tcp:host=127.0.0.1,port=1", "a:b"])
async def test_where_there_is_no_bus_nothing_happens(address: str, tmp_path: Path) -> None:
    environment = {"DBUS_SESSION_BUS_ADDRESS": address, "XDG_RUNTIME_DIR": str(tmp_path)}
    desktop = Desktop(lambda _note: None, environment)
    assert not await desktop.show(Note(MARA, "Mara", "hi"))
    assert not await desktop.show(Note(MARA, "Mara", "hi"))
    await desktop.withdraw(MARA)
    await desktop.close()


async def test_a_bus_that_has_gone_is_no_crash() -> None:
    async with notification_service([]) as service:
        desktop = Desktop(lambda _note: None, {"DBUS_SESSION_BUS_ADDRESS": service.address})
        assert await desktop.show(Note(MARA, "Mara", "hi"))
    assert not await desktop.show(Note(MARA, "Mara", "still there?"))
    await desktop.withdraw(MARA)
    await desktop.close()
