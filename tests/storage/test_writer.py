"""The writer thread: groups, order, failures, the end."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.storage.builders import BOBS, EVE, EVES, KEYS, incoming
from tests.waiting import until
from tui_xmpp.errors import StorageError
from tui_xmpp.model.message import Message
from tui_xmpp.storage.cipher import Key
from tui_xmpp.storage.store import Store
from tui_xmpp.storage.values import Stored
from tui_xmpp.storage.writes import Writes


@pytest.fixture(params=KEYS)
def key(request: pytest.FixtureRequest) -> Key | None:
    return KEYS[str(request.param)]


def adding(number: int) -> "Adding":
    return Adding(number)


class Adding:
    """Stores a message with a number."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __call__(self, writes: Writes) -> Stored:
        return writes.add_message(incoming(f"{self.number}", stanza_id=f"{self.number}"))


def bodies(store: Store) -> list[str]:
    return [message.body for message in store.messages.newest(BOBS, 10_000)]


async def test_what_was_written_can_be_read_as_soon_as_write_returns(store: Store) -> None:
    stored = await store.write(adding(1))
    assert store.messages.get(stored.message.id) == stored.message
    assert stored.message in store.messages.newest(BOBS, 1)


async def test_works_run_on_one_other_thread_in_the_order_in_which_they_came(store: Store) -> None:
    threads = set()
    order: list[int] = []

    def noting(number: int) -> Callable[[Writes], None]:
        def note(_: Writes) -> None:
            threads.add(threading.current_thread())
            order.append(number)

        return note

    for number in range(0, 50, 2):
        store.write_soon(noting(number))
        await store.write(noting(number + 1))
    assert order == list(range(50))
    assert len(threads) == 1
    assert threading.current_thread() not in threads


async def test_many_works_share_one_commit(store: Store, path: Path, key: Key | None) -> None:
    gate = threading.Event()
    store.write_soon(lambda _: gate.wait(10))
    for number in range(100):
        store.write_soon(adding(number))
    before = store.chats._db.number("PRAGMA data_version")
    gate.set()
    await store.committed()
    assert len(bodies(store)) == 100
    versions = {before, store.chats._db.number("PRAGMA data_version")}
    assert len(versions) == 2


async def test_a_failing_work_takes_back_only_itself(store: Store) -> None:
    gate = threading.Event()
    store.write_soon(lambda _: gate.wait(10))

    def fail(writes: Writes) -> None:
        writes.add_message(incoming("half", key=EVES, sender=EVE))
        raise LookupError("no such thing")

    before = asyncio.ensure_future(store.write(adding(1)))
    failing = asyncio.ensure_future(store.write(fail))
    after = asyncio.ensure_future(store.write(adding(2)))
    await asyncio.sleep(0)
    gate.set()
    with pytest.raises(LookupError, match="no such thing"):
        await failing
    await before
    await after
    assert bodies(store) == ["1", "2"]
    assert store.messages.newest(EVES, 9) == ()
    assert store.chats.get(EVES) is None


async def test_what_sqlite_refuses_is_said_in_plain_words(store: Store) -> None:
    with pytest.raises(StorageError, match="cannot be used") as caught:
        await store.write(lambda writes: writes._db.run("INSERT INTO accounts (id) VALUES ('x')"))
    assert caught.value.__cause__ is not None
    await store.committed()


async def test_results_come_on_the_loop_after_the_commit(store: Store) -> None:
    seen: list[tuple[threading.Thread, Message | None]] = []

    def then(stored: Stored) -> None:
        seen.append((threading.current_thread(), store.messages.get(stored.message.id)))

    store.write_soon(adding(1), then)
    await until(lambda: seen)
    thread, message = seen[0]
    assert thread is threading.current_thread()
    assert message is not None


