"""What a text carries."""

import time

import pytest

from tui_xmpp.model.links import carried_by, without_keys


@pytest.mark.parametrize(
    ("text", "carried"),
    [
        ("no link: at all", ""),
        ("https is a word, 12:30 is none", ""),
        ("http://", ""),
        ("xhttps://x.org", ""),
        ("see https://x.org", "link"),
        ("(HTTPS://X.org/page)", "link"),
        ("https://x.org/v1.2", "link"),
        ("https://x.org/.profile", "link"),
        ("https://x.org/index.html?x=cat.png", "link"),
        ("gemini://x.org/a and xmpp:room@x.org?join", "link"),
        ("mailto:bob@x.org", "link"),
        ("https://x.org/plan.pdf", "file link"),
        ("https://x.org/song.mp3.", "file link"),
        ("https://x.org/a.7z#part", "file link"),
        ("aesgcm://x.org/5f#0011", "file link"),
        ("https://x.org/cat.JPG", "file image link"),
        ("<https://x.org/a/b.c/cat.webp>", "file image link"),
        ("https://a.org/ and https://b.org/cat.png!", "file image link"),
    ],
)
def test_links_files_and_images(text: str, carried: str) -> None:
    assert " ".join(sorted(carried_by(text))) == carried


@pytest.mark.parametrize(
    "text",
    [
        "xmpp:" * 3000,
        "http://" * 2000,
        "https://x/" + "a." * 8000,
        "https://x/" + "a" * 16000,
        "aesgcm://x/a#0 " * 4000,
    ],
)
def test_no_text_keeps_us_busy(text: str) -> None:
    begun = time.process_time()
    carried_by(text)
    without_keys(text)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"aesgcm://a.example/1/plan.pdf#{'ab' * 44}", "encrypted file plan.pdf"),
        (f"look: AESGCM://a.example/dough.jpg#{'ab' * 44}, nice?", "look: encrypted picture dough.jpg, nice?"),
        (f"aesgcm://a.example/#{'ab' * 44}", "encrypted file"),
        (f"two: aesgcm://a.example/1.pdf#{'ab' * 44} aesgcm://a.example/2.pdf#{'cd' * 44}!",
         "two: encrypted file 1.pdf encrypted file 2.pdf!"),
        (f"in aesgcm://a.example/a|b.pdf#{'ab' * 44} it is odd", "in encrypted file a|b.pdf#… it is odd"),
        ("https://a.example/plan.pdf#page=2", "https://a.example/plan.pdf#page=2"),
        ("plain words", "plain words"),
    ],
)  # fmt: skip
def test_the_keys_of_encrypted_files_are_neither_shown_nor_told_elsewhere(text: str, words: str) -> None:
    assert without_keys(text) == words
