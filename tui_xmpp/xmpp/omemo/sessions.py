"""The sessions with other devices as objects, read once and written again only where they have moved.

To read one from its keys costs more than to decrypt with it, and a night's messages come in few of them.
"""

from collections import OrderedDict
from collections.abc import Mapping

from omemo.backend import Backend
from omemo.session import Session

from tui_xmpp.model.omemo import OmemoVersion
from tui_xmpp.xmpp.omemo.suites import Suite
from tui_xmpp.xmpp.omemo.vault import CONFIRMED, RATCHET, SessionPlace, Vault

MOST_KEPT = 256
"""Sessions held as objects; one with all its skipped keys may take 100 kB."""


class Sessions:
    """Each object is as the vault has it: whoever fails with one after it has moved must `drop` its place."""

    def __init__(
        self, vault: Vault, suites: Mapping[OmemoVersion, Suite], backends: Mapping[OmemoVersion, Backend]
    ) -> None:
        self._vault = vault
        self._suites = suites
        self._backends = backends
        self._kept: OrderedDict[str, Session] = OrderedDict()

    async def load(self, place: SessionPlace, name: str) -> Session | None:
        """Return a session; `name` is one of its place's."""
        key = place.key(name, RATCHET)
        session = self._kept.get(key) or await self._backends[place.version].load_session(name, place.device)
        if session is not None:
            self._keep(key, session)
        return session

    async def add(self, place: SessionPlace, session: Session) -> None:
        """Write a new session in front of those that there are."""
        self.drop(place)
        self._vault.push_back(place)
        await self._backends[place.version].store_session(session)
        self._keep(place.key(session.bare_jid, RATCHET), session)

    async def moved(self, place: SessionPlace, session: Session) -> None:
        """Write a session that was loaded from here and has moved on: nothing else of it ever changes."""
        name = session.bare_jid
        self._vault.put(place.key(name, RATCHET), self._suites[place.version].ratchet_of(session))
        await self._vault.store(place.key(name, CONFIRMED), session.confirmed)

    def bring_to_front(self, place: SessionPlace, session: Session) -> None:
        """Make a session the present one."""
        if session.bare_jid != place.names[0]:
            self.drop(place)
            self._vault.bring_to_front(place, session.bare_jid)

    def end(self, place: SessionPlace) -> None:
        """Forget all sessions with a device."""
        self.drop(place)
        self._vault.drop_sessions(place)

    def drop(self, place: SessionPlace) -> None:
        """Read the sessions with a device from their keys again."""
        for name in place.names:
            self._kept.pop(place.key(name, RATCHET), None)

    def drop_all(self) -> None:
        """Read every session from its keys again."""
        self._kept.clear()

    def _keep(self, key: str, session: Session) -> None:
        self._kept[key] = session
        self._kept.move_to_end(key)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
