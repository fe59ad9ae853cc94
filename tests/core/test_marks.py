"""Whose mark is believed, and which room may know how far we have read: by tables."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.core.scripted_archive import BOB as WRITER
from tests.core.scripted_archive import EVE as OTHER
from tests.core.scripted_archive import Archive, Reader, ScriptedLine
from tests.engines import Client, MemoryKeeper
from tests.waiting import until
from tui_xmpp.core import backoff, engine, reading
from tui_xmpp.core.authorship import archive_of_mark, may_mark_in_room
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.commands import MarkRead
from tui_xmpp.model.contact import Contact, Subscription
from tui_xmpp.model.message_parts import StanzaId
from tui_xmpp.model.omemo import EncryptionWish
from tui_xmpp.model.room import Occupant, Room
from tui_xmpp.model.stanzas import DisplayedChanged, DisplayedMark, MessageReceived, MessageType, Route

OWN = Address.parse("alice@chat.test")
BOB = Address.parse("bob@chat.test")
EVE = Address.parse("eve@evil.test")
ROOM = Address.parse("kitchen@rooms.chat.test")
CAROL = Address.parse("kitchen@rooms.chat.test/Carol")


@pytest.mark.parametrize(
    ("peer", "by", "is_room", "archive"),
    [
        (BOB, OWN, False, OWN),
        (BOB, OWN, None, OWN),
        (BOB, EVE, False, None),
        (BOB, BOB, False, None),
        (BOB, OWN.with_resource("phone"), False, None),
        (OWN, OWN, False, OWN),
        (ROOM, ROOM, True, ROOM),
        (ROOM, ROOM, None, ROOM),
        (ROOM, OWN, True, None),
        (ROOM, EVE, True, None),
        (CAROL, OWN, True, OWN),
        (CAROL, ROOM, True, None),
        (CAROL, CAROL, None, None),
    ],
)
def test_a_mark_is_believed_only_with_an_id_of_the_chats_own_archive(
    peer: Address, by: Address, is_room: bool | None, archive: Address | None
) -> None:
    assert archive_of_mark(DisplayedMark(peer, StanzaId(by, "x")), OWN, is_room=is_room) == archive


def test_a_mark_without_an_id_means_nothing() -> None:
    assert archive_of_mark(DisplayedMark(BOB, StanzaId(OWN, "")), OWN, is_room=False) is None


US = Occupant("Alice", own=True)
FRIENDS = {
    BOB: Contact(OWN, BOB, subscription=Subscription.BOTH),
    EVE: Contact(OWN, EVE, subscription=Subscription.TO),
}


@pytest.mark.parametrize(
    ("private", "people", "may"),
    [
        (True, [US, Occupant("Bob", address=BOB)], True),
        (True, [US, Occupant("Bob", address=BOB), Occupant("Alice2", address=OWN)], True),
        (False, [US, Occupant("Bob", address=BOB)], False),
        (True, [US, Occupant("Bob")], False),
        (True, [US, Occupant("Bob", address=BOB), Occupant("Eve", address=EVE)], False),
        (True, [US, Occupant("Dan", address=Address.parse("dan@chat.test"))], False),
        (True, [US], False),
        (True, [US, *(Occupant(f"Bob{number}", address=BOB) for number in range(21))], False),
    ],
)
def test_only_a_small_private_group_of_people_who_see_us_learns_how_far_we_have_read(
    private: bool, people: list[Occupant], may: bool
) -> None:
    assert may_mark_in_room(Room(ChatKey(OWN, ROOM), private=private), people, FRIENDS, OWN) is may


@pytest.fixture
async def alice(tmp_path: Path) -> AsyncIterator[Client]:
    client = Client([AccountSettings(OWN, encryption=EncryptionWish.NEVER)], tmp_path / "alice.db", MemoryKeeper())
    client.engine._of(OWN).context.assigns_ids = True
    yield client
    await client.close()


async def feed(client: Client, *signals: MessageReceived | DisplayedChanged) -> None:
    """Let signals come in, and wait until all they lead to is stored."""
    session = client.engine._of(OWN)
    for signal in signals:
        session.receive(signal)
    await session.committed()


def text(number: int) -> MessageReceived:
    """A message of Bob's."""
    sender, ids = BOB.with_resource("desk"), (StanzaId(OWN, f"a{number}"),)
    return MessageReceived(
        Route.LIVE, sender, sender, OWN, MessageType.CHAT, id=f"m{number}", body=f"{number}", stanza_ids=ids
    )


