"""Forgetting an account."""

from tests.storage.builders import BOB, BOBS, ME, OTHER_ME, incoming
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.stanzas import RosterItem
from tui_xmpp.storage.writes import Writes


def test_an_account_is_forgotten_in_parts_and_vanishes_from_the_lists_with_the_first(writes: Writes) -> None:
    for n in range(5):
        writes.add_message(incoming(f"{n}", stanza_id=f"{n}"))
    writes.ensure_chat(BOBS, ChatKind.CONTACT, open=True)
    writes.upsert_contact(ME, RosterItem(BOB))
    writes.add_message(incoming("kept", key=ChatKey(OTHER_ME, BOB)))
    assert writes.forget_some(ME, 2)
    assert writes.chats.all_open() == ()
    assert writes.contacts.all() == ()
    assert len(writes.messages.newest(BOBS, 9)) == 3
    assert writes.forget_some(ME, 2)
    assert not writes.forget_some(ME, 2)
    assert not writes.forget_some(ME, 2)
    assert writes.chats.get(BOBS) is None
    assert len(writes.messages.newest(ChatKey(OTHER_ME, BOB), 9)) == 1
