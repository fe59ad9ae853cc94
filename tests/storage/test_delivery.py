"""How far own messages came."""

import pytest

from tests.storage.builders import BOBS, EVE, EVES, ME, NOON, OTHER_ME, SECOND, incoming, outgoing
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.message import Delivery
from tui_xmpp.storage.writes import Writes

P, S, D, R, F = Delivery.PENDING, Delivery.SENT, Delivery.DELIVERED, Delivery.DISPLAYED, Delivery.FAILED

FOLLOWS = {
    P: {S, D, R, F},
    S: {D, R, F},
    D: {R},
    R: set[Delivery](),
    F: {P, D, R},
}


@pytest.mark.parametrize("old", Delivery)
@pytest.mark.parametrize("new", Delivery)
def test_delivery_only_grows_but_for_a_retry(writes: Writes, old: Delivery, new: Delivery) -> None:
    message = writes.add_message(outgoing(delivery=old)).message
    changed = writes.set_delivery(message.id, new, "Refused")
    if new in FOLLOWS[old]:
        assert changed is not None
        assert (changed.delivery, changed.error) == (new, "Refused" if new is F else "")
        assert writes.messages.get(message.id) == changed
    else:
        assert changed is None
        assert writes.messages.get(message.id) == message


def test_only_own_messages_have_a_delivery(writes: Writes) -> None:
    message = writes.add_message(incoming()).message
    assert writes.set_delivery(message.id, Delivery.DISPLAYED) is None
    assert writes.set_delivery(12345, Delivery.DISPLAYED) is None


def test_a_marker_covers_everything_before_it(writes: Writes) -> None:
    states = [S, P, D, R, F, S, S]
    messages = [
        writes.add_message(outgoing(f"{n}", stanza_id=f"o{n}", origin_id=f"o{n}", delivery=state)).message
        for n, state in enumerate(states)
    ]
    writes.add_message(outgoing(key=EVES, stanza_id="e", delivery=S))
    changed = writes.delivered_up_to(BOBS, messages[5].id, R)
    assert [message.body for message in changed] == ["0", "2", "5"]
    now = [message.delivery for message in writes.messages.newest(BOBS, 9)]
    assert now == [R, P, R, R, F, R, S]
    assert writes.delivered_up_to(BOBS, messages[5].id, R) == ()
    assert writes.delivered_up_to(EVES, messages[5].id, R) == ()
    assert writes.messages.newest(EVES, 1)[0].delivery is S


def test_a_received_marker_does_not_take_back_what_was_read(writes: Writes) -> None:
    first = writes.add_message(outgoing("1", stanza_id="o1", origin_id="o1", delivery=R)).message
    second = writes.add_message(outgoing("2", stanza_id="o2", origin_id="o2", delivery=S)).message
    assert [message.id for message in writes.delivered_up_to(BOBS, second.id, D)] == [second.id]
    assert writes.messages.get(first.id) == first


def test_pending_messages_come_in_the_order_of_writing_over_all_chats(writes: Writes) -> None:
    for n, key in enumerate([BOBS, EVES, BOBS, EVES]):
        writes.add_message(outgoing(f"{n}", key=key, stanza_id=f"o{n}", origin_id=f"o{n}", time=NOON + n * SECOND))
    writes.add_message(outgoing("other", key=ChatKey(OTHER_ME, EVE), sender=OTHER_ME))
    pending = writes.messages.pending(ME)
    assert [message.body for message in pending] == ["0", "1", "2", "3"]
    writes.set_delivery(pending[1].id, Delivery.SENT)
    writes.set_delivery(pending[2].id, Delivery.FAILED, "Refused")
    assert [message.body for message in writes.messages.pending(ME)] == ["0", "3"]
    writes.set_delivery(pending[2].id, Delivery.PENDING)
    assert [message.body for message in writes.messages.pending(ME)] == ["0", "2", "3"]
