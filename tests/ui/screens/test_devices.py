"""Devices listed, compared and decided on."""

from pathlib import Path

import pytest

from tests.engines import Client
from tests.ui.screens.host import showing
from tests.ui.screens.hostile import FORBIDDEN, HOSTILE
from tests.ui.screens.profiles import HOME, START, offline
from tests.waiting import until
from tui_xmpp.model.address import Address
from tui_xmpp.model.fingerprints import uri
from tui_xmpp.model.omemo import Device, ListedDevice, OmemoVersion, Trust
from tui_xmpp.model.text import clean_line
from tui_xmpp.storage.writes import Writes
from tui_xmpp.ui.qr import qr_lines
from tui_xmpp.ui.screens.code import CodeScreen
from tui_xmpp.ui.screens.devices import DevicesScreen
from tui_xmpp.ui.screens.fields import Line

MARA = Address.parse("mara@home.example")
PHONE, DESK, OURS = "ab" * 32, "cd" * 32, "ef" * 32


def household(writes: Writes) -> None:
    for owner, device, label, fingerprint in (
        (MARA, 1, "phone", PHONE),
        (MARA, 2, "desk", DESK),
        (HOME, 7, "tui-xmpp", OURS),
    ):
        others = [ListedDevice(each.id, each.label) for each in writes.devices.of(HOME, owner)]
        writes.list_devices(HOME, owner, OmemoVersion.TWO, [*others, ListedDevice(device, label)], START)
        writes.learn_device(HOME, owner, device, fingerprint, START, Trust.TRUSTED)
    writes.change_keys(HOME, {"/own_device_id": "7"})


def trusts(client: Client) -> dict[int, Trust]:
    return {device.id: device.trust for device in client.engine.devices(HOME, MARA)}


def screen(client: Client) -> DevicesScreen:
    return DevicesScreen(client.engine, HOME, (MARA,), "Devices of Mara")


async def test_a_device_is_shown_with_its_fingerprint_in_groups_and_verified_by_a_key(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, fill=household) as client, showing(lambda: screen(client)) as (app, pilot):
        assert "phone" in app.text
        assert "desk" in app.text
        assert "trusted, not verified" in app.text
        assert len([line for line in app.lines if "abababab abababab" in line]) == 4
        await pilot.press("v")
        await until(lambda: trusts(client) == {1: Trust.VERIFIED, 2: Trust.TRUSTED})
        await pilot.press("down", "x")
        await until(lambda: trusts(client) == {1: Trust.VERIFIED, 2: Trust.DISTRUSTED})
        await pilot.press("t")
        await until(lambda: trusts(client) == {1: Trust.VERIFIED, 2: Trust.TRUSTED})


async def test_what_can_be_done_with_a_device_is_offered_and_what_fails_is_said(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, fill=household) as client, showing(lambda: screen(client)) as (app, pilot):
        assert "r Reset" in app.text
        assert "d Remove" not in app.text, "nobody removes another's device"
        await pilot.press("r")
        await until(lambda: "Encryption is still being loaded" in app.text, what=app.text)
        assert "A new session begins now" not in app.text


@pytest.mark.parametrize(
    ("told", "expected", "words"),
    [
        ({1: PHONE, 2: DESK}, {1: Trust.VERIFIED, 2: Trust.VERIFIED}, "are the same: 2 devices verified"),
        ({1: PHONE, 9: DESK}, {1: Trust.VERIFIED, 2: Trust.TRUSTED}, "are the same: 1 device verified"),
        ({1: PHONE, 2: PHONE}, {1: Trust.VERIFIED, 2: Trust.DISTRUSTED}, "differ"),
        ({9: PHONE}, {1: Trust.TRUSTED, 2: Trust.TRUSTED}, "None of the devices"),
    ],
)
async def test_a_pasted_link_is_compared(
    tmp_path: Path, told: dict[int, str], expected: dict[int, Trust], words: str
) -> None:
    async with offline(tmp_path, HOME, fill=household) as client, showing(lambda: screen(client)) as (app, pilot):
        await pilot.press("p")
        app.screen.query_one(Line).value = uri(MARA, told)
        await pilot.press("enter")
        await until(lambda: trusts(client) == expected and words in app.text, what=app.text)


async def test_a_link_of_somebody_else_changes_nothing(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, fill=household) as client, showing(lambda: screen(client)) as (app, pilot):
        await pilot.press("p")
        app.screen.query_one(Line).value = uri(Address.parse("eve@home.example"), {1: DESK})
        await pilot.press("enter")
        await pilot.pause()
        assert trusts(client) == {1: Trust.TRUSTED, 2: Trust.TRUSTED}
        assert "fingerprints of eve@home.example, who is not meant here" in app.text


