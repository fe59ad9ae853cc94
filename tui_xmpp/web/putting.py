"""Putting a file where our server has made a place for it (XEP-0363 §6), encrypted if it is meant for few (XEP-0454).

No name goes along, and of an encrypted file nothing but its length can be told; its key is made here, is used once,
and stands in the link that is given back.
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable

from tui_xmpp.errors import TransferFailed, UploadRefused
from tui_xmpp.model.files import Trust
from tui_xmpp.model.sending import Slot
from tui_xmpp.web.https import SILENCE, Https
from tui_xmpp.web.sealed_file import MOST, TAG, encrypt, new_key

_DONE = {200, 201, 204}
_WORTH_ANOTHER_TRY = {408, 425, 429, 500, 502, 503, 504}
_LAST_WORD = 120.0
"""Seconds for the answer once all has gone out: some servers look at the file first."""


async def put(
    https: Https,
    slot: Slot,
    pieces: AsyncIterable[bytes],
    size: int,
    trust: Trust,
    *,
    kind: str,
    encrypted: bool,
    tell: Callable[[int], None],
) -> str:
    """Put a file of `size` bytes there; returns its link. `tell` hears on the loop how many bytes have gone out.

    Raises what reading the pieces raises, TransferFailed where another try may work, UploadRefused where not.
    """
    if encrypted and size > MOST:
        raise UploadRefused("The file is larger than one can encrypt, which is 64 GiB at most.")
    key = new_key() if encrypted else None
    headers = dict(slot.headers)
    headers["Content-Type"] = kind
    headers["Content-Length"] = str(size + (TAG if key else 0))
    body = _Body(encrypt(pieces, key) if key else pieces, tell)
    try:
        async with asyncio.timeout(SILENCE) as patience:
            body.patience = patience
            async with https.request("PUT", slot.put, trust, headers=headers, data=body.pieces(), silence=None) as it:
                status = it.status
    except TimeoutError:
        raise TransferFailed("The server takes nothing more of the file.") from None
    except TransferFailed:
        if body.problem is not None:
            raise body.problem from None
        raise
    _check(status)
    return slot.get if key is None else f"aesgcm://{slot.get.partition('://')[2]}#{key.fragment}"


class _Body:
    """The pieces as they go out: counted, and each a sign of life."""

    def __init__(self, pieces: AsyncIterable[bytes], tell: Callable[[int], None]) -> None:
        self._pieces = pieces
        self._tell = tell
        self.patience: asyncio.Timeout | None = None
        self.problem: Exception | None = None
        """Why there are no more: the library would only say that the connection ended."""

    async def pieces(self) -> AsyncIterator[bytes]:
        sent = 0
        try:
            async for piece in self._pieces:
                yield piece
                sent += len(piece)
                self._tell(sent)
                self._wait(SILENCE)
        except Exception as problem:
            self.problem = problem
            raise
        self._wait(_LAST_WORD)

    def _wait(self, seconds: float) -> None:
        if self.patience is not None and not self.patience.expired():
            self.patience.reschedule(asyncio.get_running_loop().time() + seconds)


def _check(status: int) -> None:
    """Raises TransferFailed or UploadRefused unless the file was taken."""
    if status in _DONE:
        return
    if status in _WORTH_ANOTHER_TRY:
        raise TransferFailed(f"The upload server is in trouble (it answered {status}).")
    match status:
        case 413:
            raise UploadRefused("The upload server says that the file is too large.")
        case 401 | 403:
            raise UploadRefused("The upload server did not accept the permission that your server gave.")
        case 507:
            raise UploadRefused("The upload server has no room left.")
        case _:
            raise UploadRefused(f"The upload server did not take the file (it answered {status}).")
