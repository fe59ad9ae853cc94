"""Opening links and long messages in the history."""

from pathlib import Path

import pytest

from tests.ui.running import running
from tests.ui.scene import KITCHEN, KITCHEN_KEY, MARA, MARA_KEY, Scene, theirs
from tests.waiting import until
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.ui.opening import address_in, links_of, may_leave, open_outside, opener
from tui_xmpp.ui.screens.choose_link import ChooseLink
from tui_xmpp.ui.screens.join_room import JoinRoomDialog


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("xmpp:a@b.example", (Address.parse("a@b.example"), False)),
        ("XMPP:room@b.example?join", (Address.parse("room@b.example"), True)),
        ("xmpp:a@b.example?message;body=hi", (Address.parse("a@b.example"), False)),
        ("xmpp:b.example", None),
        ("xmpp:@", None),
        ("https://b.example", None),
    ],
)
def test_an_xmpp_link_leads_to_an_address(link: str, found: tuple[Address, bool] | None) -> None:
    assert address_in(link) == found


def test_only_some_links_leave_and_without_a_shell(tmp_path: Path) -> None:
    program = tmp_path / "open"
    program.write_text(
        f'#!/bin/sh\nprintf %s "$1" > {tmp_path}/opened.new && mv {tmp_path}/opened.new {tmp_path}/opened\n'
    )
    program.chmod(0o755)
    assert [may_leave(link) for link in ("https://x", "aesgcm://x", "xmpp:a@b", "file:///x")] == [
        True,
        False,
        False,
        False,
    ]
    assert not open_outside(str(program), "aesgcm://x.example/f#key")
    assert not open_outside(str(tmp_path / "none"), "https://x.example")
    assert open_outside(str(program), "https://x.example/$(id);`id`")


async def test_what_is_opened_is_one_argument(tmp_path: Path) -> None:
    test_only_some_links_leave_and_without_a_shell(tmp_path)
    await until((tmp_path / "opened").exists)
    assert (tmp_path / "opened").read_text() == "https://x.example/$(id);`id`"


def test_without_a_screen_there_is_nothing_to_open_links_with() -> None:
    assert opener({}, "linux") is None
    assert links_of("https://a.example https://b.example https://a.example") == (
        "https://a.example",
        "https://b.example",
    )


async def say(scene: Scene, text: str) -> None:
    await scene.store.write(
        lambda writes: writes.add_message(theirs(MARA_KEY, ChatKind.CONTACT, MARA, text, 9 * 10**15))
    )


async def test_a_link_is_opened_by_its_number(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    await say(scene, f"https://a.example, xmpp:{KITCHEN}?join or xmpp:{KITCHEN}")
    async with running(scene, open_at=MARA) as shown:
        await shown.press("up", "o")
        assert isinstance(shown.screen(), ChooseLink)
        await shown.press("1")
        await shown.until(lambda: "the link is copied" in shown.text)
        assert shown.app.clipboard == "https://a.example"
        await shown.press("o", "2")
        await shown.until(lambda: isinstance(shown.screen(), JoinRoomDialog))
        await shown.press("escape", "o", "3")
        await shown.until(lambda: shown.main.open_key == KITCHEN_KEY)


async def test_a_long_message_is_folded_and_unfolded(scene: Scene) -> None:
    await say(scene, "\n".join(f"line {number}" for number in range(60)))
    async with running(scene, (120, 40), open_at=MARA) as shown:
        assert "… 42 more lines" in shown.text
        assert "line 59" not in shown.text
        rows = shown.history.blocks.total
        await shown.press("up", "space")
        assert shown.history.blocks.total == rows + 41
        await shown.press("escape", "ctrl+end")
        assert "line 59" in shown.text
        await shown.press("up", "space")
        assert shown.history.blocks.total == rows
