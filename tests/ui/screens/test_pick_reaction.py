"""Choosing emojis to put under a message."""

import subprocess
import sys
import time

import pytest

from tests.ui.screens.host import Host, showing
from tui_xmpp.ui.screens.emojis import FAMILIAR, USUAL, all_emojis, find, known_as, same
from tui_xmpp.ui.screens.pick_reaction import PickReaction, with_recent

Picked = Host[tuple[str, ...] | None]


def rows(app: Picked) -> list[str]:
    """The emojis that are offered."""
    dialog = app.screen
    assert isinstance(dialog, PickReaction)
    return [row.id for row in dialog._found.rows.rows]


@pytest.mark.parametrize(
    ("own", "keys", "result"),
    [
        ((), ["1"], ("👍",)),
        ((), ["6"], ("🙏",)),
        (("👍",), ["1"], ()),
        (("🍕",), ["2"], ("🍕", "❤️")),
        (("❤",), ["2"], ()),
        ((), ["enter"], ("👍",)),
        ((), [*"pizza", "enter"], ("🍕",)),
        ((), [*"pizza", "tab", *"wine", "enter"], ("🍕", "🍷")),
        ((), [*"pizza", "tab", "tab", *"wine", "enter"], ("🍷",)),
        (("👍", "🎉"), [*"party pop", "enter"], ("👍",)),
        (("👍",), ["down", "enter"], ("👍", "❤️")),
        ((), [*"place medal", "enter"], ("🥇",)),
        ((), [*"pizza", "tab", "1"], ("🍕", "👍")),
        (("👍",), ["escape"], None),
        ((), ["tab", "escape"], None),
    ],
)
async def test_keys_pick_and_take_away(own: tuple[str, ...], keys: list[str], result: tuple[str, ...] | None) -> None:
    async with showing(lambda: PickReaction(own, ())) as (app, pilot):
        await pilot.press(*keys)
        await pilot.pause()
        assert app.closed
        assert app.result == result


async def test_tab_and_enter_on_the_same_emoji_pick_it_once() -> None:
    async with showing(lambda: PickReaction((), ())) as (app, pilot):
        await pilot.press("tab", "enter")
        await pilot.pause()
        assert app.result == ("👍",)


async def test_ones_own_come_first_and_are_marked_then_those_used_last() -> None:
    async with showing(lambda: PickReaction(("🦀",), ("🍷", "👍"))) as (app, _):
        assert rows(app)[:4] == ["🦀", "🍷", "👍", "❤️"]
        crab = next(line for line in app.lines if "crab" in line)
        assert "yours" in crab
        assert app.text.count("yours") == 1


async def test_a_digit_says_what_one_has_already() -> None:
    async with showing(lambda: PickReaction(("❤",), ())) as (app, _):
        assert "1 👍 2 ❤️✓ 3 😂" in app.text


async def test_what_nobody_calls_so_is_said_and_picks_nothing() -> None:
    async with showing(lambda: PickReaction((), ())) as (app, pilot):
        await pilot.press(*"qqqq", "enter")
        await pilot.pause()
        assert not app.closed
        assert "No emoji is called so." in app.text


@pytest.mark.parametrize("size", [(50, 20), (80, 24), (120, 40)])
async def test_it_fits(size: tuple[int, int]) -> None:
    async with showing(lambda: PickReaction((), ()), size) as (app, _):
        assert "6 🙏" in app.text
        assert "Esc Cancel" in app.text


def test_what_was_picked_is_remembered_once_the_newest_first() -> None:
    assert with_recent(("🍕", "👍"), ["👍", "🎉"]) == ("🎉", "👍", "🍕")
    assert with_recent(("❤️",), ["❤"]) == ("❤",)
    assert len(with_recent([chr(0x1F600 + number) for number in range(30)], ["🍕"])) == 12


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("thumbs", "👍"), ("heart", "❤️"), ("PIZZA", "🍕"), ("joy", "😂"), ("germany", "🇩🇪"), ("🦀", "🦀"),
        ("❤", "❤️"), ("thumbs up dark skin", "👍🏿"),
    ],
)  # fmt: skip
def test_an_emoji_is_found_by_its_names(query: str, first: str) -> None:
    assert find(query, FAMILIAR, 10)[0].text == first


def test_skin_tones_are_offered_to_those_who_ask_for_them_only() -> None:
    assert not any("skin tone" in emoji.name for emoji in find("thumbs", (), 100))
    assert len(find("thumbs skin", (), 100)) >= 10


def test_what_is_familiar_is_known() -> None:
    assert all(text in all_emojis() for text in FAMILIAR)
    assert len(USUAL) == 6
    assert len(known_as(FAMILIAR)) == len(FAMILIAR)


def test_a_reaction_without_a_name_here_is_offered_all_the_same() -> None:
    assert known_as(("+1",))[0].name == "reaction"
    assert same("❤", "❤️")
    assert not same("❤️", "💔")


def test_a_search_among_all_takes_less_than_a_frame_or_two() -> None:
    find("warm", (), 60)
    start = time.process_time()
    for query in ("h", "he", "hea", "heart"):
        find(query, FAMILIAR, 60)
    assert (time.process_time() - start) / 4 < 0.05


def test_the_names_are_not_loaded_before_they_are_needed() -> None:
    code = "import tui_xmpp.ui.app, tui_xmpp.ui.screens.pick_reaction, sys; print('emoji' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
