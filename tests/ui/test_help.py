"""The page of help: a clean table at every width."""

import pytest

from tui_xmpp.ui.actions import ACTIONS
from tui_xmpp.ui.help import help_lines
from tui_xmpp.ui.words import DELIVERY, MARKS

WIDTHS = (36, 46, 59, 60, 76, 87, 88, 120)


def page(width: int, keymap: dict[str, str] | None = None) -> list[str]:
    return [line.plain.rstrip() for line in help_lines(keymap or {}, width)]


@pytest.mark.parametrize("width", WIDTHS)
def test_every_line_fits_and_every_action_is_named(width: int) -> None:
    lines = page(width)
    assert [line for line in lines if len(line) > width] == []
    words = set(" ".join(lines).split())
    assert [action.id for action in ACTIONS if action.id not in words] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_texts_hang_beside_the_keys(width: int) -> None:
    left = 24 if width >= 60 else 15
    lines = page(width, {"send": "ctrl+shift+pageup,ctrl+shift+pagedown"})
    table = lines[1 : lines.index("")]
    assert all(line[left - 2 : left] == "  " and line[left] != " " for line in table if len(line) > left), table


def test_keys_that_do_not_fit_stand_below_each_other() -> None:
    lines = page(46)
    index = next(index for index, line in enumerate(lines) if line.startswith("^J"))
    assert lines[index : index + 3] == [
        "^J             Begin a new line.  newline",
        "Shift+Enter",
        "Alt+Enter",
    ]


def test_names_have_a_column_where_there_is_room() -> None:
    assert "F9                      Add, connect or remove accounts.                    accounts" in page(94)
    assert "F9                      Add, connect or remove accounts.  accounts" in page(76)


def test_an_action_without_a_key_has_an_empty_place() -> None:
    assert f"{'':24}Leave the open room.  leave_room" in page(76)


def test_other_keys_are_shown() -> None:
    assert "F10                     Leave the open room.  leave_room" in page(76, {"leave_room": "f10"})


def test_the_marks_behind_a_message_are_explained() -> None:
    lines = page(120)
    legend = lines[lines.index("Marks behind a message") + 1 :]
    rows = zip(legend[: len(MARKS)], MARKS, strict=True)
    assert [mark for line, (mark, _) in rows if not line.startswith(f"{mark} ")] == []
    assert set(DELIVERY.values()) <= {mark for mark, _ in MARKS}
