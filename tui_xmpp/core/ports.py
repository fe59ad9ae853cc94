"""The one seam between the core and the network: what each asks of the other.

The core drives a `Connection`; the network layer reports to a `Receiver`. Both speak only in values of the model.
Request methods raise `RequestFailed` for an error answer, `Unavailable` without a stream, and never hang: each has
a timeout of at most 30 s, after which they raise `RequestFailed(condition="remote-server-timeout")`.
"""

from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Protocol

from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.archive import ArchivePage, ArchiveQuery
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.files import Trust
from tui_xmpp.model.form import Form
from tui_xmpp.model.omemo import Bundle, ListedDevice, NotOpened, OmemoVersion, OwnKeys, Recipient, Sealing
from tui_xmpp.model.report import Report
from tui_xmpp.model.room import Affiliation, Bookmark, RoomListing
from tui_xmpp.model.sending import Slot, UploadService
from tui_xmpp.model.stanzas import (
    DisplayedMark,
    OpenedMessage,
    Outgoing,
    RoomInfo,
    RosterItem,
    Sealed,
    Signal,
    StreamOpened,
)


class Receiver(Protocol):
    """What the network reports to; called on the event loop, in stream order."""

    def receive(self, signal: Signal) -> None:
        """Take one signal; must not block and must not raise."""

    async def committed(self) -> None:
        """Return when everything received so far is on disk.

        The network layer waits for it before it acknowledges stanzas to the server (XEP-0198 §4), so that a
        killed process loses nothing.
        """


