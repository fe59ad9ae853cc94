"""Device lists and bundles on the server (XEP-0384 §5.3, XEP-0163): fetched, published, and told by events."""

import logging
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.omemo import Bundle, ListedDevice, OmemoVersion
from tui_xmpp.model.stanzas import DevicesChanged
from tui_xmpp.xmpp import names
from tui_xmpp.xmpp.forms import submission
from tui_xmpp.xmpp.iq import Requests
from tui_xmpp.xmpp.omemo import codec

log = logging.getLogger(__name__)

LEGACY_DEVICES = f"{OmemoVersion.LEGACY.value}.devicelist"
DEVICES = f"{OmemoVersion.TWO.value}:devices"
DEVICE_NODES = {LEGACY_DEVICES: OmemoVersion.LEGACY, DEVICES: OmemoVersion.TWO}
"""Nodes of device lists, by name."""

_LISTS = {version: node for node, version in DEVICE_NODES.items()}
_BUNDLES = f"{OmemoVersion.TWO.value}:bundles"
_CURRENT = "current"

_PUBSUB = names.tag(names.PUBSUB, "pubsub")
_ITEMS = names.tag(names.PUBSUB, "items")
_ITEM = names.tag(names.PUBSUB, "item")
_PUBLISH = names.tag(names.PUBSUB, "publish")
_PUBLISH_OPTIONS = names.tag(names.PUBSUB, "publish-options")
_CREATE = names.tag(names.PUBSUB, "create")
_CREATE_CONFIGURE = names.tag(names.PUBSUB, "configure")
_RETRACT = names.tag(names.PUBSUB, "retract")
_OWNER = names.tag(names.PUBSUB_OWNER, "pubsub")
_CONFIGURE = names.tag(names.PUBSUB_OWNER, "configure")
_DELETE = names.tag(names.PUBSUB_OWNER, "delete")
_EVENT_ITEMS = names.tag(names.PUBSUB_EVENT, "items")
_EVENT_ITEM = names.tag(names.PUBSUB_EVENT, "item")

_OPTIONS = {"pubsub#persist_items": ("true",), "pubsub#access_model": ("open",)}
_MANY = {**_OPTIONS, "pubsub#max_items": ("max",)}
"""Of the node that has an item for each device (XEP-0384 §5.3.2)."""
_UNKNOWN_OPTION = {"resource-constraint", "bad-request", "feature-not-implemented"}
"""How a server may refuse a condition of a publication that it does not know; ejabberd knows none on the items."""
_ABSENT = {"item-not-found", "service-unavailable", "feature-not-implemented"}
_CLOSED = _ABSENT | {"forbidden", "not-authorized", "not-allowed"}
"""What servers answer for a node that is not there or may not be read; strangers are told the latter for both."""
_CONFLICT = {"conflict", "precondition-not-met", "not-acceptable"}


def bundle_node(version: OmemoVersion, device: int) -> tuple[str, str]:
    """Return node and item that hold a device's bundle."""
    if version is OmemoVersion.TWO:
        return _BUNDLES, str(device)
    return f"{OmemoVersion.LEGACY.value}.bundles:{device}", _CURRENT


