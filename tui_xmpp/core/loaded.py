"""What is loaded once, when it is first wanted."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Generic, TypeVar

from tui_xmpp.errors import TransferFailed

if TYPE_CHECKING:
    from tui_xmpp.core.ports import Web

T = TypeVar("T")


class Loaded(Generic[T]):
    """Called, it loads if nobody has yet, and gives what was loaded; who does not wait any longer stops nothing."""

    def __init__(self, load: Callable[[], Awaitable[T]]) -> None:
        self._load = load
        self._loading: asyncio.Future[T] | None = None

    async def __call__(self) -> T:
        """What is loaded."""
        if self._loading is None:
            self._loading = asyncio.ensure_future(self._load())
        return await asyncio.shield(self._loading)

    @property
    def value(self) -> T | None:
        """The same, if it is there already."""
        loading = self._loading
        if loading is None or not loading.done() or loading.cancelled() or loading.exception() is not None:
            return None
        return loading.result()

    def cancel(self) -> None:
        """Load no more."""
        if self._loading is not None and not self._loading.done():
            self._loading.cancel()


async def no_web() -> "Web":
    """Where files are no business: raises TransferFailed."""
    raise TransferFailed("Files cannot be fetched here.")
