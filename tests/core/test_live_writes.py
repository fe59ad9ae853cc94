"""What comes in one tick is written in one go, and ends as what comes one by one."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.signals import BOB, FROM_PHONE, IN_ROOM, OWN, ROOM, TEXT, alone, feed, in_room, session
from tests.engines import Client
from tui_xmpp.model.address import Address
from tui_xmpp.model.events import MessageAdded
from tui_xmpp.model.message_parts import Reactions, StanzaId
from tui_xmpp.model.stanzas import MessageReceived
from tui_xmpp.storage.values import NewMessage, Stored
from tui_xmpp.storage.writes import Writes

CHATS = (BOB.bare, ROOM)
SEEDS = range(40)


def talk(chance: random.Random) -> list[MessageReceived]:
    """Texts in a chat and a room with all that may hang together with one that came before, or comes after."""
    said: list[MessageReceived] = []
    for number in range(30):
        name = f"m{number}"
        plain = chance.choice((TEXT, FROM_PHONE, IN_ROOM))
        ids = (StanzaId(ROOM if plain is IN_ROOM else OWN, f"a{number}"),)
        new = replace(plain, id=name, origin_id=f"{name}-{'0' * 16}", body=f"{number}", stanza_ids=ids)
        other = f"m{chance.randrange(30)}"
        said.append(
            chance.choice(
                (
                    new,
                    new,
                    replace(new, replaces=other),
                    replace(new, body=None, reactions=Reactions(f"a{chance.randrange(30)}", ("👍",))),
                    replace(chance.choice(said), stanza_ids=ids) if said else new,
                    chance.choice(said) if said else new,
                )
            )
        )
    return said


def state(client: Client) -> list[object]:
    """Everything that shows, but for ids and times of ours."""

    def of(peer: Address) -> list[object]:
        chat = client.engine.chat(client.key(peer))
        return [
            [(m.body, m.direction, m.delivery, m.tombstone, m.edited, m.reactions) for m in client.history(peer)],
            None if chat is None else (chat.unread, chat.mentions, chat.preview and chat.preview.text),
        ]

    return [of(peer) for peer in CHATS]


@pytest.mark.parametrize("seed", SEEDS)
async def test_what_comes_at_once_ends_as_what_comes_one_by_one(tmp_path: Path, seed: int) -> None:
    said = talk(random.Random(seed))
    for each in ("at once", "one by one"):
        (tmp_path / each).mkdir()
    async with alone(tmp_path / "at once") as fast, alone(tmp_path / "one by one") as slow:
        for client in (fast, slow):
            in_room(client)
        await feed(fast, *said)
        for message in said:
            await feed(slow, message)
        assert state(fast) == state(slow)
        told = [[event.message.body for event in client.told(MessageAdded)] for client in (fast, slow)]
        assert told[0] == told[1]


async def test_one_that_cannot_be_written_takes_no_other_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Writes.add_messages

    def refuse(writes: Writes, news: Sequence[NewMessage]) -> list[Stored]:
        if any(new.body == "7" for new in news):
            raise ValueError("7")
        return write(writes, news)

    monkeypatch.setattr(Writes, "add_messages", refuse)
    async with alone(tmp_path) as client:
        await feed(client, replace(TEXT, id="m0", body="0"))
        for number in range(1, 20):
            session(client).receive(replace(TEXT, id=f"m{number}", body=f"{number}"))
        await client.until(lambda: len(client.bodies(BOB.bare)) == 19)
        assert client.bodies(BOB.bare) == [f"{number}" for number in range(20) if number != 7]
