"""The devices of everybody that we write to, and our own: whose they are, who is trusted, what is new (XEP-0384)."""

import asyncio
import logging
import math
from collections.abc import Callable, Iterable
from typing import NamedTuple

from tui_xmpp.core.clock import now
from tui_xmpp.core.context import Context
from tui_xmpp.core.encryption import is_proven, mine, proves_what_came_before, trust_of_new, version_for
from tui_xmpp.core.keys import Keys
from tui_xmpp.core.ports import Cipher
from tui_xmpp.core.requests import Requests
from tui_xmpp.core.wording import unopened
from tui_xmpp.errors import RequestFailed, Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.model.events import DevicesLearned, MessageChanged
from tui_xmpp.model.message import Message
from tui_xmpp.model.omemo import Bundle, Device, EncryptionWish, ListedDevice, OmemoVersion, Trust, Unopened, undecided
from tui_xmpp.model.stanzas import DevicesChanged
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Bundles that are fetched at the same time."""

LIST_KEPT = 300.0
"""Seconds after which a list that was asked for is asked for anew; not everybody's changes are told to us."""

PUBLISH_AGAIN = (1.0, 10.0)
"""Seconds after which a device that could not be made known is published again, where the server failed by itself."""

_PASSING = {"internal-server-error", "resource-constraint", "item-not-found"}
"""What servers answer that fail for a moment; ejabberd does when several nodes are made at once, and then does not find
what it was just told to make."""

MOST_RETURNS = 5
"""How often in one stream we put ourselves back on our list: a device of ours may take us off as often."""


class Heard(NamedTuple):
    """A key that something was written with."""

    key_id: int
    """As `Message.key_id`."""
    trust: Trust


