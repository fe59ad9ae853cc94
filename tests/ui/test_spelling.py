"""Spelling: by Enchant with Debian's English dictionary, and by one that takes its time."""

import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from tests.ui.running import Running, settled
from tests.ui.scene import KITCHEN, Scene
from tests.ui.selecting import footer
from tui_xmpp.ui.appearance import Appearance
from tui_xmpp.ui.screens.spelling import SpellingDialog
from tui_xmpp.ui.spelling import Dictionary, Spelling, languages, open_dictionaries, words


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("who brings bread?", ["who", "brings", "bread"]),
        ("don’t, *really* _not_ (well-known)", ["don’t", "really", "not", "well", "known"]),
        ("https://a.example/recieve alice@home.example :tada: @Juno #chan", []),
        ("snake_case x86 C++ `teh` a/b NATO I", []),
        ("日本のパン屋 שלום", []),
        ("> quoted teh", []),
        ("/join teh", []),
        ("“Ümläute” – straße…", ["Ümläute", "straße"]),
    ],
)
def test_only_what_a_dictionary_may_know_is_looked_up(line: str, found: list[str]) -> None:
    assert [word for _, _, word in words(line)] == found
    assert all(line[start:end] == word for start, end, word in words(line))


@pytest.mark.parametrize(
    ("wanted", "environment", "found"),
    [
        ("off", {"LANG": "de_DE.UTF-8"}, ()),
        ("auto", {"LANG": "de_DE.UTF-8"}, ("de_DE",)),
        ("auto", {"LANG": "de_DE.UTF-8", "LC_ALL": "en_GB.UTF-8"}, ("en_GB",)),
        ("auto", {"LANG": "C.UTF-8"}, ()),
        ("auto", {}, ()),
        ("en_GB, de_DE", {"LANG": "C"}, ("en_GB", "de_DE")),
    ],
)
def test_the_languages_are_those_of_the_setting_or_of_the_locale(
    wanted: str, environment: dict[str, str], found: tuple[str, ...]
) -> None:
    assert languages(wanted, environment) == found


def test_a_language_without_a_dictionary_is_passed_over() -> None:
    assert len(open_dictionaries(("xx_XX", "en_US"))) == 1
    assert open_dictionaries(("xx_XX",)) == ()


@pytest.fixture
async def english(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    """The kitchen with an English dictionary; what is added goes into a folder of the test's own."""
    monkeypatch.setenv("ENCHANT_CONFIG_DIR", str(tmp_path))
    app = scene.app(open_at=KITCHEN, appearance=Appearance(spelling="en_US"))
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(app, scene, pilot)
        yield Running(app, pilot, scene)


def underlined(shown: Running) -> list[str]:
    """The texts that are underlined in the composer."""
    rows = range(shown.composer.size.height)
    segments = (segment for row in rows for segment in shown.composer.render_line(row))
    return [segment.text for segment in segments if segment.style is not None and segment.style.underline]


async def test_what_no_dictionary_knows_is_underlined_once_it_is_written(english: Running) -> None:
    await english.press(*"teh")
    assert underlined(english) == []
    await english.press("space", *"bread")
    await english.until(lambda: underlined(english) == ["teh"])
    assert "^S spelling" in footer(english)


async def test_a_word_is_replaced_by_an_offered_one(english: Running) -> None:
    english.composer.insert("who brings\nteh tomatos ")
    await english.until(lambda: underlined(english) == ["teh", "tomatos"])
    await english.press("ctrl+s")
    await english.until(lambda: isinstance(english.screen(), SpellingDialog))
    assert "“tomatos” is in no dictionary" in english.text
    await english.press("2")
    await english.until(lambda: english.composer.text == "who brings\nteh tomatoes ")
    await english.until(lambda: underlined(english) == ["teh"])
    await english.press("ctrl+z")
    assert english.composer.text == "who brings\nteh tomatos "


async def test_a_word_is_added_to_the_persons_own_dictionary(english: Running, tmp_path: Path) -> None:
    english.composer.insert("Prosodyx here")
    await english.until(lambda: underlined(english) == ["Prosodyx"])
    await english.press("ctrl+s")
    await english.until(lambda: isinstance(english.screen(), SpellingDialog))
    await english.press("+")
    await english.until(lambda: not underlined(english))
    assert "Prosodyx" in (tmp_path / "en_US.dic").read_text()


async def test_who_is_in_the_room_is_spelt_right(english: Running) -> None:
    english.composer.insert("Theo and Ines and Xqzt say ")
    await english.until(lambda: underlined(english) == ["Xqzt"])


class Slow:
    """A dictionary that answers when it is let."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.asked: list[str] = []

    def check(self, word: str) -> bool:
        self.asked.append(word)
        assert self.go_on.wait(30)
        return word != "teh"

    def suggest(self, word: str) -> list[str]:
        return []

    def add(self, word: str) -> None:
        """Forget it."""


async def test_keys_are_not_held_up_by_a_dictionary_that_takes_its_time(english: Running) -> None:
    slow = Slow()

    def opener(_languages: Sequence[str]) -> tuple[Dictionary, ...]:
        return (slow,)

    english.composer.spelling = Spelling("en_US", opener)
    await english.press(*"teh", "space")
    await english.until(lambda: slow.asked == ["teh"])
    await english.press(*"bread")
    assert english.composer.text == "teh bread"
    assert underlined(english) == []
    slow.go_on.set()
    await english.until(lambda: underlined(english) == ["teh"])


async def test_without_a_dictionary_it_is_said_why(scene: Scene) -> None:
    app = scene.app(open_at=KITCHEN, appearance=Appearance(spelling="xx_XX"))
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(app, scene, pilot)
        shown = Running(app, pilot, scene)
        shown.composer.insert("teh bread")
        spelling = shown.composer.spelling
        assert spelling is not None
        await shown.until(lambda: not spelling.is_there)
        assert underlined(shown) == []
        shown.composer.action_spell()
        await shown.until(lambda: "There is no dictionary for xx_XX" in shown.text)
