"""Fetching a file that somebody has linked to (XEP-0066, XEP-0454), and saving it once it is whole."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

from yarl import URL

from tui_xmpp.errors import TransferFailed
from tui_xmpp.model.files import Trust
from tui_xmpp.model.sending import Slot
from tui_xmpp.web.https import Answer, Https, https_url
from tui_xmpp.web.part_file import PartFile
from tui_xmpp.web.putting import put
from tui_xmpp.web.sealed_file import MOST, TAG, FileKey, decrypt, key_in

_REDIRECTS = {301, 302, 303, 307, 308}
_MOST_REDIRECTS = 4
_OK = 200
_SEALED = "aesgcm"


class WebFiles:
    """Implements `core.ports.Web`."""

    def __init__(self, https: Https | None = None) -> None:
        self._https = https or Https()

    async def size_of(self, link: str, trust: Trust) -> int | None:
        """How large a file is, as its server says when it is asked for that alone; None: it does not say."""
        url, key = _target(link)
        async with self._follow("HEAD", url, trust) as answer:
            return _size(answer, key) if answer.status == _OK and not _is_packed(answer) else None

    async def save(
        self, link: str, trust: Trust, place: Path, *, most: int, tell: Callable[[int, int | None], None]
    ) -> Path:
        """Fetch a file of at most `most` bytes and save it; returns where, since nothing there is overwritten.

        `tell` hears how many bytes are here, and of how many. Raises TransferFailed, also when the disk is full;
        nothing is left then, nor when this is cancelled before the file has its name.
        """
        url, key = _target(link)
        async with self._follow("GET", url, trust) as answer:
            most = min(most, MOST) + TAG if key else most
            _check(answer, most)
            size = _size(answer, key)
            tell(0, size)
            part = PartFile(place.parent)
            try:
                await asyncio.to_thread(part.begin, size)
                received = 0
                body = answer.chunks(most)
                async with aclosing(body), aclosing(decrypt(body, key) if key else body) as pieces:
                    async for piece in pieces:
                        await asyncio.to_thread(part.write, piece)
                        received += len(piece)
                        tell(received, size)
                return await asyncio.to_thread(part.keep, place.name)
            finally:
                # Waits for a thread that is still at work; a second cancelling must not call it off either.
                await asyncio.shield(asyncio.get_running_loop().run_in_executor(None, part.close))

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
        """Put a file where a server has made a place for it; returns its link."""
        return await put(self._https, slot, pieces, size, trust, kind=kind, encrypted=encrypted, tell=tell)

    @asynccontextmanager
    async def _follow(self, method: str, url: str, trust: Trust) -> AsyncIterator[Answer]:
        """The answer behind a few redirects, each to https, and into no network that the first was not in."""
        target = https_url(url)
        host = target.host or ""
        first = gate = self._https.gate(host, trust)
        for _ in range(_MOST_REDIRECTS + 1):
            async with self._https.request(method, str(target), trust, gate=gate) as answer:
                if answer.status not in _REDIRECTS:
                    yield answer
                    return
                target = _next(target, answer.headers.get("Location", ""))
            gate = self._https.gate_behind(first, host, trust)
        raise TransferFailed(f"{host} sends one on and on.")


def _target(link: str) -> tuple[str, FileKey | None]:
    """The https address of a file, and its key where it is encrypted: the key stays here. Raises TransferFailed."""
    address, _, fragment = link.partition("#")
    scheme, _, rest = address.partition("://")
    if scheme.lower() != _SEALED:
        return address, None
    return f"https://{rest}", key_in(fragment)


def _next(target: URL, location: str) -> URL:
    try:
        return https_url(str(target.join(URL(location)))) if location else _nowhere()
    except ValueError:
        return _nowhere()


def _nowhere() -> URL:
    raise TransferFailed("Its server sends one on to no address that there can be.")


def _check(answer: Answer, most: int) -> None:
    """Raises TransferFailed unless the answer is a file that may be taken."""
    match answer.status:
        case 200:
            pass
        case 404 | 410:
            raise TransferFailed("It is not there any more: servers keep files for some time only.")
        case 401 | 402 | 403 | 407 | 451:
            raise TransferFailed("Its server does not give it out.")
        case status if status >= 500:
            raise TransferFailed("Its server is in trouble. Another time it may work.")
        case status:
            raise TransferFailed(f"Its server answers with something else ({status}).")
    if _is_packed(answer):
        raise TransferFailed("Its server packs it in a way that was not asked for.")
    if answer.length is not None and answer.length > most:
        raise TransferFailed("It is larger than its server said, or than may be taken. Nothing of it was kept.")


def _is_packed(answer: Answer) -> bool:
    return answer.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}


def _size(answer: Answer, key: FileKey | None) -> int | None:
    """Of the file in clear."""
    return answer.length if answer.length is None or key is None else max(0, answer.length - TAG)
