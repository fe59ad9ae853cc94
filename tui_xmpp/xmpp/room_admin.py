"""Changing a room and who may be there (XEP-0045 §8, §9): subject, kicks, affiliations, invitations."""

from xml.etree.ElementTree import Element, SubElement

from tui_xmpp.model.address import Address
from tui_xmpp.model.room import Affiliation
from tui_xmpp.model.stanzas import MessageType, Outgoing
from tui_xmpp.xmpp import build, names, parse
from tui_xmpp.xmpp.iq import Requests
from tui_xmpp.xmpp.line import Line

_QUERY = names.tag(names.ROOM_ADMIN, "query")
_ITEM = names.tag(names.ROOM_ADMIN, "item")
_REASON = names.tag(names.ROOM_ADMIN, "reason")

_PEOPLE_LIMIT = 2000
"""Most people taken from one list."""


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

    async def affiliated(self, room: Address) -> tuple[Address, ...]:
        """Return the bare addresses of owners, admins and members (§9.5, §9.8, §10.6). Raises RequestFailed.

        Many rooms show the lists of owners and admins to those only, who are in the room then; but who is a member and
        cannot be asked for must be an error, or messages would be encrypted to too few.
        """
        found: dict[Address, None] = {}
        for affiliation in (Affiliation.MEMBER, Affiliation.ADMIN, Affiliation.OWNER):
            query = Element(_QUERY)
            SubElement(query, _ITEM, {"affiliation": affiliation.value})
            answer = (await self._requests.get(query, room)).find(_QUERY)
            for item in answer.findall(_ITEM)[:_PEOPLE_LIMIT] if answer is not None else ():
                address = parse.address(item.get("jid"))
                if address is not None and item.get("affiliation") == affiliation.value:
                    found[address.bare] = None
        return tuple(found)

    async def kick(self, room: Address, nick: str, reason: str) -> None:
        """Put somebody out (§8.2). Raises RequestFailed."""
        query = Element(_QUERY)
        item = SubElement(query, _ITEM, {"nick": build.xml_text(nick), "role": "none"})
        if reason:
            build.text_child(item, _REASON, reason)
        await self._requests.set(query, room)
