"""Back and forward through the chats that one was in."""

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.ui.visited import Visited

A, B, C, D = (ChatKey(Address.parse("me@x.example"), Address.parse(f"{name}@x.example")) for name in "abcd")
ALL = {A, B, C, D}


def been(*keys: ChatKey) -> Visited:
    visited = Visited()
    for key in keys:
        visited.visit(key)
    return visited


def test_one_goes_back_and_forward() -> None:
    visited = been(A, B, B, C)
    assert [visited.go(-1, ALL) for _ in range(3)] == [B, A, None]
    assert [visited.go(1, ALL) for _ in range(3)] == [B, C, None]


def test_being_where_one_went_back_to_changes_nothing_and_going_elsewhere_cuts_off_what_lay_ahead() -> None:
    visited = been(A, B, C)
    assert visited.go(-1, ALL) == B
    visited.visit(B)
    assert visited.go(1, ALL) == C
    visited.go(-1, ALL)
    visited.visit(D)
    assert visited.go(1, ALL) is None
    assert visited.go(-1, ALL) == B


def test_a_chat_that_was_closed_is_passed_over() -> None:
    visited = been(A, B, A, C)
    assert visited.go(-1, {A, C}) == A
    assert visited.go(-1, {A, C}) is None
    assert been().go(-1, ALL) is None


def test_the_line_has_an_end() -> None:
    visited = been(*[A, B] * 100)
    steps = 0
    while visited.go(-1, ALL) is not None:
        steps += 1
    assert steps < 60