class Connection(Protocol):
    """One account's line to its server; outlives single streams so that they can be resumed (XEP-0198 §5)."""

    @property
    def online(self) -> bool:
        """Whether a stream is up and stanzas can be sent."""

    async def connect(self, password: str) -> StreamOpened:
        """Open one stream, resuming the last where possible; no retries of its own.

        Raises ConnectionFailed, LoginRefused, CertificateRejected or StreamUnsafe. After a loss `StreamLost` goes
        to the receiver, and `connect` may be called again. Carbons are on when it returns.
        """

    async def close(self) -> None:
        """End the stream politely and forget it; no `StreamLost` follows. Safe to call at any time."""

    def send(self, message: Outgoing) -> None:
        """Write a message stanza. Raises Unavailable without a stream."""

    # Contacts (RFC 6121)
    async def roster(self) -> tuple[RosterItem, ...]: ...  # noqa: D102 (as named)
    async def set_roster_item(self, item: RosterItem) -> None: ...  # noqa: D102 (as named)
    async def remove_roster_item(self, address: Address) -> None: ...  # noqa: D102 (as named)
    def send_presence(self, availability: Availability, status: str) -> None:
        """Broadcast our presence."""

    def subscribe(self, address: Address) -> None:
        """Ask to see presence."""

    def answer_subscription(self, address: Address, accept: bool) -> None:
        """Let them see our presence, or not."""

    # Archive (XEP-0313)
    async def archive_page(self, query: ArchiveQuery) -> ArchivePage:
        """One page, oldest first; only results from the archive that was asked."""

    async def archived_xml(self, archive: Address | None, archive_id: str, time: int) -> str:
        """One archived stanza, cleaned and indented; empty: it is not there. `time` is about when it came."""

    # Keeping somebody away (XEP-0191)
    async def blocked(self) -> tuple[Address, ...]: ...  # noqa: D102 (as named)
    async def block(self, address: Address, report: Report | None) -> None:
        """Keep an address away, with a report to the server's operators (XEP-0377) if there is one."""

    async def unblock(self, address: Address) -> None: ...  # noqa: D102 (as named)

    # Rooms (XEP-0045)
    async def room_info(self, room: Address) -> RoomInfo: ...  # noqa: D102 (as named)
    async def join_room(self, room: Address, nick: str, password: str, *, history: int) -> None:
        """Enter; returns when our own presence came back (status 110). Raises RoomRefused.

        `history` is how many stanzas of discussion history to ask for. A room that this creates is unlocked with
        its default configuration.
        """

    def leave_room(self, room: Address, nick: str) -> None: ...  # noqa: D102 (as named)
    async def change_nick(self, room: Address, nick: str) -> None:
        """Take another nickname. Raises RoomRefused."""

    def set_subject(self, room: Address, subject: str) -> None: ...  # noqa: D102 (as named)
    def invite(self, room: Address, address: Address, reason: str) -> None:
        """Invite, mediated by the room."""

    def decline_invitation(self, room: Address, inviter: Address) -> None:
        """Tell the room that we do not come (XEP-0045 §7.8.2)."""

    async def set_affiliation(self, room: Address, address: Address, affiliation: Affiliation) -> None: ...  # noqa: D102 (as named)
    async def kick(self, room: Address, nick: str, reason: str) -> None: ...  # noqa: D102 (as named)
    async def moderate(self, room: Address, archive_id: str, reason: str) -> None:
        """Take a message back for everybody (XEP-0425), in the version that the room speaks."""

    async def self_ping(self, room: Address, nick: str) -> bool:
        """Whether we are still in the room (XEP-0410)."""

    async def rooms_of(self, service: Address) -> tuple[RoomListing, ...]:
        """The public rooms of a service."""

    async def room_services(self) -> tuple[Address, ...]:
        """Addresses of the room services of our server."""

    # Files (XEP-0363)
    async def upload_service(self) -> UploadService | None:
        """Who takes files for our server; None: nobody. Raises TransferFailed where that was not said."""

    async def upload_slot(self, service: Address, name: str, size: int, kind: str) -> Slot:
        """A place for a file. Raises UploadRefused, or TransferFailed where it may be asked for again."""

    # Bookmarks (XEP-0402)
    async def bookmarks(self) -> tuple[Bookmark, ...]: ...  # noqa: D102 (as named)
    async def publish_bookmark(self, bookmark: Bookmark) -> None:
        """Store one on the server, in a node only we can read (SECURITY 12)."""

    async def retract_bookmark(self, room: Address) -> None: ...  # noqa: D102 (as named)

    # What our devices have read (XEP-0490)
    async def displayed_marks(self) -> tuple[DisplayedMark, ...]:
        """All marks that our devices have set."""

    async def publish_displayed(self, mark: DisplayedMark) -> None:
        """Set one on the server, in a node only we can read (SECURITY 12)."""

    # Devices for end-to-end encryption (XEP-0384)
    async def devices(self, address: Address, version: OmemoVersion) -> tuple[ListedDevice, ...]:
        """Somebody's device list; empty where there is none."""

    async def bundle(self, address: Address, device: int, version: OmemoVersion) -> Bundle | None:
        """The keys to begin a session with a device; None: there are none, or they are broken."""

    async def publish_devices(
        self, version: OmemoVersion, devices: tuple[ListedDevice, ...], signatures: Mapping[int, bytes]
    ) -> None:
        """Set our device list; labels go out only where they are signed."""

    async def publish_bundle(self, device: int, bundle: Bundle) -> None: ...  # noqa: D102 (as named)
    async def retract_bundle(self, device: int, version: OmemoVersion) -> None: ...  # noqa: D102 (as named)
    async def affiliated(self, room: Address) -> tuple[Address, ...]:
        """Bare addresses of a room's owners, admins and members, there or not (XEP-0045 §9.5). Outcasts never."""


class Cipher(Protocol):
    """The cryptography of one account's OMEMO: computes only, sends nothing and stores nothing.

    One operation at a time. After each, `take_changes` gives what it changed of the keys, to be written in the
    transaction that stores what the operation was for, and before anything is sent that was made with them.
    """

    async def begin(self) -> OwnKeys:
        """Load our keys, or make them."""

    async def bundle(self, version: OmemoVersion) -> Bundle: ...  # noqa: D102 (as named)
    async def renew(self) -> bool:
        """Replace used and old keys, once nothing more comes from the archives; whether to publish the bundles."""

    async def sign_label(self, label: str) -> bytes: ...  # noqa: D102 (as named)
    def fingerprint_of(self, bundle: Bundle) -> str: ...  # noqa: D102 (as named)
    def has_session(self, address: Address, device: int, version: OmemoVersion) -> bool: ...  # noqa: D102 (as named)
    def end_session(self, address: Address, device: int) -> None: ...  # noqa: D102 (as named)
    def contents(self, outgoing: Outgoing) -> dict[OmemoVersion, bytes]:
        """What of a message is to be encrypted, for each version that has room for it."""

    async def seal(self, contents: Mapping[OmemoVersion, bytes | None], recipients: Iterable[Recipient]) -> Sealing:
        """Encrypt to devices; contents of None carry nothing but keys."""

    def claims(self, sealed: Sealed) -> frozenset[str]:
        """The fingerprints with which a message would begin a session with us; changes nothing."""

    async def unseal(self, sealed: Sealed, sender: Address, known: Mapping[int, str]) -> OpenedMessage | NotOpened:
        """Open a message of one of the sender's devices, whose known fingerprints are given."""

    def take_changes(self) -> dict[str, str | None]:
        """What the operation changed: new values of keys; None: the key is gone."""

    def forget(self) -> None:
        """What was taken could not be written: read all keys from the store again."""


