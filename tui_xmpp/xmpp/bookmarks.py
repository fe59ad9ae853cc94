"""Bookmarked rooms kept on the server: in a private node (XEP-0402), else in private storage (XEP-0048, XEP-0049).

The node is made private before anything is published (`private_node`): a bookmark tells where somebody talks, and may
hold a password.
"""

import logging
from xml.etree.ElementTree import Element, SubElement

from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.room import Bookmark
from tui_xmpp.xmpp import names, parse_bookmarks
from tui_xmpp.xmpp.iq import Requests
from tui_xmpp.xmpp.private_node import ITEM, UNSUPPORTED, PrivateNode

log = logging.getLogger(__name__)

_PRIVATE = names.tag(names.PRIVATE_STORAGE, "query")
_STORAGE = names.tag(names.LEGACY_BOOKMARKS, "storage")

_REFUSAL = "The server would show the bookmarks to others, so none was stored."


class Bookmarks:
    """Reads and changes the bookmarks of one account."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests
        self._node = PrivateNode(requests, names.BOOKMARKS, _REFUSAL)
        self._legacy: bool | None = None

    def reset(self) -> None:
        """Forget what was learnt of the server on the last stream."""
        self._legacy = None
        self._node.reset()

    async def fetch(self) -> tuple[Bookmark, ...]:
        """Return all bookmarks; none where the server keeps none. Raises RequestFailed for a failure in between."""
        self._legacy = False
        try:
            items = await self._node.items()
        except RequestFailed as refusal:
            if refusal.condition not in UNSUPPORTED:
                raise
            self._legacy = True
            log.info("the server keeps no bookmarks in a node; private storage is used")
            return tuple(parse_bookmarks.parse_legacy(await self._storage()))
        return () if items is None else tuple(parse_bookmarks.parse_items(items, ITEM))

    async def publish(self, bookmark: Bookmark) -> None:
        """Add or replace one. Raises RequestFailed, also when the node cannot be made private."""
        if await self._is_legacy():
            await self._change_storage(bookmark.room, bookmark)
            return
        await self._node.publish(str(bookmark.room), parse_bookmarks.conference(bookmark))

    async def retract(self, room: Address) -> None:
        """Take one away; none there is no error. Raises RequestFailed."""
        if await self._is_legacy():
            await self._change_storage(room, None)
            return
        await self._node.retract(str(room))

    async def _is_legacy(self) -> bool:
        """Whether the server has only private storage; found out by a first reading."""
        if self._legacy is None:
            await self.fetch()
        return bool(self._legacy)

    async def _storage(self) -> Element:
        """Return the element that private storage keeps for bookmarks; an empty one where there is no storage."""
        payload = Element(_PRIVATE)
        SubElement(payload, _STORAGE)
        try:
            storage = (await self._requests.get(payload)).find(f"{_PRIVATE}/{_STORAGE}")
        except RequestFailed as refusal:
            if refusal.condition not in UNSUPPORTED:
                raise
            storage = None
        return Element(_STORAGE) if storage is None else storage

    async def _change_storage(self, room: Address, bookmark: Bookmark | None) -> None:
        storage = await self._storage()
        parse_bookmarks.change_legacy(storage, room, bookmark)
        payload = Element(_PRIVATE)
        payload.append(storage)
        await self._requests.set(payload)
