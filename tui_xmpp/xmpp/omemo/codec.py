"""The elements of OMEMO read and written: device lists, bundles, encrypted messages, in both versions; pure.

Reading never raises: what cannot be read is None or left out. What is read is only well formed, not believed.
"""

import binascii
from base64 import b64decode, b64encode
from xml.etree.ElementTree import Element, SubElement

from tui_xmpp.model.omemo import Bundle, Envelope, KeyMaterial, ListedDevice, OmemoVersion
from tui_xmpp.model.text import clean_line
from tui_xmpp.xmpp import names, parse
from tui_xmpp.xmpp.build import xml_text

DEVICES_LIMIT = 100
"""Most devices taken from one list: each may cost a request and a session."""

KEYS_LIMIT = 10_000
"""Most keys taken from one message; a large room has thousands."""

PRE_KEYS_LIMIT = 500
"""Most pre-keys taken from one bundle."""

_ID_LIMIT = 2**32 - 1
_KEY_LENGTH = 32
_SIGNATURE_LENGTH = 64
_DJB = b"\x05"
"""What the old version puts before each public key: its type."""


def tag(version: OmemoVersion, name: str) -> str:
    """Return the qualified name of an element of this version."""
    return names.tag(version.value, name)


ENCRYPTED = {tag(version, "encrypted"): version for version in OmemoVersion}
"""The element of an encrypted message, by version."""

_LIST = {OmemoVersion.LEGACY: "list", OmemoVersion.TWO: "devices"}
_EXCHANGE = {OmemoVersion.LEGACY: "prekey", OmemoVersion.TWO: "kex"}


