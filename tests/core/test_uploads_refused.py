"""What becomes of files that a server does not take, or not now; on a line and a web that do what a test wants."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest

from tests.core.line import QuietLine, ack, give_line
from tests.core.own_operations import error
from tests.core.signals import BOB, EVE, OWN, feed, session
from tests.engines import Client, MemoryKeeper
from tests.quiet_web import QuietWeb
from tui_xmpp.core import uploads
from tui_xmpp.core.clock import now
from tui_xmpp.core.ports import Web
from tui_xmpp.core.uploads import pause_until
from tui_xmpp.errors import FileUnreadable, RequestFailed, TransferFailed, UploadRefused
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import DeleteMessage, RetryMessage, SendUnencrypted
from tui_xmpp.model.events import MessageChanged
from tui_xmpp.model.files import Trust
from tui_xmpp.model.message import Delivery, Message, Operation
from tui_xmpp.model.omemo import EncryptionWish
from tui_xmpp.model.sending import SendTextFile, Slot, UploadService
from tui_xmpp.model.stanzas import StreamOpened
from tui_xmpp.storage.writes import Writes
from tui_xmpp.xmpp.loading import load_network

PEER = BOB.bare
NOON = 1_795_687_200_000_000


class Shelf(QuietWeb):
    """Where files are put."""

    def __init__(self) -> None:
        self.put_there: list[bytes] = []
        self.trusts: list[Trust] = []
        self.problems: list[Exception] = []
        self.go = asyncio.Event()
        self.go.set()

    def let_one_by(self) -> None:
        """Go on with what is being put there now, and with nothing else."""
        self.go.set()
        self.go.clear()

    async def put(
        self,
        slot: Slot,
        pieces: AsyncIterable[bytes],
        size: int,
        trust: Trust,
        *,
        kind: str,
        encrypted: bool,
        tell: Callable[[int], None],
    ) -> str:
        self.trusts.append(trust)
        tell(size // 2)
        await self.go.wait()
        if self.problems:
            raise self.problems.pop(0)
        self.put_there.append(b"".join([piece async for piece in pieces]))
        return slot.get


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
async def alice(tmp_path: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    monkeypatch.setattr(uploads, "PAUSES", (0.01, 0.01, 0.01))

    async def web() -> Web:
        return shelf

    settings = AccountSettings(OWN, encryption=EncryptionWish.NEVER, ca_file=tmp_path / "ca.pem")
    client = Client([settings], tmp_path / "alice.db", MemoryKeeper(), load_network, web)
    yield client
    await client.close()


@pytest.fixture
def line(alice: Client) -> QuietLine:
    line = give_line(alice)
    line.service = UploadService(Address.parse("files.chat.test"), 1000)
    return line


async def paste(client: Client, text: str = "Marmalade", peer: Address = PEER) -> None:
    await client.do(SendTextFile(client.key(peer), "paste.txt", text, encrypted=False))


def has_tried(shelf: Shelf, tries: int) -> bool:
    return len(shelf.trusts) == tries


def told_percents(client: Client) -> list[int | None]:
    """How far a file is, as was told again and again."""
    uploads = (event.message.upload for event in client.told(MessageChanged))
    return [upload.percent for upload in uploads if upload is not None]


def only(client: Client, peer: Address = PEER) -> Message:
    (message,) = client.history(peer)
    return message


async def test_the_link_goes_out_when_the_file_is_there(alice: Client, line: QuietLine, shelf: Shelf) -> None:
    await paste(alice)
    await alice.until(lambda: line.sent)
    assert shelf.put_there == [b"Marmalade"]
    assert line.slots == [("paste.txt", 9, "text/plain")]
    (stanza,) = line.sent
    assert stanza.body == stanza.link == "https://files.chat.test/1/paste.txt"
    ack(alice, line)
    await feed(alice)
    assert only(alice).delivery is Delivery.SENT
    (trust,) = shelf.trusts
    assert trust.owns("files.chat.test"), "our server has named it"
    assert trust.ca_file == alice.engine.settings(OWN).ca_file


async def test_nothing_is_asked_without_a_line(alice: Client, line: QuietLine) -> None:
    line.online = False
    await paste(alice)
    assert line.slots == []
    assert only(alice).upload is not None
    line.online = True
    session(alice).uploads.pump()
    await alice.until(lambda: line.sent)


async def test_a_server_that_takes_no_files_is_told_in_plain_words(alice: Client, line: QuietLine) -> None:
    line.service = None
    await paste(alice)
    await alice.until(lambda: only(alice).delivery is Delivery.FAILED)
    assert only(alice).error == "Your server does not take files."


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (UploadRefused("Your server does not let you upload files."), "Your server does not let you upload files."),
        (RequestFailed("The request was not understood."), "The request was not understood."),
    ],
)
async def test_a_server_that_gives_no_place_is_not_asked_again(
    alice: Client, line: QuietLine, problem: Exception, words: str
) -> None:
    line.no_slot = [problem]
    await paste(alice)
    await alice.until(lambda: only(alice).delivery is Delivery.FAILED)
    assert only(alice).error == words
    assert len(line.slots) == 1
    message = only(alice)
    assert alice.engine.operations(message) == {Operation.RETRY, Operation.DELETE}
    await alice.do(RetryMessage(message.chat, message.id))
    await alice.until(lambda: line.sent)


async def test_what_nobody_foresaw_does_not_leave_a_file_waiting_and_the_next_goes_out(
    alice: Client, line: QuietLine, shelf: Shelf
) -> None:
    shelf.problems = [ValueError("https://files.chat.test/secret")]
    await paste(alice)
    await alice.until(lambda: only(alice).delivery is Delivery.FAILED)
    assert only(alice).error == "Something went wrong. The log says more."
    await paste(alice, "second")
    await alice.until(lambda: line.sent)


@pytest.mark.parametrize(
    ("seconds", "times", "pause"),
    [(600, 0, 600), (0, 0, 30), (-86_400, 2, 120), (600, 9, 15_360), (10**12, 0, 86_400), (0, 10_000, 86_400)],
)
def test_a_server_is_never_asked_again_and_again_whatever_time_it_names(seconds: int, times: int, pause: float) -> None:
    assert pause_until(NOON + seconds * 1_000_000, NOON, times) == pause


async def test_a_file_that_was_put_off_does_not_have_the_others_asked_for(
    alice: Client, line: QuietLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "SOONEST", 0.05)
    later = now() + 3_600_000_000
    line.no_slot = [UploadRefused("As much as allowed.", again=again) for again in (later, 0)]
    await paste(alice)
    await paste(alice, peer=EVE.bare)
    await alice.until(lambda: line.sent)
    assert len(line.slots) == 3
    assert only(alice).delivery is Delivery.PENDING


async def test_a_server_that_wants_to_be_asked_later_is_asked_then(
    alice: Client, line: QuietLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "SOONEST", 0.01)
    line.no_slot = [UploadRefused("As much as allowed.", again=now() + 1_500_000)]
    await paste(alice)
    await alice.until(lambda: line.slots)
    await alice.until(lambda: (upload := only(alice).upload) is not None and upload.waits)
    assert alice.engine.operations(only(alice)) == {Operation.CANCEL, Operation.DELETE}
    assert only(alice).delivery is Delivery.PENDING
    await alice.until(lambda: line.sent)


async def test_a_way_that_fails_is_tried_again_a_few_times_each_with_a_place_of_its_own(
    alice: Client, line: QuietLine, shelf: Shelf
) -> None:
    shelf.problems = [TransferFailed("The connection ended.")] * 3
    await paste(alice)
    await alice.until(lambda: line.sent)
    assert len(line.slots) == 4
    shelf.problems = [TransferFailed("The connection ended.")] * 4
    await paste(alice, "more")
    await alice.until(lambda: alice.history(PEER)[-1].delivery is Delivery.FAILED)
    assert alice.history(PEER)[-1].error == "The connection ended."
    assert len(line.sent) == 1


async def test_while_the_line_is_gone_no_try_is_counted(alice: Client, line: QuietLine, shelf: Shelf) -> None:
    shelf.go.clear()
    await paste(alice)
    await alice.until(lambda: shelf.trusts)
    line.online = False
    shelf.problems = [TransferFailed("The connection ended.")]
    shelf.go.set()
    await alice.until(lambda: not session(alice).uploads._running)
    assert only(alice).delivery is Delivery.PENDING
    line.online = True
    session(alice).uploads.pump()
    await alice.until(lambda: line.sent)


async def test_tries_over_a_line_that_was_lost_do_not_count(
    alice: Client, line: QuietLine, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "PAUSES", (0.01,))
    shelf.problems = [TransferFailed("The connection ended.")] * 2
    shelf.go.clear()
    await paste(alice)
    for tries in (1, 2):
        await alice.until(partial(has_tried, shelf, tries))
        session(alice)._opened(StreamOpened(OWN, resumed=True))
        shelf.let_one_by()
    shelf.go.set()
    await alice.until(lambda: line.sent)


async def test_a_file_that_is_on_its_way_does_not_keep_those_of_other_chats(
    alice: Client, line: QuietLine, shelf: Shelf
) -> None:
    shelf.go.clear()
    await paste(alice)
    await paste(alice, "second")
    await paste(alice, peer=EVE.bare)
    await alice.until(lambda: len(line.slots) == 2)
    shelf.go.set()
    await alice.until(lambda: len(line.sent) == 3)
    assert shelf.put_there.index(b"Marmalade") < shelf.put_there.index(b"second")


async def test_how_far_it_is_is_shown_wherever_it_is_read(alice: Client, line: QuietLine, shelf: Shelf) -> None:
    shelf.go.clear()
    await paste(alice, "x" * 10)
    await alice.until(lambda: (upload := only(alice).upload) is not None and upload.percent == 50)
    message = alice.engine.message(only(alice).id)
    assert message is not None
    assert message.upload is not None
    assert message.upload.percent == 50
    await alice.do(DeleteMessage(message.chat, message.id))
    assert alice.history(PEER) == ()
    shelf.go.set()
    await feed(alice)
    assert line.sent == []


async def test_whoever_goes_offline_is_told_that_nothing_goes_out_any_more(
    alice: Client, line: QuietLine, shelf: Shelf
) -> None:
    shelf.go.clear()
    await paste(alice, "x" * 10)
    await alice.until(lambda: 50 in told_percents(alice))
    await session(alice).uploads.stop()
    await alice.until(lambda: told_percents(alice)[-1] is None)


async def test_a_file_that_is_stopped_just_when_its_link_is_there_is_not_sent(
    alice: Client, line: QuietLine, shelf: Shelf
) -> None:
    shelf.go.clear()
    await paste(alice)
    await alice.until(lambda: shelf.trusts)
    message = only(alice)
    stop = DeleteMessage(message.chat, message.id, only_unsent=True)
    uploading = session(alice).uploads
    write, stopped = uploading._context.pen.write, list[asyncio.Task[None]]()

    async def write_and_stop(work: Callable[[Writes], object]) -> object:
        found = await write(work)
        monkey.undo()
        stopped.append(asyncio.ensure_future(alice.do(stop)))
        await asyncio.sleep(0)
        return found

    with pytest.MonkeyPatch.context() as monkey:
        monkey.setattr(uploading._context.pen, "write", write_and_stop)
        shelf.go.set()
        await alice.until(lambda: stopped and stopped[0].done())
    await stopped[0]
    await feed(alice)
    assert (line.sent, alice.history(PEER)) == ([], ())


async def test_a_message_that_is_deleted_before_it_is_written_stays_here(alice: Client, line: QuietLine) -> None:
    line.online = False
    await alice.say(PEER, "helo")
    message_id = only(alice).id
    await alice.store.write(lambda writes: writes.hide_message(message_id, now()))
    line.online = True
    session(alice).outbox.pump()
    assert line.sent == []
    await alice.say(PEER, "more")
    assert [sent.body for sent in line.sent] == ["more"]


async def test_a_file_that_was_sent_cannot_be_stopped_any_more(alice: Client, line: QuietLine) -> None:
    await paste(alice)
    await alice.until(lambda: line.sent)
    ack(alice, line)
    await feed(alice)
    message = only(alice)
    with pytest.raises(RequestFailed, match="has been sent by now"):
        await alice.do(DeleteMessage(message.chat, message.id, only_unsent=True))
    assert only(alice) == message


async def test_a_paste_that_the_server_had_already_is_not_uploaded_again_but_can_go_as_it_is(
    alice: Client, line: QuietLine
) -> None:
    """Its text is let go of when it has arrived; the other side may refuse it all the same."""
    await paste(alice)
    await alice.until(lambda: line.sent)
    ack(alice, line)
    await feed(alice, error(line.sent[0]))
    message = only(alice)
    assert message.delivery is Delivery.FAILED
    line.online = False
    await alice.do(RetryMessage(message.chat, message.id))
    held = session(alice).outbox.queue.message(message.id)
    assert held is not None
    held.held = "This chat is encrypted now."
    line.online = True
    with pytest.raises(FileUnreadable, match="Paste it again"):
        await alice.do(RetryMessage(message.chat, message.id))
    await alice.do(SendUnencrypted(message.chat, message.id))
    await alice.until(lambda: len(line.sent) == 2)
    assert line.sent[1].body == line.sent[0].body
    assert len(line.slots) == 1


async def test_what_a_terminal_pastes_that_is_no_text_is_sent_all_the_same(
    alice: Client, line: QuietLine, shelf: Shelf
) -> None:
    await paste(alice, "half a \ud83d pair")
    await alice.until(lambda: line.sent)
    assert shelf.put_there == [b"half a ? pair"]