class Devices:
    """What one account knows of devices."""

    def __init__(self, context: Context, keys: Keys, requests: Requests) -> None:
        self._context = context
        self._keys = keys
        self._requests = requests
        self._heard: dict[tuple[Address, OmemoVersion], float] = {}
        """Until when a list is taken to be as it is known; by the loop's clock."""
        self.may_ask: Callable[[Address], bool] = lambda _person: False
        """Whether somebody may notice that we ask for their keys (SECURITY 27)."""
        self.on_listed: Callable[[], None] = lambda: None
        """Called each time that a list has come."""
        self._new_keys: set[Address] = set()
        """Who wrote with a key that was not known, and nobody was told of yet."""
        self.changes = 0
        """How often it has changed whose a key is."""
        self._turnstile = asyncio.Semaphore(AT_ONCE)
        self._returns = 0
        self._published = False
        self._introduced = context.own_device != 0
        """Our other devices are known: one that is new now is news."""

    # Reading

    def of(self, owner: Address) -> tuple[Device, ...]:
        """All devices known of somebody; of ours, this one is marked."""
        found = self._context.store.devices.of(self._context.own, owner)
        own = self._keys.own
        if owner != self._context.own or own is None:
            return found
        return tuple(mine(device) if device.id == own.device else device for device in found)

    def fingerprints(self, owner: Address) -> dict[int, str]:
        """The proven keys of somebody's devices."""
        return {device.id: device.fingerprint for device in self.of(owner) if is_proven(device)}

    def get(self, owner: Address, device: int) -> Device | None:
        """What is known of one device."""
        return self._context.store.devices.get(self._context.own, owner, device)

    @property
    def is_published(self) -> bool:
        """Whether others can write encrypted to this device."""
        return self._published

    def is_heard(self, owner: Address) -> bool:
        """Whether somebody's lists are known as they are now."""
        return not self._stale(owner)

    def _stale(self, owner: Address) -> list[OmemoVersion]:
        present = asyncio.get_running_loop().time()
        return [version for version in OmemoVersion if self._heard.get((owner, version), 0.0) < present]

    # What comes in

    def changed(self, signal: DevicesChanged) -> None:
        """Somebody told which devices they have."""
        # Whoever tells once tells of every change.
        self._heard[signal.address, signal.version] = math.inf
        self._context.tasks.spawn(self._told(signal), "devices")

    def stream_gone(self) -> None:
        """Lists may change from now on without our hearing of it."""
        self._heard.clear()
        self._published = False

    async def _told(self, signal: DevicesChanged) -> None:
        owner = signal.address
        await self._listed(owner, signal.version, signal.devices)
        if self.may_ask(owner):
            await self._prove(owner)

    async def _prove(self, owner: Address) -> None:
        """Look whether the keys that somebody wrote with are those of their devices, which they list now."""
        await self.learn(owner, [each for each in self.of(owner) if each.listed and each.trust is Trust.UNPROVEN])

    async def _listed(self, owner: Address, version: OmemoVersion, devices: tuple[ListedDevice, ...]) -> None:
        own, present = self._context.own, now()
        new = await self._context.pen.write(lambda writes: writes.list_devices(own, owner, version, devices, present))
        self._context.hub.publish(DevicesLearned(own, owner))
        self.on_listed()
        if owner == own:
            await self._keep_listed(version, devices)
        is_news = owner == own or any(device.trust is Trust.VERIFIED for device in self.of(owner))
        if new and is_news:
            await self.learn(owner, new)

    # Asking

    async def ask(self, owner: Address) -> tuple[Device, ...]:
        """Somebody's devices as their lists are now. Raises RequestFailed, Unavailable."""
        missing = self._stale(owner)
        if missing:
            line = self._context.line()
            lists = await asyncio.gather(*(line.devices(owner, version) for version in missing))
            for version, devices in zip(missing, lists, strict=True):
                self._heard[owner, version] = asyncio.get_running_loop().time() + LIST_KEPT
                await self._listed(owner, version, devices)
        return self.of(owner)

    def ask_anew(self, owner: Address) -> None:
        """Take somebody's lists as not known any more: they may be shown to us now."""
        for version in OmemoVersion:
            self._heard.pop((owner, version), None)

    async def learn(self, owner: Address, devices: Iterable[Device]) -> None:
        """Find out the keys of new devices, so that a person can decide on them."""
        for device in devices:
            try:
                await self.bundle(owner, device)
            except (RequestFailed, Unavailable) as error:
                log.info("The keys of a device of %s could not be fetched: %s", owner, error.message)

    async def learn_all(self, owner: Address) -> None:
        """Find out all devices of somebody, with the keys of listed ones. Raises RequestFailed, Unavailable."""
        self._context.line()
        await self._keys.ready()
        self.ask_anew(owner)
        await self.learn(owner, [device for device in await self.ask(owner) if device.listed and not is_proven(device)])

    async def bundle(self, owner: Address, device: Device) -> Bundle | None:
        """The keys to begin a session with a device, which becomes known by them; None: none that can be used."""
        version = version_for(device)
        async with self._turnstile:
            bundle = await self._context.line().bundle(owner, device.id, version)
        if bundle is None:
            return None
        fingerprint = self._keys.cipher.fingerprint_of(bundle)
        await self._published_key(owner, device.id, fingerprint)
        self.changes += 1
        await self._disown(owner, fingerprint)
        self.tell(owner)
        return bundle

    async def _published_key(self, owner: Address, device: int, fingerprint: str) -> None:
        """Take a key for a device's; whoever wrote with another one before was not this device."""
        before = self.get(owner, device)
        if before is None or is_proven(before) or before.fingerprint in {"", fingerprint}:
            self._show_again(
                await self._context.pen.write(lambda writes: self._learned(writes, owner, device, fingerprint))
            )
            return

        async def end(cipher: Cipher) -> None:
            cipher.end_session(owner, device)

        self._show_again(
            await self._keys.do(end, lambda writes, _nothing: self._learned(writes, owner, device, fingerprint))
        )

    async def _disown(self, owner: Address, fingerprint: str) -> None:
        """Take what was written with somebody's key from those who only repeated it, and came first with it."""
        own, words = self._context.own, unopened(Unopened.FORGED)
        self._show_again(await self._context.pen.write(lambda writes: writes.disown(own, owner, fingerprint, words)))

    def _show_again(self, changed: Iterable[Message]) -> None:
        for message in changed:
            self._context.hub.publish(MessageChanged(message))

    def heard(self, writes: Writes, owner: Address, device: int, fingerprint: str) -> Heard:
        """A device wrote with a key, which proves nothing by itself. In the transaction; see `tell_heard`."""
        own = self._context.own
        before = writes.devices.get(own, owner, device)
        known = writes.learn_device(own, owner, device, fingerprint, now(), Trust.UNPROVEN)
        if before is None or before.fingerprint != fingerprint:
            self.changes += 1
            self._new_keys.add(owner)
            is_waiting = any(each.id == device for each in undecided(writes.devices.of(own, owner)))
            if is_waiting and (owner != own or self._introduced):
                self._requests.device_in(writes, owner, device)
        return Heard(writes.key_id(own, owner, device, fingerprint), known.trust)

    def tell_heard(self) -> None:
        """Tell of the new keys that were heard, now that they are on disk."""
        new, self._new_keys = self._new_keys, set()
        for owner in new:
            self.tell(owner)

    def _learned(self, writes: Writes, owner: Address, device: int, fingerprint: str) -> tuple[Message, ...]:
        """A device's key is known now; one that was known stays what it was thought of. Returns messages that change.

        What came with this key before it was known to be theirs is theirs.
        """
        own, present = self._context.own, now()
        this = self._keys.own.device if self._keys.own is not None and owner == own else 0
        known = [each for each in writes.devices.of(own, owner) if is_proven(each) and each.id != this]
        is_new = device != this and all(each.id != device for each in known)
        others = [each for each in writes.devices.holders(own, fingerprint) if each.address != owner]
        learned = writes.learn_device(own, owner, device, fingerprint, present, trust_of_new(known, others))
        # On a new client all others of our own are new to it, and no news.
        if is_new and (learned.trust is Trust.UNDECIDED or (owner == own and self._introduced)):
            self._requests.device_in(writes, owner, device)
        return writes.follow_trust(own, learned) if proves_what_came_before(learned) else ()

    def tell(self, owner: Address) -> None:
        """Whoever looks at devices should look again."""
        self._context.hub.publish(DevicesLearned(self._context.own, owner))
        self._requests.look_for_devices()

    # Our own

    async def publish(self) -> None:
        """Let others know this device: our keys first, then the list (XEP-0384 §5.3). Once for each stream."""
        if self._context.settings.encryption is EncryptionWish.NEVER:
            return
        await self._keys.ready()
        for pause in (*PUBLISH_AGAIN, None):
            try:
                await self._introduce()
            except RequestFailed as error:
                log.warning("This device cannot be made known: %s", error.message)
                if pause is not None and error.condition in _PASSING:
                    await asyncio.sleep(pause)
                    continue
                problem = RequestFailed(error.message, title="Others cannot write encrypted to this device")
                self._context.problem(problem)
            return

    async def _introduce(self) -> None:
        own, account = self._keys.own, self._context.own
        assert own is not None
        await self.publish_bundles()
        self._published = True
        for version in OmemoVersion:
            listed = await self._context.line().devices(account, version)
            self._heard[account, version] = math.inf
            await self._listed(account, version, listed)
        await self._context.pen.write(lambda writes: self._this(writes, own.device, own.fingerprint))
        if not self._introduced:
            await self.learn(account, [device for device in self.of(account) if not device.own])
            self._introduced = True

    def _this(self, writes: Writes, device: int, fingerprint: str) -> None:
        own = self._context.own
        writes.learn_device(own, own, device, fingerprint, now(), Trust.VERIFIED)
        writes.set_trust(own, own, device, Trust.VERIFIED)

    async def publish_bundles(self) -> None:
        """Publish our keys, which have changed."""
        own = self._keys.own
        assert own is not None
        for version in OmemoVersion:
            await self._context.line().publish_bundle(own.device, await self._bundle(version))

    async def _bundle(self, version: OmemoVersion) -> Bundle:
        async def make(cipher: Cipher) -> Bundle:
            return await cipher.bundle(version)

        return await self._keys.do(make, lambda _writes, made: made)

    async def _keep_listed(self, version: OmemoVersion, devices: tuple[ListedDevice, ...]) -> None:
        """Put ourselves on our list where we are missing, or our name is."""
        own = self._keys.own
        if own is None or not self._published or self._returns > MOST_RETURNS:
            return
        here = next((device for device in devices if device.id == own.device), None)
        if here is not None:
            return
        self._returns += 1
        await self._publish_list(version, (*devices, ListedDevice(own.device, self._label())))

    async def _publish_list(self, version: OmemoVersion, devices: tuple[ListedDevice, ...]) -> None:
        own = self._keys.own
        assert own is not None
        labels = [device.label for device in devices if device.id == own.device and device.label]
        signatures = {own.device: await self._keys.cipher.sign_label(labels[0])} if labels else {}
        await self._context.line().publish_devices(version, devices, signatures)
        account, present = self._context.own, now()
        await self._context.pen.write(lambda writes: writes.list_devices(account, account, version, devices, present))
        self.tell(account)

    def _label(self) -> str:
        own, account = self._keys.own, self._context.own
        known = None if own is None else self._context.store.devices.get(account, account, own.device)
        return known.label if known is not None and known.label else "tui-xmpp"

    async def rename(self, label: str) -> None:
        """Give this device another name, which others see."""
        own, account = self._keys.own, self._context.own
        self._context.line()  # a name that is not told now would be replaced by the old one that the server has
        if own is None:
            raise Unavailable("Encryption is still being loaded.")
        await self._context.pen.write(lambda writes: writes.set_label(account, account, own.device, label))
        for version in OmemoVersion:
            listed = await self._context.line().devices(account, version)
            others = tuple(device for device in listed if device.id != own.device)
            await self._publish_list(version, (*others, ListedDevice(own.device, label)))

    async def remove(self, device: int) -> None:
        """Take another device of ours off the lists and its keys away; others do not encrypt to it any more."""
        own, account = self._keys.own, self._context.own
        if own is not None and own.device == device:
            raise RequestFailed("This device cannot take itself away.", title="Not removed")
        for version in OmemoVersion:
            listed = await self._context.line().devices(account, version)
            if any(each.id == device for each in listed):
                await self._publish_list(version, tuple(each for each in listed if each.id != device))
            await self._context.line().retract_bundle(device, version)
        await self.forget(account, device)

    # What a person decides

    async def set_trust(self, owner: Address, device: int, trust: Trust) -> None:
        """Verify, trust or distrust a device."""
        self._show_again(await self._context.pen.write(lambda writes: self._decided(writes, owner, device, trust)))
        self.changes += 1
        if not undecided(self.of(owner)):
            self._requests.devices_settled(owner)
        self.tell(owner)

    def _decided(self, writes: Writes, owner: Address, device: int, trust: Trust) -> tuple[Message, ...]:
        own = self._context.own
        decided = writes.set_trust(own, owner, device, trust)
        if trust is Trust.VERIFIED:
            # What was heard before the first verification waits from now on too.
            for waiting in undecided(writes.devices.of(own, owner)):
                self._requests.device_in(writes, owner, waiting.id)
        if decided is None or not proves_what_came_before(decided):
            return ()
        return writes.follow_trust(own, decided)

    async def forget(self, owner: Address, device: int) -> None:
        """Forget a device, and what was thought of it."""
        own = self._context.own

        async def end(cipher: Cipher) -> None:
            cipher.end_session(owner, device)

        await self._keys.do(end, lambda writes, _nothing: writes.forget_device(own, owner, device))
        self.changes += 1
        self._requests.devices_settled(owner)
        self.tell(owner)

    async def reset(self, owner: Address, device: int) -> None:
        """Begin a new session with a device at the next message."""

        async def end(cipher: Cipher) -> None:
            cipher.end_session(owner, device)

        await self._keys.do(end, lambda _writes, _nothing: None)
