"""What waits for an answer."""

from tests.storage.builders import BOB, EVE, ME, OTHER_ME, ROOM
from tui_xmpp.model.address import Address
from tui_xmpp.model.request import Request, RequestKind
from tui_xmpp.storage.requests import MOST_IN_ALL, MOST_PER_SENDER
from tui_xmpp.storage.writes import Writes

ASK = RequestKind.SUBSCRIPTION
INVITE = RequestKind.INVITATION


def test_a_request_is_kept_until_it_is_removed(writes: Writes) -> None:
    request = writes.add_request(ME, INVITE, BOB, room=ROOM, text="Come", password="secret", nick="Bobby", time=5)
    assert request is not None
    assert request == Request(request.id, ME, INVITE, BOB, ROOM, "Come", "secret", "Bobby", 5)
    assert writes.requests.get(request.id) == request
    assert writes.requests.all() == (request,)
    assert writes.remove_request(request.id)
    assert not writes.remove_request(request.id)
    assert writes.requests.get(request.id) is None


def test_the_same_request_again_is_no_second_one_but_renews_its_text(writes: Writes) -> None:
    first = writes.add_request(ME, INVITE, BOB, room=ROOM, text="Come", time=5)
    assert first is not None
    assert writes.add_request(ME, INVITE, BOB, room=ROOM, text="Come!", password="secret", time=9) is None
    (kept,) = writes.requests.all()
    assert (kept.id, kept.text, kept.password, kept.time) == (first.id, "Come!", "secret", 5)


def test_different_questions_are_different_requests_oldest_first(writes: Writes) -> None:
    for account, kind, sender, room in [
        (ME, ASK, BOB, None),
        (ME, INVITE, BOB, ROOM),
        (OTHER_ME, ASK, BOB, None),
        (ME, ASK, EVE, None),
    ]:
        assert writes.add_request(account, kind, sender, room=room) is not None
    found = [(request.account, request.kind, request.sender, request.room) for request in writes.requests.all()]
    assert found == [(ME, ASK, BOB, None), (ME, INVITE, BOB, ROOM), (OTHER_ME, ASK, BOB, None), (ME, ASK, EVE, None)]


def test_one_sender_cannot_fill_the_list(writes: Writes) -> None:
    rooms = [Address("muc.example.org", f"room{n}") for n in range(10)]
    kept = [writes.add_request(ME, INVITE, EVE, room=room) for room in rooms]
    assert sum(request is not None for request in kept) == MOST_PER_SENDER
    assert writes.add_request(ME, ASK, BOB) is not None


def test_many_senders_cannot_fill_it_without_end(writes: Writes) -> None:
    kept = [writes.add_request(ME, ASK, Address("example.org", f"s{n}")) for n in range(MOST_IN_ALL + 5)]
    assert sum(request is not None for request in kept) == MOST_IN_ALL
    first = kept[0]
    assert first is not None
    writes.remove_request(first.id)
    later = writes.add_request(ME, ASK, BOB)
    assert later is not None
    assert later.id not in {request.id for request in kept if request is not None}
