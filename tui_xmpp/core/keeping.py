"""For how long messages are kept here, and deleting what is older or what a person wants to be gone."""

import asyncio
import logging

from tui_xmpp.core.clock import now
from tui_xmpp.core.hub import Hub
from tui_xmpp.errors import RequestFailed, StorageError
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.events import HistoryExtended
from tui_xmpp.model.history import Top
from tui_xmpp.storage.store import Store

log = logging.getLogger(__name__)

DAY = 24 * 60 * 60 * 1_000_000
"""µs of a day."""

PART = 3
"""Messages deleted in one work: incoming messages must not wait for long, and the search index tidies up behind, the
longer the more was deleted at once."""

PAGES = 64
"""Pages of the file given back in one work."""

LONGEST = 36_500
"""Most days that can be asked for; else one means for ever."""

FIRST_RUN = 5.0
"""Seconds after the start until the first run: the start belongs to the screen."""

PAUSE = 3_600.0
"""Seconds between runs. Shorter than a day, since the clock that counts them stands still while a laptop sleeps."""


class Keeping:
    """How long the messages of all accounts are kept; `days` is what the settings say, 0 is for ever."""

    def __init__(self, store: Store, hub: Hub, days: int = 0) -> None:
        self._store = store
        self._hub = hub
        self.default = days
        self._running = asyncio.Lock()

    # Reading

    def days(self, key: ChatKey) -> int:
        """For how many days a chat's messages are kept in the end; 0: for ever."""
        own = self._store.keeping.days(key)
        return self.default if own is None else own

    def oldest(self, key: ChatKey) -> int:
        """Since when a chat's messages are kept, µs; 0: from its beginning."""
        days = self.days(key)
        return now() - days * DAY if days else 0

    def top(self, key: ChatKey) -> Top | None:
        """Whether it is our doing that nothing older is here; None: it is not."""
        floor = self._store.keeping.floor(key)
        if floor.deleted_until:
            return Top.DELETED
        # One who keeps messages for longer than before may have those back that the server still has.
        return Top.NOT_KEPT if floor.cut and self.oldest(key) > floor.cut - DAY else None

    def has_hole(self, key: ChatKey) -> bool:
        """Whether messages of a chat were let go that are wanted now, though the spans count them as held."""
        return bool(self._store.keeping.floor(key).cut)

    # Wishes

    async def set_days(self, key: ChatKey, days: int | None) -> None:
        """Keep a chat's messages for so many days, and let go at once of what is older."""
        if days is not None and not 0 <= days <= LONGEST:
            raise RequestFailed(f"Messages can be kept for 1 to {LONGEST:,} days, or for ever.", title="Not changed")
        await self._store.write(lambda writes: writes.set_keep_days(key, days))
        await self._let_go(key)
        await self._give_back()
        self._tell(key)

    async def delete(self, key: ChatKey) -> None:
        """Delete all stored messages of a chat, part by part; they do not come back, new ones do."""
        present = now()
        until = await self._store.write(lambda writes: writes.begin_deleting(key, present))
        while until and await self._store.write(lambda writes: writes.delete_some(key, until, PART)) == PART:
            pass
        await self._give_back()
        self._tell(key)

    # By itself

    async def keep_tidy(self) -> None:
        """Let go of what is too old, at the start and then again and again; ends when it is cancelled."""
        await asyncio.sleep(FIRST_RUN)
        while True:
            try:
                await self.run()
            except StorageError as error:
                log.warning("Old messages could not be let go of: %s", error.message)
            await asyncio.sleep(PAUSE)

    async def run(self) -> None:
        """Let go of what is too old in every chat."""
        async with self._running:
            for kept in self._store.keeping.chats():
                if await self._let_go(kept.key):
                    self._tell(kept.key)
            await self._give_back()

    async def _let_go(self, key: ChatKey) -> int:
        before = self.oldest(key)
        total = 0
        while before:
            count = await self._store.write(lambda writes: writes.let_go(key, before, PART))
            total += count
            if count < PART:
                break
        if total:
            log.info("Let go of %d messages of %s", total, key)
        return total

    async def _give_back(self) -> None:
        while await self._store.write(lambda writes: writes.give_back(PAGES)):
            pass

    def _tell(self, key: ChatKey) -> None:
        self._hub.publish(HistoryExtended(key, 0))
        self._hub.chat_changed(key)