def identifier(text: str | None) -> int:
    """Return a device's or key's id; -1 for what is none."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 10:
        return -1
    value = int(text)
    return value if value <= _ID_LIMIT else -1


def binary(text: str | None) -> bytes:
    """Return what a text in base64 stands for; empty for none and for what is none."""
    try:
        return b64decode("".join((text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _written(data: bytes) -> str:
    return b64encode(data).decode("ascii")


# Device lists


def read_devices(version: OmemoVersion, payload: Element | None) -> tuple[ListedDevice, ...]:
    """Read a device list; each device once, at most `DEVICES_LIMIT`. None counts as an empty one."""
    if payload is None or payload.tag != tag(version, _LIST[version]):
        return ()
    devices: dict[int, ListedDevice] = {}
    for element in payload.iterfind(tag(version, "device")):
        number = identifier(element.get("id"))
        if number > 0 and len(devices) < DEVICES_LIMIT:
            devices.setdefault(number, ListedDevice(number, clean_line(element.get("label", ""), limit=53)))
    return tuple(devices.values())


def write_devices(
    version: OmemoVersion, devices: tuple[ListedDevice, ...], signatures: dict[int, bytes] | None = None
) -> Element:
    """Return the element to publish; labels go only where they are signed, and only in the new version."""
    payload = Element(tag(version, _LIST[version]))
    for device in devices:
        element = SubElement(payload, tag(version, "device"), {"id": str(device.id)})
        signature = (signatures or {}).get(device.id)
        if version is OmemoVersion.TWO and device.label and signature:
            element.set("label", xml_text(device.label))
            element.set("labelsig", _written(signature))
    return payload


# Bundles


def read_bundle(version: OmemoVersion, payload: Element | None) -> Bundle | None:
    """Read a bundle; None for one with which no session can be begun. Pre-keys that cannot be read are left out."""
    if payload is None or payload.tag != tag(version, "bundle"):
        return None
    signed, signature, identity, pre_keys, pre_key, number = (
        ("signedPreKeyPublic", "signedPreKeySignature", "identityKey", "prekeys", "preKeyPublic", "preKeyId")
        if version is OmemoVersion.LEGACY
        else ("spk", "spks", "ik", "prekeys", "pk", "id")
    )
    signed_element = payload.find(tag(version, signed))
    if signed_element is None:
        return None
    found: dict[int, bytes] = {}
    for element in payload.findall(f"{tag(version, pre_keys)}/{tag(version, pre_key)}")[:PRE_KEYS_LIMIT]:
        key_id, key = identifier(element.get(number)), _public_key(version, element.text)
        if key_id >= 0 and key:
            found[key_id] = key
    bundle = Bundle(
        version,
        _public_key(version, payload.findtext(tag(version, identity))),
        identifier(signed_element.get("signedPreKeyId" if version is OmemoVersion.LEGACY else "id")),
        _public_key(version, signed_element.text),
        binary(payload.findtext(tag(version, signature))),
        tuple(found.items()),
    )
    is_whole = (
        bundle.identity_key
        and bundle.signed_pre_key
        and bundle.signed_pre_key_id >= 0
        and len(bundle.signature) == _SIGNATURE_LENGTH
        and bundle.pre_keys
    )
    return bundle if is_whole else None


def write_bundle(bundle: Bundle) -> Element:
    """Return the element to publish."""
    version = bundle.version
    payload = Element(tag(version, "bundle"))
    legacy = version is OmemoVersion.LEGACY
    prefix = _DJB if legacy else b""
    signed = SubElement(payload, tag(version, "signedPreKeyPublic" if legacy else "spk"))
    signed.set("signedPreKeyId" if legacy else "id", str(bundle.signed_pre_key_id))
    signed.text = _written(prefix + bundle.signed_pre_key)
    SubElement(payload, tag(version, "signedPreKeySignature" if legacy else "spks")).text = _written(bundle.signature)
    SubElement(payload, tag(version, "identityKey" if legacy else "ik")).text = _written(prefix + bundle.identity_key)
    pre_keys = SubElement(payload, tag(version, "prekeys"))
    for key_id, key in bundle.pre_keys:
        element = SubElement(pre_keys, tag(version, "preKeyPublic" if legacy else "pk"))
        element.set("preKeyId" if legacy else "id", str(key_id))
        element.text = _written(prefix + key)
    return payload


def _public_key(version: OmemoVersion, text: str | None) -> bytes:
    data = binary(text)
    if version is OmemoVersion.LEGACY:
        if not data.startswith(_DJB):
            return b""
        data = data[len(_DJB) :]
    return data if len(data) == _KEY_LENGTH else b""


# Messages


def read_envelope(element: Element) -> Envelope | None:
    """Read an `encrypted` element; None for one that nobody could decrypt."""
    version = ENCRYPTED.get(element.tag)
    header = element.find(tag(version, "header")) if version is not None else None
    if version is None or header is None:
        return None
    device = identifier(header.get("sid"))
    payload = element.find(tag(version, "payload"))
    iv = binary(header.findtext(tag(version, "iv")))
    content = None if payload is None else binary(payload.text)
    if device <= 0 or (version is OmemoVersion.LEGACY and content and not iv):
        return None
    # An empty payload is written by some in place of none.
    return Envelope(version, device, tuple(_read_keys(version, header)), content or None, iv)


def _read_keys(version: OmemoVersion, header: Element) -> list[KeyMaterial]:
    groups = [header] if version is OmemoVersion.LEGACY else header.findall(tag(version, "keys"))
    # A key may stand there twice (Converse does that in rooms): once is enough.
    keys: dict[KeyMaterial, None] = {}
    for group in groups:
        recipient = None if version is OmemoVersion.LEGACY else parse.address(group.get("jid"))
        if version is OmemoVersion.TWO and recipient is None:
            continue
        for element in group.iterfind(tag(version, "key")):
            number, data = identifier(element.get("rid")), binary(element.text)
            if number >= 0 and data and len(keys) < KEYS_LIMIT:
                keys[KeyMaterial(number, data, parse.flag(element.get(_EXCHANGE[version])), recipient)] = None
    return list(keys)


def write_envelope(envelope: Envelope) -> Element:
    """Return the element to put into a message."""
    version = envelope.version
    element = Element(tag(version, "encrypted"))
    header = SubElement(element, tag(version, "header"), {"sid": str(envelope.device)})
    groups: dict[str, Element] = {}
    for key in envelope.keys:
        group = header
        if version is OmemoVersion.TWO:
            name = str(key.recipient)
            known = groups.get(name)
            group = groups[name] = SubElement(header, tag(version, "keys"), {"jid": name}) if known is None else known
        written = SubElement(group, tag(version, "key"), {"rid": str(key.device)})
        if key.exchange:
            written.set(_EXCHANGE[version], "true")
        written.text = _written(key.data)
    if version is OmemoVersion.LEGACY:
        SubElement(header, tag(version, "iv")).text = _written(envelope.iv)
    if envelope.payload is not None:
        SubElement(element, tag(version, "payload")).text = _written(envelope.payload)
    return element