async def test_a_link_that_was_cut_off_changes_nothing(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, fill=household) as client, showing(lambda: screen(client)) as (app, pilot):
        await pilot.press("p")
        app.screen.query_one(Line).value = uri(MARA, {1: PHONE})[:-1]
        await pilot.press("enter")
        await pilot.pause()
        assert trusts(client) == {1: Trust.TRUSTED, 2: Trust.TRUSTED}
        assert "no whole xmpp: link" in app.text


async def test_hostile_labels_are_text(tmp_path: Path) -> None:
    def fill(writes: Writes) -> None:
        labelled = [ListedDevice(number, clean_line(text)) for number, text in enumerate(HOSTILE, 1)]
        writes.list_devices(HOME, MARA, OmemoVersion.TWO, labelled, START)

    async with offline(tmp_path, HOME, fill=fill) as client, showing(lambda: screen(client)) as (app, _pilot):
        assert not FORBIDDEN & set(app.text)


def test_a_code_is_drawn_square_with_a_border() -> None:
    lines = qr_lines(uri(MARA, {1: PHONE}))
    assert len({len(line) for line in lines}) == 1
    assert len(lines) in {(len(lines[0]) + 1) // 2, len(lines[0]) // 2}
    assert set("".join(lines)) <= set(" ▀▄█")
    assert lines[0].strip() == ""


@pytest.mark.parametrize(
    ("size", "devices", "title"),
    [
        ((80, 24), 1, ""),
        ((80, 24), 3, ""),
        ((80, 24), 0, ""),
        ((120, 45), 3, "Your devices"),
        ((50, 40), 3, "This device"),
    ],
)
async def test_a_code_is_whole_or_not_there(size: tuple[int, int], devices: int, title: str) -> None:
    account = HOME if devices else Address.parse("somebody.whose.name.is.long@home.example")
    fingerprints = {number: f"{number:064x}" for number in range(1, max(devices, 1) + 1)}
    async with showing(lambda: CodeScreen(account, fingerprints, 1), size) as (app, pilot):
        await pilot.pause()
        shown = fingerprints if title == "Your devices" else {1: fingerprints[1]}
        code = qr_lines(uri(account, shown))
        top = next(row for row, line in enumerate(app.lines) if code[1] in line)
        assert [line for line, wanted in zip(app.lines[top:], code[1:-1], strict=False) if wanted not in line] == []
        assert title in app.text
        assert "Copy link" in app.text


async def test_where_no_code_fits_the_link_can_still_be_copied() -> None:
    async with showing(lambda: CodeScreen(HOME, {1: PHONE, 2: DESK}, 1), (80, 15)) as (app, pilot):
        assert "too small for the code" in app.text
        await pilot.press("y")
        assert app.clipboard == uri(HOME, {1: PHONE, 2: DESK})
        assert "Copied" in app.text


def knowing_itself(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a line this program does not know its own keys."""
    devices = client.engine.devices

    def mine(account: Address, address: Address) -> tuple[Device, ...]:
        return (Device(HOME, 7, OURS, Trust.VERIFIED, own=True),) if address == HOME else devices(account, address)

    monkeypatch.setattr(client.engine, "devices", mine)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (50, 20), (42, 20)])
async def test_both_fingerprints_stand_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    async with offline(tmp_path, HOME, fill=household) as client:
        knowing_itself(client, monkeypatch)
        async with showing(lambda: screen(client), size) as (app, pilot):
            await pilot.pause()
            both = [line for line in app.lines if "abababab abababab" in line]
            assert [line.split().count("efefefef") for line in both] == [2] * 4
            assert [line.index("abababab") < line.index("efefefef") for line in both] == [True] * 4
            names = app.lines[app.lines.index(both[0]) - 1]
            assert names.index("phone") == both[0].index("abababab")
            assert names.index("this device") == both[0].index("efefefef")


async def test_where_there_is_no_room_they_stand_below_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with offline(tmp_path, HOME, fill=household) as client:
        knowing_itself(client, monkeypatch)
        async with showing(lambda: screen(client), (40, 30)) as (app, pilot):
            await pilot.pause()
            for digits in ("abababab abababab", "efefefef efefefef"):
                assert len([line for line in app.lines if digits in line]) == 4


async def test_below_many_devices_the_fingerprint_and_all_that_can_be_done_are_on_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(writes: Writes) -> None:
        household(writes)
        listed = [ListedDevice(number, f"device {number}") for number in range(1, 12)]
        writes.list_devices(HOME, MARA, OmemoVersion.TWO, listed, START)

    async with offline(tmp_path, HOME, fill=fill) as client:
        knowing_itself(client, monkeypatch)
        async with showing(lambda: screen(client)) as (app, pilot):
            await pilot.pause()
            assert app.text.count("abababab abababab efefefef efefefef") == 4
            for words in ("r Reset", "f Forget", "v Verify", "Esc Close"):
                assert words in app.text
            await pilot.press("r")
            await pilot.pause()
            assert "Encryption is still being loaded" in app.text
