"""What one occupant may do to another, as a table."""

import pytest

from tui_xmpp.model.address import Address
from tui_xmpp.model.room import Affiliation, Occupant, Role
from tui_xmpp.ui.screens.powers import Power, powers

OWNER, ADMIN, MEMBER, NONE = Affiliation.OWNER, Affiliation.ADMIN, Affiliation.MEMBER, Affiliation.NONE
MODERATOR, PARTICIPANT = Role.MODERATOR, Role.PARTICIPANT
KNOWN = Address.parse("juno@far.example")


def _own(affiliation: Affiliation, role: Role) -> Occupant:
    return Occupant("Alice", affiliation, role, own=True)


def _other(affiliation: Affiliation, *, known: bool = True) -> Occupant:
    return Occupant("Juno", affiliation, PARTICIPANT, address=KNOWN if known else None)


@pytest.mark.parametrize(
    ("own", "other", "expected"),
    [
        (_own(NONE, PARTICIPANT), _other(NONE), set()),
        (_own(MEMBER, PARTICIPANT), _other(NONE), set()),
        (_own(MEMBER, MODERATOR), _other(NONE), {Power.KICK}),
        (_own(MEMBER, MODERATOR), _other(ADMIN), set()),
        (_own(ADMIN, MODERATOR), _other(NONE, known=False), {Power.KICK}),
        (_own(ADMIN, MODERATOR), _other(NONE), {Power.KICK, Power.MAKE_MEMBER, Power.BAN}),
        (_own(ADMIN, MODERATOR), _other(MEMBER), {Power.KICK, Power.MAKE_GUEST, Power.BAN}),
        (_own(ADMIN, MODERATOR), _other(ADMIN), set()),
        (_own(ADMIN, MODERATOR), _other(OWNER), set()),
        (_own(OWNER, MODERATOR), _other(NONE), {Power.KICK, Power.MAKE_MEMBER, Power.MAKE_ADMIN, Power.BAN}),
        (_own(OWNER, MODERATOR), _other(MEMBER), {Power.KICK, Power.MAKE_GUEST, Power.MAKE_ADMIN, Power.BAN}),
        (_own(OWNER, MODERATOR), _other(ADMIN), {Power.KICK, Power.MAKE_MEMBER, Power.MAKE_GUEST, Power.BAN}),
        (_own(OWNER, MODERATOR), _other(OWNER), set()),
        (None, _other(NONE), set()),
    ],
)
def test_one_may_do_to_another_what_ones_standing_allows(
    own: Occupant | None, other: Occupant, expected: set[Power]
) -> None:
    assert set(powers(own, other)) == expected


def test_nobody_is_offered_to_kick_himself() -> None:
    own = _own(OWNER, MODERATOR)
    assert powers(own, own) == ()
