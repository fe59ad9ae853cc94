"""The whole of the engine that the screen and the command line may use.

Reading is synchronous and comes from the local store (a page of 50 messages costs 0.15 ms), so a screen can be
painted before any network library is imported. Wishes go through `do`; facts come back through `subscribe`.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tui_xmpp.model.account import AccountSettings, AccountState
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey
from tui_xmpp.model.commands import Command
from tui_xmpp.model.contact import Contact, Presence
from tui_xmpp.model.events import Event
from tui_xmpp.model.files import FileFacts, FileState
from tui_xmpp.model.history import Top
from tui_xmpp.model.message import Message, Operation
from tui_xmpp.model.omemo import ChatSecurity, Device
from tui_xmpp.model.request import Request
from tui_xmpp.model.room import Bookmark, Occupant, Room, RoomListing

if TYPE_CHECKING:
    from tui_xmpp.core.ports import Registration
    from tui_xmpp.model.record import Version
    from tui_xmpp.model.report import Remedies
    from tui_xmpp.model.search import SearchPage, SearchQuery

Listener = Callable[[Sequence[Event]], None]
"""Called on the loop with all events of one tick."""


class Facade(Protocol):
    """What `core.engine.Engine` offers."""

    def rest(self, seconds: float) -> None:
        """Take nothing in for a moment: somebody is at the keys, who is answered first."""

    # Reading: from the store and from memory, at once
    def accounts(self) -> tuple[AccountState, ...]:
        """All enabled accounts in the order of the settings."""

    def settings(self, account: Address) -> AccountSettings:
        """What was set for an account."""

    def chats(self) -> tuple[Chat, ...]:
        """The open chats of all accounts, newest activity first."""

    def chat(self, key: ChatKey) -> Chat | None:
        """One chat's row, open or not; None when nothing is known of it."""

    def contacts(self) -> tuple[Contact, ...]:
        """The contacts of all accounts, sorted by title."""

    def contact(self, account: Address, address: Address) -> Contact | None: ...  # noqa: D102 (as named)
    def presence(self, account: Address, address: Address) -> Presence:
        """Best presence over all resources; OFFLINE when nothing is known."""

    def own_presence(self, account: Address) -> Presence:
        """What we last told the world."""

    def newest(self, key: ChatKey, limit: int) -> tuple[Message, ...]:
        """The last messages of a chat, oldest first."""

    def older(self, key: ChatKey, before: Message, limit: int) -> tuple[Message, ...]:
        """Messages just before one, oldest first."""

    def newer(self, key: ChatKey, after: Message, limit: int) -> tuple[Message, ...]:
        """Messages just after one, oldest first."""

    def search(self, query: "SearchQuery", limit: int, before: int | None = None) -> "SearchPage":
        """The newest messages that fit, of all enabled accounts; `before` is the `next` of the page before."""

    def message(self, message_id: int) -> Message | None:
        """One message as it is stored now."""

    def versions(self, message_id: int) -> tuple["Version", ...]:
        """Every text that a corrected message had, the first one first; empty: it was never corrected."""

    def whole_text(self, message_id: int) -> str:
        """The body as it came, with what is there for other clients only (XEP-0428); cleaned."""

    def operations(self, message: Message) -> frozenset[Operation]:
        """What may be done with a message now; it may be refused all the same, by the server for one."""

    @property
    def download_folder(self) -> Path:
        """Where files are saved unless a person says something else; it may not be there."""

    def files(self, message: Message) -> tuple[FileFacts, ...]:
        """The files that a message links to."""

    def file_state(self, message: Message, link: str) -> FileState | None:
        """What became of one of them; None: nobody has asked for it since the program started."""

    async def size_of_file(self, message: Message, link: str) -> int | None:
        """Ask the file's server how large it is; None: it does not say. Raises TransferFailed, NetworkError."""

    def retention(self, key: ChatKey) -> int | None:
        """For how many days messages of a chat are kept; None: as the settings say, 0: for ever."""

    def first_unread(self, key: ChatKey) -> int | None:
        """Local id of the first unread message; None: everything is read."""

    def archive_begins_here(self, key: ChatKey) -> bool:
        """Nothing older exists on the server than what the store has."""

    def gaps(self, key: ChatKey) -> frozenset[int]:
        """Ids of the stored messages over which others may be missing, which are not fetched yet."""

    def top(self, key: ChatKey) -> Top:
        """What is above the oldest stored message of a chat, and why."""

    @property
    def keep_days(self) -> int:
        """For how many days messages are kept as the settings say; 0: for ever."""

    def room(self, key: ChatKey) -> Room: ...  # noqa: D102 (as named)
    def joined(self) -> frozenset[ChatKey]:
        """The rooms that we are in now; quicker than asking for each."""

    def bookmarks(self, account: Address) -> tuple[Bookmark, ...]:
        """The rooms kept on the server for an account, joined or not; go-to offers them."""

    def occupants(self, key: ChatKey) -> tuple[Occupant, ...]:
        """Who is in the room now, in no particular order."""

    def typing(self, key: ChatKey) -> tuple[str, ...]:
        """Who is writing in the chat now."""

    def security(self, key: ChatKey) -> ChatSecurity:
        """How what is written in a chat goes out, as far as it is known now."""

    def devices(self, account: Address, address: Address) -> tuple[Device, ...]:
        """The OMEMO devices known of somebody, or our own (this one is marked), oldest first."""

    def people(self, key: ChatKey) -> tuple[Address, ...]:
        """Real addresses of a chat's other people: the contact, or whoever belongs to a room and is known."""

    async def learn_people(self, key: ChatKey) -> tuple[Address, ...]:
        """As `people`, of a private group with those who are not there. Raises RequestFailed, Unavailable."""

    async def learn_devices(self, account: Address, address: Address) -> None:
        """Ask which devices somebody has, and for keys that are not known. Raises RequestFailed, Unavailable."""

    def remedies(self, account: Address) -> "Remedies":
        """What the account's server can do against somebody; nothing without a connection."""

    def requests(self) -> tuple[Request, ...]:
        """What waits for an answer, oldest first."""

    # Facts and wishes
    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear of every change from now on; call what is returned to stop."""

    async def do(self, command: Command) -> None:
        """Fulfil a wish. Raises a `TuiXmppError` whose texts can be shown."""

    # Accounts
    async def start(self) -> None:
        """Load the network off the loop and connect every enabled account; returns when that is under way."""

    async def close(self) -> None:
        """Leave politely (two seconds at most), commit everything and close the store."""

    async def check_account(self, settings: AccountSettings, password: str) -> None:
        """Sign in once and out again, for the wizard. Raises a `NetworkError` in people's words."""

    async def add_account(self, settings: AccountSettings, password: str, *, remember: bool = True) -> str:
        """Keep an account in the settings and its password in the keyring (if wanted), and connect it.

        Returns a sentence for people: where the password is kept, or that it will be asked for.
        """

    async def remove_account(self, account: Address) -> None:
        """Disconnect an account, take it out of the settings and forget its local data and password."""

    async def open_registration(self, settings: AccountSettings, token: str = "") -> "Registration":
        """Ask a server how to register an account."""

    # Asking the server
    async def rooms_of(self, account: Address, service: Address) -> tuple[RoomListing, ...]:
        """The public rooms of a service."""

    async def blocked(self, account: Address) -> tuple[Address, ...]:
        """Whom the account's server keeps away. Raises RequestFailed, Unavailable."""

    async def raw_stanza(self, message_id: int) -> str:
        """A message's XML as an archive has it. Raises RequestFailed, Unavailable."""

    async def room_services(self, account: Address) -> tuple[Address, ...]:
        """The room services of the account's server."""
