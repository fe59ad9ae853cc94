"""How far back an archive is looked through for a message that may have arrived or not."""

from pathlib import Path

import pytest

from tests.core.scripted_archive import BOB, SECOND, Archive, Fate, Reader
from tests.core.signals import OWN
from tests.waiting import until
from tui_xmpp.core import backoff
from tui_xmpp.core.clock import now
from tui_xmpp.core.outbox_queue import MARGIN, Queue, State
from tui_xmpp.model.archive import ArchivePage, ArchiveQuery
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.message import Direction, Message

CHAT = ChatKey(OWN, BOB)
OLDER = 200
"""Messages of minutes ago, in pages of 7."""


@pytest.mark.parametrize(("arrived", "is_enough"), [(MARGIN, True), (MARGIN - 1, False)], ids=["enough", "too few"])
async def test_no_further_than_to_what_had_arrived_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arrived: int, is_enough: bool
) -> None:
    monkeypatch.setattr(backoff, "FIRST", 0.002)
    archive = Archive(clock=now() - 60 * SECOND)
    for _ in range(OLDER):
        archive.add(BOB)
    reader = Reader(archive, tmp_path / "alice.db")
    looks: list[str | None] = []

    def note(query: ArchiveQuery, page: ArchivePage) -> ArchivePage:
        if query.peer == BOB:
            looks.append(query.before)
        return page

    await reader.start()
    await reader.idle()
    for number in range(arrived):
        await reader.client.say(BOB, f"before {number}")
    await until(lambda: not list(reader.session.outbox.queue), what="all has arrived")
    reader.line.fate = Fate.LOST
    await reader.client.say(BOB, "ours")
    await until(lambda: bool(reader.line.unsure), what="it is under way")
    archive.answer = note
    reader.line.lose(resumable=False)
    await until(lambda: "ours" in archive.bodies(BOB), what="it has been sent again")
    await reader.idle()
    assert archive.bodies(BOB).count("ours") == 1
    assert (len(looks) <= arrived // archive.cap + 1) is is_enough
    await reader.close()


def message(number: int, chat: ChatKey = CHAT) -> Message:
    return Message(
        id=number,
        chat=chat,
        position=number,
        time=number,
        direction=Direction.OUT,
        sender=OWN,
        body="",
        stanza_id=f"m{number}",
    )


def queue(count: int, doubtful: tuple[int, ...], chat: ChatKey = CHAT) -> Queue:
    """So many messages have arrived but those in doubt."""
    found = Queue()
    for number in range(count):
        found.add(message(number, chat), State.DOUBTFUL if number in doubtful else State.WRITTEN)
    for number in set(range(count)) - set(doubtful):
        found.arrived(number)
        found.forget_message(number)
    return found


@pytest.mark.parametrize(
    ("doubtful", "mark"),
    [
        ((100,), f"m{100 - MARGIN}"),
        ((100, 90), f"m{90 - MARGIN}"),
        # What arrived later says nothing of it, and of what is long ago nothing is remembered.
        ((70,), f"m{70 - MARGIN}"),
        ((10,), ""),
        ((), ""),
    ],
)
def test_the_mark_stands_before_all_that_is_in_doubt(doubtful: tuple[int, ...], mark: str) -> None:
    assert queue(101, doubtful).mark(CHAT) == mark


def test_another_chat_says_nothing() -> None:
    found = queue(101, (100,))
    assert found.mark(ChatKey(OWN, OWN)) == ""
