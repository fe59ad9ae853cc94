"""Keeps one account connected: signs in, waits and tries again, and knows when a person must act (SECURITY 7)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from tui_xmpp.core.backoff import KNOCK, Backoff
from tui_xmpp.core.conflicts import Conflicts
from tui_xmpp.core.context import Context
from tui_xmpp.core.ports import AccountKeeper, Connection
from tui_xmpp.core.wording import CONFLICT, problem_of
from tui_xmpp.errors import ConnectionFailed, LoginRefused, NetworkError, NobodyThere, TuiXmppError
from tui_xmpp.model.account import AccountState, AccountStatus
from tui_xmpp.model.events import AccountChanged
from tui_xmpp.model.stanzas import StreamLost, StreamOpened

log = logging.getLogger(__name__)

GOODBYE = 2.0
"""Seconds that a polite end of the stream may take."""


class Connector:
    """One account's way to be online; `opened` is called for each stream, before the state says ONLINE."""

    def __init__(
        self, context: Context, keeper: AccountKeeper, opened: Callable[[StreamOpened], None], gone: Callable[[], None]
    ) -> None:
        self._context = context
        self._keeper = keeper
        self._opened = opened
        self._gone = gone
        self._password: str | None = None
        self._keep_password = False
        """The password is to be kept once it has proven right."""
        self._task: asyncio.Task[None] | None = None
        self._waits = Backoff()
        self._now = asyncio.Event()
        self._lost = asyncio.Event()
        self._conflict = False
        self._conflicts = Conflicts()
        self._reason = ""
        self._begun = 0.0
        self._knocks = False
        """Tries follow each other so quickly that they are told as one long wait."""
        self.state = AccountState(context.own, AccountStatus.OFFLINE)

    @property
    def held(self) -> float:
        """Seconds since the last stream was opened."""
        return asyncio.get_running_loop().time() - self._begun

    # Wishes

    def start(self, password: str | None = None, *, keep: bool = False) -> None:
        """Be connected from now on; if we wait for the next try, try now. `keep` a password that proves right."""
        self._password = password or self._password
        self._keep_password = keep and password is not None
        if self._context.connection is None:
            return
        if self._task is not None and not self._task.done():
            self._waits.reset()
            self._now.set()
            return
        self._now.clear()
        self._lost.clear()
        self._conflict = False
        self._conflicts.reset()
        self._task = self._context.tasks.spawn(self._keep(self._context.connection), f"connect {self._context.own}")

    async def stop(self) -> None:
        """Go offline and stay so until `start`."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        if self._context.connection is not None:
            await _politely(self._context.connection.close())
        self._gone()
        self._set(AccountStatus.OFFLINE)

    def lost(self, signal: StreamLost) -> None:
        """The stream is down."""
        log.info("%s lost its stream: %s", self._context.own, signal.reason)
        self._conflict = signal.conflict
        self._reason = signal.reason
        self._lost.set()

    # The loop

    async def _keep(self, connection: Connection) -> None:
        try:
            while True:
                if not await self._connect_once(connection):
                    return
        except TuiXmppError as error:
            self._fail(error)

    async def _connect_once(self, connection: Connection) -> bool:
        """Be online once and until the stream is lost, or wait for the next try; False: a person must act."""
        password = await self._ask_password()
        if password is None:
            self._set(AccountStatus.NEEDS_PASSWORD)
            return False
        if not self._knocks:
            self._set(AccountStatus.CONNECTING)
        self._lost.clear()
        self._now.clear()
        try:
            opened = await connection.connect(password)
        except ConnectionFailed as error:
            await self._wait(error.message, is_down=isinstance(error, NobodyThere))
            return True
        except LoginRefused as error:
            self._password = None
            self._fail(error, AccountStatus.NEEDS_PASSWORD)
            return False
        except NetworkError as error:
            self._fail(error)
            return False
        self._begun = asyncio.get_running_loop().time()
        self._conflicts.opened(self._begun)
        self._opened(opened)
        self._set(AccountStatus.ONLINE)
        if self._keep_password:
            self._keep_password = False
            self._context.tasks.spawn(self._save(password), f"keep {self._context.own}")
        await self._lost.wait()
        self._waits.lost(self.held)
        if self._conflict and not self._conflicts.may_return(asyncio.get_running_loop().time()):
            await connection.close()
            self._gone()
            self._set(AccountStatus.FAILED, CONFLICT)
            return False
        await self._wait(self._reason)
        return True

    async def _ask_password(self) -> str | None:
        """The password, once asked for kept while we run: a command may open a prompt each time."""
        if self._password is None:
            self._password = await asyncio.to_thread(self._keeper.password, self._context.settings)
        return self._password

    async def _save(self, password: str) -> None:
        try:
            await asyncio.to_thread(self._keeper.save, self._context.settings, password, remember=True)
        except TuiXmppError as error:
            log.warning("The password of %s is not kept: %s", self._context.own, error.message)

    async def _wait(self, problem: str, *, is_down: bool = False) -> None:
        seconds = self._waits.next_wait(is_down=is_down)
        self._knocks = is_down and seconds <= KNOCK
        self._set(AccountStatus.WAITING, problem, KNOCK if self._knocks else seconds)
        try:
            async with asyncio.timeout(seconds):
                await self._now.wait()
        except TimeoutError:
            pass
        self._now.clear()

    def _fail(self, error: TuiXmppError, status: AccountStatus = AccountStatus.FAILED) -> None:
        log.warning("%s cannot be connected: %s", self._context.own, error.message)
        self._gone()
        self._set(status, problem_of(error))

    def _set(self, status: AccountStatus, problem: str = "", retry_in: float = 0.0) -> None:
        state = AccountState(self._context.own, status, problem, retry_in)
        if state != self.state:
            self.state = state
            self._context.hub.publish(AccountChanged(state))


async def _politely(goodbye: Awaitable[None]) -> None:
    try:
        async with asyncio.timeout(GOODBYE):
            await goodbye
    except (TimeoutError, TuiXmppError) as error:
        log.info("The stream was not ended politely: %r", error)
