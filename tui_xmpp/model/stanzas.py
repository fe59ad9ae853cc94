"""What the network layer tells the core: each stanza parsed once into one plain, cleaned value.

Nothing here has been believed yet. The values say what the stanza claims and how it came; `core` decides
(SECURITY "Who said it"). Texts are cleaned; addresses are parsed; what could not be parsed never gets here.
"""

from dataclasses import field
from enum import StrEnum

from tui_xmpp.model.address import Address
from tui_xmpp.model.contact import Availability, Subscription
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message_parts import Fallback, Invitation, Reactions, ReplyTo, Retraction, StanzaId
from tui_xmpp.model.omemo import Envelope, ListedDevice, OmemoVersion
from tui_xmpp.model.room import Affiliation, Bookmark, Role


class MessageType(StrEnum):
    """The `type` of a message stanza (RFC 6121 §5.2.2)."""

    CHAT = "chat"
    NORMAL = "normal"
    GROUPCHAT = "groupchat"
    HEADLINE = "headline"
    ERROR = "error"


class Route(StrEnum):
    """How a message reached us."""

    LIVE = "live"
    CARBON_RECEIVED = "carbon-received"
    CARBON_SENT = "carbon-sent"
    ARCHIVE = "archive"


class ChatState(StrEnum):
    """XEP-0085 §2."""

    ACTIVE = "active"
    COMPOSING = "composing"
    PAUSED = "paused"
    INACTIVE = "inactive"
    GONE = "gone"


@frozen
class Sealed:
    """An encrypted message as it came, to be opened in its turn, perhaps after the next start."""

    xml: str = field(repr=False)
    """The whole stanza."""
    route: Route
    outer_sender: Address | None
    delay: int | None = None
    delay_by: Address | None = None
    """Of the envelope that it came in, as is the archive id."""
    archive_id: str = ""
    mark: str = ""
    """The same for the same ciphertext, by which another arrival is known; empty: it carries nothing but keys."""
    device: int = 0
    """The sender's."""


@frozen
class MessageReceived:
    """One message stanza; for carbons and archive results the inner one."""

    route: Route
    outer_sender: Address | None
    """`from` of the stanza that came over our stream (None: no `from`, that is, our own server)."""
    sender: Address
    recipient: Address
    type: MessageType
    id: str = ""
    body: str | None = None
    """Cleaned; None where there is no body element at all."""
    subject: str | None = None
    thread: str = ""
    origin_id: str = ""
    stanza_ids: tuple[StanzaId, ...] = ()
    delay: int | None = None
    """Time of XEP-0203 (or of the archive's envelope), µs since the epoch."""
    delay_by: Address | None = None
    archive_id: str = ""
    """The id of the archive's result (XEP-0313 §4.2), set on ARCHIVE only."""
    chat_state: ChatState | None = None
    receipt_request: bool = False
    receipt_for: str = ""
    """Id that a delivery receipt acknowledges (XEP-0184)."""
    displayed: str = ""
    """Id that a `displayed` marker names (XEP-0333)."""
    received: str = ""
    """Id that a legacy `received` marker names (XEP-0333)."""
    markable: bool = False
    replaces: str = ""
    """Id that this message corrects (XEP-0308)."""
    reactions: Reactions | None = None
    reply_to: ReplyTo | None = None
    retraction: Retraction | None = None
    tombstone: Retraction | None = None
    """What an archive has in place of a message that was taken back (XEP-0424 §5, XEP-0425 §6)."""
    fallbacks: tuple[Fallback, ...] = ()
    occupant_id: str = ""
    """XEP-0421, only meaningful when the room announces it."""
    is_private: bool = False
    """Carries `<x xmlns='…muc#user'/>`: a private message in a room (XEP-0045 §7.5)."""
    status_codes: frozenset[int] = frozenset()
    """muc#user status codes (XEP-0045 §15.6.2), live groupchat and its configuration changes."""
    invitation: Invitation | None = None
    declined: bool = False
    encrypted: str = ""
    """Namespace or name of an encryption (XEP-0380); empty: none, or it was undone."""
    sealed: Sealed | None = None
    """Set on what is encrypted with OMEMO."""
    no_store: bool = False
    unstyled: bool = False
    """Asterisks and the like are meant as they are (XEP-0393 §5.3)."""
    error: str = ""
    """Error text for people, type ERROR only."""
    error_condition: str = ""


@frozen
class OpenedMessage:
    """What a sealed message turned out to be, and which device it comes from."""

    message: MessageReceived | None
    """None: it carried nothing but keys, or nothing that can be read."""
    version: OmemoVersion
    device: int
    fingerprint: str
    answer: bool = False
    """See `Opened.answer`."""


@frozen
class PresenceReceived:
    """Presence of a contact or of another resource of ours."""

    sender: Address
    availability: Availability
    status: str = ""
    priority: int = 0


class SubscriptionAction(StrEnum):
    """Subscription presences (RFC 6121 §3)."""

    SUBSCRIBE = "subscribe"
    SUBSCRIBED = "subscribed"
    UNSUBSCRIBE = "unsubscribe"
    UNSUBSCRIBED = "unsubscribed"


@frozen
class SubscriptionReceived:
    """A subscription presence."""

    sender: Address
    action: SubscriptionAction
    status: str = ""
    nick: str = ""


@frozen
class OccupantReceived:
    """Presence of a room's occupant (XEP-0045 §7), also those that say somebody left."""

    sender: Address
    """`room@service/nick`"""
    availability: Availability
    status: str = ""
    affiliation: Affiliation = Affiliation.NONE
    role: Role = Role.NONE
    address: Address | None = None
    """Real bare address, where shown."""
    occupant_id: str = ""
    new_nick: str = ""
    """The nick they change to, with status 303."""
    status_codes: frozenset[int] = frozenset()
    reason: str = ""
    actor: str = ""
    destroyed: bool = False
    alternate: Address | None = None


