"""Rooms (XEP-0045), bookmarks (XEP-0402)."""

from enum import StrEnum

from tui_xmpp.errors import RoomRefusal
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.frozen import frozen


class Affiliation(StrEnum):
    """Long-lived standing in a room (XEP-0045 §5.2)."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    NONE = "none"
    OUTCAST = "outcast"


class Role(StrEnum):
    """Standing during one visit (XEP-0045 §5.1)."""

    MODERATOR = "moderator"
    PARTICIPANT = "participant"
    VISITOR = "visitor"
    NONE = "none"


@frozen
class Occupant:
    """Somebody who is in the room now."""

    nick: str
    """As the protocol has it, the resource of the occupant's address; `model.text.clean` before drawing."""
    affiliation: Affiliation = Affiliation.NONE
    role: Role = Role.PARTICIPANT
    availability: Availability = Availability.ONLINE
    status: str = ""
    address: Address | None = None
    """The real bare address, where the room shows it."""
    occupant_id: str = ""
    own: bool = False


class RoomStatus(StrEnum):
    """Where we stand with a room."""

    LEFT = "left"
    JOINING = "joining"
    JOINED = "joined"
    REFUSED = "refused"
    """A person must act; `Room.refusal` and `Room.problem` say on what."""


@frozen
class Room:
    """What the screen shows of a room besides its people."""

    key: ChatKey
    status: RoomStatus = RoomStatus.LEFT
    name: str = ""
    nick: str = ""
    subject: str = ""
    subject_by: str = ""
    refusal: RoomRefusal | None = None
    problem: str = ""
    bookmarked: bool = False
    autojoin: bool = False
    private: bool = False
    """Members-only and non-anonymous: a private group; else a public channel."""
    people: int = 0


@frozen
class Bookmark:
    """A room kept on the server (XEP-0402); `extensions` is unknown XML kept as it came."""

    room: Address
    name: str = ""
    nick: str = ""
    password: str = ""
    autojoin: bool = False
    extensions: str = ""


ROOM_DIRECTORY_LIMIT = 500
"""Most rooms taken from one service's list."""


@frozen
class RoomListing:
    """One room of a service's public list (XEP-0045 §6.3)."""

    address: Address
    name: str = ""
