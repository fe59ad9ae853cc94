"""What goes into the store and what comes back from writing, where the model has no value for it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.contact import Contact
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message import Delivery, Direction, Encryption, Message, MessageKind, Tombstone
from tui_xmpp.model.omemo import Trust
from tui_xmpp.model.stanzas import Sealed


@frozen
class NewReply:
    """What a new message answers (XEP-0461)."""

    target: str
    archive: Address | None = None
    """The room, if `target` is its stanza-id; None: it is the id or the origin-id of the original."""
    quoted: str = ""
    """What the answer itself quotes of the original, cleaned; shown where the store does not have it."""


@frozen
class NewSeal:
    """What has to be kept of an encrypted message until it is opened."""

    sealed: Sealed
    archive: Address
    """The archive that has it: ours, or the room's."""
    author: Address | None
    """Bare address of the author; None: of an occupant whose address is not known."""
    waits: bool = True
    """Else nobody here can open it, and it is only kept to be known again."""


@frozen
class SealedMessage:
    """One that is stored and waits to be opened."""

    message: Message
    sealed: Sealed
    author: Address | None
    counts_unread: bool


@frozen
class NewMessage:
    """A message to store, already judged: every id in it is believed, the text is cleaned."""

    key: ChatKey
    kind: ChatKind
    """Kind of the chat, used where the chat is not known yet."""
    direction: Direction
    sender: Address
    """Bare in 1:1 chats, `room@service/nick` in rooms and private messages."""
    body: str
    time: int
    """When it was sent, µs since the epoch, UTC."""
    message_kind: MessageKind = MessageKind.TEXT
    nick: str = ""
    occupant_id: str = ""
    delivery: Delivery = Delivery.SENT
    encryption: Encryption = Encryption.NONE
    stanza_id: str = ""
    origin_id: str = ""
    mentions_us: bool = False
    archive_ids: tuple[tuple[Address, str], ...] = ()
    """Verified ids, each with the archive that gave it (our bare address or the room's)."""
    from_archive: bool = False
    """Placed by its time, not at the end: for archived messages and a room's discussion history."""
    counts_unread: bool = True
    """Whether it may count as unread; a room's backlog before the first visit does not."""
    leaves_room: bool = False
    """Not `from_archive`: what was missed may still have to find room before it, as before the first of a stream."""
    marker: str = ""
    """The id that a marker has to name when it is read, if its sender asked for one (XEP-0333); empty: nobody did."""
    position_after: int | None = None
    """With `from_archive`: the position that it must come after."""
    position_before: int | None = None
    """With `from_archive`: the position that it must come before; wins over `position_after`."""
    reply: NewReply | None = None
    whole: str = ""
    """The body as it came, where `body` is only a part of it (XEP-0428); else empty."""
    tombstone: Tombstone | None = None
    """It was taken back; `body` is empty then."""
    unstyled: bool = False
    """The text has no styles (XEP-0393 §5.3)."""
    device: int = 0
    """The OMEMO device that it comes from."""
    trust: Trust | None = None
    key_id: int = 0
    """The key that encrypted it, see `DeviceWrites.key_id`."""
    sealed: NewSeal | None = None
    """It is still encrypted, and is not shown before it is opened."""


class Change(StrEnum):
    """What is done with a message that was sent before."""

    CORRECTION = "correction"
    RETRACTION = "retraction"
    MODERATION = "moderation"
    REACTIONS = "reactions"


@frozen
class NewOperation:
    """Something done with a message, already judged: whose it is, is believed, and the texts are cleaned."""

    key: ChatKey
    kind: ChatKind
    """Kind of the chat, used where the chat is not known yet."""
    change: Change
    target: str
    """Id of the message that is meant."""
    direction: Direction
    sender: Address
    """As in `NewMessage`."""
    time: int
    archive: Address | None = None
    """The room, if `target` is its stanza-id; None: it is the message's own id or its origin-id."""
    body: str = ""
    """The new text, or why it was taken back."""
    emojis: tuple[str, ...] = ()
    nick: str = ""
    occupant_id: str = ""
    stanza_id: str = ""
    encryption: Encryption = Encryption.NONE
    whole: str = ""
    mentions_us: bool = False
    moderator: str = ""
    """Nickname of who took somebody else's message back."""
    not_before: int = 0
    """The author is proven for what was sent since then only, µs since the epoch."""
    from_archive: bool = False
    device: int = 0
    """The OMEMO device that it comes from."""
    key_id: int = 0
    """The key that encrypted it, see `DeviceWrites.key_id`."""


@frozen
class OutgoingOperation:
    """Something that we did with a message and the server is not known to have."""

    id: int
    """Grows in the order in which they were done."""
    key: ChatKey
    message_id: int
    change: Change
    stanza_id: str
    time: int
    body: str
    """The new text."""
    emojis: tuple[str, ...]
    undo: str
    """What the store needs to take it back."""


class Outcome(Enum):
    """What storing a message came to."""

    ADDED = auto()
    KNOWN = auto()
    """The same message came again; nothing visible changed (missing ids were kept)."""
    UPDATED = auto()
    """The same message came again and changed what is shown: its delivery."""
    MOVED = auto()
    """The same message came again, and stands elsewhere now: the archive has it in another place."""


@frozen
class Stored:
    """A message as it stands in the store now, and how it got there."""

    message: Message
    outcome: Outcome


@dataclass(slots=True)
class Above:
    """What stands above the next page of an archive that is read backwards; each page that is stored adds to it."""

    limits: dict[ChatKey, int] = field(default_factory=dict)
    """The lowest position of each chat: what is further down stands below."""
    live: dict[ChatKey, int] = field(default_factory=dict)
    """Where what came live begins in each chat."""
    passed: dict[ChatKey, dict[str, int]] = field(default_factory=dict)
    """What the pages have shown of each chat, by archive id: a page may begin with some of it once more."""
    skipped: bool = False
    """Something that was held has not been read again, so that not every chat's limit is known."""

    def bound(self, key: ChatKey, position: int) -> None:
        """Let what is further down stand below a position."""
        self.limits[key] = min(position, self.limits.get(key, position))

    def shift(self, key: ChatKey, position: int, room: int) -> None:
        """All that a chat has from a position on stands further up now."""
        for places in (self.limits, self.live):
            if places.get(key, 0) >= position:
                places[key] += room
        for name, place in self.passed.get(key, {}).items():
            if place >= position:
                self.passed[key][name] = place + room

    def limit(self, key: ChatKey, on_page: Collection[str]) -> int | None:
        """Below what a page with these ids has to stand; None: anything."""
        passed = self.passed.get(key, {})
        if passed.keys().isdisjoint(on_page):
            return self.limits.get(key)
        return min((position for name, position in passed.items() if name not in on_page), default=None)


@frozen
class Span:
    """A stretch of an archive that the store holds without a gap (archive ids are opaque, XEP-0313 §4.2)."""

    id: int
    archive: Address
    """Our bare address or a room's."""
    peer: Address | None
    """Only the messages with this address (`with` of the query); None: the whole archive."""
    oldest_id: str
    newest_id: str
    oldest_position: int
    newest_position: int
    """Positions of the outermost messages known in it; 0 when it has none."""
    begins: bool
    """The archive has nothing older."""


@frozen
class RosterChange:
    """What replacing a contact list came to."""

    changed: tuple[Contact, ...] = ()
    """Added or different now."""
    removed: tuple[Address, ...] = ()
