"""The rows of the right pane."""

from tui_xmpp.model.contact import Availability
from tui_xmpp.model.room import Affiliation, Occupant, Role
from tui_xmpp.ui.people import people_rows


def shown(*occupants: Occupant) -> list[str]:
    return ["".join(text for text, _ in line.left) for row in people_rows(occupants) for line in row.lines]


def test_people_stand_under_their_standing_by_name() -> None:
    assert shown(
        Occupant("Zoe"),
        Occupant("mara", Affiliation.OWNER),
        Occupant("Juno", Affiliation.OWNER, availability=Availability.AWAY, status="chef"),
        Occupant("Alice", Affiliation.MEMBER, own=True),
        Occupant("Visitor", role=Role.VISITOR),
    ) == [
        "PEOPLE  5", "",
        "Owners", "◐ Juno  chef", "● mara",
        "Members", "● Alice you",
        "Others", "● Visitor  cannot speak here", "● Zoe",
    ]  # fmt: skip


def test_a_nickname_is_cleaned_before_it_is_drawn_but_kept_as_it_is_for_the_protocol() -> None:
    hostile = Occupant("ad\u202emin\x1b[31m")
    row = people_rows([hostile])[-1]

    assert row.lines[0].left[1][0] == " admin[31m"
    assert row.target is hostile
