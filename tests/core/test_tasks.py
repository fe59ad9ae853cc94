"""Background work is kept, reported and ended."""

import asyncio

from tui_xmpp.core.tasks import Tasks


async def test_what_fails_in_the_background_is_reported() -> None:
    reported: list[tuple[str, str]] = []
    tasks = Tasks(lambda name, error: reported.append((name, str(error))))

    async def fail() -> None:
        raise ValueError("no bread")

    await tasks.spawn(fail(), "shopping")
    assert reported == [("shopping", "no bread")]


async def test_closing_ends_what_runs() -> None:
    tasks = Tasks(lambda _name, _error: None)
    ended = asyncio.Event()

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    tasks.spawn(wait(), "waiting")
    await asyncio.sleep(0)
    await tasks.close()
    assert ended.is_set()


async def test_work_may_close_the_tasks_it_runs_in() -> None:
    tasks = Tasks(lambda _name, _error: None)
    done = asyncio.Event()

    async def close() -> None:
        await tasks.close()
        done.set()

    await asyncio.wait_for(tasks.spawn(close(), "closing"), 5)
    assert done.is_set()
