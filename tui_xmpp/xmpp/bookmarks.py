"""Bookmarked rooms kept on the server: in a private node (XEP-0402), else in private storage (XEP-0048, XEP-0049).

Before anything is published the node's access model is made sure to be `whitelist` (SECURITY 12): a bookmark tells
where somebody talks, and may hold a password.
"""

import logging
from xml.etree.ElementTree import Element, SubElement

from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.room import Bookmark
from tui_xmpp.xmpp import names, parse_bookmarks
from tui_xmpp.xmpp.forms import FORM, submission, values_of
from tui_xmpp.xmpp.iq import Requests

log = logging.getLogger(__name__)

_PUBSUB = names.tag(names.PUBSUB, "pubsub")
_ITEMS = names.tag(names.PUBSUB, "items")
_ITEM = names.tag(names.PUBSUB, "item")
_PUBLISH = names.tag(names.PUBSUB, "publish")
_PUBLISH_OPTIONS = names.tag(names.PUBSUB, "publish-options")
_RETRACT = names.tag(names.PUBSUB, "retract")
_CREATE = names.tag(names.PUBSUB, "create")
_CREATE_CONFIGURE = names.tag(names.PUBSUB, "configure")
_OWNER = names.tag(names.PUBSUB_OWNER, "pubsub")
_CONFIGURE = names.tag(names.PUBSUB_OWNER, "configure")
_PRIVATE = names.tag(names.PRIVATE_STORAGE, "query")
_STORAGE = names.tag(names.LEGACY_BOOKMARKS, "storage")

_ACCESS = "pubsub#access_model"
_OPTIONS = {
    "pubsub#persist_items": ("true",),
    "pubsub#max_items": ("max",),
    "pubsub#send_last_published_item": ("never",),
    _ACCESS: ("whitelist",),
}
"""Of XEP-0402 §3.1."""

_UNSUPPORTED = {"feature-not-implemented", "service-unavailable", "bad-request", "not-allowed"}
"""Conditions by which a server says that it has no such service at all."""


class Bookmarks:
    """Reads and changes the bookmarks of one account."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests
        self.reset()

    def reset(self) -> None:
        """Forget what was learnt of the server on the last stream."""
        self._legacy: bool | None = None
        self._private = False

    async def fetch(self) -> tuple[Bookmark, ...]:
        """Return all bookmarks; none where the server keeps none. Raises RequestFailed for a failure in between."""
        payload = Element(_PUBSUB)
        SubElement(payload, _ITEMS, {"node": names.BOOKMARKS})
        self._legacy = False
        try:
            answer = await self._requests.get(payload)
        except RequestFailed as refusal:
            if refusal.condition == "item-not-found":
                return ()
            if refusal.condition not in _UNSUPPORTED:
                raise
            self._legacy = True
            log.info("the server keeps no bookmarks in a node; private storage is used")
            return tuple(parse_bookmarks.parse_legacy(await self._storage()))
        items = answer.find(f"{_PUBSUB}/{_ITEMS}")
        return () if items is None else tuple(parse_bookmarks.parse_items(items, _ITEM))

    async def publish(self, bookmark: Bookmark) -> None:
        """Add or replace one. Raises RequestFailed, also when the node cannot be made private."""
        if await self._is_legacy():
            await self._change_storage(bookmark.room, bookmark)
            return
        await self._make_private()
        payload = Element(_PUBSUB)
        publish = SubElement(payload, _PUBLISH, {"node": names.BOOKMARKS})
        item = SubElement(publish, _ITEM, {"id": str(bookmark.room)})
        item.append(parse_bookmarks.conference(bookmark))
        await self._requests.set(payload)

    async def retract(self, room: Address) -> None:
        """Take one away; none there is no error. Raises RequestFailed."""
        if await self._is_legacy():
            await self._change_storage(room, None)
            return
        payload = Element(_PUBSUB)
        retract = SubElement(payload, _RETRACT, {"node": names.BOOKMARKS, "notify": "true"})
        SubElement(retract, _ITEM, {"id": str(room)})
        try:
            await self._requests.set(payload)
        except RequestFailed as refusal:
            if refusal.condition != "item-not-found":
                raise

    async def _is_legacy(self) -> bool:
        """Whether the server has only private storage; found out by a first reading."""
        if self._legacy is None:
            await self.fetch()
        return bool(self._legacy)

    async def _make_private(self) -> None:
        """Create the node, or configure it, until the server says that only we may read it; once for each stream."""
        if self._private:
            return
        try:
            access = await self._access_model()
        except RequestFailed as refusal:
            if refusal.condition != "item-not-found":
                raise
            await self._create()
            access = await self._access_model()
        if access != "whitelist":
            payload = Element(_OWNER)
            configure = SubElement(payload, _CONFIGURE, {"node": names.BOOKMARKS})
            configure.append(submission(names.PUBSUB_NODE_CONFIG, _OPTIONS))
            await self._requests.set(payload)
            access = await self._access_model()
        if access != "whitelist":
            raise RequestFailed("The server would show the bookmarks to others, so none was stored.")
        self._private = True

    async def _access_model(self) -> str:
        payload = Element(_OWNER)
        SubElement(payload, _CONFIGURE, {"node": names.BOOKMARKS})
        form = (await self._requests.get(payload)).find(f"{_OWNER}/{_CONFIGURE}/{FORM}")
        values = values_of(form, _ACCESS) if form is not None else ()
        return values[0] if values else ""

    async def _create(self) -> None:
        payload = Element(_PUBSUB)
        SubElement(payload, _CREATE, {"node": names.BOOKMARKS})
        SubElement(payload, _CREATE_CONFIGURE).append(submission(names.PUBSUB_NODE_CONFIG, _OPTIONS))
        await self._requests.set(payload)

    async def _storage(self) -> Element:
        """Return the element that private storage keeps for bookmarks; an empty one where there is no storage."""
        payload = Element(_PRIVATE)
        SubElement(payload, _STORAGE)
        try:
            storage = (await self._requests.get(payload)).find(f"{_PRIVATE}/{_STORAGE}")
        except RequestFailed as refusal:
            if refusal.condition not in _UNSUPPORTED:
                raise
            storage = None
        return Element(_STORAGE) if storage is None else storage

    async def _change_storage(self, room: Address, bookmark: Bookmark | None) -> None:
        storage = await self._storage()
        parse_bookmarks.change_legacy(storage, room, bookmark)
        payload = Element(_PRIVATE)
        payload.append(storage)
        await self._requests.set(payload)
