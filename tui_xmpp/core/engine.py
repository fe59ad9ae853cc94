"""The engine: all accounts, behind the one façade that the screen and the command line see.

It can be made and read before a network library is imported and before the loop runs; `start` brings it online.
What the façade promises is in `core.facade`; how events relate to archives: each message that catching up brings is
a `MessageAdded` that is not live, followed by one `HistoryExtended` for its chat and page; a page that somebody
scrolled back to is a `HistoryExtended` alone.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tui_xmpp.core.accounts import Accounts
from tui_xmpp.core.backlog import Backlog
from tui_xmpp.core.facade import Listener
from tui_xmpp.core.hub import Hub
from tui_xmpp.core.keeping import Keeping
from tui_xmpp.core.loaded import Loaded, no_web
from tui_xmpp.core.tasks import Tasks
from tui_xmpp.errors import RequestFailed, StorageError, TuiXmppError
from tui_xmpp.model.account import AccountSettings, AccountState
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey
from tui_xmpp.model.commands import AnswerRequest, Command
from tui_xmpp.model.contact import Contact, Presence
from tui_xmpp.model.events import AccountChanged, AccountRemoved, ProblemRaised
from tui_xmpp.model.files import FileFacts, FileState
from tui_xmpp.model.history import Top
from tui_xmpp.model.letter import Letter
from tui_xmpp.model.message import Message, Operation
from tui_xmpp.model.omemo import ChatSecurity, Device
from tui_xmpp.model.request import Request
from tui_xmpp.model.room import Bookmark, Occupant, Room, RoomListing
from tui_xmpp.storage.store import Store

if TYPE_CHECKING:
    from tui_xmpp.core.ports import AccountKeeper, NetworkLoader, Registration, WebLoader
    from tui_xmpp.core.session import Session
    from tui_xmpp.model.record import Version
    from tui_xmpp.model.report import Remedies
    from tui_xmpp.model.search import SearchPage, SearchQuery

log = logging.getLogger(__name__)

GOODBYE = 2.0
"""Seconds that leaving politely may take."""


class Engine:
    """Implements `core.facade.Facade`; `keep_days` is for how long messages are kept, 0 for ever.

    `downloads` says where files go; without `load_web` none can be fetched.
    """

    def __init__(
        self,
        store: Store,
        settings: Sequence[AccountSettings],
        load_network: "NetworkLoader",
        keeper: "AccountKeeper",
        *,
        keep_days: int = 0,
        load_web: "WebLoader" = no_web,
        downloads: Callable[[], Path] = Path.cwd,
    ) -> None:
        self._store = store
        self._network = Loaded(load_network)
        self._web = Loaded(load_web)
        self._keeper = keeper
        self._hub = Hub(self._open_chat, self.room)
        self._tasks = Tasks(self._task_failed)
        self._keeping = Keeping(store, self._hub, keep_days)
        self._backlog = Backlog(store, self._hub, self._is_busy)
        self._downloads = downloads
        self._accounts = Accounts((account for account in settings if account.enabled), store, self._session)
        self._left_out = {account.address: account for account in settings if not account.enabled}
        store.on_problem = self._store_failed

    def _session(self, settings: AccountSettings) -> "Session":
        from tui_xmpp.core.context import Context
        from tui_xmpp.core.session import Session

        context = Context(settings, self._store, self._hub, self._tasks, self._keeping, self._backlog, self._web)
        return Session(context, self._keeper)

    # Reading

    def accounts(self) -> tuple[AccountState, ...]:
        """All enabled accounts in the order of the settings."""
        return tuple(self._accounts.state(account) for account in self._accounts)

    def settings(self, account: Address) -> AccountSettings:
        """What was set for an account."""
        return self._left_out[account] if account in self._left_out else self._accounts.settings(account)

    def chats(self) -> tuple[Chat, ...]:
        """The open chats of all accounts, newest activity first."""
        return tuple(chat for chat in self._store.chats.all_open() if chat.key.account in self._accounts)

    def chat(self, key: ChatKey) -> Chat | None:
        """One chat's row."""
        return self._store.chats.get(key)

    def contacts(self) -> tuple[Contact, ...]:
        """The contacts of all accounts, sorted by title."""
        everybody = (contact for account in self._accounts for contact in self._accounts.contacts(account))
        return tuple(sorted(everybody, key=lambda contact: (contact.title.casefold(), contact.address)))

    def contact(self, account: Address, address: Address) -> Contact | None:
        """One contact."""
        return self._accounts.contact(account, address)

    def presence(self, account: Address, address: Address) -> Presence:
        """Best presence of a contact."""
        return self._accounts.presence(account, address)

    def own_presence(self, account: Address) -> Presence:
        """What others see of us; OFFLINE without a line."""
        return self._accounts.own_presence(account)

    def newest(self, key: ChatKey, limit: int) -> tuple[Message, ...]:
        """The last messages of a chat, oldest first."""
        return self._accounts.live(key, self._store.messages.newest(key, limit))

    def older(self, key: ChatKey, before: Message, limit: int) -> tuple[Message, ...]:
        """Messages just before one, oldest first."""
        return self._accounts.live(key, self._store.messages.older(key, before.position, before.id, limit))

    def newer(self, key: ChatKey, after: Message, limit: int) -> tuple[Message, ...]:
        """Messages just after one, oldest first."""
        return self._accounts.live(key, self._store.messages.newer(key, after.position, after.id, limit))

    def search(self, query: "SearchQuery", limit: int, before: int | None = None) -> "SearchPage":
        """The newest messages that fit."""
        return self._store.search.find(query, limit, before=before, accounts=tuple(self._accounts))

    def message(self, message_id: int) -> Message | None:
        """One message as it is stored now."""
        message = self._store.messages.get(message_id)
        return None if message is None else self._accounts.live(message.chat, (message,))[0]

    def versions(self, message_id: int) -> tuple["Version", ...]:
        """Every text that a corrected message had."""
        return self._store.messages.versions(message_id)

    def whole_text(self, message_id: int) -> str:
        """The body as it came."""
        return self._store.messages.whole_text(message_id)

    def operations(self, message: Message) -> frozenset[Operation]:
        """What may be done with a message now."""
        return self._of(message.chat.account).operations.allowed(message)

    @property
    def download_folder(self) -> Path:
        """Where files are saved unless a person says something else."""
        return self._downloads()

    def files(self, message: Message) -> tuple[FileFacts, ...]:
        """The files that a message links to."""
        session = self._of(message.chat.account)
        return session.downloads.facts(message, session.chats.kind(message.chat))

    def file_state(self, message: Message, link: str) -> FileState | None:
        """What became of one of them."""
        account = message.chat.account
        session = self._accounts.made(account) if account in self._accounts else None
        return None if session is None else session.downloads.state(message.id, link)

    async def size_of_file(self, message: Message, link: str) -> int | None:
        """Ask the file's server how large it is."""
        return await self._of(message.chat.account).downloads.size_of(link)

    def first_unread(self, key: ChatKey) -> int | None:
        """Local id of the first unread message."""
        return self._store.chats.first_unread(key)

    def archive_begins_here(self, key: ChatKey) -> bool:
        """Nothing older exists on the server than what the store has."""
        session = self._of(key.account)
        return session.sync.begins(key, session.chats.kind(key))

    def gaps(self, key: ChatKey) -> frozenset[int]:
        """Ids of the messages over which others may be missing."""
        return self._accounts.gaps(key)

    def top(self, key: ChatKey) -> Top:
        """What is above the oldest stored message of a chat."""
        return self._of(key.account).top(key)

    def retention(self, key: ChatKey) -> int | None:
        """For how many days messages of a chat are kept."""
        return self._store.keeping.days(key)

    @property
    def keep_days(self) -> int:
        """For how many days messages are kept as the settings say; 0: for ever."""
        return self._keeping.default

    def room(self, key: ChatKey) -> Room:
        """What is known of a room."""
        return self._accounts.room(key)

    def joined(self) -> frozenset[ChatKey]:
        """The rooms that we are in now."""
        return frozenset(key for session in self._accounts.sessions for key in session.rooms.joined)

    def bookmarks(self, account: Address) -> tuple[Bookmark, ...]:
        """The rooms kept on the server for an account."""
        return self._store.rooms.bookmarks(account)

    def occupants(self, key: ChatKey) -> tuple[Occupant, ...]:
        """Who is in the room now."""
        return self._accounts.occupants(key)

    def typing(self, key: ChatKey) -> tuple[str, ...]:
        """Who is writing in the chat now."""
        return self._accounts.typing(key)

    def security(self, key: ChatKey) -> ChatSecurity:
        """How what is written in a chat goes out."""
        return self._accounts.security(key)

    def devices(self, account: Address, address: Address) -> tuple[Device, ...]:
        """The OMEMO devices of somebody, or our own."""
        return self._of(account).omemo.devices.of(address)

    def people(self, key: ChatKey) -> tuple[Address, ...]:
        """Real addresses of a chat's other people, as far as they are known."""
        session = self._of(key.account)
        return session.omemo.sealing.people(key, session.chats.kind(key))

    async def learn_people(self, key: ChatKey) -> tuple[Address, ...]:
        """Ask a private room who belongs to it."""
        session = self._of(key.account)
        return await session.omemo.sealing.ask_members(key, session.chats.kind(key))

    async def learn_devices(self, account: Address, address: Address) -> None:
        """Ask for the devices of somebody, and their keys."""
        await self._of(account).omemo.devices.learn_all(address)

    def remedies(self, account: Address) -> "Remedies":
        """What the account's server can do against somebody."""
        return self._of(account).complaints.remedies

    def requests(self) -> tuple[Request, ...]:
        """What waits for an answer, oldest first."""
        return tuple(request for request in self._store.requests.all() if request.account in self._accounts)

    # Facts and wishes

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear of every change from now on."""
        return self._hub.subscribe(listener)

    async def do(self, command: Command) -> None:
        """Fulfil a wish. Raises a TuiXmppError."""
        from tui_xmpp.core.dispatch import account_of, fulfil

        account = account_of(command)
        if isinstance(command, AnswerRequest):
            request = self._store.requests.get(command.request_id)
            if request is None:
                raise RequestFailed("This has been answered already.", title="No longer asked")
            account = request.account
        for each in self._accounts if account is None else (account,):
            await fulfil(self._of(each), command)

    async def post(self, letter: Letter, patience: float) -> bool:
        """Send a text for another process; False: not from here, but over a connection of its own. Raises as `post`."""
        from tui_xmpp.core.posting import post

        if letter.account not in self._accounts or not self._accounts.settings(letter.account).enabled:
            return False
        return await post(self._of(letter.account), letter, patience)

    # Life

    async def start(self) -> None:
        """Load the network off the loop and connect every enabled account; returns when that is under way."""
        self._tasks.spawn(self._connect_all(), "start")
        self._tasks.spawn(self._keeping.keep_tidy(), "let go of old messages")

    async def _connect_all(self) -> None:
        await asyncio.to_thread(_load_sessions)
        network = await self._network()
        for account in self._accounts:
            if account in self._accounts:  # still, for others had their turn
                self._of(account).start(network)
            await asyncio.sleep(0)  # each reads its contacts and rooms, and the screen is not held up by all at once

    def rest(self, seconds: float) -> None:
        """Take nothing in for a moment."""
        if self._network.value is not None:
            self._network.value.rest(seconds)

    async def close(self) -> None:
        """Leave politely (two seconds at most), commit everything and close the store."""
        try:
            async with asyncio.timeout(GOODBYE):
                await asyncio.gather(*(session.stop() for session in self._accounts.sessions), return_exceptions=True)
        except TimeoutError:
            log.info("Leaving took too long")
        self._backlog.close()
        await self._tasks.close()
        self._network.cancel()
        self._web.cancel()
        await self._store.close()

    # Accounts

    async def check_account(self, settings: AccountSettings, password: str) -> None:
        """Sign in once and out again."""
        from tui_xmpp.core.trial import check_account

        await check_account(await self._network(), settings, password)

    async def add_account(self, settings: AccountSettings, password: str, *, remember: bool = True) -> str:
        """Keep an account and connect it; returns where its password is."""
        kept = await asyncio.to_thread(self._keeper.save, settings, password, remember=remember)
        before = self._accounts.stopped(settings.address)
        if before is not None:
            await before.stop()
        self._left_out.pop(settings.address, None)
        await self._store.write(lambda writes: writes.ensure_account(settings.address))
        session = self._accounts.add(settings)
        self._hub.publish(AccountChanged(session.connector.state))
        network = await self._network()
        session.connector.start(password)
        session.start(network)
        return kept

    async def remove_account(self, account: Address) -> None:
        """Disconnect an account and forget it."""
        session = self._accounts.made(account) if account in self._accounts else None
        if session is not None:
            await session.stop()
        await asyncio.to_thread(self._keeper.remove, account)
        self._accounts.forget(account)
        self._left_out.pop(account, None)
        while await self._store.write(lambda writes: writes.forget_some(account)):
            pass  # part by part: messages of other accounts must not wait until a long history is gone
        self._hub.publish(AccountRemoved(account))

    async def open_registration(self, settings: AccountSettings, token: str = "") -> "Registration":
        """Ask a server how to register an account."""
        return await (await self._network()).open_registration(settings, token)

    # Asking the server

    async def rooms_of(self, account: Address, service: Address) -> tuple[RoomListing, ...]:
        """The public rooms of a service."""
        return await self._of(account).context.line().rooms_of(service)

    async def room_services(self, account: Address) -> tuple[Address, ...]:
        """The room services of the account's server."""
        return await self._of(account).context.line().room_services()

    async def blocked(self, account: Address) -> tuple[Address, ...]:
        """Whom the account's server keeps away."""
        return await self._of(account).complaints.blocked()

    async def raw_stanza(self, message_id: int) -> str:
        """A message's XML as an archive has it."""
        from tui_xmpp.core.raw_stanzas import raw_stanza

        message = self._store.messages.get(message_id)
        if message is None:
            raise RequestFailed("The message was deleted here.", title="No XML")
        session = self._of(message.chat.account)
        return await raw_stanza(session.context, session.chats, message)

    # Helpers

    def _is_busy(self) -> bool:
        return any(session.busy for session in self._accounts.sessions)

    def _of(self, account: Address) -> "Session":
        return self._accounts.of(account)

    def _open_chat(self, key: ChatKey) -> Chat | None:
        return self._store.chats.get(key) if self._store.chats.is_open(key) else None

    def _task_failed(self, _name: str, error: Exception) -> None:
        title, text = "Something went wrong", "The log says more."
        if isinstance(error, TuiXmppError):
            title, text = error.title, error.message
        self._hub.publish(ProblemRaised(None, title, text))

    def _store_failed(self, error: Exception) -> None:
        text = error.message if isinstance(error, TuiXmppError) else "The log says more."
        self._hub.publish(ProblemRaised(None, StorageError.title, text))


def _load_sessions() -> None:
    """Import what sessions are made of before they are needed: on the loop it would hold the screen up."""
    from tui_xmpp.core import dispatch, posting  # noqa: F401
