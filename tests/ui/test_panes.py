"""Which panes are shown."""

import pytest

from tui_xmpp.ui.panes import Pane, Wants, toggle_chats, toggle_people, visible

CHATS, CHAT, PEOPLE = Pane.CHATS, Pane.CHAT, Pane.PEOPLE


@pytest.mark.parametrize(
    ("width", "wants", "has_chat", "is_room", "shown"),
    [
        (160, Wants(), True, True, [CHATS, CHAT, PEOPLE]),
        (100, Wants(), True, True, [CHATS, CHAT, PEOPLE]),
        (160, Wants(), True, False, [CHATS, CHAT]),
        (160, Wants(people=False), True, True, [CHATS, CHAT]),
        (160, Wants(chats=False), True, True, [CHAT, PEOPLE]),
        (99, Wants(), True, True, [CHATS, CHAT]),
        (80, Wants(front=PEOPLE), True, True, [CHAT, PEOPLE]),
        (80, Wants(front=PEOPLE), True, False, [CHATS, CHAT]),
        (80, Wants(), False, False, [CHATS, CHAT]),
        (69, Wants(), True, True, [CHAT]),
        (40, Wants(front=CHATS), True, True, [CHATS]),
        (40, Wants(front=PEOPLE), True, True, [PEOPLE]),
        (40, Wants(front=PEOPLE), True, False, [CHAT]),
        (40, Wants(), False, False, [CHATS]),
        (40, Wants(chats=False), False, False, [CHATS]),
    ],
)
def test_the_panes_that_there_is_room_for_are_shown(
    width: int, wants: Wants, has_chat: bool, is_room: bool, shown: list[Pane]
) -> None:
    assert list(visible(width, wants, has_chat=has_chat, is_room=is_room)) == shown


@pytest.mark.parametrize("width", [160, 80, 40])
def test_asking_twice_for_a_pane_is_as_not_asking(width: int) -> None:
    for toggle in (toggle_chats, toggle_people):
        before = visible(width, Wants(), has_chat=True, is_room=True)
        once = toggle(width, Wants())
        assert visible(width, once, has_chat=True, is_room=True) != before
        assert visible(width, toggle(width, once), has_chat=True, is_room=True) == before
