"""What differs between the two versions in the libraries' classes: each wire value to theirs, and back."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, Protocol

import oldmemo.oldmemo as old
import twomemo.twomemo as two
import x3dh
import xeddsa
from omemo.backend import Backend
from omemo.bundle import Bundle as LibraryBundle
from omemo.message import Content, EncryptedKeyMaterial, KeyExchange, PlainKeyMaterial
from omemo.session import Initiation, Session
from omemo.storage import Storage
from omemo.types import JSONType

from tui_xmpp.model.omemo import Bundle, Envelope, KeyMaterial, OmemoVersion

_CURVE_TYPE = 1
"""Length of the type byte that the old version puts before keys."""
_SIGN = 0x80
_TAG_LENGTH = 16


@lru_cache(maxsize=1024)
def curve_form(identity_key: bytes) -> bytes:
    """Return the Curve25519 form of an Ed25519 identity key, which costs as much as a step of the ratchet."""
    return xeddsa.ed25519_pub_to_curve25519_pub(identity_key)


class Parsed(NamedTuple):
    """A key as the libraries want it."""

    material: EncryptedKeyMaterial
    exchange: KeyExchange | None


class Suite(Protocol):
    """One version."""

    version: OmemoVersion

    def backend(self, storage: Storage) -> Backend: ...  # noqa: D102 (as named)
    def to_library(self, bundle: Bundle, address: str, device: int) -> LibraryBundle: ...  # noqa: D102 (as named)
    def from_library(self, bundle: LibraryBundle) -> Bundle: ...  # noqa: D102 (as named)
    def parse_key(self, key: KeyMaterial, address: str) -> Parsed:
        """Read a key. Raises ValueError and what the libraries raise."""

    def write_key(self, material: EncryptedKeyMaterial, exchange: KeyExchange | None) -> bytes: ...  # noqa: D102 (as named)
    def content(self, envelope: Envelope) -> Content: ...  # noqa: D102 (as named)
    def whole(self, material: PlainKeyMaterial, envelope: Envelope) -> tuple[PlainKeyMaterial, Envelope]:
        """Bring the key and the payload into the form that the library expects."""

    def payload_of(self, content: Content) -> tuple[bytes, bytes]:
        """Ciphertext and IV."""

    def identity_of(self, session: Session) -> bytes:
        """The other side's identity key in Curve25519 form."""

    def ratchet_of(self, session: Session) -> str:
        """What of a session changes with each message, as the library stores it: JSON."""

    def pre_key_of(self, session: Session) -> bytes:
        """Our pre-key with which the other side began the session."""

    def without(self, state: JSONType, spent: Iterable[bytes]) -> JSONType:
        """Our keys as the library stores them, without some pre-keys."""


class LegacySuite:
    """`eu.siacs.conversations.axolotl`: identity keys are Curve25519, their sign is in the signature (XEdDSA)."""

    version = OmemoVersion.LEGACY

    def backend(self, storage: Storage) -> Backend:
        """Return the library for this version."""
        return old.Oldmemo(storage)

    def to_library(self, bundle: Bundle, address: str, device: int) -> LibraryBundle:
        """Give the identity key the sign that the signature tells."""
        sign = bool(bundle.signature[-1] & _SIGN)
        signature = bundle.signature[:-1] + bytes([bundle.signature[-1] & ~_SIGN & 0xFF])
        identity = xeddsa.curve25519_pub_to_ed25519_pub(bundle.identity_key, sign)
        keys = {key: number for number, key in bundle.pre_keys}
        library = x3dh.Bundle(identity, bundle.signed_pre_key, signature, frozenset(keys))
        return old.BundleImpl(address, device, library, bundle.signed_pre_key_id, keys)

    def from_library(self, bundle: LibraryBundle) -> Bundle:
        """Put the sign of the identity key into the signature."""
        assert isinstance(bundle, old.BundleImpl)
        inner = bundle.bundle
        signature = inner.signed_pre_key_sig
        return Bundle(
            self.version,
            curve_form(inner.identity_key),
            bundle.signed_pre_key_id,
            inner.signed_pre_key,
            signature[:-1] + bytes([signature[-1] | (inner.identity_key[-1] & _SIGN)]),
            tuple(sorted((bundle.pre_key_ids[key], key) for key in inner.pre_keys)),
        )

    def parse_key(self, key: KeyMaterial, address: str) -> Parsed:
        """Read a key.

        The sign of the sender's identity key is not known here, and nothing depends on it: the old version computes
        with the Curve25519 form alone, and that is what the fingerprint shows.
        """
        data, exchange = key.data, None
        if key.exchange:
            exchange, data = old.KeyExchangeImpl.parse(key.data, set_sign_bit=False)
        return Parsed(old.EncryptedKeyMaterialImpl.parse(data, address, key.device), exchange)

    def write_key(self, material: EncryptedKeyMaterial, exchange: KeyExchange | None) -> bytes:
        """Return the key as the wire has it."""
        assert isinstance(material, old.EncryptedKeyMaterialImpl)
        if exchange is None:
            return material.serialize()
        assert isinstance(exchange, old.KeyExchangeImpl)
        return exchange.serialize(material.serialize())[0]

    def content(self, envelope: Envelope) -> Content:
        """Return the payload as the library wants it."""
        return old.ContentImpl(envelope.payload or b"", envelope.iv)

    def whole(self, material: PlainKeyMaterial, envelope: Envelope) -> tuple[PlainKeyMaterial, Envelope]:
        """Take the tag from the payload's end, where the oldest clients have it, to the key's."""
        assert isinstance(material, old.PlainKeyMaterialImpl)
        if material.auth_tag or not envelope.payload:
            return material, envelope
        payload, tag = envelope.payload[:-_TAG_LENGTH], envelope.payload[-_TAG_LENGTH:]
        return old.PlainKeyMaterialImpl(material.key, tag), Envelope(
            envelope.version, envelope.device, (), payload, envelope.iv
        )

    def payload_of(self, content: Content) -> tuple[bytes, bytes]:
        """Return ciphertext and IV."""
        assert isinstance(content, old.ContentImpl)
        return content.ciphertext, content.initialization_vector

    def identity_of(self, session: Session) -> bytes:
        """Return the other side's identity key: who begins the session comes first in what both authenticate."""
        assert isinstance(session, old.SessionImpl)
        half = len(session.associated_data) // 2
        first, second = session.associated_data[:half], session.associated_data[half:]
        return (second if session.initiation is Initiation.ACTIVE else first)[_CURVE_TYPE:]

    def ratchet_of(self, session: Session) -> str:
        """Return the ratchet; what the library stores is this text, parsed."""
        assert isinstance(session, old.SessionImpl)
        return session.double_ratchet.model.model_dump_json()

    def pre_key_of(self, session: Session) -> bytes:
        """Return our pre-key that the session began with."""
        assert isinstance(session, old.SessionImpl)
        return session.key_exchange.header.pre_key or b""

    def without(self, state: JSONType, spent: Iterable[bytes]) -> JSONType:
        """Take pre-keys out of our keys."""
        return _without(old.StateImpl, old.StateImpl.INFO, state, spent)


