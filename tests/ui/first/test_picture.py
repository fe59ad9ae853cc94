"""The first picture beside the screen that takes its place: the same rows in the same places and colours."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.color import Color
from rich.console import Console
from rich.style import Style
from rich.text import Text
from textual.geometry import Region

from tests.engines import MemoryKeeper
from tests.quiet_web import quiet_web
from tests.ui.scene import (
    HOME,
    INES,
    KITCHEN,
    KITCHEN_KEY,
    MARA,
    MARA_KEY,
    WORK,
    at,
    frozen_clock,
    make_scene,
    ours,
    said,
    theirs,
)
from tui_xmpp.core.engine import Engine
from tui_xmpp.core.ports import Network
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.glance import Glance
from tui_xmpp.model.message import Delivery
from tui_xmpp.storage.glance import glance
from tui_xmpp.storage.store import Store
from tui_xmpp.storage.values import NewMessage
from tui_xmpp.storage.writes import Writes
from tui_xmpp.ui.app import TuiXmppApp
from tui_xmpp.ui.appearance import Appearance
from tui_xmpp.ui.first.inks import Depth
from tui_xmpp.ui.first.picture import Look, draw
from tui_xmpp.ui.schemes import CONTRAST, DARK, LIGHT, TERMINAL, Scheme

Colour = tuple[int, int, int] | None
Cell = tuple[str, Colour, Colour, bool, bool]
"""Text, colour, ground, bold and italic of one cell."""

ACCOUNTS = (HOME, WORK)
_ROW = re.compile(r"\x1b\[\d+;1H")


async def stored(directory: Path, more: Sequence[NewMessage] = (), *, unread: bool = False) -> Path:
    """A store with the story, that nobody has open; what is on the screen is read at once, so most of it is read."""
    scene = await make_scene(directory)

    def write(writes: Writes) -> None:
        for message in more:
            writes.add_message(message)
        for key in () if unread else (KITCHEN_KEY, MARA_KEY):
            writes.mark_read(key)

    await scene.store.write(write)
    await scene.engine.close()
    return scene.path


def seen_in(store: Path, open_at: Address | None = None) -> Glance:
    seen = glance(store, ACCOUNTS, open_at=open_at)
    assert seen is not None
    return seen


def drawn(seen: Glance, size: tuple[int, int], scheme: Scheme = DARK, *, compact: bool = False) -> list[list[Cell]]:
    """The cells of the first picture."""
    written = draw(seen, ACCOUNTS, Look(scheme, Depth.TRUE, compact), size, frozen_clock())
    rows = [Text.from_ansi(row) for row in _ROW.split(written)[1:]]
    return [cells((span.text, span.style) for span in row.render(Console(width=500))) for row in rows]


def cells(segments: Iterable[tuple[str, Style | None]]) -> list[Cell]:
    """One cell after the other; of a wide character the first has the text."""
    found: list[Cell] = []
    for text, style in segments:
        look = style or Style.null()
        for character in text:
            ground = _rgb(look.bgcolor)
            about = (_rgb(look.color), ground, bool(look.bold), bool(look.italic))
            if character == " ":
                about = (None, ground, False, False)
            width = cell_len(character)
            found += [((character if not number else ""), *about) for number in range(width)]
    return found


def _rgb(colour: Color | None) -> Colour:
    return None if colour is None or colour.is_default else (*colour.get_truecolor(),)


async def on_screen(
    store: Path, size: tuple[int, int], scheme: Scheme, *, compact: bool, open_at: Address | None
) -> tuple[list[list[Cell]], Region, Region]:
    """The cells of the screen before there is any line, and where its list and its history are."""

    async def never() -> Network:
        await asyncio.Event().wait()
        raise AssertionError

    settings = (AccountSettings(HOME, nickname="Alice"), AccountSettings(WORK))
    engine = Engine(Store.open(store), settings, never, MemoryKeeper({}), load_web=quiet_web)
    look = Appearance(compact=compact)
    app = TuiXmppApp(engine, clock=frozen_clock(), open_at=open_at, theme=scheme.name, appearance=look)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        app.main.conversation.history._set_note("")  # it says what comes of looking for older messages, a moment later
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
        shown = [cells((segment.text, segment.style) for segment in strip) for strip in strips]
        chats, history = app.main.chat_list, app.main.conversation.history
        return (
            shown,
            chats.scrollable_content_region if chats.display else Region(0, 0, 0, 0),
            history.scrollable_content_region,
        )


def part(shown: list[list[Cell]], region: Region) -> list[list[Cell]]:
    return [row[region.x : region.right] for row in shown[region.y : region.bottom]]


def others(first: list[list[Cell]], shown: list[list[Cell]]) -> list[tuple[Cell, Cell]]:
    """The cells that differ."""
    pairs = ((one, other) for row, then in zip(first, shown, strict=True) for one, other in zip(row, then, strict=True))
    return [(one, other) for one, other in pairs if not _alike(one, other)]


def _alike(one: Cell, other: Cell) -> bool:
    """Whether two cells look the same; Textual's way of reckoning with colours may be one off."""
    return (one[0], *one[3:]) == (other[0], *other[3:]) and all(
        mine == theirs or (mine and theirs and all(abs(a - b) <= 1 for a, b in zip(mine, theirs, strict=True)))
        for mine, theirs in zip(one[1:3], other[1:3], strict=True)
    )


