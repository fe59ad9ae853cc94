"""What we know of one room: who is there, and where we stand. Pure state, changed by what the room tells."""

from dataclasses import dataclass, field, replace
from enum import Enum

from tui_xmpp.core.wording import why_out
from tui_xmpp.errors import RoomRefusal
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.room import Occupant, Role, Room, RoomStatus
from tui_xmpp.model.stanzas import OccupantReceived, RoomInfo

SHOWS_ADDRESSES = 100
SELF = 110
NICK_CHANGED = 303
BANNED = 301
KICKED = 307
AFFILIATION_LOST = 321
MEMBERS_ONLY_NOW = 322
SHUT_DOWN = 332
TECHNICAL = 333
"""Status codes of XEP-0045 §15.6.2."""

_THROWN_OUT = frozenset({BANNED, KICKED, AFFILIATION_LOST, MEMBERS_ONLY_NOW})
_BY_MISHAP = frozenset({SHUT_DOWN, TECHNICAL})


class Turn(Enum):
    """What an occupant's presence means for our own standing."""

    NONE = "none"
    ENTERED = "entered"
    LOST = "lost"
    """We are out by mishap, and want in again."""
    OUT = "out"
    """We are out by somebody's will."""


@dataclass(slots=True)
class RoomModel:
    """One room of one account."""

    key: ChatKey
    nick: str
    password: str = ""
    name: str = ""
    subject: str = ""
    subject_by: str = ""
    private: bool = False
    status: RoomStatus = RoomStatus.LEFT
    refusal: RoomRefusal | None = None
    problem: str = ""
    bookmarked: bool = False
    autojoin: bool = False
    informed: bool = False
    """The room has said on this stream what it is and has."""
    has_archive: bool = False
    has_extended_archive: bool = False
    """The archive can bound pages by ids (XEP-0313 §4.1.4)."""
    has_occupant_ids: bool = False
    """Occupant-ids of this room may be believed (XEP-0421 §3)."""
    assigns_ids: bool = False
    """Stanza-ids by this room may be believed (XEP-0359 §5)."""
    can_moderate: bool = False
    """Moderators can take back messages of others here (XEP-0425 §3)."""
    shows_addresses: bool = False
    """As the room said with our own presence: everybody there sees everybody's address (XEP-0045 §7.2.3)."""
    own_occupant_id: str = ""
    held: str = ""
    """The nickname by which the room may still take us for being in, though we had to come back."""
    subject_known: bool = False
    """The subject that comes at the end of entering (XEP-0045 §7.2.15) has come."""
    visited: bool = False
    """We had messages of this room before we entered, so what came since is news."""
    occupants: dict[str, Occupant] = field(default_factory=dict)
    people: dict[str, Address] = field(default_factory=dict)
    """Real addresses by occupant-id, of all who were seen."""
    since: dict[str, int] = field(default_factory=dict)
    """Since when each nickname is held without a break, µs since the epoch; 0: before we came."""

    @property
    def wanted(self) -> bool:
        """Whether we are in the room or trying to be."""
        return self.status in {RoomStatus.JOINED, RoomStatus.JOINING}

    @property
    def shown(self) -> Room:
        """The room as the screen shows it."""
        return Room(
            key=self.key,
            status=self.status,
            name=self.name,
            nick=self.nick,
            subject=self.subject,
            subject_by=self.subject_by,
            refusal=self.refusal,
            problem=self.problem,
            bookmarked=self.bookmarked,
            autojoin=self.autojoin,
            private=self.private,
            people=len(self.occupants),
        )

    @property
    def we_moderate(self) -> bool:
        """Whether we are a moderator here now (XEP-0045 §5.1)."""
        us = self.occupants.get(self.nick)
        return self.status is RoomStatus.JOINED and us is not None and us.role is Role.MODERATOR

    @property
    def holds_nick(self) -> bool:
        """Whether our nickname is ours: while we are in, and as long as the room has not noticed that we fell out.

        It goes on telling us what is said then, for it knows us by an address that we have again on the next stream.
        """
        return self.status is RoomStatus.JOINED or (self.status is RoomStatus.JOINING and self.held == self.nick)

    @property
    def entering(self) -> bool:
        """Whether what comes may still be the history that the room repeats: the subject ends it (§7.2.15)."""
        return not self.subject_known

    def learn(self, info: RoomInfo) -> None:
        """Take in what the room says of itself."""
        self.informed = True
        self.name, self.private = info.name or self.name, info.is_private
        self.has_archive = info.has_archive
        self.has_extended_archive = info.has_extended_archive
        self.has_occupant_ids = info.has_occupant_ids
        self.assigns_ids = info.has_stable_ids
        self.can_moderate = info.can_moderate

    def begin_entering(self) -> None:
        """We are on our way in; whoever was there before is not known to be there now."""
        self.status, self.refusal, self.problem = RoomStatus.JOINING, None, ""
        self._forget_people()

    def entered(self) -> None:
        """Our own presence has come back."""
        self.status, self.refusal, self.problem, self.held = RoomStatus.JOINED, None, "", ""

    def refused(self, refusal: RoomRefusal, problem: str) -> None:
        """A person must act before we can be in this room."""
        self.status, self.refusal, self.problem, self.held = RoomStatus.REFUSED, refusal, problem, ""
        self._forget_people()

    def left(self, problem: str = "") -> None:
        """We are out, and do not try to come back."""
        self.status, self.refusal, self.problem, self.held = RoomStatus.LEFT, None, problem, ""
        self._forget_people()

    def waiting(self, problem: str = "") -> None:
        """We are out, and come back by ourselves."""
        if self.status is RoomStatus.JOINED:
            self.held = self.nick
        self.begin_entering()
        self.problem = problem

    def _forget_people(self) -> None:
        self.occupants.clear()
        self.since.clear()
        self.subject_known = False

    def apply(self, presence: OccupantReceived, now: int) -> Turn:
        """Take an occupant's presence in; says what it means for us."""
        nick = presence.sender.resource
        own = SELF in presence.status_codes or (nick == self.nick and self.status is RoomStatus.JOINED)
        if presence.availability is Availability.OFFLINE:
            return self._gone(presence, nick, own)
        if own:
            self.nick = nick
            self.shows_addresses = SHOWS_ADDRESSES in presence.status_codes
            self.own_occupant_id = presence.occupant_id or self.own_occupant_id
        self.since.setdefault(nick, now if self.status is RoomStatus.JOINED else 0)
        self.occupants[nick] = _occupant(presence, own=own)
        return Turn.ENTERED if own and self.status is not RoomStatus.JOINED else Turn.NONE

    def _gone(self, presence: OccupantReceived, nick: str, own: bool) -> Turn:
        codes = presence.status_codes
        before = self.occupants.pop(nick, None)
        since = self.since.pop(nick, None)
        if NICK_CHANGED in codes and presence.new_nick:
            if before is not None and since is not None:
                self.occupants[presence.new_nick] = replace(before, nick=presence.new_nick)
            if own:
                self.nick = presence.new_nick
            return Turn.NONE
        if not own or self.status is not RoomStatus.JOINED:
            return Turn.NONE
        if codes & _BY_MISHAP and not presence.destroyed:
            self.waiting(why_out(presence))
            self.held = ""
            return Turn.LOST
        if BANNED in codes:
            self.refused(RoomRefusal.BANNED, why_out(presence))
        elif presence.destroyed:
            self.refused(RoomRefusal.GONE, why_out(presence))
        elif codes & {AFFILIATION_LOST, MEMBERS_ONLY_NOW}:
            self.refused(RoomRefusal.MEMBERS_ONLY, why_out(presence))
        elif codes & _THROWN_OUT:
            self.left(why_out(presence))
        else:
            self.waiting()
            self.held = ""
            return Turn.LOST
        return Turn.OUT


def _occupant(presence: OccupantReceived, *, own: bool) -> Occupant:
    return Occupant(
        nick=presence.sender.resource,
        affiliation=presence.affiliation,
        role=presence.role,
        availability=presence.availability,
        status=presence.status,
        address=presence.address,
        occupant_id=presence.occupant_id,
        own=own,
    )


def room_address(key: ChatKey) -> Address:
    """The room of a room's chat or of a private chat in it."""
    return key.peer.bare
