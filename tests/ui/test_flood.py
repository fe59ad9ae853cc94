"""Many messages in a short time: the screen takes them with pauses between, and loses none."""

import asyncio
import time
from collections.abc import Sequence
from itertools import pairwise

import pytest

from tests.ui.running import running
from tests.ui.scene import HOME, KITCHEN, KITCHEN_KEY, Scene
from tui_xmpp.model.events import Event
from tui_xmpp.model.message_parts import StanzaId
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Route
from tui_xmpp.ui import app
from tui_xmpp.ui.main import MainScreen

COUNT = 200
PAUSE = 0.2


def say(scene: Scene, number: int) -> None:
    """Have somebody say something in the kitchen."""
    sender = KITCHEN.with_resource("Juno")
    scene.network.lines[HOME].receiver.receive(
        MessageReceived(
            Route.LIVE, sender, sender, HOME, MessageType.GROUPCHAT, id=f"m{number}", body=f"flood {number}",
            stanza_ids=(StanzaId(KITCHEN, f"m{number}"),),
        )
    )  # fmt: skip


async def test_a_flood_is_shown_whole_and_with_pauses_for_keys(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(scene) as shown:
        batches: list[tuple[float, Sequence[Event]]] = []
        take = MainScreen.take

        def counted(main: MainScreen, batch: Sequence[Event]) -> None:
            batches.append((time.monotonic(), batch))
            take(main, batch)

        monkeypatch.setattr(MainScreen, "take", counted)
        monkeypatch.setattr(app, "PAUSE", PAUSE)
        for number in range(COUNT):
            say(scene, number)
            await asyncio.sleep(0.001)
        await shown.until(lambda: f"flood {COUNT - 1}" in shown.part(shown.history))
        assert [message.body for message in scene.engine.newest(KITCHEN_KEY, COUNT)] == [
            f"flood {number}" for number in range(COUNT)
        ]
        begun = [when for when, _ in batches]
        assert all(later - earlier >= PAUSE for earlier, later in pairwise(begun))
        assert sum(len(batch) for _, batch in batches) >= COUNT


async def test_a_key_comes_to_the_screen_before_what_is_told_at_that_moment(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "_ECHO", 0.5)
    monkeypatch.setattr(app, "LONGEST", 1.0)
    async with running(scene) as shown:
        await shown.press("x")
        shown.app._keyed = pressed = time.monotonic()  # pressing takes longer than that where the machine is busy
        say(scene, 1)
        await shown.until(lambda: "flood 1" in shown.part(shown.history))
        assert time.monotonic() - pressed >= 0.5


async def test_while_a_key_is_answered_nothing_is_taken_in_but_not_for_as_long_as_it_is_held_down(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "_ECHO", 100.0)
    async with running(scene) as shown:
        await shown.press("x", "x", "x")
        assert scene.network.rests == [100.0]


async def test_who_never_stops_typing_is_told_nevertheless(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "_ECHO", 1000.0)
    async with running(scene) as shown:
        await shown.press("x")
        say(scene, 1)
        await shown.until(lambda: "flood 1" in shown.part(shown.history))