def text_of(shown: list[list[Cell]]) -> str:
    return "\n".join("".join(cell[0] for cell in row).rstrip() for row in shown)


MUCH = [
    said(
        "Juno",
        f"Number {number} of many, with words enough that it is wrapped in every pane that there is.",
        at(0, 10, 42, number),
    )
    for number in range(50)
]
ODD = [
    ours(MARA_KEY, ChatKind.CONTACT, "did not go out", at(0, 10, 42, 30), Delivery.FAILED),
    theirs(MARA_KEY, ChatKind.CONTACT, MARA, "https://home.example/files/plan.pdf", at(0, 10, 42, 31)),
    theirs(MARA_KEY, ChatKind.CONTACT, MARA, "\n".join(f"line {number}" for number in range(40)), at(0, 10, 42, 32)),
]


@pytest.mark.parametrize("size", [(160, 50), (120, 40), (80, 24), (50, 20)], ids=str)
@pytest.mark.parametrize("open_at", [None, KITCHEN, INES], ids=str)
@pytest.mark.parametrize("compact", [False, True])
async def test_list_and_messages_stay_where_they_are(
    tmp_path: Path, size: tuple[int, int], open_at: Address | None, compact: bool
) -> None:
    store = await stored(tmp_path, ODD)
    first = drawn(seen_in(store, open_at), size, compact=compact)
    shown, chats, history = await on_screen(store, size, DARK, compact=compact, open_at=open_at)
    for region in (chats, history):
        assert text_of(part(first, region)) == text_of(part(shown, region))
        assert others(part(first, region), part(shown, region)) == []


@pytest.mark.parametrize("scheme", [LIGHT, CONTRAST], ids=lambda scheme: scheme.name)
async def test_it_has_the_colours_of_the_theme(tmp_path: Path, scheme: Scheme) -> None:
    store = await stored(tmp_path)
    first = drawn(seen_in(store), (120, 40), scheme)
    shown, chats, history = await on_screen(store, (120, 40), scheme, compact=False, open_at=None)
    for region in (chats, history):
        assert others(part(first, region), part(shown, region)) == []


async def test_it_begins_at_the_first_unread_message_of_many(tmp_path: Path) -> None:
    store = await stored(tmp_path, MUCH, unread=True)
    first = drawn(seen_in(store, KITCHEN), (100, 30))
    shown, _, history = await on_screen(store, (100, 30), DARK, compact=False, open_at=KITCHEN)
    assert " new " in text_of(part(first, history))
    assert text_of(part(first, history)) == text_of(part(shown, history))


async def test_whatever_the_store_holds_the_terminal_is_told_nothing_by_it(tmp_path: Path) -> None:
    seen = seen_in(await stored(tmp_path))
    evil = "\x1b[2J\x1b]52;c;aGk=\x07\x9b31m\x90q\x9c\rover\x08"
    message = replace(seen.messages[-1], body=evil, nick=evil)
    chat = replace(seen.open_chat, title=evil, draft=evil)
    hostile = replace(seen, messages=[message], open_chat=chat, chats=[chat], subject=evil)
    written = draw(hostile, ACCOUNTS, Look(DARK, Depth.TRUE), (120, 40), frozen_clock())
    left = re.sub(r"\x1b\[[0-9;]*[mH]", "", written)
    assert not re.search("[\x00-\x1f\x7f-\x9f]", left)


@pytest.mark.parametrize("size", [(39, 24), (80, 11), (0, 0)], ids=str)
async def test_a_terminal_without_room_has_none(tmp_path: Path, size: tuple[int, int]) -> None:
    assert draw(seen_in(await stored(tmp_path)), ACCOUNTS, Look(DARK, Depth.TRUE), size, frozen_clock()) == ""


@pytest.mark.parametrize(("depth", "colours"), [(Depth.SIXTEEN, "39"), (Depth.MANY, "38;5"), (Depth.TRUE, "38;2")])
async def test_only_colours_are_used_that_the_terminal_has(tmp_path: Path, depth: Depth, colours: str) -> None:
    seen = seen_in(await stored(tmp_path))
    scheme = TERMINAL if depth is Depth.SIXTEEN else DARK
    written = draw(seen, ACCOUNTS, Look(scheme, depth), (120, 40), frozen_clock())
    used = {*re.findall(r"38;[25]", written)}
    normal_or_bright = {code[0] for code in re.findall(r";([39]\d)[;m]", written)}
    assert "".join(sorted(used or normal_or_bright)) == colours


async def test_who_wants_no_colours_gets_greys(tmp_path: Path) -> None:
    seen = seen_in(await stored(tmp_path))
    written = draw(seen, ACCOUNTS, Look(DARK, Depth.TRUE, grey=True), (120, 40), frozen_clock())
    colours = re.findall(r"[34]8;2;(\d+);(\d+);(\d+)", written)
    assert colours
    assert all(red == green == blue for red, green, blue in colours)
