"""Files that an account's messages link to: what can be said of one, and fetching it when a person asks for it.

Nothing is fetched unasked (SECURITY 24, 27). What became of a file is remembered while the program runs.
"""

import asyncio
import logging

from tui_xmpp.core.contacts import Contacts
from tui_xmpp.core.context import Context
from tui_xmpp.errors import TransferFailed, TuiXmppError
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.events import FileChanged
from tui_xmpp.model.file_names import name_of
from tui_xmpp.model.files import FileFacts, FileState, SaveFile, Stage, StopFile, Trust
from tui_xmpp.model.links import linked_files
from tui_xmpp.model.message import Direction, Message

log = logging.getLogger(__name__)

_PAUSE = 0.2
"""Seconds between two tellings of how far a file is."""


class Downloads:
    """The files of one account."""

    def __init__(self, context: Context, contacts: Contacts) -> None:
        self._context = context
        self._contacts = contacts
        self._states: dict[tuple[int, str], FileState] = {}
        self._running: dict[tuple[int, str], asyncio.Task[None]] = {}
        self._problems: dict[tuple[int, str], TuiXmppError] = {}
        self._told = 0.0
        """When it was told last how far a file is."""

    @property
    def trust(self) -> Trust:
        """What the account trusts of web servers."""
        return self._context.trust

    def state(self, message_id: int, link: str) -> FileState | None:
        """What became of a file; None: nobody has asked for it yet."""
        return self._states.get((message_id, link))

    def facts(self, message: Message, kind: ChatKind) -> tuple[FileFacts, ...]:
        """The files that a message links to."""
        return tuple(
            FileFacts(
                name_of(link),
                shared.host,
                encrypted=shared.encrypted,
                foreign=self._is_foreign(message, kind, shared.host),
                link=link,
            )
            for link, shared in linked_files(message.body)
        )

    def _is_foreign(self, message: Message, kind: ChatKind, host: str) -> bool:
        """Whether somebody learns our network address who need not: a link can be made for one reader."""
        if message.direction is Direction.OUT or self.trust.owns(host):
            return False
        return kind is not ChatKind.CONTACT or self._contacts.get(message.chat.peer) is None

    async def size_of(self, link: str) -> int | None:
        """Ask a file's server for its size. Raises TransferFailed or a NetworkError."""
        web = await self._context.web()
        return await web.size_of(link, self.trust)

    async def save(self, command: SaveFile) -> None:
        """Fetch a file and save it. Raises TransferFailed or a NetworkError; stopped by a person, it just ends."""
        which = command.message_id, command.link
        if which in self._running:
            raise TransferFailed("It is on its way already.")
        task = self._running[which] = self._context.tasks.spawn(self._fetch(command), "fetch a file")
        await asyncio.wait((task,))  # who waits may go away: the file comes all the same
        problem = self._problems.pop(which, None)
        if problem is not None:
            raise problem

    def stop(self, command: StopFile) -> None:
        """Let a file be."""
        task = self._running.get((command.message_id, command.link))
        if task is not None:
            task.cancel()

    async def _fetch(self, command: SaveFile) -> None:
        which = command.message_id, command.link
        self._problems.pop(which, None)
        self._tell(command, FileState(Stage.COMING))

        def tell(received: int, size: int | None) -> None:
            now = asyncio.get_running_loop().time()
            if now - self._told >= _PAUSE or received == size:
                self._told = now
                self._tell(command, FileState(Stage.COMING, received, size))

        try:
            web = await self._context.web()
            place = await web.save(command.link, self.trust, command.place, most=command.most, tell=tell)
        except TuiXmppError as error:
            log.info("A file was not saved: %s", error.title)
            self._problems[which] = error
            self._tell(command, FileState(Stage.FAILED, problem=error.message))
        else:
            self._tell(command, FileState(Stage.SAVED, place=place))
        finally:
            self._running.pop(which, None)
            state = self._states.get(which)
            if state is not None and state.stage is Stage.COMING:  # stopped, or an error that nobody foresaw
                self._tell(command, None)

    def _tell(self, command: SaveFile, state: FileState | None) -> None:
        which = command.message_id, command.link
        if state is None:
            self._states.pop(which, None)
        else:
            self._states[which] = state
        self._context.hub.publish(FileChanged(command.key, command.message_id))
