"""What a batch of events means for one conversation."""

from dataclasses import replace

from tests.ui.messages import message
from tests.ui.scene import HOME, KITCHEN_KEY, MARA, MARA_KEY, WORK
from tui_xmpp.model.account import AccountState, AccountStatus
from tui_xmpp.model.chat import Chat, ChatKind
from tui_xmpp.model.contact import Contact, Presence
from tui_xmpp.model.events import (
    AccountChanged,
    ChatChanged,
    ContactChanged,
    Event,
    HistoryExtended,
    MessageAdded,
    MessageChanged,
    OccupantsChanged,
    PresenceChanged,
    RoomChanged,
    TypingChanged,
)
from tui_xmpp.model.message import Delivery
from tui_xmpp.model.room import Room
from tui_xmpp.ui.news import News, news_of

ADDED = MessageAdded(message(1), live=True)


def test_messages_are_gathered_and_the_rest_is_summed_up() -> None:
    changed = message(2)

    assert news_of(KITCHEN_KEY, [ADDED, MessageChanged(changed), HistoryExtended(KITCHEN_KEY, 50)]) == News(
        added=[ADDED], changed=[changed], reread=True, brought=50
    )
    assert news_of(KITCHEN_KEY, [OccupantsChanged(KITCHEN_KEY)]) == News(people=True, around=True)
    assert news_of(KITCHEN_KEY, [RoomChanged(Room(KITCHEN_KEY))]) == News(renamed=True, around=True)
    assert news_of(KITCHEN_KEY, [TypingChanged(KITCHEN_KEY, ())]) == News(around=True)
    assert news_of(KITCHEN_KEY, [ChatChanged(Chat(KITCHEN_KEY, ChatKind.ROOM, "Kitchen"))]) == News(around=True)


def test_the_window_is_read_again_only_for_what_has_no_event_of_its_own() -> None:
    def is_read_again(*events: Event) -> bool:
        return news_of(KITCHEN_KEY, events).reread

    older = MessageAdded(message(2), live=False)
    # Catching up tells of each message that its page brought.
    assert not is_read_again(ADDED, older, HistoryExtended(KITCHEN_KEY, 2))
    # A page that somebody scrolled back to does not; nor what was deleted, or has moved to another place.
    assert is_read_again(HistoryExtended(KITCHEN_KEY, 2))
    assert is_read_again(older, HistoryExtended(KITCHEN_KEY, 2))
    assert is_read_again(HistoryExtended(KITCHEN_KEY, 0))
    assert is_read_again(older, MessageChanged(message(3)), HistoryExtended(KITCHEN_KEY, 1))


def test_what_is_known_of_a_contact_concerns_the_chat_with_it() -> None:
    assert news_of(MARA_KEY, [PresenceChanged(HOME, MARA, Presence())]) == News(around=True)
    assert news_of(MARA_KEY, [ContactChanged(Contact(HOME, MARA))]) == News(renamed=True, around=True)


def test_the_line_of_the_chat_s_own_account_concerns_it() -> None:
    assert news_of(MARA_KEY, [AccountChanged(AccountState(HOME, AccountStatus.ONLINE))]) == News(line=True)
    assert news_of(MARA_KEY, [AccountChanged(AccountState(WORK, AccountStatus.ONLINE))]) == News()


def test_other_chats_and_accounts_do_not_concern_it() -> None:
    others: list[Event] = [ADDED, HistoryExtended(KITCHEN_KEY, 1), PresenceChanged(WORK, MARA, Presence())]

    assert news_of(MARA_KEY, others) == News()


def test_a_message_that_changed_since_it_was_added_is_added_as_it_is_now() -> None:
    now = replace(ADDED.message, delivery=Delivery.SENT)

    assert news_of(KITCHEN_KEY, [ADDED, MessageChanged(now)]).added == [replace(ADDED, message=now)]
