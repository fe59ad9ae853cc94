"""Files that go out, as the store keeps them."""

from datetime import date

import pytest

from tests.storage.builders import BOBS, ME, NOON, SECOND, incoming, operation, outgoing
from tests.storage.dumps import PICTURE
from tui_xmpp.model.message import Delivery, Direction, Encryption, Message
from tui_xmpp.model.search import parse
from tui_xmpp.model.sending import Secrecy, Upload
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.search import SearchReader
from tui_xmpp.storage.uploads import StoredFile
from tui_xmpp.storage.values import Change
from tui_xmpp.storage.writes import Writes

LINK = "https://files.example.org/1/dough.jpg"
PASTE = StoredFile("paste.txt", 9, Secrecy.ENCRYPTED, content="Marmalade")


@pytest.fixture
def writes(db: Connection) -> Writes:
    return Writes(db)


def keep(writes: Writes, file: StoredFile = PICTURE, **changes: object) -> Message:
    message = writes.add_message(outgoing(file.name, **changes)).message
    return writes.keep_file(message.id, file)


def test_a_file_waits_beside_its_message_and_there_is_nothing_to_be_sent_yet(writes: Writes) -> None:
    message = keep(writes)
    assert message.upload == Upload("dough.jpg", 70_000, Secrecy.AS_CHAT)
    assert writes.messages.newest(BOBS, 9) == (message,)
    assert writes.messages.pending(ME) == ()
    assert writes.uploads.waiting(ME) == (message,)
    assert writes.uploads.get(message.id) == PICTURE


def test_when_the_server_has_it_its_link_is_the_text_and_goes_out(writes: Writes, db: Connection) -> None:
    message = keep(writes)
    sent = writes.file_uploaded(message.id, LINK, NOON + 5 * SECOND)
    assert sent is not None
    assert (sent.body, sent.time, sent.edited) == (LINK, NOON + 5 * SECOND, False)
    assert sent.upload == Upload("dough.jpg", 70_000, Secrecy.AS_CHAT, LINK)
    assert writes.uploads.waiting(ME) == ()
    assert writes.messages.pending(ME) == (sent,)
    assert [hit.message.id for hit in SearchReader(db).find(parse("has:image", today=date(2026, 1, 1)), 9).hits] == [
        sent.id
    ]


def test_it_stands_behind_what_was_said_while_it_was_uploaded(writes: Writes) -> None:
    message = keep(writes)
    writes.add_message(incoming("Well?", time=NOON + SECOND))
    writes.add_message(outgoing("Wait", stanza_id="o2", origin_id="o2", time=NOON + 2 * SECOND))
    writes.file_uploaded(message.id, LINK, NOON + SECOND)
    assert [each.body for each in writes.messages.newest(BOBS, 9)] == ["Well?", "Wait", LINK]


def test_it_is_known_again_when_an_archive_brings_it(writes: Writes) -> None:
    message = keep(writes)
    writes.file_uploaded(message.id, LINK, NOON)
    stored = writes.add_message(outgoing(LINK, delivery=Delivery.SENT, archive_ids=((ME, "a1"),))).message
    assert stored.id == message.id
    assert stored.upload is not None


@pytest.mark.parametrize("delivery", [Delivery.SENT, Delivery.DELIVERED, Delivery.DISPLAYED])
def test_a_pasted_text_is_let_go_of_when_its_message_has_arrived(writes: Writes, delivery: Delivery) -> None:
    message = keep(writes, PASTE)
    writes.file_uploaded(message.id, LINK, NOON)
    writes.set_delivery(message.id, Delivery.FAILED)
    writes.set_delivery(message.id, Delivery.PENDING)
    kept = writes.uploads.get(message.id)
    assert kept is not None
    assert kept.content == "Marmalade"
    writes.set_delivery(message.id, delivery)
    kept = writes.uploads.get(message.id)
    assert kept is not None
    assert kept.content is None


def test_a_further_try_uploads_it_as_it_is_now(writes: Writes) -> None:
    message = keep(writes)
    writes.file_uploaded(message.id, LINK, NOON)
    writes.set_delivery(message.id, Delivery.FAILED, "No")
    again = writes.upload_again(message.id, secrecy=Secrecy.CLEAR, size=9, changed=8)
    assert again is not None
    assert (again.body, again.delivery, again.error) == ("dough.jpg", Delivery.PENDING, "")
    assert writes.uploads.waiting(ME) == (again,)
    assert writes.uploads.get(message.id) == StoredFile("dough.jpg", 9, Secrecy.CLEAR, PICTURE.path, 8)


def test_a_file_whose_message_is_gone_is_no_more(writes: Writes) -> None:
    message = keep(writes)
    writes.delete_message(message.id)
    assert writes.uploads.get(message.id) is None
    assert writes.file_uploaded(message.id, LINK, NOON) is None
    assert writes.upload_again(message.id) is None


def test_what_was_taken_back_leaves_no_name_and_comes_back_whole_when_that_is_refused(writes: Writes) -> None:

    message = keep(writes, PICTURE, encryption=Encryption.NONE)
    writes.file_uploaded(message.id, LINK, NOON)
    writes.set_delivery(message.id, Delivery.SENT)
    taken = operation(Change.RETRACTION, "o1", direction=Direction.OUT, sender=ME, stanza_id="r1")
    begun = writes.begin_operation(message.id, taken)
    assert begun is not None
    assert writes.uploads.get(message.id) is None
    back = writes.undo_operation(begun)
    assert back is not None
    assert back.upload == Upload("dough.jpg", 70_000, Secrecy.AS_CHAT, LINK)