async def test_problems_of_works_that_nobody_awaits_are_reported(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    problems: list[Exception] = []
    store.on_problem = problems.append
    results: list[object] = []

    def fail(_: Writes) -> None:
        raise LookupError("no such thing")

    store.write_soon(fail, results.append)
    await store.committed()
    await until(lambda: problems)
    assert isinstance(problems[0], LookupError)
    assert results == []
    assert "no such thing" in caplog.text


async def test_a_cancelled_write_is_still_done_and_harms_nothing(store: Store) -> None:
    gate = threading.Event()
    store.write_soon(lambda _: gate.wait(10))
    waiting = asyncio.ensure_future(store.write(adding(1)))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    gate.set()
    await store.committed()
    assert bodies(store) == ["1"]


async def fill_the_disk(store: Store) -> None:
    """SQLite's own limit stands for a full disk."""
    pages = store.chats._db.number("PRAGMA page_count")
    await store.write(lambda writes: writes._db.number(f"PRAGMA max_page_count = {pages}"))


async def test_a_full_disk_loses_only_what_is_said_to_be_lost(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    await store.write(adding(1))
    await fill_the_disk(store)
    problems: list[Exception] = []
    store.on_problem = problems.append
    with pytest.raises(StorageError, match="disk is full"):
        await store.write(lambda writes: writes.add_message(incoming("x" * 1_000_000, stanza_id="2")))
    for _ in range(2):
        with pytest.raises(StorageError, match="disk is full"):
            await store.committed()
    await store.committed(store.losses)
    known = store.losses
    store.write_soon(lambda writes: writes.add_message(incoming("y" * 1_000_000, stanza_id="3")))
    with pytest.raises(StorageError, match="disk is full"):
        await store.committed(known)
    await until(lambda: problems)
    await store.write(lambda writes: writes._db.number("PRAGMA max_page_count = 100000"))
    await store.write(adding(4))
    await store.committed(store.losses)
    assert bodies(store) == ["1", "4"]
    assert "disk is full" in caplog.text


def orphan(writes: Writes) -> None:
    """What SQLite finds wrong only when it commits."""
    writes._db.run("PRAGMA defer_foreign_keys = ON")
    writes._db.run("INSERT INTO contacts VALUES (12345, 'x', '', 'none', 0)")


def abort(writes: Writes) -> None:
    """SQLite ends the transaction by itself, as it may on a full disk."""
    writes.ensure_account(incoming().key.account)
    writes._db.run("INSERT OR ROLLBACK INTO accounts (id, address) SELECT id, address FROM accounts")


@pytest.mark.parametrize("fail", [orphan, abort])
async def test_a_group_that_cannot_be_committed_fails_as_a_whole_and_the_next_is_written(
    store: Store, fail: Callable[[Writes], None]
) -> None:
    gate = threading.Event()
    problems: list[Exception] = []
    store.on_problem = problems.append
    store.write_soon(lambda _: gate.wait(10))
    await asyncio.sleep(0)
    grouped = [asyncio.ensure_future(store.write(work)) for work in (adding(1), fail)]
    await asyncio.sleep(0)
    gate.set()
    for waiting in grouped:
        with pytest.raises(StorageError):
            await waiting
    assert bodies(store) == []
    assert len(problems) == 1
    with pytest.raises(StorageError):
        await store.committed()
    await store.write(adding(2))
    await store.committed(store.losses)
    assert bodies(store) == ["2"]


async def test_closing_does_what_is_queued_first(path: Path, key: Key | None) -> None:
    store = Store.open(path, key)
    for number in range(200):
        store.write_soon(adding(number))
    await store.close()
    store = Store.open(path, key)
    assert bodies(store) == [f"{number}" for number in range(200)]
    await store.close()


async def test_closing_at_once_does_what_is_queued_too(path: Path, key: Key | None) -> None:
    store = Store.open(path, key)
    for number in range(200):
        store.write_soon(adding(number))
    store.close_now()
    store.close_now()
    await store.close()
    store = Store.open(path, key)
    assert len(bodies(store)) == 200
    store.close_now()


async def test_a_closed_store_takes_nothing(path: Path, key: Key | None) -> None:
    store = Store.open(path, key)
    await store.close()
    with pytest.raises(StorageError, match="closed"):
        await store.write(adding(1))
    with pytest.raises(StorageError, match="closed"):
        store.write_soon(adding(1))


def test_a_store_may_outlive_its_loop(path: Path, key: Key | None) -> None:
    store = Store.open(path, key)

    async def queue() -> None:
        for number in range(50):
            store.write_soon(adding(number))

    asyncio.run(queue())
    store.close_now()
    store = Store.open(path, key)
    assert len(bodies(store)) == 50
    store.close_now()


async def test_reading_goes_on_while_the_writer_is_in_a_transaction(store: Store) -> None:
    await store.write(adding(1))
    inside, gate = threading.Event(), threading.Event()

    def slow(writes: Writes) -> None:
        adding(2)(writes)
        inside.set()
        gate.wait(10)

    store.write_soon(slow)
    await until(inside.is_set)
    assert bodies(store) == ["1"]
    gate.set()
    await store.committed()
    assert bodies(store) == ["1", "2"]


async def test_what_a_work_has_looked_up_is_not_believed_after_it_was_taken_back_or_deleted(path: Path) -> None:
    store = Store.open(path)

    def fail(writes: Writes) -> None:
        writes.add_message(incoming("lost", stanza_id="lost"))
        raise ValueError("as it is meant")

    with pytest.raises(ValueError, match="as it is meant"):
        await store.write(fail)
    await store.write(adding(1))
    assert bodies(store) == ["1"]

    def forget_and_begin_anew(writes: Writes) -> None:
        writes.add_message(incoming("forgotten", stanza_id="forgotten"))
        while writes.forget_some(BOBS.account):
            pass
        writes.add_message(incoming("2", stanza_id="2"))

    await store.write(forget_and_begin_anew)
    assert bodies(store) == ["2"]
    await store.close()
