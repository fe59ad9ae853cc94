"""What may be meant by the word before the cursor."""

import pytest

from tui_xmpp.ui.completion import NOTHING, Offer, Offers, Sources, asked, offered, whole_emoji

EMOJIS = (("👍", "thumbsup"), ("😄", "smile"), ("😺", "smiley cat"))
SOURCES = Sources(
    commands=lambda: (("join", "/join room@service", "Enter a room."), ("nick", "/nick name", "Change it.")),
    people=lambda: ("Juno", "Jürgen", "Mara", "two words", "evil\x1b[2J"),
    emojis=lambda query: [entry for entry in EMOJIS if query.replace("_", " ").casefold() in entry[1]],
    paths=lambda begun, most: [f"{begun}{number}" for number in range(most)],
)


def texts(offers: Offers) -> list[str]:
    return [offer.text for offer in offers.offers]


@pytest.mark.parametrize(
    ("before", "start", "found"),
    [
        ("/", 0, ["/join ", "/nick "]),
        ("/jo", 0, ["/join "]),
        ("/xy", 0, []),
        ("say /jo", 0, []),
        ("/join x", 0, []),
        ("@j", 0, ["Juno: ", "Jürgen: "]),
        ("@ju", 0, ["Juno: ", "Jürgen: "]),
        ("hello @MA", 6, ["Mara "]),
        ("mail@ma", 0, []),
        ("ma", 0, []),
        (":smi", 0, ["😄 ", "😺 "]),
        ("ha :thumb", 3, ["👍 "]),
        ("at 10:30", 0, []),
        (":)", 0, []),
        (":s", 0, []),
        ("", 0, []),
    ],
)
def test_what_is_offered_as_one_types(before: str, start: int, found: list[str]) -> None:
    offers = offered(before, SOURCES)
    assert texts(offers) == found
    assert offers.start == start or not found


@pytest.mark.parametrize(
    ("before", "start", "found"),
    [
        ("ma", 0, ["Mara: "]),
        ("I ask Ju", 6, ["Juno ", "Jürgen "]),
        ("xyz", 0, []),
        ("ends ", 0, []),
        ("/n", 0, ["/nick "]),
    ],
)
def test_tab_asks_for_nicknames_without_an_at(before: str, start: int, found: list[str]) -> None:
    offers = asked(before, SOURCES)
    assert texts(offers) == found
    assert offers.start == start or not found


def test_an_offer_says_what_it_does_and_is_clean() -> None:
    assert offered("/jo", SOURCES).offers == (Offer("/join ", "/join room@service", "Enter a room."),)
    assert offered("hi @ev", SOURCES).offers == (Offer("evil[2J ", "evil[2J"),)
    assert offered("hello", SOURCES) == NOTHING


@pytest.mark.parametrize(
    ("before", "found"),
    [
        (":smile:", (0, "😄")),
        ("so :thumbsup:", (3, "👍")),
        (":smiley_cat:", (0, "😺")),
        (":smil:", None),
        ("a:b:", None),
    ],
)
def test_a_whole_name_between_colons_is_its_emoji(before: str, found: tuple[int, str] | None) -> None:
    assert whole_emoji(before, SOURCES) == found
