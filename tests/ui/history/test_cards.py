"""Shared files as cards, and the compact form of the history."""

import pytest

from tests.ui.history.painted import painter_at, rows_of
from tests.ui.messages import kitchen_voices, message
from tests.ui.running import Running, settled
from tests.ui.scene import KITCHEN, Scene
from tui_xmpp.model.links import SharedFile, linked_files, shared_file
from tui_xmpp.ui.appearance import Appearance
from tui_xmpp.ui.history.columns import Columns
from tui_xmpp.ui.history.text import lay_out


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("https://a.example/x/photo.jpg", SharedFile("photo.jpg", "a.example", picture=True, encrypted=False)),
        ("https://a.example/my%20plan.pdf?x=1", SharedFile("my plan.pdf", "a.example", picture=False, encrypted=False)),
        ("aesgcm://a.example/f.png#00", SharedFile("f.png", "a.example", picture=True, encrypted=True)),
        ("https://a.example/..%2F..%2F.rc.txt", SharedFile(".rc.txt", "a.example", picture=False, encrypted=False)),
        ("https://a.example/a%E2%80%AEgpj.exe", SharedFile("agpj.exe", "a.example", picture=False, encrypted=False)),
        ("look: https://a.example/photo.jpg", None),
        ("https://a.example/photo.jpg https://a.example/photo.jpg", None),
        ("https://a.example/page.html", None),
        ("https://a.example/", None),
        ("https://[::1/photo.jpg", None),
        ("file:///etc/passwd.txt", None),
    ],
)  # fmt: skip
def test_a_message_that_is_a_link_to_a_file_shares_it(text: str, file: SharedFile | None) -> None:
    assert shared_file(text) == file


def test_a_card_says_name_kind_place_size_and_state() -> None:
    painter = painter_at(60)
    rows = rows_of(painter, message(1, "https://files.example/slot/1/photo%20of%20dough.jpg"))
    assert rows[1].split("Juno")[1].strip() == "▤ photo of dough.jpg"
    assert " ".join(" ".join(rows[2:]).split()) == "picture on files.example, size not told, not fetched"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("look: https://a.example/photo.jpg!", ["photo.jpg"]),
        ("(https://a.example/a.pdf) and https://a.example/b.zip, https://a.example/a.pdf", ["a.pdf", "b.zip"]),
        ("see https://a.example/page.html and https://a.example/", []),
        ("https://a.example/photo.jpg", ["photo.jpg"]),
        ("https://[::1/photo.jpg is broken", []),
        (" ".join(f"https://a.example/{number}.png" for number in range(9)), ["0.png", "1.png", "2.png", "3.png"]),
    ],
)
def test_files_that_are_linked_to_are_found_once_each(text: str, names: list[str]) -> None:
    assert [file.name for _, file in linked_files(text)] == names


def test_a_text_with_a_file_keeps_its_words_and_has_a_card_below() -> None:
    painter = painter_at(90)
    rows = rows_of(painter, message(1, "here it is: https://files.example/1/dough.jpg and *that* is all"))
    assert "here it is: https://files.example/1/dough.jpg" in rows[1]
    assert rows[-1].strip() == "▤ dough.jpg  picture on files.example, size not told, not fetched"


def test_words_with_an_encrypted_file_are_shown_without_its_key() -> None:
    rows = rows_of(
        painter_at(120), message(1, f"the plan: aesgcm://files.example/1/plan.pdf#{'ab' * 44} as *promised*")
    )
    assert "the plan: encrypted file plan.pdf as *promised*" in rows[1]
    assert rows[-1].strip() == "▤ plan.pdf  encrypted file on files.example, size not told, not fetched"
    assert not any("abab" in row for row in rows)


def test_a_card_below_a_text_fits_a_narrow_screen() -> None:
    rows = rows_of(painter_at(40), message(1, f"look https://files.example/{'long' * 40}.jpg"))
    assert sum("▤" in row for row in rows) == 1


def test_the_name_on_a_card_is_drawn_as_a_link_and_never_as_markup() -> None:
    laid = lay_out(message(1, "https://a.example/[@click=quit]x*y*.png"), kitchen_voices(), 60)
    assert laid.lines[0].plain == "▤ [@click=quit]x*y*.png"
    assert [(str(span.style), span.start, span.end) for span in laid.lines[0].spans] == [("link", 2, 23)]


@pytest.mark.parametrize(("compact", "left"), [(False, 2 + 5 + 2 + 4 + 2), (True, 2 + 5 + 1 + 4 + 1)])
async def test_in_the_compact_form_texts_have_more_room(scene: Scene, compact: bool, left: int) -> None:
    app = scene.app(open_at=KITCHEN, appearance=Appearance(compact=compact))
    async with app.run_test(size=(120, 30)) as pilot:
        await settled(app, scene, pilot)
        shown = Running(app, pilot, scene)
        assert shown.history.painter.columns.left == left
        assert "who brings bread?" in shown.text


def test_in_the_compact_form_long_names_are_cut_sooner() -> None:
    usual, compact = (Columns(120, compact=flag).for_names(30) for flag in (False, True))
    assert compact.name < usual.name
