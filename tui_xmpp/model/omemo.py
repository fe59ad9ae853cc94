"""End-to-end encryption with OMEMO (XEP-0384), as plain values: what the wire says, what is known of devices."""

from collections.abc import Sequence
from dataclasses import field
from enum import StrEnum

from tui_xmpp.model.address import Address
from tui_xmpp.model.frozen import frozen


class OmemoVersion(StrEnum):
    """The two versions that are spoken, named by their namespaces."""

    LEGACY = "eu.siacs.conversations.axolotl"
    """What Conversations began with (XEP-0384 0.3): only the body is inside."""
    TWO = "urn:xmpp:omemo:2"
    """The present version: whole elements are inside (XEP-0420)."""


class Trust(StrEnum):
    """What a person thinks of a device's key."""

    UNDECIDED = "undecided"
    UNPROVEN = "unproven"
    """Its key came with a message, and was not found among those that the sender has published."""
    TRUSTED = "trusted"
    """Taken without a comparison: blindly, or because a person said so."""
    VERIFIED = "verified"
    """The fingerprints were compared."""
    DISTRUSTED = "distrusted"

    @property
    def is_sent_to(self) -> bool:
        """Whether messages are encrypted to such a device."""
        return self in {Trust.TRUSTED, Trust.VERIFIED}


class EncryptionWish(StrEnum):
    """When messages are to be encrypted: overall, for an account, or for one chat."""

    ALWAYS = "always"
    """What cannot be encrypted is not sent."""
    WHEN_POSSIBLE = "when possible"
    """As soon as the other side has devices, and from then on always."""
    NEVER = "never"


@frozen
class ChatEncryption:
    """What is kept of a chat."""

    wish: EncryptionWish | None = None
    """None: as the account's."""
    since: int = 0
    """When the first encrypted message came or went, µs since the epoch; it stays so until a person switches it off."""

    @property
    def begun(self) -> bool:
        """Whether it is encrypted."""
        return self.since > 0


class Security(StrEnum):
    """How what is written in a chat goes out."""

    NONE = "none"
    """In clear: it was never encrypted here."""
    OFF = "off"
    """In clear, by a person's wish."""
    ON = "on"
    BLOCKED = "blocked"
    """Not at all: it has to be encrypted, and cannot be."""


@frozen
class ChatSecurity:
    """What the screen shows of a chat's encryption."""

    state: Security = Security.NONE
    wish: EncryptionWish | None = None
    """The chat's own."""
    possible: bool = False
    """It could be encrypted: a contact's, or a private group's."""
    verified: bool = False
    """All devices that it goes to were verified."""
    undecided: int = 0
    """New devices that wait for a decision and get nothing."""


class Unopened(StrEnum):
    """Why a message could not be decrypted."""

    NOT_FOR_US = "not-for-us"
    """It has no key for this device: it was sent before this one was known, or to others only."""
    NO_SESSION = "no-session"
    """The sender's device means a session that does not exist here (any more)."""
    BROKEN = "broken"
    """The keys do not fit, or something was changed on the way."""
    REPEATED = "repeated"
    """Its key was used here before: it is the same once more, or the sender's device went back to an old state."""
    OTHER_KEY = "other-key"
    """The device suddenly has another key than the one that is known."""
    DISTRUSTED = "distrusted"
    """It comes from a device that a person does not trust."""
    UNKNOWN_SENDER = "unknown-sender"
    """The room does not say whose message it is."""
    NOT_LOADED = "not-loaded"
    """The libraries for it cannot be loaded."""
    FORGED = "forged"
    """What is inside names another sender or recipient than the outside (XEP-0420 §4.2)."""


@frozen
class KeyMaterial:
    """The key of one message, encrypted to one device."""

    device: int
    data: bytes = field(repr=False)
    exchange: bool = False
    """It begins a session (X3DH), and so can be decrypted without one."""
    recipient: Address | None = None
    """Whose device it is; the old version does not say."""


@frozen
class Envelope:
    """An `encrypted` element."""

    version: OmemoVersion
    device: int
    """The sender's."""
    keys: tuple[KeyMaterial, ...]
    payload: bytes | None = field(default=None, repr=False)
    """None: nothing but keys, which keeps sessions alive."""
    iv: bytes = field(default=b"", repr=False)
    """Of the old version only."""


@frozen
class Bundle:
    """The public keys with which a session with a device can be begun."""

    version: OmemoVersion
    identity_key: bytes
    """As the wire has it: Curve25519 in the old version, Ed25519 in the new one."""
    signed_pre_key_id: int
    signed_pre_key: bytes
    signature: bytes
    pre_keys: tuple[tuple[int, bytes], ...]


@frozen
class ListedDevice:
    """One entry of a device list."""

    id: int
    label: str = ""
    """Cleaned; a claim, for nobody checks who wrote it."""


@frozen
class Device:
    """What is known of one device."""

    address: Address
    """Bare address of whom it belongs to."""
    id: int
    fingerprint: str = ""
    """The identity key in Curve25519 form, 64 hexadecimal digits (XEP-0384 §8); empty: not known yet."""
    trust: Trust = Trust.UNDECIDED
    label: str = ""
    first_seen: int = 0
    """µs since the epoch; also of `last_seen`."""
    last_seen: int = 0
    """When it last wrote, or was last seen in the list."""
    listed: frozenset[OmemoVersion] = frozenset()
    """In which lists it stands now; none: it was taken off."""
    own: bool = False
    """It is this very program."""
    asked: bool = False
    """A person was told of it, and has not said yet what is to become of it."""


def undecided(devices: Sequence[Device]) -> tuple[Device, ...]:
    """The devices of one person that wait for a decision (SECURITY 30).

    After a first verification that is each one with a new key, also if its owner has not published it (yet). A new
    device of our own is trusted until a person declines it.
    """
    waits = {Trust.UNDECIDED}
    if any(device.trust is Trust.VERIFIED for device in devices):
        waits.add(Trust.UNPROVEN)
    known = (device for device in devices if device.fingerprint and not device.own)
    return tuple(device for device in known if device.asked or device.trust in waits)


@frozen
class OwnKeys:
    """This program as a device."""

    device: int
    fingerprint: str
    fresh: bool = False
    """They were made just now."""


@frozen
class Recipient:
    """A device to encrypt to."""

    address: Address
    device: int
    version: OmemoVersion
    fingerprint: str = ""
    """What it must be, if it is known."""
    bundle: Bundle | None = None
    """Needed where there is no session."""


@frozen
class Sealing:
    """What encrypting came to."""

    envelopes: tuple[Envelope, ...]
    left_out: tuple[tuple[Recipient, str], ...] = ()
    """To whom it is not encrypted, and why, for people."""
    identities: dict[Recipient, str] = field(default_factory=dict)
    """Fingerprints of those to whom it is."""


@frozen
class Opened:
    """What decrypting came to."""

    content: bytes | None = field(repr=False)
    """None: it carried nothing but keys."""
    fingerprint: str
    """Of the device that it comes from."""
    answer: bool = False
    """The other side waits for a sign of life, an empty message, to be sure of the session."""


@frozen
class NotOpened:
    """A message that stays closed."""

    reason: Unopened
    device: int = 0
    """The sender's, where it is known."""
