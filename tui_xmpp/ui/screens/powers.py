"""What one occupant of a room may do to another (XEP-0045 §5)."""

from enum import StrEnum

from tui_xmpp.model.room import Affiliation, Occupant, Role


class Power(StrEnum):
    """One thing that can be done to an occupant."""

    KICK = "kick"
    BAN = "ban"
    MAKE_MEMBER = "make-member"
    MAKE_GUEST = "make-guest"
    MAKE_ADMIN = "make-admin"


_STANDING = {
    Affiliation.OUTCAST: 0,
    Affiliation.NONE: 1,
    Affiliation.MEMBER: 2,
    Affiliation.ADMIN: 3,
    Affiliation.OWNER: 4,
}


def powers(own: Occupant | None, other: Occupant) -> tuple[Power, ...]:
    """What we may do to another occupant.

    Moderators kick who does not stand above them (§8.2). Admins set members, guests and bans below admin, owners
    everything (§5.2.1); both need the real address. Nobody does anything to himself here.
    """
    if own is None or other.own or own.nick == other.nick:
        return ()
    mine, theirs = _STANDING[own.affiliation], _STANDING[other.affiliation]
    found: list[Power] = []
    if own.role is Role.MODERATOR and theirs <= mine and (theirs < _STANDING[Affiliation.ADMIN] or theirs < mine):
        found.append(Power.KICK)
    governs = other.address is not None and mine >= _STANDING[Affiliation.ADMIN] and theirs < mine
    if governs:
        if other.affiliation is not Affiliation.MEMBER:
            found.append(Power.MAKE_MEMBER)
        if other.affiliation in {Affiliation.MEMBER, Affiliation.ADMIN}:
            found.append(Power.MAKE_GUEST)
        if own.affiliation is Affiliation.OWNER and other.affiliation is not Affiliation.ADMIN:
            found.append(Power.MAKE_ADMIN)
        found.append(Power.BAN)
    return tuple(found)