@frozen
class OccupantError:
    """An error presence from a room we are in or entering (XEP-0045 §7.2)."""

    sender: Address
    condition: str
    text: str = ""


@frozen
class RosterItem:
    """One item of the roster (RFC 6121 §2.1.2)."""

    address: Address
    name: str = ""
    groups: tuple[str, ...] = ()
    subscription: Subscription = Subscription.NONE
    asked: bool = False
    removed: bool = False


@frozen
class RosterPushed:
    """A roster push whose sender the network layer has verified (CVE-2015-8688)."""

    item: RosterItem
    version: str = ""


@frozen
class BookmarksChanged:
    """A PEP event on our own bookmarks node from our own bare address (XEP-0402)."""

    published: tuple[Bookmark, ...] = ()
    retracted: tuple[Address, ...] = ()


@frozen
class DisplayedMark:
    """Up to which message one of our devices has read a chat (XEP-0490 §3)."""

    peer: Address
    """Bare address of the contact or room; a room's occupant by full address."""
    stanza_id: StanzaId


@frozen
class DisplayedChanged:
    """A PEP event on our own node of displayed marks from our own bare address (XEP-0490)."""

    marks: tuple[DisplayedMark, ...]


@frozen
class DevicesChanged:
    """Somebody's list of OMEMO devices, from their own bare address (XEP-0384 §5.3.1)."""

    address: Address
    version: OmemoVersion
    devices: tuple[ListedDevice, ...]


@frozen
class StanzaAcked:
    """The server acknowledged a message of ours (XEP-0198)."""

    stanza_id: str


@frozen
class StreamLost:
    """The line is down; `resumable` streams keep their queue for the next connect."""

    reason: str
    resumable: bool = False
    conflict: bool = False
    """Another session took our resource: come back at most once (RFC 6120 §4.9.3.3)."""


@frozen
class StreamBegun:
    """A stream is being set up anew, so the last one is over; what comes from now on is of the new one.

    It comes before anything that the new stream brings, `StreamOpened` only when that is ready for us.
    """


@frozen
class StreamOpened:
    """Signed in (or resumed); the answer to `Connection.connect`."""

    own: Address
    """Full address bound."""
    resumed: bool
    features: frozenset[str] = frozenset()
    """Features of our own account's bare address (archive, PEP, bookmarks…), empty when resumed."""
    server_features: frozenset[str] = frozenset()
    security: str = ""
    """TLS version, cipher and login mechanism in a line, for the account's security page."""
    peer: str = ""
    """The server's network address."""


@frozen
class Outgoing:
    """A message stanza to build and send."""

    recipient: Address
    type: MessageType
    id: str
    body: str | None = None
    origin_id: str = ""
    chat_state: ChatState | None = None
    request_receipt: bool = False
    markable: bool = False
    receipt_for: str = ""
    displayed: str = ""
    subject: str | None = None
    private: bool = False
    """To an occupant of a room: adds `<x xmlns='…muc#user'/>`."""
    replaces: str = ""
    """Id that this message corrects (XEP-0308)."""
    reactions: Reactions | None = None
    reply_to: ReplyTo | None = None
    retracts: str = ""
    """Id of an own message to take back (XEP-0424); `body` is the fallback for others then."""
    fallbacks: tuple[Fallback, ...] = ()
    link: str = ""
    """The file that `body` is the link of, for clients that show it (XEP-0066 §3); never that of an encrypted file."""
    no_store: bool = False
    envelopes: tuple[Envelope, ...] = ()
    """The message goes out encrypted: these take the place of what they hold."""


@frozen
class RoomInfo:
    """What a room says of itself (XEP-0045 §6.4)."""

    name: str = ""
    features: frozenset[str] = field(default_factory=frozenset)

    @property
    def has_archive(self) -> bool:
        """The room keeps an archive that can be asked (XEP-0313 §2)."""
        return any(feature.startswith("urn:xmpp:mam:2") for feature in self.features)

    @property
    def has_extended_archive(self) -> bool:
        """Its archive can bound pages by ids (XEP-0313 §4.1.4)."""
        return "urn:xmpp:mam:2#extended" in self.features

    @property
    def has_occupant_ids(self) -> bool:
        """Occupant-ids of this room may be believed (XEP-0421 §3)."""
        return "urn:xmpp:occupant-id:0" in self.features

    @property
    def has_stable_ids(self) -> bool:
        """Stanza-ids `by` this room may be believed (XEP-0359 §5)."""
        return "urn:xmpp:sid:0" in self.features or self.has_archive

    @property
    def can_moderate(self) -> bool:
        """Moderators can take back messages of others here (XEP-0425 §3), in the present or the first version."""
        return not self.features.isdisjoint({"urn:xmpp:message-moderate:1", "urn:xmpp:message-moderate:0"})

    @property
    def is_private(self) -> bool:
        """A private group: members-only and non-anonymous."""
        return "muc_membersonly" in self.features and self.shows_addresses

    @property
    def shows_addresses(self) -> bool:
        """Everybody there sees everybody's address."""
        return "muc_nonanonymous" in self.features


Signal = (
    MessageReceived
    | PresenceReceived
    | SubscriptionReceived
    | OccupantReceived
    | OccupantError
    | RosterPushed
    | BookmarksChanged
    | DisplayedChanged
    | DevicesChanged
    | StanzaAcked
    | StreamBegun
    | StreamLost
)
