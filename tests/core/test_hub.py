"""Facts reach the listeners in order, once, in one batch per tick."""

import asyncio
import logging
from collections.abc import Sequence

import pytest

from tui_xmpp.core.hub import Hub
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey, ChatKind
from tui_xmpp.model.events import ChatChanged, Event, OccupantsChanged, ProblemRaised, RoomChanged
from tui_xmpp.model.room import Room

KEY = ChatKey(Address.parse("alice@chat.test"), Address.parse("bob@chat.test"))
OTHER = ChatKey(Address.parse("alice@chat.test"), Address.parse("kitchen@rooms.chat.test"))
ONE, TWO = ProblemRaised(None, "one", ""), ProblemRaised(None, "two", "")


def read_chat(key: ChatKey) -> Chat | None:
    return Chat(key, ChatKind.CONTACT, "Bob") if key == KEY else None


@pytest.fixture
def hub() -> Hub:
    return Hub(read_chat, Room)


@pytest.fixture
def batches(hub: Hub) -> list[list[Event]]:
    seen: list[list[Event]] = []
    hub.subscribe(lambda events: seen.append(list(events)))
    return seen


async def test_events_of_one_tick_come_as_one_batch(hub: Hub, batches: list[list[Event]]) -> None:
    hub.publish(ONE)
    hub.publish(TWO)
    assert batches == []
    await asyncio.sleep(0)
    hub.publish(ONE)
    await asyncio.sleep(0)
    assert batches == [[ONE, TWO], [ONE]]


async def test_a_chat_and_a_room_change_once_in_a_batch(hub: Hub, batches: list[list[Event]]) -> None:
    for _ in range(3):
        hub.chat_changed(KEY)
        hub.room_changed(OTHER)
        hub.occupants_changed(OTHER)
    await asyncio.sleep(0)
    assert batches == [
        [ChatChanged(Chat(KEY, ChatKind.CONTACT, "Bob")), RoomChanged(Room(OTHER)), OccupantsChanged(OTHER)]
    ]


async def test_a_chat_that_is_not_on_the_list_does_not_change(hub: Hub, batches: list[list[Event]]) -> None:
    hub.chat_changed(OTHER)
    await asyncio.sleep(0)
    assert batches == []


async def test_a_listener_that_fails_does_not_stop_the_others(
    hub: Hub, batches: list[list[Event]], caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_events: Sequence[Event]) -> None:
        raise RuntimeError

    hub.subscribe(fail)
    later: list[Event] = []
    hub.subscribe(later.extend)
    with caplog.at_level(logging.ERROR):
        hub.publish(ONE)
        await asyncio.sleep(0)
    assert later == [ONE]
    assert "A listener failed" in caplog.text


async def test_who_stopped_listening_hears_nothing(hub: Hub) -> None:
    heard: list[Event] = []
    stop = hub.subscribe(heard.extend)
    stop()
    stop()
    hub.publish(ONE)
    await asyncio.sleep(0)
    assert heard == []
