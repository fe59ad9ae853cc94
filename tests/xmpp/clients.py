"""A `SafeClient` for tests, with what it reported."""

from types import TracebackType
from typing import Self

from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.stanzas import StreamLost
from tui_xmpp.xmpp.client import SafeClient


class Line:
    """An async context manager around one client; it is shut at the end."""

    def __init__(self, settings: AccountSettings) -> None:
        self.client = SafeClient(
            settings, committed=self._committed, on_lost=self._lost, on_acked=lambda id_: self.acked.append(id_)
        )
        self.lost: list[StreamLost] = []
        self.acked: list[str] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.client.shut()

    async def _committed(self) -> None:
        pass

    def _lost(self, lost: StreamLost) -> None:
        self.lost.append(lost)
