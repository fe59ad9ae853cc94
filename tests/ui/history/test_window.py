"""The window on the store, on a real one."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.ui.scene import KITCHEN_KEY, Scene, at, make_scene, said
from tui_xmpp.model.glance import FIRST, LIMIT
from tui_xmpp.model.message import Message
from tui_xmpp.storage.writes import Writes
from tui_xmpp.ui.history.window import PAGE, SLACK, Window

MANY = 900


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    scene = await make_scene(tmp_path)

    def fill(writes: Writes) -> None:
        for number in range(MANY):
            writes.add_message(said("Juno", f"message {number}", at(0, 10, 42, 30) + number))

    await scene.store.write(fill)
    yield scene
    await scene.engine.close()


@pytest.fixture
def window(scene: Scene) -> Window:
    window = Window(scene.engine, KITCHEN_KEY)
    window.open()
    return window


def numbers(window: Window) -> list[int]:
    return [int(message.body.removeprefix("message ")) for message in window.messages if "message" in message.body]


def whole(window: Window) -> bool:
    """Nothing is missing, doubled or out of place."""
    return numbers(window) == list(range(numbers(window)[0], numbers(window)[-1] + 1))


def test_it_opens_at_the_newest_messages(window: Window) -> None:
    assert numbers(window) == list(range(MANY - FIRST, MANY))
    assert window.at_end
    assert not window.at_start


def test_paging_up_and_down_again_never_loses_or_doubles_a_message(window: Window) -> None:
    while not window.at_start:
        window.load_older()
        assert whole(window)
        assert len(window.messages) <= LIMIT + SLACK
    assert window.messages[0].body.startswith("The oven")

    while not window.at_end:
        window.load_newer()
        assert whole(window)
    assert numbers(window)[-1] == MANY - 1


def test_a_short_chat_is_there_as_a_whole(scene: Scene) -> None:
    chats = [chat for chat in scene.engine.chats() if chat.key != KITCHEN_KEY]
    window = Window(scene.engine, chats[0].key)
    window.open()

    assert window.at_start
    assert window.at_end
    assert window.load_older() == 0


def test_what_comes_while_the_reader_is_far_up_is_left_out_and_counted(window: Window) -> None:
    for _ in range(8):
        window.load_older()
    newest = window.messages[-1]
    new = replace(newest, id=10**6, position=newest.position + 10**9)

    assert window.add([new]) == 1
    assert window.messages[-1] is newest


def test_a_message_is_taken_in_at_its_place_and_once(window: Window) -> None:
    last = window.messages[-1]
    later = replace(last, id=10**6, position=last.position + 10)
    between = replace(last, id=10**6 + 1, position=last.position + 5)

    window.add([later])
    window.add([between, later])

    assert window.messages[-3:] == [last, between, later]


def test_an_old_message_from_the_archive_does_not_open_a_gap(window: Window) -> None:
    first = window.messages[0]
    older = replace(first, id=10**6, position=first.position - 10**9)

    window.add([older])

    assert window.messages[0] is first


def test_a_changed_message_is_replaced_and_moves_if_its_place_changed(window: Window) -> None:
    one: Message = window.messages[10]

    assert window.replace(replace(one, edited=True))
    assert window.messages[10].edited
    assert window.replace(replace(one, position=window.messages[-1].position + 1))
    assert window.messages[-1].id == one.id
    assert not window.replace(replace(one, id=10**7))


async def test_reading_again_keeps_the_reader_s_message_and_shows_what_was_stored_around_it(
    scene: Scene, window: Window
) -> None:
    for _ in range(3):
        window.load_older()
    pivot = window.messages[150]
    hole = replace(said("Mara", "in between", pivot.time), from_archive=True, position_after=pivot.position)
    stored = await scene.store.write(lambda writes: writes.add_message(hole))

    window.reload(pivot.id)

    index = window.index(pivot.id)
    assert index is not None
    assert stored.message in window.messages[index : index + 3]
    assert whole(window)


def test_it_forgets_the_oldest_only_in_the_distance(window: Window) -> None:
    last = window.messages[-1]
    window.add([replace(last, id=10**6 + n, position=last.position + n + 1) for n in range(LIMIT + SLACK)])
    window.trim()

    assert len(window.messages) == LIMIT
    assert not window.at_start
    assert window.messages[-1].id == 10**6 + LIMIT + SLACK - 1
    assert PAGE < LIMIT
