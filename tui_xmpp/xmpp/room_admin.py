"""Changing a room and who may be there (XEP-0045 §8, §9): subject, kicks, affiliations, invitations."""

from xml.etree.ElementTree import Element, SubElement

from tui_xmpp.model.address import Address
from tui_xmpp.model.room import Affiliation
from tui_xmpp.model.stanzas import MessageType, Outgoing
from tui_xmpp.xmpp import build, names
from tui_xmpp.xmpp.iq import Requests
from tui_xmpp.xmpp.line import Line

_QUERY = names.tag(names.ROOM_ADMIN, "query")
_ITEM = names.tag(names.ROOM_ADMIN, "item")
_REASON = names.tag(names.ROOM_ADMIN, "reason")


class RoomAdmin:
    """Asks rooms for changes."""

    def __init__(self, line: Line, requests: Requests) -> None:
        self._line = line
        self._requests = requests

    def set_subject(self, room: Address, subject: str) -> None:
        """Set the subject (§8.1): a message with a subject and no body."""
        self._line.send(build.message(Outgoing(room, MessageType.GROUPCHAT, build.fresh_id(), subject=subject)))

    def invite(self, room: Address, address: Address, reason: str) -> None:
        """Invite somebody through the room (§7.8.2)."""
        self._line.send(build.invitation(room, address, reason))

    def decline_invitation(self, room: Address, inviter: Address) -> None:
        """Say through the room that we do not come (§7.8.2)."""
        self._line.send(build.decline(room, inviter))

    async def set_affiliation(self, room: Address, address: Address, affiliation: Affiliation) -> None:
        """Give somebody another long-lived standing (§9). Raises RequestFailed."""
        query = Element(_QUERY)
        SubElement(query, _ITEM, {"affiliation": affiliation.value, "jid": str(address.bare)})
        await self._requests.set(query, room)

    async def kick(self, room: Address, nick: str, reason: str) -> None:
        """Put somebody out (§8.2). Raises RequestFailed."""
        query = Element(_QUERY)
        item = SubElement(query, _ITEM, {"nick": build.xml_text(nick), "role": "none"})
        if reason:
            build.text_child(item, _REASON, reason)
        await self._requests.set(query, room)
