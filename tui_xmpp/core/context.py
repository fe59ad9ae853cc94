"""What the parts of one account's session share."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui_xmpp.core.hub import Hub
from tui_xmpp.core.pen import Pen
from tui_xmpp.core.ports import Connection, WebLoader
from tui_xmpp.core.tasks import Tasks
from tui_xmpp.errors import TuiXmppError, Unavailable
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.events import ProblemRaised
from tui_xmpp.model.files import Trust
from tui_xmpp.storage.store import Store

if TYPE_CHECKING:
    from tui_xmpp.core.backlog import Backlog
    from tui_xmpp.core.keeping import Keeping

log = logging.getLogger(__name__)

_THIS_COMPUTER = frozenset({"localhost", "127.0.0.1", "::1"})
"""Names of one and the same, where a server can run that is one's own."""


@dataclass(slots=True)
class Context:
    """One account: its settings, its line, and where facts are kept and told."""

    settings: AccountSettings
    store: Store
    hub: Hub
    tasks: Tasks
    keeping: "Keeping"
    """For how long messages are kept, of all accounts."""
    backlog: "Backlog"
    """What was said while nobody was connected, to all accounts."""
    web: WebLoader
    """Gives what fetches and sends files, loaded when it is first wanted."""
    pen: Pen = field(init=False)
    """How this account writes to the store."""
    connection: Connection | None = None
    """None until the network is loaded."""
    has_archive: bool = False
    """Whether the account keeps an archive on the server (XEP-0313 §2)."""
    has_extended_archive: bool = False
    """Whether that archive can bound pages by ids (XEP-0313 §4.1.4)."""
    assigns_ids: bool = False
    """Whether stanza-ids by our own account may be believed (XEP-0359 §5)."""
    server_features: frozenset[str] = frozenset()
    """What our server says it can do."""
    web_hosts: set[str] = field(default_factory=set)
    """Web servers that our own server has named as the place of its files."""
    peer: str = ""
    """The network address at which our server was reached last."""
    own_device: int = 0
    """Our OMEMO device's id; 0: there is none yet."""

    def __post_init__(self) -> None:
        self.pen = Pen(self.store, self.guard)

    @property
    def own(self) -> Address:
        """Our bare address."""
        return self.settings.address

    @property
    def trust(self) -> Trust:
        """What the account trusts of web servers."""
        host = self.settings.host.lower()
        hosts = _THIS_COMPUTER if host in _THIS_COMPUTER else frozenset({host}) - {""}
        return Trust(self.own.domain, hosts, self.settings.ca_file, frozenset(self.web_hosts), self.peer)

    @property
    def online(self) -> bool:
        """Whether stanzas can be sent now."""
        return self.connection is not None and self.connection.online

    def line(self) -> Connection:
        """The connection, when it is up. Raises Unavailable."""
        if self.connection is None or not self.connection.online:
            raise Unavailable(f"{self.own.shown} is not connected.")
        return self.connection

    def guard(self, tell: Callable[[], None]) -> None:
        """Tell the result of a write. What fails there is ours, and must not keep other results from being told."""
        try:
            tell()
        except Unavailable as error:
            log.info("The line was gone before a stored message was answered: %s", error.message)
        except Exception:  # the boundary of the event router
            log.exception("What was stored could not be told")
            self.problem(TuiXmppError("What came in was stored but could not be shown. The log says more."))

    def key(self, peer: Address) -> ChatKey:
        """The chat with this address."""
        return ChatKey(self.own, peer)

    def problem(self, error: TuiXmppError) -> None:
        """Tell people what failed when no command was waiting for it."""
        self.hub.publish(ProblemRaised(self.own, error.title, error.message))

    def learn(self, features: frozenset[str], server_features: frozenset[str] = frozenset()) -> None:
        """Take in what our own account and our server can do, from a stream that was opened anew."""
        self.server_features = server_features
        self.has_archive = any(feature.startswith("urn:xmpp:mam:2") for feature in features)
        self.has_extended_archive = "urn:xmpp:mam:2#extended" in features
        self.assigns_ids = self.has_archive or "urn:xmpp:sid:0" in features
