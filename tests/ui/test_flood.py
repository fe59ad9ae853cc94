"""Many messages in a short time: the screen takes them in few batches, and loses none."""

import asyncio
from collections.abc import Sequence

import pytest

from tests.ui.running import running
from tests.ui.scene import HOME, KITCHEN, KITCHEN_KEY, Scene
from tui_xmpp.model.events import Event
from tui_xmpp.model.stanzas import MessageReceived, MessageType, Route, StanzaId
from tui_xmpp.ui.main import MainScreen

COUNT = 200


async def test_a_flood_is_shown_whole_and_in_few_batches(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(scene) as shown:
        batches: list[Sequence[Event]] = []
        take = MainScreen.take

        def counted(main: MainScreen, batch: Sequence[Event]) -> None:
            batches.append(batch)
            take(main, batch)

        monkeypatch.setattr(MainScreen, "take", counted)
        sender = KITCHEN.with_resource("Juno")
        for number in range(COUNT):
            shown.scene.network.lines[HOME].receiver.receive(
                MessageReceived(
                    Route.LIVE, sender, sender, HOME, MessageType.GROUPCHAT, id=f"m{number}", body=f"flood {number}",
                    stanza_ids=(StanzaId(KITCHEN, f"m{number}"),),
                )
            )  # fmt: skip
            await asyncio.sleep(0.001)
        await shown.until(lambda: f"flood {COUNT - 1}" in shown.part(shown.history))
        assert [message.body for message in scene.engine.newest(KITCHEN_KEY, COUNT)] == [
            f"flood {number}" for number in range(COUNT)
        ]
        assert len(batches) < COUNT / 3
        assert sum(map(len, batches)) >= COUNT
