"""The right pane: who is in the room now, by their standing."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import ClassVar

from textual.binding import BindingType

from tui_xmpp.model.contact import Availability
from tui_xmpp.model.room import Affiliation, Occupant, Role
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui import actions
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.row_list import RowList
from tui_xmpp.ui.rows import Line, Part, Row
from tui_xmpp.ui.words import PRESENCE, STANDING, presence_style

_ORDER = tuple(Affiliation)
_LIMIT = 2_000
"""Most people listed; a room of more is told by its number."""


class PeopleList(RowList):
    """The people of the open room."""

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.PEOPLE)]
    menu: ClassVar[frozenset[Where]] = frozenset({Where.LIST, Where.PEOPLE})

    def show_people(self, occupants: Sequence[Occupant]) -> None:
        """Show who is there now."""
        self.show(people_rows(occupants))


def people_rows(occupants: Sequence[Occupant]) -> list[Row]:
    """`PEOPLE 5`, then owners, admins, members and others, each by name."""
    rows = [Row("heading", (Line((("PEOPLE", "heading"), (f"  {len(occupants)}", "quiet"))),)), Row("blank", (Line(),))]
    for standing, members in groupby(_sorted(occupants)[:_LIMIT], key=lambda occupant: STANDING[occupant.affiliation]):
        rows.append(Row(f"standing {standing}", (Line(((standing, "quiet"),)),)))
        rows += [_row(occupant) for occupant in members]
    return rows


def _sorted(occupants: Iterable[Occupant]) -> list[Occupant]:
    return sorted(
        occupants,
        key=lambda occupant: (min(_ORDER.index(occupant.affiliation), 3), occupant.nick.casefold(), occupant.nick),
    )


def _row(occupant: Occupant) -> Row:
    availability = occupant.availability if occupant.availability is not Availability.OFFLINE else Availability.ONLINE
    nick = clean_line(occupant.nick)
    parts: list[Part] = [(PRESENCE[availability], presence_style(availability))]
    parts.append((f" {nick}", "accent" if occupant.own else f"name:{occupant.nick}"))
    if occupant.own:
        parts.append((" you", "quiet"))
    words = occupant.status or ("cannot speak here" if occupant.role is Role.VISITOR else "")
    if words:
        parts.append((f"  {clean_line(words)}", "quiet"))
    return Row(f"occupant {occupant.nick}", (Line(tuple(parts)),), occupant)
