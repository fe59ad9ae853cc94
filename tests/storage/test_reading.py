"""Paging by keyset, looking up, and that none of it ever scans."""

from collections.abc import Callable

import pytest

from tests.storage.builders import (
    BOBS,
    EVE,
    EVES,
    ME,
    NOON,
    ROOM,
    ROOMS,
    correct,
    in_room,
    incoming,
    operation,
    outgoing,
)
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.message import Delivery, Direction, Message
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.values import Change, NewOperation, NewReply, OutgoingOperation
from tui_xmpp.storage.writes import Writes


@pytest.fixture
def bodies(writes: Writes) -> list[str]:
    """Twenty messages in Bob's chat, some at the same time, and others around them."""
    texts = [f"{n}" for n in range(20)]
    for n, text in enumerate(texts):
        writes.add_message(incoming(text, stanza_id=text, time=NOON + n // 3))
        writes.add_message(incoming(text, key=EVES, sender=EVE, stanza_id=text, time=NOON + n))
    return texts


def texts(messages: tuple[Message, ...]) -> list[str]:
    return [message.body for message in messages]


def test_the_newest_come_oldest_first(writes: Writes, bodies: list[str]) -> None:
    assert texts(writes.messages.newest(BOBS, 5)) == bodies[-5:]
    assert texts(writes.messages.newest(BOBS, 100)) == bodies


@pytest.mark.parametrize("size", [1, 3, 7, 20])
def test_pages_meet_without_gap_or_double_in_both_directions(writes: Writes, bodies: list[str], size: int) -> None:
    page = writes.messages.newest(BOBS, size)
    back = list(page)
    while page := writes.messages.older(BOBS, back[0].position, back[0].id, size):
        back[:0] = page
    assert texts(tuple(back)) == bodies
    forth = [back[0]]
    while page := writes.messages.newer(BOBS, forth[-1].position, forth[-1].id, size):
        forth += page
    assert forth == back


def test_pages_meet_also_where_messages_share_a_position(writes: Writes) -> None:
    for n in range(9):
        writes.add_message(incoming(f"{n}", stanza_id=f"{n}", from_archive=True, time=NOON + n, position_before=NOON))
    page = writes.messages.newest(BOBS, 2)
    found = list(page)
    while page := writes.messages.older(BOBS, found[0].position, found[0].id, 2):
        found[:0] = page
    assert len({message.position for message in found}) == 1
    assert texts(tuple(found)) == [f"{n}" for n in range(9)]


def test_a_message_is_found_by_its_ids(writes: Writes) -> None:
    message = writes.add_message(outgoing(origin_id="other")).message
    assert writes.messages.get(message.id) == message
    assert writes.messages.get(7) is None
    assert writes.messages.find_by_stanza_id(BOBS, "o1") == (message,)
    assert writes.messages.find_by_stanza_id(BOBS, "other") == (message,)
    assert writes.messages.find_by_stanza_id(EVES, "o1") == ()
    assert writes.messages.find_by_stanza_id(BOBS, "") == ()
    assert writes.messages.archive_id(message.id, ME, ME) == ""


class _Spy(Connection):
    """Keeps every statement that runs."""

    def __init__(self, real: Connection) -> None:
        super().__init__(_Recorder(real, self))
        self.statements: list[str] = []


class _Recorder:
    """Stands where the driver's connection stands."""

    def __init__(self, real: Connection, spy: _Spy) -> None:
        self._driver = real._driver
        self._spy = spy

    @property
    def in_transaction(self) -> bool:
        return self._driver.in_transaction

    def execute(self, sql, values=(), /):  # type: ignore[no-untyped-def]  # hands on as it is
        self._spy.statements.append(sql)
        return self._driver.execute(sql, values)

    def executemany(self, sql, rows, /):  # type: ignore[no-untyped-def]  # hands on as it is
        self._spy.statements.append(sql)
        return self._driver.executemany(sql, rows)

    def close(self) -> None:
        self._driver.close()


@pytest.fixture
def spied(db: Connection) -> tuple[Writes, list[str]]:
    spy = _Spy(db)
    writes = Writes(spy)
    for n in range(5):
        writes.add_message(in_room(f"{n}", stanza_id=f"{n}", archive_ids=((ROOM, f"{n}"),)))
    spy.statements.clear()
    return writes, spy.statements


def in_the_room(change: Change, target: str, **changes: object) -> NewOperation:
    return operation(change, target, key=ROOMS, sender=ROOM.with_resource("bob"), **changes)


def do(writes: Writes, change: Change, **changes: object) -> OutgoingOperation:
    message = writes.add_message(outgoing()).message
    done = writes.begin_operation(message.id, operation(change, "o1", direction=Direction.OUT, sender=ME, **changes))
    assert done is not None
    return done


CALLS: dict[str, Callable[[Writes], object]] = {
    "all_open": lambda w: w.chats.all_open(),
    "get chat": lambda w: w.chats.get(ROOMS),
    "first_unread": lambda w: w.chats.first_unread(ROOMS),
    "newest": lambda w: w.messages.newest(ROOMS, 5),
    "older": lambda w: w.messages.older(ROOMS, NOON + 3, 1, 5),
    "newer": lambda w: w.messages.newer(ROOMS, NOON + 1, 1, 5),
    "get": lambda w: w.messages.get(7),
    "pending": lambda w: w.messages.pending(ME),
    "versions": lambda w: w.messages.versions(7),
    "find_by_stanza_id": lambda w: w.messages.find_by_stanza_id(ROOMS, "3"),
    "find_by_archive_id": lambda w: w.messages.find_by_archive_id(ROOMS, ROOM, "3"),
    "archive_id": lambda w: w.messages.archive_id(7, ROOM, ME),
    "span": lambda w: w.archives.span(ME, ROOM),
    "begins": lambda w: w.archives.begins(ME, ROOM, ROOM),
    "oldest_id": lambda w: w.archives.oldest_id(ROOMS, ROOM),
    "add a live message": lambda w: w.add_message(in_room("new", stanza_id="n", origin_id="o")),
    "add an own message": lambda w: w.add_message(outgoing()),
    "add a page": lambda w: w.add_archive_page(
        ME, ROOM, [in_room("old", stanza_id="n", archive_ids=((ROOM, "x"),), from_archive=True)], before="3"
    ),
    "extend_span": lambda w: w.extend_span(ME, ROOM, ["x", "y"], before="3"),
    "advance_span": lambda w: w.advance_span(ME, ROOM, "z"),
    "correct": lambda w: correct(w, ROOMS, "3", sender=ROOM.with_resource("bob"), body="now", time=NOON),
    "retract": lambda w: w.operate(in_the_room(Change.RETRACTION, "3")),
    "moderate": lambda w: w.operate(in_the_room(Change.MODERATION, "3", archive=ROOM)),
    "react": lambda w: w.operate(in_the_room(Change.REACTIONS, "3", archive=ROOM, emojis=("👍",))),
    "react to what is not there": lambda w: w.operate(in_the_room(Change.REACTIONS, "9", emojis=("👍",))),
    "do and settle": lambda w: w.settle_operation(do(w, Change.REACTIONS, emojis=("👍",))),
    "do and undo reactions": lambda w: w.undo_operation(do(w, Change.REACTIONS, emojis=("👍",))),
    "do and undo a correction": lambda w: w.undo_operation(do(w, Change.CORRECTION, body="now")),
    "do and undo a retraction": lambda w: w.undo_operation(do(w, Change.RETRACTION)),
    "what is to be done": lambda w: w.outgoing.all(ME),
    "add an answer": lambda w: w.add_message(in_room("no", stanza_id="n", reply=NewReply("3", ROOM, "3"))),
    "answers_to": lambda w: w.messages.answers_to(7),
    "whole_text": lambda w: w.messages.whole_text(7),
    "hide_message": lambda w: w.hide_message(w.messages.newest(ROOMS, 1)[0].id, NOON),
    "mark_read": lambda w: w.mark_read(ROOMS),
    "set_delivery": lambda w: w.set_delivery(w.add_message(outgoing()).message.id, Delivery.SENT),
    "delivered_up_to": lambda w: w.delivered_up_to(
        BOBS, w.add_message(outgoing(delivery=Delivery.SENT)).message.id, Delivery.DISPLAYED
    ),
    "delete_message": lambda w: w.delete_message(w.messages.newest(ROOMS, 1)[0].id),
    "take_mark": lambda w: w.take_mark(ROOMS, ROOM, "3"),
    "untold": lambda w: w.reading.untold(ME),
    "to_publish": lambda w: (w.mark_read(ROOMS), w.reading.to_publish(ROOMS, ROOM)),
    "markers": lambda w: w.reading.markers(ME),
    "settle": lambda w: w.settle(ME, ROOM),
    "mark_unread": lambda w: w.mark_unread(ROOMS, w.messages.newest(ROOMS, 1)[0].id),
    "let_go": lambda w: w.let_go(ROOMS, NOON + 3, 2),
    "begin_deleting": lambda w: w.begin_deleting(ROOMS),
    "delete_some": lambda w: w.delete_some(ROOMS, NOON + 9, 2),
    "is_forgotten": lambda w: w.is_forgotten(in_room("3", archive_ids=((ROOM, "3"),))),
    "ensure_chat": lambda w: w.ensure_chat(ROOMS, ChatKind.ROOM, open=True),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_nothing_scans_the_messages(
    spied: tuple[Writes, list[str]], db: Connection, call: Callable[[Writes], object]
) -> None:
    writes, statements = spied
    call(writes)
    assert statements
    big = (
        "messages",
        "archive_ids",
        "versions",
        "replies",
        "reactions",
        "tombstones",
        "whole_texts",
        "held_operations",
    )
    for sql in {sql for sql in statements if sql.lstrip().startswith(("SELECT", "UPDATE", "DELETE", "INSERT INTO"))}:
        assert "OFFSET" not in sql
        plan = db.all(tuple, "EXPLAIN QUERY PLAN " + sql, (None,) * _parameters(sql))
        steps = [str(step[3]) for step in plan]
        assert not [step for step in steps if step.split(" USING")[0] in {f"SCAN {name}" for name in big}], (sql, steps)
        if "messages" in sql:
            assert "delivery = 0" in sql or "USE TEMP B-TREE FOR ORDER BY" not in steps, sql


def _parameters(sql: str) -> int:
    numbered = max((int(digit) for digit in "123456789" if f"?{digit}" in sql), default=0)
    return numbered or sql.count("?")
