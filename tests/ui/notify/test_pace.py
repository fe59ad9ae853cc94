"""How often one is told."""

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.ui.notify.pace import MOST, Due, Pace

ME = Address.parse("alice@home.example")
MARA = ChatKey(ME, Address.parse("mara@home.example"))
ROOM = ChatKey(ME, Address.parse("kitchen@rooms.example"))


def chat(number: int) -> ChatKey:
    return ChatKey(ME, Address.parse(f"person{number}@home.example"))


def test_the_first_message_is_told_at_once_and_the_others_together() -> None:
    pace = Pace(10)
    assert pace.now_or_held(MARA, 0, urgent=False)
    assert not pace.now_or_held(MARA, 1, urgent=False)
    assert not pace.now_or_held(MARA, 9, urgent=True)
    assert pace.next_due() == 10
    assert pace.due(9.9) == ()
    assert pace.due(10) == (Due(MARA, 2, urgent=True),)
    assert pace.due(10) == ()
    assert pace.next_due() is None


def test_after_a_summary_the_pause_begins_anew() -> None:
    pace = Pace(10)
    pace.now_or_held(MARA, 0, urgent=False)
    pace.now_or_held(MARA, 1, urgent=False)
    pace.due(10)
    assert not pace.now_or_held(MARA, 12, urgent=False)
    assert pace.due(20) == (Due(MARA, 1, urgent=False),)
    assert pace.due(30) == ()
    assert pace.now_or_held(MARA, 31, urgent=False)


def test_each_chat_has_its_own_pause() -> None:
    pace = Pace(10)
    assert pace.now_or_held(MARA, 0, urgent=False)
    assert pace.now_or_held(ROOM, 1, urgent=False)


def test_what_was_read_is_not_told_any_more_and_what_comes_next_is_news() -> None:
    pace = Pace(10)
    pace.now_or_held(MARA, 0, urgent=False)
    pace.now_or_held(MARA, 1, urgent=False)
    pace.forget(MARA)
    assert pace.due(10) == ()
    assert pace.now_or_held(MARA, 2, urgent=False)


def test_many_chats_at_once_are_told_together() -> None:
    pace = Pace(10)
    told = [pace.now_or_held(chat(number), 0, urgent=False) for number in range(20)]
    assert sum(told) == MOST
    assert len(pace.due(10)) == 20 - MOST


def test_a_steady_flood_in_many_chats_never_makes_more_than_a_few_at_a_time() -> None:
    pace = Pace(10)
    moments = []
    for second in range(60):
        told = sum(pace.now_or_held(chat(number), second, urgent=False) for number in range(50))
        told += min(1, len(pace.due(second)))
        moments += [second] * told
    assert len(moments) <= 6 * (MOST + 1) + MOST
