"""The judge of what a program writes to its terminal."""

import pytest

from tests.server.written import strange


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain\r\n",
        "\x1b[?1049h\x1b[?25l\x1b[2;7H\x1b[38;2;1;2;3;1mHello\x1b[0m",
        "\x1b[>5u\x1b[<u\x1b[?2026$p\x1b]22;pointer\x07",
        "\x1b[22;2t\x1b]2;(3) tui-xmpp\x07\x1b]777;notify;Mara;hi [b]\x07\x1b]2;\x07\x1b[23;2t",
        "👩\u200d👩\u200d👧 ❤\ufe0f\u200d🔥 🏴\U000e0067\U000e0062\U000e007f שלום",
        "e" + "\u0301" * 6,
    ],
)
def test_what_is_meant_passes(text: str) -> None:
    assert strange(text.encode()) == []


@pytest.mark.parametrize(
    "text",
    [
        "\x1b[2J",
        "\x1b[31",
        "\x1bc",
        "\x1b]0;owned\x07",
        "\x1b]2;owned\x07",
        "\x1b]777;notify;Mara;\x9b31m\x07",
        "\x1b]777;notify;Mara;a\nb\u202e\x07",
        "\x1b]52;c;AAAA\x07",
        "\x1b]8;;https://evil.example\x1b\\x",
        "\x1b[?1002h",
        "\x1b[\x1b[0m31m",
        "\x07",
        "\x7f",
        "\x85",
        "\x9b31m",
        "a\u200db",
        "\u200b",
        "\u202e",
        "\u2028",
        "\ufeff",
        "\U000e0041",
        "\ue000",
        "e" + "\u0301" * 7,
    ],
)
def test_everything_else_is_named(text: str) -> None:
    assert strange(f"good {text} good".encode())


def test_bytes_that_are_no_text_are_an_error() -> None:
    with pytest.raises(UnicodeDecodeError):
        strange(b"\xff")
