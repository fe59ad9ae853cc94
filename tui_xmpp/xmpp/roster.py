"""The contact list on the server (RFC 6121 §2) and subscriptions (§3)."""

import logging
from xml.etree.ElementTree import Element

from tui_xmpp.model.address import Address
from tui_xmpp.model.stanzas import RosterItem, RosterPushed, SubscriptionAction
from tui_xmpp.xmpp import answers, build, parse
from tui_xmpp.xmpp.iq import Requests
from tui_xmpp.xmpp.line import Line
from tui_xmpp.xmpp.parse_roster import QUERY, parse_roster, roster_set

log = logging.getLogger(__name__)


class Roster:
    """Reads and changes the contact list of one account, and remembers who may see our presence."""

    def __init__(self, line: Line, requests: Requests) -> None:
        self._line = line
        self._requests = requests
        self._they_see_us: set[Address] = set()
        self._pushed: dict[Address, RosterItem] = {}
        """What was pushed while the list was asked for."""

    async def fetch(self) -> tuple[RosterItem, ...]:
        """Return the whole list; from then on the server pushes changes. Raises RequestFailed.

        What is pushed right behind the list is read before whoever waits for the list gets it, and counts more.
        """
        self._pushed = {}
        query = (await self._requests.get(Element(QUERY))).find(QUERY)
        listed = {item.address: item for item in parse_roster(query)} if query is not None else {}
        items = tuple(item for item in (listed | self._pushed).values() if not item.removed)
        self._they_see_us = {item.address for item in items if item.subscription.they_see_us}
        return items

    async def change(self, item: RosterItem) -> None:
        """Add or change a contact, or take it away if `removed`; the server answers with a push too."""
        await self._requests.set(roster_set(item))

    def sees_us(self, address: Address) -> bool:
        """Whether the contact is told when we are here."""
        return address.bare in self._they_see_us

    def take_push(self, stanza: Element) -> RosterPushed | None:
        """Read and answer a push; None, in silence, for one that is not our server's (CVE-2015-8688)."""
        own = self._line.own
        sender = stanza.get("from")
        if sender is not None and parse.address(sender) not in {own.bare, own}:
            log.warning("a forged change of the contact list was ignored")
            return None
        self._line.send(answers.reply(stanza))
        query = stanza.find(QUERY)
        item = next(parse_roster(query), None) if query is not None else None
        if query is None or item is None:
            return None
        self._pushed[item.address] = item
        if item.subscription.they_see_us and not item.removed:
            self._they_see_us.add(item.address)
        else:
            self._they_see_us.discard(item.address)
        return RosterPushed(item, parse.identifier(query.get("ver")))

    def subscribe(self, address: Address) -> None:
        """Ask to see somebody's presence."""
        self._line.send(build.subscription(SubscriptionAction.SUBSCRIBE, address))

    def answer_subscription(self, address: Address, accept: bool) -> None:
        """Let somebody see our presence, or not."""
        action = SubscriptionAction.SUBSCRIBED if accept else SubscriptionAction.UNSUBSCRIBED
        self._line.send(build.subscription(action, address))