LoadKey = Callable[[str], str | None]
"""Reads the stored value of one key; None: there is none."""

Answers = dict[str, tuple[str, ...]]
"""Filled-in form fields: name to values."""


class Registration(Protocol):
    """An unauthenticated but TLS-protected stream on which an account can be registered (XEP-0077)."""

    @property
    def form(self) -> Form:
        """What the server asks for."""

    async def submit(self, answers: Answers) -> Address:
        """Register; returns the new bare address. Raises RegistrationRefused; the stream stays for another try."""

    async def close(self) -> None: ...  # noqa: D102 (as named)


class Network(Protocol):
    """The network layer as a whole; loaded in a thread after the first paint."""

    def connection(self, settings: AccountSettings, receiver: Receiver) -> Connection:
        """A line for one account; nothing is sent before `connect`. Must be called on the running loop."""

    async def open_registration(self, settings: AccountSettings, token: str = "") -> Registration:
        """Ask a server for its registration form; only the domain of `settings.address` matters.

        `token` is that of an invitation (XEP-0445).
        """

    async def cipher(self, account: Address, load_key: LoadKey) -> Cipher:
        """The OMEMO of one account; its libraries are imported in a thread when it is first wanted."""

    def rest(self, seconds: float) -> None:
        """Take nothing in from any line for a moment; it waits where it is, and nothing is lost."""


NetworkLoader = Callable[[], Awaitable[Network]]
"""Imports the network libraries off the loop, once, and gives the network."""


class Web(Protocol):
    """Files on web servers; loaded in a thread when the first one is wanted. Raises TransferFailed, NetworkError."""

    async def size_of(self, link: str, trust: Trust) -> int | None:
        """How many bytes a file has, as its server says; None: it does not say."""

    async def save(
        self, link: str, trust: Trust, place: Path, *, most: int, tell: Callable[[int, int | None], None]
    ) -> Path:
        """Fetch a file of at most `most` bytes, and give it a name when it is whole and genuine; returns where it is.

        Nothing at `place` is overwritten. `tell` hears on the loop how many bytes are here, and of how many.
        """

    async def put(
        self,
        slot: Slot,
        pieces: AsyncIterable[bytes],
        size: int,
        trust: Trust,
        *,
        kind: str,
        encrypted: bool,
        tell: Callable[[int], None],
    ) -> str:
        """Put a file of `size` bytes where a server has made a place; returns its link, with the key if encrypted.

        `tell` hears on the loop how many bytes have gone out. Raises what reading the pieces raises, TransferFailed
        where another try may work, UploadRefused where not.
        """


WebLoader = Callable[[], Awaitable[Web]]
"""Imports the library for HTTPS off the loop, and gives what fetches files."""


class AccountKeeper(Protocol):
    """Where accounts and passwords are kept between runs; every method may block and is called in a thread."""

    def password(self, settings: AccountSettings) -> str | None:
        """The password from the account's command or the keyring; None: a person must be asked.

        Raises ConfigError when the command fails.
        """

    def save(self, settings: AccountSettings, password: str, *, remember: bool) -> str:
        """Write the account to the settings file and the password to the keyring.

        Returns a sentence for people: where the password is, or that it will be asked for.
        """

    def remove(self, account: Address) -> None:
        """Forget an account and its password."""
