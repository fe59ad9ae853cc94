"""A disk that has no room for a while: what could not be stored comes again, once and in its place."""

import asyncio

import pytest

from tests.engines import Client, make_engine
from tests.server.prosody import Prosody, fresh_name
from tui_xmpp.model.events import ProblemRaised
from tui_xmpp.xmpp import acks

pytestmark = pytest.mark.timeout(90)

LONG = "x" * 60_000
"""More than fits where nothing more can be had."""


async def set_room(client: Client, pages: int | None) -> None:
    """Let the store have so many pages more, or as many as it wants; SQLite's own limit stands for a full disk."""
    present = client.store.chats._db.number("PRAGMA page_count")
    assert present is not None
    most = 1_000_000 if pages is None else present + pages
    await client.store.write(lambda writes: writes._db.number(f"PRAGMA max_page_count = {most}"))


@pytest.mark.parametrize("in_room", [False, True], ids=["chat", "room"])
async def test_what_came_while_the_disk_was_full_is_there_when_it_has_room_again(
    prosody: Prosody, monkeypatch: pytest.MonkeyPatch, in_room: bool
) -> None:
    monkeypatch.setattr(acks, "UNSTORED_TIME", 0.1)
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        room = prosody.room()
        if in_room:
            await bob.join(room, "Bob")
            await alice.join(room, "Alice")
        there, here = (room, room) if in_room else (alice.account, bob.account)
        said = ["before", "a" + LONG, "b", "c" + LONG, "after"]
        await bob.say(there, said[0])
        await alice.until(lambda: alice.bodies(here) == said[:1])
        await alice.until(lambda: not alice.engine._is_busy())
        await set_room(alice, 0)
        for text in said[1:-1]:
            await bob.say(there, text)
        await alice.until(lambda: alice.told(ProblemRaised), "somebody is told")
        assert "disk is full" in alice.told(ProblemRaised)[0].text
        # As often happens, what is small still has room, and comes after what had none.
        await set_room(alice, None)
        await bob.say(there, said[-1])
        await alice.until(lambda: len(alice.bodies(here)) >= len(said), timeout=30)
        await asyncio.sleep(0)
        assert [text[:9] for text in alice.bodies(here)] == [text[:9] for text in said]
