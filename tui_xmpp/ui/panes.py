"""Which panes are shown at which width. Pure."""

from dataclasses import replace
from enum import StrEnum

from tui_xmpp.model.frozen import frozen

ALL_THREE = 100
"""Columns from which chats, conversation and people stand side by side."""
TWO = 70
"""Columns from which two of them do."""


class Pane(StrEnum):
    """The three panes."""

    CHATS = "chats"
    CHAT = "chat"
    PEOPLE = "people"


@frozen
class Wants:
    """What the person wants to see; `front` is what stands in front where there is not room for all."""

    chats: bool = True
    people: bool = True
    front: Pane = Pane.CHAT
    zoomed: bool = False
    """Only what stands in front, however much room there is."""


def visible(width: int, wants: Wants, *, has_chat: bool, is_room: bool) -> tuple[Pane, ...]:
    """The panes to show, from left to right."""
    front = wants.front
    if front is Pane.PEOPLE and not is_room:
        front = Pane.CHAT
    if width < TWO or wants.zoomed:
        return (front if has_chat else Pane.CHATS,)
    people = is_room and wants.people
    if width >= ALL_THREE:
        shown = {Pane.CHATS: wants.chats, Pane.CHAT: True, Pane.PEOPLE: people}
    else:
        in_front = people and front is Pane.PEOPLE
        shown = {Pane.CHATS: wants.chats and not in_front, Pane.CHAT: True, Pane.PEOPLE: in_front}
    return tuple(pane for pane in Pane if shown[pane])


def toggle_chats(width: int, wants: Wants) -> Wants:
    """What is wanted after the list of chats was asked for, or asked away."""
    wants = replace(wants, zoomed=False)
    if width < TWO:
        return replace(wants, front=Pane.CHAT if wants.front is Pane.CHATS else Pane.CHATS)
    if width < ALL_THREE and wants.front is Pane.PEOPLE:
        return replace(wants, chats=True, front=Pane.CHAT)
    return replace(wants, chats=not wants.chats)


def toggle_people(width: int, wants: Wants) -> Wants:
    """What is wanted after the people of the room were asked for, or asked away."""
    wants = replace(wants, zoomed=False)
    if width < ALL_THREE:
        front = Pane.CHAT if wants.front is Pane.PEOPLE else Pane.PEOPLE
        return replace(wants, people=True, front=front)
    return replace(wants, people=not wants.people)


def side_widths(width: int) -> tuple[int, int]:
    """Columns of the left and of the right pane."""
    if width >= 130:
        return 33, 24
    if width >= ALL_THREE:
        return 29, 20
    return 26, 24
