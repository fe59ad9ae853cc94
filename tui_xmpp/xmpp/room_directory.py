"""What can be found out about rooms from outside: services, their public rooms, one room's features (XEP-0045 §6)."""

import asyncio

from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.room import ROOM_DIRECTORY_LIMIT, RoomListing
from tui_xmpp.model.stanzas import RoomInfo
from tui_xmpp.xmpp import disco, names
from tui_xmpp.xmpp.iq import Requests
from tui_xmpp.xmpp.line import Line

_SERVICES_LIMIT = 50
"""Most services of a server that are asked what they are."""


class RoomDirectory:
    """Asks servers and rooms about rooms."""

    def __init__(self, line: Line, requests: Requests) -> None:
        self._line = line
        self._requests = requests

    async def info(self, room: Address) -> RoomInfo:
        """Return what a room says of itself (§6.4). Raises RequestFailed."""
        info = await disco.ask_info(self._requests, room)
        name = next((one.name for one in info.identities if one.category == "conference"), "")
        return RoomInfo(name, info.features)

    async def rooms_of(self, service: Address) -> tuple[RoomListing, ...]:
        """Return the public rooms of a service (§6.3). Raises RequestFailed."""
        items = await disco.ask_items(self._requests, service, ROOM_DIRECTORY_LIMIT)
        return tuple(RoomListing(address, name) for address, name in items if address.local)

    async def services(self) -> tuple[Address, ...]:
        """Return our server's room services (§6.1), in the order of its list; silent ones are left out."""
        items = await disco.ask_items(self._requests, Address(self._line.own.domain), _SERVICES_LIMIT)
        addresses = [address for address, _ in items if not address.local]
        answers = await asyncio.gather(*(self._is_service(address) for address in addresses))
        return tuple(address for address, is_service in zip(addresses, answers, strict=True) if is_service)

    async def _is_service(self, address: Address) -> bool:
        try:
            info = await disco.ask_info(self._requests, address)
        except RequestFailed:
            return False
        return names.ROOM in info.features and any(
            one.category == "conference" and one.type != "irc" for one in info.identities
        )