class OmemoNodes:
    """Reads the nodes of others and writes ours."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests

    async def devices(self, address: Address, version: OmemoVersion) -> tuple[ListedDevice, ...]:
        """Return somebody's device list; empty where there is none. Raises RequestFailed."""
        item = await self._fetch(address, _LISTS[version], None)
        return codec.read_devices(version, item)

    async def bundle(self, address: Address, device: int, version: OmemoVersion) -> Bundle | None:
        """Return a device's bundle; None: there is none, or none that can be used. Raises RequestFailed."""
        node, item_id = bundle_node(version, device)
        wanted = item_id if version is OmemoVersion.TWO else None
        return codec.read_bundle(version, await self._fetch(address, node, wanted))

    async def publish_devices(
        self, version: OmemoVersion, devices: tuple[ListedDevice, ...], signatures: Mapping[int, bytes]
    ) -> None:
        """Set our device list. Raises RequestFailed."""
        await self._publish(_LISTS[version], _CURRENT, codec.write_devices(version, devices, dict(signatures)))

    async def publish_bundle(self, device: int, bundle: Bundle) -> None:
        """Set our bundle. Raises RequestFailed."""
        node, item_id = bundle_node(bundle.version, device)
        await self._publish(node, item_id, codec.write_bundle(bundle))

    async def retract_bundle(self, device: int, version: OmemoVersion) -> None:
        """Take the bundle of one of our devices away; none there is no error. Raises RequestFailed."""
        node, item_id = bundle_node(version, device)
        if version is OmemoVersion.TWO:
            payload = Element(_PUBSUB)
            SubElement(SubElement(payload, _RETRACT, {"node": node}), _ITEM, {"id": item_id})
        else:
            payload = Element(_OWNER)
            SubElement(payload, _DELETE, {"node": node})
        try:
            await self._requests.set(payload)
        except RequestFailed as refusal:
            if refusal.condition not in _ABSENT:
                raise

    async def _fetch(self, address: Address, node: str, item_id: str | None) -> Element | None:
        """Return the payload of an item, or of the newest one; None where there is none."""
        payload = Element(_PUBSUB)
        items = SubElement(payload, _ITEMS, {"node": node})
        if item_id is not None:
            SubElement(items, _ITEM, {"id": item_id})
        try:
            answer = await self._requests.get(payload, address.bare)
        except RequestFailed as refusal:
            if refusal.condition in _CLOSED:
                return None
            raise
        return _payload(answer.find(f"{_PUBSUB}/{_ITEMS}"), _ITEM)

    async def _publish(self, node: str, item_id: str, content: Element) -> None:
        """Publish so that everybody may read it: strangers too must be able to write to us encrypted."""
        options = _MANY if node == _BUNDLES else _OPTIONS
        try:
            await self._requests.set(_publication(node, item_id, content, options))
        except RequestFailed as refusal:
            if refusal.condition in _CONFLICT:
                # Another client made the node and others may not read it.
                await self._configure(node, options)
            elif refusal.condition in _UNKNOWN_OPTION and options is _MANY:
                await self._make(node, options)
                options = _OPTIONS
            else:
                raise
            await self._requests.set(_publication(node, item_id, content, options))

    async def _make(self, node: str, options: Mapping[str, tuple[str, ...]]) -> None:
        """Create a node that is to be like this, or make it so."""
        payload = Element(_PUBSUB)
        SubElement(payload, _CREATE, {"node": node})
        SubElement(payload, _CREATE_CONFIGURE).append(submission(names.PUBSUB_NODE_CONFIG, options))
        try:
            await self._requests.set(payload)
        except RequestFailed as refusal:
            if refusal.condition != "conflict":
                raise
            await self._configure(node, options)

    async def _configure(self, node: str, options: Mapping[str, tuple[str, ...]]) -> None:
        payload = Element(_OWNER)
        configure = SubElement(payload, _CONFIGURE, {"node": node})
        configure.append(submission(names.PUBSUB_NODE_CONFIG, options))
        await self._requests.set(payload)


def _publication(node: str, item_id: str, content: Element, options: Mapping[str, tuple[str, ...]]) -> Element:
    payload = Element(_PUBSUB)
    publish = SubElement(payload, _PUBLISH, {"node": node})
    SubElement(publish, _ITEM, {"id": item_id}).append(content)
    SubElement(payload, _PUBLISH_OPTIONS).append(submission(names.PUBSUB_OPTIONS, options))
    return payload


def read_event(event: Element, sender: Address) -> DevicesChanged | None:
    """Read an event of somebody's device list, which only their own bare address may tell; None for other nodes."""
    items = event.find(_EVENT_ITEMS)
    version = DEVICE_NODES.get(items.get("node", "")) if items is not None else None
    if items is None or version is None or not sender.is_bare:
        return None
    payload = _payload(items, _EVENT_ITEM)
    return None if payload is None else DevicesChanged(sender, version, codec.read_devices(version, payload))


def _payload(items: Element | None, item_tag: str) -> Element | None:
    """Return what the newest item holds: servers put it last."""
    found = items.findall(item_tag) if items is not None else []
    for item in reversed(found):
        for child in item:
            return child
    return None