def mark(number: int, by: Address = OWN) -> DisplayedChanged:
    """A mark of another device."""
    return DisplayedChanged((DisplayedMark(BOB, StanzaId(by, f"a{number}")),))


async def test_marks_move_what_is_read_and_forged_ones_nothing(alice: Client) -> None:
    await feed(alice, text(1), text(2), text(3), mark(3, by=EVE), mark(9))
    assert alice.engine.chats()[0].unread == 3
    await feed(alice, mark(2))
    assert alice.engine.chats()[0].unread == 1
    await feed(alice, mark(1))
    assert alice.engine.chats()[0].unread == 1


async def test_many_marks_for_what_is_not_here_make_no_chats(alice: Client) -> None:
    marks = tuple(DisplayedMark(Address("evil.test", f"x{n}"), StanzaId(OWN, f"{n}")) for n in range(500))
    await feed(alice, DisplayedChanged(marks))
    assert alice.engine.chats() == ()
    assert alice.store.chats.all() == ()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody gives up waiting when leaving."""
    monkeypatch.setattr(engine, "GOODBYE", 1000)
    monkeypatch.setattr(reading, "GOODBYE", 1000)


async def reads_and_quits(archive: Archive, path: Path) -> Reader:
    """Somebody starts, reads what comes, and is about to quit at once."""
    reader = Reader(archive, path / "alice.db")
    await reader.start()
    reader.line.hear(archive.add(WRITER))
    await reader.has(1)
    await reader.client.do(MarkRead(reader.client.key(WRITER)))
    return reader


@pytest.mark.usefixtures("patient")
async def test_who_reads_and_quits_before_the_server_has_said_what_was_read_tells_it_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = asyncio.Event()

    async def late(line: ScriptedLine) -> tuple[DisplayedMark, ...]:
        await answer.wait()
        return ()

    monkeypatch.setattr(ScriptedLine, "displayed_marks", late)
    reader = await reads_and_quits(Archive(), tmp_path)
    quitting = asyncio.ensure_future(reader.close())
    await asyncio.sleep(0)
    answer.set()
    await quitting
    assert [mark.stanza_id.id for mark in reader.network.standing.marks] == ["id0"]


BUSY = RequestFailed("The server is busy.", condition="internal-server-error")


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for another try."""
    monkeypatch.setattr(backoff, "FIRST", 0.002)
    monkeypatch.setattr(reading, "PAUSE", 0.002)


@pytest.mark.usefixtures("hasty")
async def test_a_server_that_cannot_say_just_now_what_was_read_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    displayed_marks, left = ScriptedLine.displayed_marks, iter(range(2))

    async def busy(line: ScriptedLine) -> tuple[DisplayedMark, ...]:
        if next(left, None) is not None:
            raise BUSY
        return await displayed_marks(line)

    monkeypatch.setattr(ScriptedLine, "displayed_marks", busy)
    reader = await reads_and_quits(Archive(), tmp_path)
    marks = reader.network.standing.marks
    await until(lambda: [mark.stanza_id.id for mark in marks] == ["id0"])
    await reader.close()


@pytest.mark.usefixtures("hasty")
async def test_what_the_server_does_not_take_is_told_again_and_keeps_nothing_else_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_displayed, refused = ScriptedLine.publish_displayed, list[Address]()

    async def choose(line: ScriptedLine, mark: DisplayedMark) -> None:
        if mark.peer == OTHER or mark.peer not in refused:
            refused.append(mark.peer)
            raise BUSY
        await publish_displayed(line, mark)

    monkeypatch.setattr(ScriptedLine, "publish_displayed", choose)
    archive = Archive()
    reader = Reader(archive, tmp_path / "alice.db")
    await reader.start()
    for writer in (WRITER, OTHER):
        reader.line.hear(archive.add(writer))
        await reader.has(1, writer)
        await reader.client.do(MarkRead(reader.client.key(writer)))
    marks = reader.network.standing.marks
    await until(lambda: [mark.peer for mark in marks] == [WRITER] and refused.count(OTHER) == reading.TRIES)
    await reader.close()


@pytest.mark.timeout(20)
@pytest.mark.usefixtures("patient")
async def test_a_server_that_does_not_keep_what_was_read_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(line: ScriptedLine) -> tuple[DisplayedMark, ...]:
        raise RequestFailed("There is no such service.")

    monkeypatch.setattr(ScriptedLine, "displayed_marks", refuse)
    reader = await reads_and_quits(Archive(), tmp_path)
    await reader.close()
    assert not reader.network.standing.marks
