"""Where an open program takes letters of `tui-xmpp send`: it has the keys, and nobody else can have them meanwhile."""

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from tui_xmpp.cli.exits import Exit, exit_for
from tui_xmpp.cli.letters import LONGEST_LINE, Malformed, Place, is_ours, read_letter, write_outcome
from tui_xmpp.errors import TuiXmppError, Unavailable
from tui_xmpp.model.letter import Letter

log = logging.getLogger(__name__)

Post = Callable[[Letter, float], Awaitable[bool]]
"""Sends a letter within so many seconds; false: whoever asks has to. Raises a TuiXmppError."""

AT_ONCE = 16
"""Most letters that are on their way at the same time."""
_SLOWEST = 5.0
"""Seconds that somebody may take to hand a letter over."""


class Letterbox:
    """A socket beside the store, for this user's processes only."""

    def __init__(self, store: Path, post: Post) -> None:
        self._place = Place(store)
        self._post = post
        self._server: asyncio.Server | None = None
        self._callers: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Take letters from now on. What a killed program left is replaced: whoever has the store may do that."""
        listening = socket.socket(socket.AF_UNIX)
        try:
            self._bind(listening)
            self._server = await asyncio.start_unix_server(self._take, sock=listening, limit=LONGEST_LINE)
        except OSError as error:
            # Without it all works but this: not every file system can have sockets.
            log.warning("No messages are taken from the shell: %s", error)
            listening.close()

    def _bind(self, listening: socket.socket) -> None:
        self._place.path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            with self._place as address:
                listening.bind(address)
        finally:
            os.umask(before)

    async def close(self) -> None:
        """Take no more, and let go of what is not sent yet."""
        if self._server is None:
            return
        self._server.close()
        with suppress(OSError):
            self._place.path.unlink(missing_ok=True)
        callers = tuple(self._callers)
        for caller in callers:
            caller.cancel()
        await asyncio.gather(*callers, return_exceptions=True)

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        is_busy = len(self._callers) >= AT_ONCE
        caller = asyncio.ensure_future(self._serve(reader, writer, is_busy=is_busy))
        self._callers.add(caller)
        caller.add_done_callback(self._callers.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_busy: bool) -> None:
        try:
            if is_ours(writer.get_extra_info("socket")):
                writer.write(await self._answer(reader, is_busy=is_busy))
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError) as error:
            log.info("Somebody left before an answer: %s", error)
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, *, is_busy: bool) -> bytes:
        """Read one letter and say what came of it; when the other side goes away, so does what is not sent yet."""
        try:
            if is_busy:
                raise Unavailable("Too much is being sent at once.", title="Busy")
            letter, patience = read_letter(await _line(reader))
            posting = asyncio.ensure_future(self._post(letter, patience))
            leaving = asyncio.ensure_future(reader.read(1))
            try:
                await asyncio.wait((posting, leaving), return_when=asyncio.FIRST_COMPLETED)
            finally:
                leaving.cancel()
                if not posting.done():
                    posting.cancel()
                    await asyncio.wait([posting])
            return write_outcome(posting.result())
        except TuiXmppError as error:
            return write_outcome(error, exit_for(error))
        except asyncio.CancelledError:
            return write_outcome(Unavailable("tui-xmpp was closed; nothing was sent."), Exit.CONNECTION)


async def _line(reader: asyncio.StreamReader) -> bytes:
    try:
        async with asyncio.timeout(_SLOWEST):
            return await reader.readuntil()
    except asyncio.LimitOverrunError as error:
        raise Malformed("This is longer than any letter.") from error
    except TimeoutError as error:
        raise Malformed("Nothing was handed over.") from error
