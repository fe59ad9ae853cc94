"""Nodes of our own account that only we can read (XEP-0223 over XEP-0163): bookmarks, and what we have read.

Before anything is published the node's access model is made sure to be `whitelist` (SECURITY 12): asked for and read
back, rather than left to the options of a publication, which a server may pass over in silence (XEP-0060 §7.1.5).
"""

from xml.etree.ElementTree import Element, SubElement

from tui_xmpp.errors import RequestFailed
from tui_xmpp.xmpp import names
from tui_xmpp.xmpp.forms import FORM, submission, values_of
from tui_xmpp.xmpp.iq import Requests

ITEM = names.tag(names.PUBSUB, "item")
_PUBSUB = names.tag(names.PUBSUB, "pubsub")
_ITEMS = names.tag(names.PUBSUB, "items")
_PUBLISH = names.tag(names.PUBSUB, "publish")
_PUBLISH_OPTIONS = names.tag(names.PUBSUB, "publish-options")
_RETRACT = names.tag(names.PUBSUB, "retract")
_CREATE = names.tag(names.PUBSUB, "create")
_CREATE_CONFIGURE = names.tag(names.PUBSUB, "configure")
_OWNER = names.tag(names.PUBSUB_OWNER, "pubsub")
_CONFIGURE = names.tag(names.PUBSUB_OWNER, "configure")

_ACCESS = "pubsub#access_model"
_OPTIONS = {
    "pubsub#persist_items": ("true",),
    "pubsub#max_items": ("max",),
    "pubsub#send_last_published_item": ("never",),
    _ACCESS: ("whitelist",),
}
"""Of XEP-0402 §3.1 and XEP-0490 §3.2, which are the same."""

_PRIVACY = {_ACCESS: _OPTIONS[_ACCESS]}
_UNKNOWN_OPTION = {"resource-constraint", "bad-request", "not-acceptable", "feature-not-implemented"}
"""How a server may refuse conditions of a publication that it does not know; ejabberd knows none on the items."""

UNSUPPORTED = {"feature-not-implemented", "service-unavailable", "bad-request", "not-allowed"}
"""Conditions by which a server says that it has no such service at all."""


class PrivateNode:
    """One node of ours, and whether it is known to be private."""

    def __init__(self, requests: Requests, node: str, refusal: str) -> None:
        """`refusal` is what people are told when the server would show the node to others."""
        self._requests = requests
        self._node = node
        self._refusal = refusal
        self.reset()

    def reset(self) -> None:
        """Forget what was learnt of the server on the last stream."""
        self._private = False
        self._conditions = _OPTIONS

    async def items(self) -> Element | None:
        """Return the element with all items; None where there is no such node yet. Raises RequestFailed."""
        payload = Element(_PUBSUB)
        SubElement(payload, _ITEMS, {"node": self._node})
        try:
            answer = await self._requests.get(payload)
        except RequestFailed as refusal:
            if refusal.condition == "item-not-found":
                return None
            raise
        return answer.find(f"{_PUBSUB}/{_ITEMS}")

    async def publish(self, item_id: str, content: Element) -> None:
        """Add or replace one item. Raises RequestFailed, also when the node cannot be made private."""
        await self._make_private()
        try:
            await self._publish(item_id, content)
        except RequestFailed as refusal:
            if refusal.condition == "conflict":
                self._private = False
                await self._make_private(anew=True)
            elif refusal.condition in _UNKNOWN_OPTION and self._conditions is _OPTIONS:
                self._conditions = _PRIVACY
            else:
                raise
            await self._publish(item_id, content)

    async def _publish(self, item_id: str, content: Element) -> None:
        """Publish on the condition that the node is as we made it (XEP-0060 §7.1.5).

        Another device may have deleted it since; then the server makes it anew, and not open to contacts.
        """
        payload = Element(_PUBSUB)
        publish = SubElement(payload, _PUBLISH, {"node": self._node})
        SubElement(publish, ITEM, {"id": item_id}).append(content)
        SubElement(payload, _PUBLISH_OPTIONS).append(submission(names.PUBSUB_OPTIONS, self._conditions))
        await self._requests.set(payload)

    async def retract(self, item_id: str) -> None:
        """Take one item away and tell our other devices; none there is no error. Raises RequestFailed."""
        payload = Element(_PUBSUB)
        retract = SubElement(payload, _RETRACT, {"node": self._node, "notify": "true"})
        SubElement(retract, ITEM, {"id": item_id})
        try:
            await self._requests.set(payload)
        except RequestFailed as refusal:
            if refusal.condition != "item-not-found":
                raise

    async def _make_private(self, *, anew: bool = False) -> None:
        """Create the node, or configure it, until the server says that only we may read it; once for each stream.

        With `anew` it is configured even if it seems to be private already.
        """
        if self._private:
            return
        try:
            access = await self._access_model()
        except RequestFailed as refusal:
            if refusal.condition != "item-not-found":
                raise
            await self._create()
            access = await self._access_model()
        if access != "whitelist" or anew:
            payload = Element(_OWNER)
            configure = SubElement(payload, _CONFIGURE, {"node": self._node})
            configure.append(submission(names.PUBSUB_NODE_CONFIG, _OPTIONS))
            await self._requests.set(payload)
            access = await self._access_model()
        if access != "whitelist":
            raise RequestFailed(self._refusal)
        self._private = True

    async def _access_model(self) -> str:
        payload = Element(_OWNER)
        SubElement(payload, _CONFIGURE, {"node": self._node})
        form = (await self._requests.get(payload)).find(f"{_OWNER}/{_CONFIGURE}/{FORM}")
        values = values_of(form, _ACCESS) if form is not None else ()
        return values[0] if values else ""

    async def _create(self) -> None:
        payload = Element(_PUBSUB)
        SubElement(payload, _CREATE, {"node": self._node})
        SubElement(payload, _CREATE_CONFIGURE).append(submission(names.PUBSUB_NODE_CONFIG, _OPTIONS))
        try:
            await self._requests.set(payload)
        except RequestFailed as refusal:
            if refusal.condition != "conflict":  # somebody else of us was quicker: another device, another chat
                raise
