"""What the parts of one account's session share."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from tui_xmpp.core.hub import Hub
from tui_xmpp.core.ports import Connection
from tui_xmpp.core.tasks import Tasks
from tui_xmpp.errors import TuiXmppError, Unavailable
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.events import ProblemRaised
from tui_xmpp.storage.store import Store
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)

T = TypeVar("T")


def now() -> int:
    """The time, µs since the epoch, UTC."""
    return time.time_ns() // 1000


@dataclass(slots=True)
class Context:
    """One account: its settings, its line, and where facts are kept and told."""

    settings: AccountSettings
    store: Store
    hub: Hub
    tasks: Tasks
    connection: Connection | None = None
    """None until the network is loaded."""
    features: frozenset[str] = field(default_factory=frozenset)
    """Features of our own account, from the last stream that was opened anew."""

    @property
    def own(self) -> Address:
        """Our bare address."""
        return self.settings.address

    @property
    def online(self) -> bool:
        """Whether stanzas can be sent now."""
        return self.connection is not None and self.connection.online

    def line(self) -> Connection:
        """The connection, when it is up. Raises Unavailable."""
        if self.connection is None or not self.connection.online:
            raise Unavailable(f"{self.own.shown} is not connected.")
        return self.connection

    def write_soon(self, work: Callable[[Writes], T], then: Callable[[T], None] | None = None) -> None:
        """Queue a write in stream order; `then` is called on the loop when it is on disk.

        What fails in `then` is logged and told, and does not keep the results of the same group from the others.
        """

        def guarded(result: T) -> None:
            try:
                if then is not None:
                    then(result)
            except Unavailable as error:
                log.info("The line was gone before a stored message was answered: %s", error.message)
            except Exception:  # the boundary of the event router
                log.exception("What was stored could not be told")
                self.problem(TuiXmppError("What came in was stored but could not be shown. The log says more."))

        self.store.write_soon(work, guarded)

    def key(self, peer: Address) -> ChatKey:
        """The chat with this address."""
        return ChatKey(self.own, peer)

    def problem(self, error: TuiXmppError) -> None:
        """Tell people what failed when no command was waiting for it."""
        self.hub.publish(ProblemRaised(self.own, error.title, error.message))

    @property
    def has_archive(self) -> bool:
        """Whether the account keeps an archive on the server (XEP-0313 §2)."""
        return any(feature.startswith("urn:xmpp:mam:2") for feature in self.features)

    @property
    def assigns_ids(self) -> bool:
        """Whether stanza-ids by our own account may be believed (XEP-0359 §5)."""
        return self.has_archive or "urn:xmpp:sid:0" in self.features
