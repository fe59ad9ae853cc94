"""The cryptography of one account's OMEMO (core.ports.Cipher): our keys, and a session with each other device.

Built on the backends of the libraries for both versions, and not on their session manager: that looks things up on the
network in the middle of a decryption, sends messages by itself, and cannot be made to write its ratchet together with
what was decrypted. Every method here computes only; what it has changed is fetched with `take_changes` and written by
the core. Nothing here decides whom to trust.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace

import doubleratchet
import xeddsa
from omemo.backend import Backend, DecryptionFailed, KeyExchangeFailed
from omemo.identity_key_pair import IdentityKeyPair
from omemo.message import KeyExchange, PlainKeyMaterial
from omemo.session import Initiation, Session

from tui_xmpp.model.address import Address
from tui_xmpp.model.omemo import (
    Bundle,
    Envelope,
    KeyMaterial,
    OmemoVersion,
    Opened,
    OwnKeys,
    Recipient,
    Sealing,
    Unopened,
)
from tui_xmpp.xmpp.omemo.sessions import Sessions
from tui_xmpp.xmpp.omemo.suites import SUITES, Parsed, Suite, curve_form
from tui_xmpp.xmpp.omemo.vault import KeyChanges, Load, SessionPlace, Vault

log = logging.getLogger(__name__)

LENT_FOR = 24 * 3600
"""Seconds for which a pre-key is kept that a device used whose key is not known: it may have only repeated what the
author sent, who comes later."""

MOST_LENT = 100
"""Most pre-keys that are kept so."""

ROTATION = 7 * 24 * 3600
"""Age in seconds at which the signed pre-key is replaced (XEP-0384 §4.3)."""

STALE_AFTER = 53
"""Messages that a device may send without hearing from us before we send it an empty one (XEP-0384 §7)."""

_DEVICE = "/own_device_id"
_SEED = "/ikp/key"
_SPENT = "/spent/"
_LENT = "/lent/"
_MOST_ID = 2**31 - 1
_OTHER_KEYS = "The device has another key than before."
_BAD_BUNDLE = "The device's keys are missing or broken."


class CannotOpen(Exception):
    """A message that stays closed; nothing was changed."""

    def __init__(self, reason: Unopened) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Machine:
    """Implements `core.ports.Cipher`. One operation at a time: the caller takes the changes before the next."""

    pre_keys = 100
    """How many pre-keys are offered; they are made anew when a fifth of them is gone."""

    def __init__(self, own: Address, load: Load) -> None:
        self.own = own.bare
        """Our bare address."""
        self._vault = Vault(load)
        self._suites = {suite.version: suite for suite in SUITES}
        self._backends = {suite.version: suite.backend(self._vault) for suite in SUITES}
        self._sessions = Sessions(self._vault, self._suites, self._backends)

    @property
    def _device(self) -> int:
        return self._vault.number(_DEVICE)

    # Our own keys

    async def begin(self) -> OwnKeys:
        """Load our keys, or make them: 0.1 s of work, in steps that let the loop run.

        A store that has lost a part of them gets new ones and another device id, so that nobody takes the new identity
        for the old device.
        """
        device = self._device
        seed = (await self._vault.load_bytes(_SEED)).maybe(b"")
        fresh = not device or not seed
        if fresh:
            for backend in self._backends.values():
                await backend.purge()
            device = secrets.randbelow(_MOST_ID) + 1
            await self._vault.store(_DEVICE, device)
            await self._vault.store("/ikp/is_seed", value=True)
            await self._vault.store_bytes(_SEED, _new_seed())
        for backend in self._backends.values():
            missing = self.pre_keys - await backend.get_num_visible_pre_keys() if fresh else 0
            for _ in range(0, missing, 10):
                await backend.generate_pre_keys(min(10, missing))
                await asyncio.sleep(0)
            await backend.get_bundle(str(self.own), device)  # gives each key its number
            await asyncio.sleep(0)
        pair = await IdentityKeyPair.get(self._vault)
        fingerprint = curve_form(pair.identity_key).hex()
        return OwnKeys(device, fingerprint, fresh=fresh)

    async def bundle(self, version: OmemoVersion) -> Bundle:
        """Return what others need to begin a session with us."""
        library = await self._backends[version].get_bundle(str(self.own), self._device)
        bundle = self._suites[version].from_library(library)
        used = {*await self._spent(version), *await self._lent(version)}
        return replace(bundle, pre_keys=tuple(each for each in bundle.pre_keys if each[1].hex() not in used))

    async def _spent(self, version: OmemoVersion) -> list[str]:
        """Pre-keys that somebody has begun a session with; kept until `renew`."""
        return (await self._vault.load_list(_SPENT + version.value, str)).maybe([])

    async def _lent(self, version: OmemoVersion) -> dict[str, int]:
        """Pre-keys that an unknown device has begun a session with, and when in seconds; kept for `LENT_FOR`."""
        written = (await self._vault.load_list(_LENT + version.value, str)).maybe([])
        return {key: int(since) for key, _, since in (each.partition(" ") for each in written)}

    async def _use(self, version: OmemoVersion, pre_key: str, *, known: bool) -> None:
        """Offer a pre-key no more; whose device is not known only borrows it."""
        spent, lent = await self._spent(version), await self._lent(version)
        if known and pre_key not in spent:
            await self._vault.store(_SPENT + version.value, [*spent, pre_key])
        elif not known and pre_key not in lent:
            lent[pre_key] = int(time.time())
            await self._write_lent(version, lent)

    async def _write_lent(self, version: OmemoVersion, lent: Mapping[str, int]) -> None:
        await self._vault.store(_LENT + version.value, [f"{key} {since}" for key, since in lent.items()])

    async def renew(self) -> bool:
        """Replace what is used up: old signed pre-keys, spent pre-keys; whether the bundles must be published anew."""
        renewed = False
        for version, backend in self._backends.items():
            if await backend.signed_pre_key_age() > ROTATION:
                await backend.rotate_signed_pre_key()
                renewed = True
            spent = await self._overdue(version)
            if spent:
                name = f"/{version.value}/x3dh"
                keys = (await self._vault.load(name)).from_just()
                await self._vault.store(name, self._suites[version].without(keys, map(bytes.fromhex, spent)))
                await self._vault.delete(_SPENT + version.value)
                lent = {key: since for key, since in (await self._lent(version)).items() if key not in spent}
                await self._write_lent(version, lent)
                renewed = True
            left = await backend.get_num_visible_pre_keys() - len(await self._lent(version))
            if left < self.pre_keys * 4 // 5:
                await backend.generate_pre_keys(self.pre_keys - left)
                renewed = True
            await asyncio.sleep(0)
        return renewed

    async def _overdue(self, version: OmemoVersion) -> list[str]:
        """The pre-keys that are not kept any longer."""
        spent, lent = await self._spent(version), await self._lent(version)
        late = [key for key, since in lent.items() if since < time.time() - LENT_FOR]
        return [*spent, *(key for key in {*late, *list(lent)[:-MOST_LENT]} if key not in spent)]

    async def sign_label(self, label: str) -> bytes:
        """Sign our device's name for the list of the new version (XEP-0384 §5.3.1)."""
        return await self._backends[OmemoVersion.TWO].sign_own_label(label)

    def fingerprint_of(self, bundle: Bundle) -> str:
        """Return the fingerprint of the device that published a bundle."""
        key = bundle.identity_key
        if bundle.version is OmemoVersion.TWO:
            key = curve_form(key)
        return key.hex()

    def take_changes(self) -> KeyChanges:
        """End the operation: return what it changed, to be written now."""
        return self._vault.take_changes()

    def forget(self) -> None:
        """Changes that were taken could not be written: read all keys again."""
        self._vault.forget()
        self._sessions.drop_all()

    # Opening

    def begun_by(self, envelope: Envelope) -> frozenset[str]:
        """Return the fingerprints of who would begin a session with us by this; what cannot be read begins none."""
        suite, found = self._suites[envelope.version], set()
        for key in self._keys_for_us(envelope):
            try:
                exchange = suite.parse_key(key, "").exchange if key.exchange else None
                if exchange is not None:
                    found.add(curve_form(exchange.identity_key).hex())
            except Exception as error:  # noqa: BLE001 - the boundary towards the libraries, which raise anything
                log.info("a key could not be read: %s", type(error).__name__)
        return frozenset(found)

    def _keys_for_us(self, envelope: Envelope) -> list[KeyMaterial]:
        ours = {None, self.own}
        return [key for key in envelope.keys if key.device == self._device and key.recipient in ours]

    async def open(self, envelope: Envelope, sender: Address, known: str) -> Opened:
        """Decrypt; `known` is the fingerprint that we have of the sender's device, if any. Raises CannotOpen.

        Whether a key that was not known is the sender's cannot be told here: the old version has no word inside of who
        wrote. A pre-key used up by this is kept until `renew`: others may have begun a session with the same one while
        we were away.
        """
        reason = Unopened.NOT_FOR_US
        place = SessionPlace(envelope.version, sender.bare, envelope.device)
        self._vault.settle()
        for key in self._keys_for_us(envelope):
            try:
                return await self._open(envelope, key, place, known)
            except CannotOpen as error:
                reason = error.reason
            except Exception as error:  # noqa: BLE001 - as above
                log.info("a key did not fit: %s", type(error).__name__)
                reason = _reason(error)
            self._vault.take_back()
            self._sessions.drop(place)
        raise CannotOpen(reason)

    async def _open(self, envelope: Envelope, key: KeyMaterial, place: SessionPlace, known: str) -> Opened:
        suite, backend = self._suites[envelope.version], self._backends[envelope.version]
        parsed = suite.parse_key(key, str(place.address))
        session, material = await self._open_key(suite, backend, parsed, place, known=bool(known))
        identity = suite.identity_of(session).hex()
        if known and identity != known:
            raise CannotOpen(Unopened.OTHER_KEY)
        content = None
        if envelope.payload is not None:
            material, whole = suite.whole(material, envelope)
            content = await backend.decrypt_plaintext(suite.content(whole), material)
        await self._sessions.moved(place, session)
        self._sessions.bring_to_front(place, session)
        is_stale = (session.receiving_chain_length or 0) > STALE_AFTER
        return Opened(content, identity, answer=parsed.exchange is not None or is_stale)

    async def _open_key(
        self, suite: Suite, backend: Backend, parsed: Parsed, place: SessionPlace, *, known: bool
    ) -> tuple[Session, PlainKeyMaterial]:
        """Decrypt with the session that it was encrypted in, which may be one before the last.

        Two devices that begin a session with each other at the same time have two, and each sends in the other's.
        """
        failure: Exception = CannotOpen(Unopened.NO_SESSION)
        present: Session | None = None
        for name in place.names:
            session = await self._sessions.load(place, name)
            present = present or session
            if session is None or not (parsed.exchange is None or _begins(session, parsed.exchange)):
                continue
            try:
                return session, await backend.decrypt_key_material(session, parsed.material)
            except DecryptionFailed as error:
                if parsed.exchange is not None or _reason(error) is Unopened.REPEATED:
                    raise
                failure = error
        if parsed.exchange is None:
            raise failure
        begun, material = await backend.build_session_passive(
            place.names[0], place.device, parsed.exchange, parsed.material
        )
        if present is not None and suite.identity_of(present) != suite.identity_of(begun):
            raise CannotOpen(Unopened.OTHER_KEY)
        await self._sessions.add(place, begun)
        await self._use(place.version, suite.pre_key_of(begun).hex(), known=known)
        return begun, material

    # Sealing

    def has_session(self, address: Address, device: int, version: OmemoVersion) -> bool:
        """Whether nothing has to be fetched to encrypt to a device."""
        return self._vault.has_session(SessionPlace(version, address.bare, device))

    async def seal(self, contents: Mapping[OmemoVersion, bytes | None], recipients: Iterable[Recipient]) -> Sealing:
        """Encrypt to devices, each in its version; lets the loop run between them. None: nothing but keys.

        Whoever cannot be encrypted to is left out, with the reason.
        """
        wanted = tuple(recipients)
        envelopes, left_out, identities = [], [], {}
        for version, content in contents.items():
            suite, backend = self._suites[version], self._backends[version]
            encrypted, material = await (
                backend.encrypt_empty() if content is None else backend.encrypt_plaintext(content)
            )
            keys = []
            for recipient in wanted:
                if recipient.version is not version:
                    continue
                try:
                    identity, key = await self._seal_to(suite, backend, recipient, material)
                except Exception as error:  # noqa: BLE001 - as above
                    log.info("a device could not be encrypted to: %s", type(error).__name__)
                    self._sessions.drop(SessionPlace(version, recipient.address, recipient.device))
                    left_out.append((recipient, _OTHER_KEYS if isinstance(error, CannotOpen) else _BAD_BUNDLE))
                    continue
                identities[recipient] = identity
                keys.append(key)
                await asyncio.sleep(0)
            if keys:
                payload, iv = suite.payload_of(encrypted)
                envelopes.append(Envelope(version, self._device, tuple(keys), None if content is None else payload, iv))
        return Sealing(tuple(envelopes), tuple(left_out), identities)

    async def _seal_to(
        self, suite: Suite, backend: Backend, recipient: Recipient, material: PlainKeyMaterial
    ) -> tuple[str, KeyMaterial]:
        place = SessionPlace(recipient.version, recipient.address, recipient.device)
        name = place.names[0]
        present = await self._sessions.load(place, name)
        if present is not None:
            session = present
            encrypted = await backend.encrypt_key_material(session, material)
        elif recipient.bundle is None:
            raise KeyExchangeFailed("no bundle")
        else:
            bundle = suite.to_library(_without_zero(recipient.bundle), name, recipient.device)
            session, encrypted = await backend.build_session_active(name, recipient.device, bundle, material)
        identity = suite.identity_of(session).hex()
        if recipient.fingerprint and identity != recipient.fingerprint:
            raise CannotOpen(Unopened.OTHER_KEY)
        # Until the other side has answered, each message must be able to begin the session.
        begins = session.initiation is Initiation.ACTIVE and not session.confirmed
        data = suite.write_key(encrypted, session.key_exchange if begins else None)
        await (self._sessions.add(place, session) if present is None else self._sessions.moved(place, session))
        return identity, KeyMaterial(recipient.device, data, begins, recipient.address)

    def end_session(self, address: Address, device: int) -> None:
        """Forget the sessions with a device; the next message begins new ones."""
        for version in self._backends:
            self._sessions.end(SessionPlace(version, address.bare, device))


def _new_seed() -> bytes:
    """Return the seed of an identity key whose public form has sign bit 0: Converse refuses the others."""
    while True:
        seed = secrets.token_bytes(32)
        if not xeddsa.seed_to_ed25519_pub(seed)[31] & 0x80:
            return seed


def _without_zero(bundle: Bundle) -> Bundle:
    """Return the bundle without pre-key 0, which Converse offers but takes for none."""
    others = tuple((number, key) for number, key in bundle.pre_keys if number)
    if not others:
        return bundle
    return replace(bundle, pre_keys=others)


def _begins(session: Session, exchange: KeyExchange) -> bool:
    """Whether a session was begun by this very exchange, which is repeated until we answer."""
    return session.initiation is Initiation.PASSIVE and session.key_exchange.builds_same_session(exchange)


def _reason(error: Exception) -> Unopened:
    if isinstance(error.__cause__, doubleratchet.DuplicateMessageException):
        return Unopened.REPEATED
    if isinstance(error, KeyExchangeFailed):
        return Unopened.NO_SESSION
    return Unopened.BROKEN
