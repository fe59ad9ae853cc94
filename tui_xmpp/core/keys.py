"""The cryptography of one account and the one way to use it: an operation, and its changes written with its purpose.

Everything here happens in order, under one lock: a ratchet that has moved is on disk before anything else moves it, and
before a message leaves that was made with it (SECURITY 33).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tui_xmpp.core.context import Context
from tui_xmpp.core.ports import Cipher, Network
from tui_xmpp.errors import Unavailable
from tui_xmpp.model.omemo import OwnKeys
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)

DEVICE_KEY = "/own_device_id"
"""Where our device's id is kept, a number."""

T = TypeVar("T")
R = TypeVar("R")


class Keys:
    """Our keys and sessions."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._cipher: Cipher | None = None
        self._lock = asyncio.Lock()
        self._ready = asyncio.Event()
        self.own: OwnKeys | None = None
        """This program as a device; None: not loaded yet."""
        self.failed = False
        """The libraries cannot be loaded."""
        known = context.store.seals.key(context.own, DEVICE_KEY)
        context.own_device = int(known) if known is not None and known.isdigit() else 0

    @property
    def cipher(self) -> Cipher:
        """For questions that change nothing. Raises Unavailable before it is loaded."""
        if self._cipher is None or self.own is None:
            raise Unavailable("Encryption is still being loaded.")
        return self._cipher

    async def load(self, network: Network) -> None:
        """Load the libraries and our keys, which are made at the first time."""
        try:
            await self._load(network)
        except ImportError:
            log.exception("Encryption cannot be loaded")
            self.failed = True
        self._ready.set()

    async def _load(self, network: Network) -> None:
        own = self._context.own
        self._cipher = await network.cipher(own, lambda name: self._context.store.seals.key(own, name))
        async with self._lock:
            keys = await self._cipher.begin()
            await self._commit(self._cipher, lambda _writes: None)
            self.own = keys
        self._context.own_device = keys.device

    async def ready(self) -> None:
        """Return when it is loaded."""
        await self._ready.wait()

    async def do(self, operation: Callable[[Cipher], Awaitable[R]], write: Callable[[Writes, R], T]) -> T:
        """Do an operation, then write its changes and what `write` does with its result, in one transaction.

        Returns what `write` returned, when it is on disk. If anything fails, nothing has happened.
        """
        async with self._lock:
            cipher = self.cipher
            try:
                result = await operation(cipher)
            except BaseException:
                cipher.forget()
                raise
            return await self._commit(cipher, lambda writes: write(writes, result))

    async def _commit(self, cipher: Cipher, work: Callable[[Writes], T]) -> T:
        changes, own = cipher.take_changes(), self._context.own

        def write(writes: Writes) -> T:
            writes.change_keys(own, changes)
            return work(writes)

        writing = asyncio.ensure_future(self._context.pen.write(write))
        try:
            return await asyncio.shield(writing)
        except asyncio.CancelledError:
            # Once it is queued it is written, whoever waited for it. No other operation may begin before that is known.
            await asyncio.wait([writing])
            if writing.cancelled() or writing.exception() is not None:
                cipher.forget()
            raise
        except Exception:
            cipher.forget()
            raise
