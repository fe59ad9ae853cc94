"""The line of a dumb terminal while something comes in: what was typed is said again, and a secret is not."""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.waiting import until
from tui_xmpp.linear.plain_line import PlainLine


@dataclass
class Desk:
    """A pipe in place of a keyboard, and what was shown."""

    keyboard: int
    capture: pytest.CaptureFixture[str]

    def type(self, text: str) -> None:
        os.write(self.keyboard, text.encode())

    @property
    def shown(self) -> str:
        """What was shown since this was asked last."""
        return self.capture.readouterr().out


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    source, keyboard = os.pipe()
    with os.fdopen(source, encoding="utf-8") as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        yield Desk(keyboard, capsys)
    os.close(keyboard)


def typed(line: PlainLine) -> list[str]:
    """Every text that stood on the line."""
    found: list[str] = []
    line.hooks.touched = found.append
    return found


async def test_what_comes_while_somebody_types_stands_above_what_they_typed(desk: Desk) -> None:
    line = PlainLine()
    texts = typed(line)
    asked = asyncio.ensure_future(line.ask("Bob> "))
    desk.type("hel")
    await until(lambda: texts == ["h", "he", "hel"])
    assert desk.shown == "Bob> "
    line.say("10:02 Bob: hello", "10:02 Bob: again")
    await until(lambda: not line.has_more)
    assert desk.shown == "\n10:02 Bob: hello\n10:02 Bob: again\nBob> hel"
    desk.type("lo\nnext")
    assert await asked == "hello"
    line.close()


async def test_what_comes_to_an_empty_line_takes_the_place_of_the_prompt(desk: Desk) -> None:
    line = PlainLine()
    asked = asyncio.ensure_future(line.ask("A long prompt> "))
    await asyncio.sleep(0)
    line.say("short")
    await until(lambda: not line.has_more)
    assert desk.shown == "A long prompt> \rshort          \nA long prompt> "
    desk.type("\n")
    assert await asked == ""
    line.close()


async def test_a_secret_is_not_shown_when_something_comes_in_between(desk: Desk) -> None:
    line = PlainLine()
    texts = typed(line)
    asked = asyncio.ensure_future(line.ask("Password: ", secret=True))
    desk.type("open sesame")
    await until(lambda: len(texts) == 11)
    assert set(texts) == {""}
    line.say("10:02 Bob: hello")
    await until(lambda: not line.has_more)
    assert desk.shown == "Password: \n10:02 Bob: hello\nPassword: "
    assert line.text == ""
    desk.type("\n")
    assert await asked == "open sesame"
    line.close()


async def test_what_is_typed_ahead_waits_for_the_next_question(desk: Desk) -> None:
    line = PlainLine()
    desk.type("one\ntwo\n")
    assert await line.ask("> ") == "one"
    assert await line.ask("> ") == "two"
    line.close()
