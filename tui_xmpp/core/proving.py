"""Whose key begins a session: found out before a message is opened, as far as anybody can (SECURITY 31).

The old version of OMEMO has no word inside of who wrote. A first message, which has all that a session needs, can
therefore be sent by anybody who gets hold of it, above all by a server on its way, as their own. Against that:

- The key has to stand among those that the sender's account has published. People who may know of us are asked for
  that first. Nobody else is (SECURITY 27): what they write is shown as coming from an unproven device, which gets
  nothing from us, until their keys are fetched since one writes to them or looks at their devices.
- What somebody else's device had before is not shown, unless the sender has published it. Whose words were repeated
  before they came themselves is asked then, and so not shut out by the thief.
- Who publishes another's key as their own is doubted, and waits for a person (`encryption.trust_of_new`).

More is impossible: while nothing was heard of the author, a thief who has published a copy of the author's keys sends
exactly the bytes that an author with that address would. No signature in the old version names an address; the new
version has one inside (XEP-0420), and is not taken from anybody else. A thief can neither read what is answered nor
write a word of their own: the session is with the author's key.
"""

import asyncio
import logging

from tui_xmpp.core.context import Context
from tui_xmpp.core.devices import LIST_KEPT, Devices
from tui_xmpp.core.encryption import is_anothers, is_proven
from tui_xmpp.core.keys import Keys
from tui_xmpp.errors import RequestFailed, Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.model.omemo import Device
from tui_xmpp.model.stanzas import Sealed

log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds that somebody's server has for telling their keys; all that is to be opened waits meanwhile."""

JUDGED_FOR = 60.0
"""Seconds for which is remembered whose a key was found to be."""

MOST_READ = 100
"""Most messages of which it is kept with which keys they would begin a session."""

MOST_ASKED = 1_000
"""Most devices of which it is known when their key was asked for."""


class Proving:
    """Proofs for one account."""

    def __init__(self, context: Context, keys: Keys, devices: Devices) -> None:
        self._context = context
        self._keys = keys
        self._devices = devices
        self._judged: dict[tuple[Address, int, frozenset[str]], bool] = {}
        self._judged_at, self._judged_until = 0, 0.0
        self._read: dict[Sealed, frozenset[str]] = {}
        self._asked: dict[tuple[Address, int], float] = {}
        """Until when somebody is not asked again for a device's key, or (0) for any; by the loop's clock."""

    async def seek(self, sealed: Sealed, author: Address) -> None:
        """Find out whose keys they are with which a message would begin a session, where that is not known."""
        number = sealed.device
        device = self._devices.get(author, number)
        if is_proven(device):
            return
        claimed = self._claims(sealed)
        if not claimed or self._known(author, number, claimed) is not None:
            return
        for owner in self._context.store.devices.owners(self._context.own, number):
            if owner != author:
                await self._learn(owner, number)
        is_contested = device is not None and device.fingerprint not in {"", *claimed}
        has_others = any(each.address != author for each in self._holders(claimed))
        if is_contested or has_others or self._devices.may_ask(author):
            await self._learn(author, number)

    def is_anothers(self, sealed: Sealed, author: Address) -> bool:
        """Whether the message would begin a session with a key that is somebody else's, as far as it is known."""
        device = self._devices.get(author, sealed.device)
        if is_proven(device):
            return False
        claimed = self._claims(sealed)
        known = self._known(author, sealed.device, claimed)
        if known is None:
            known = is_anothers(author, device, self._holders(claimed))
            self._judged[author, sealed.device, claimed] = known
        return known

    def _known(self, author: Address, number: int, claimed: frozenset[str]) -> bool | None:
        """What was found out about a claim since anybody's keys have changed; None: it was not looked at."""
        present = asyncio.get_running_loop().time()
        if self._judged_at != self._devices.changes or self._judged_until < present or len(self._judged) > MOST_ASKED:
            self._judged_at, self._judged_until = self._devices.changes, present + JUDGED_FOR
            self._judged.clear()
        return self._judged.get((author, number, claimed))

    def _claims(self, sealed: Sealed) -> frozenset[str]:
        """With which keys a message would begin a session; read once, for it is asked again when it is opened."""
        known = self._read.get(sealed)
        if known is None:
            if len(self._read) >= MOST_READ:
                self._read.clear()
            known = self._read[sealed] = self._keys.cipher.claims(sealed)
        return known

    def _holders(self, claimed: frozenset[str]) -> list[Device]:
        devices, own = self._context.store.devices, self._context.own
        return [holder for fingerprint in claimed for holder in devices.holders(own, fingerprint)]

    async def _learn(self, owner: Address, number: int) -> None:
        """Have the published key of a device, if its owner lists it; ask for each once in a while."""
        if is_proven(self._devices.get(owner, number)) or not self._is_due(owner, number):
            return
        try:
            async with asyncio.timeout(PATIENCE):
                devices = await self._devices.ask(owner)
                await self._devices.learn(owner, [each for each in devices if each.id == number and each.listed])
        except Unavailable:
            self._asked.pop((owner, number), None)
        except RequestFailed as error:
            log.info("The devices of %s are not known: %s", owner, error.message)
        except TimeoutError:
            log.info("The devices of %s were not told in time", owner)
            self._asked[owner, 0] = asyncio.get_running_loop().time() + LIST_KEPT

    def _is_due(self, owner: Address, number: int) -> bool:
        present = asyncio.get_running_loop().time()
        if any(self._asked.get((owner, each), 0.0) > present for each in (number, 0)):
            return False
        if len(self._asked) >= MOST_ASKED:
            self._asked.clear()
        self._asked[owner, number] = present + LIST_KEPT
        return True