class NewSuite:
    """`urn:xmpp:omemo:2`: identity keys are Ed25519."""

    version = OmemoVersion.TWO

    def backend(self, storage: Storage) -> Backend:
        """Return the library for this version."""
        return two.Twomemo(storage)

    def to_library(self, bundle: Bundle, address: str, device: int) -> LibraryBundle:
        """Return the bundle as the library wants it."""
        keys = {key: number for number, key in bundle.pre_keys}
        library = x3dh.Bundle(bundle.identity_key, bundle.signed_pre_key, bundle.signature, frozenset(keys))
        return two.BundleImpl(address, device, library, bundle.signed_pre_key_id, keys)

    def from_library(self, bundle: LibraryBundle) -> Bundle:
        """Return the bundle as the wire has it."""
        assert isinstance(bundle, two.BundleImpl)
        inner = bundle.bundle
        return Bundle(
            self.version,
            inner.identity_key,
            bundle.signed_pre_key_id,
            inner.signed_pre_key,
            inner.signed_pre_key_sig,
            tuple(sorted((bundle.pre_key_ids[key], key) for key in inner.pre_keys)),
        )

    def parse_key(self, key: KeyMaterial, address: str) -> Parsed:
        """Read a key."""
        data, exchange = key.data, None
        if key.exchange:
            exchange, data = two.KeyExchangeImpl.parse(key.data)
        return Parsed(two.EncryptedKeyMaterialImpl.parse(data, address, key.device), exchange)

    def write_key(self, material: EncryptedKeyMaterial, exchange: KeyExchange | None) -> bytes:
        """Return the key as the wire has it."""
        assert isinstance(material, two.EncryptedKeyMaterialImpl)
        if exchange is None:
            return material.serialize()
        assert isinstance(exchange, two.KeyExchangeImpl)
        return exchange.serialize(material.serialize())

    def content(self, envelope: Envelope) -> Content:
        """Return the payload as the library wants it."""
        return two.ContentImpl(envelope.payload or b"")

    def whole(self, material: PlainKeyMaterial, envelope: Envelope) -> tuple[PlainKeyMaterial, Envelope]:
        """Return both as they are."""
        return material, envelope

    def payload_of(self, content: Content) -> tuple[bytes, bytes]:
        """Return ciphertext; there is no IV."""
        assert isinstance(content, two.ContentImpl)
        return content.ciphertext, b""

    def identity_of(self, session: Session) -> bytes:
        """Return the other side's identity key, see `LegacySuite`."""
        assert isinstance(session, two.SessionImpl)
        half = len(session.associated_data) // 2
        first, second = session.associated_data[:half], session.associated_data[half:]
        return curve_form(second if session.initiation is Initiation.ACTIVE else first)

    def ratchet_of(self, session: Session) -> str:
        """Return the ratchet; what the library stores is this text, parsed."""
        assert isinstance(session, two.SessionImpl)
        return session.double_ratchet.model.model_dump_json()

    def pre_key_of(self, session: Session) -> bytes:
        """Return our pre-key that the session began with."""
        assert isinstance(session, two.SessionImpl)
        return session.key_exchange.header.pre_key or b""

    def without(self, state: JSONType, spent: Iterable[bytes]) -> JSONType:
        """Take pre-keys out of our keys."""
        return _without(two.StateImpl, two.StateImpl.INFO, state, spent)


def _without(kind: type[x3dh.BaseState], info: bytes, state: JSONType, spent: Iterable[bytes]) -> JSONType:
    assert isinstance(state, dict)
    keys, _migrated = kind.from_json(state, x3dh.IdentityKeyFormat.ED_25519, x3dh.HashFunction.SHA_256, info)
    for pre_key in spent:
        keys.delete_pre_key(pre_key)
    return dict(keys.json)


SUITES: tuple[Suite, ...] = (LegacySuite(), NewSuite())
