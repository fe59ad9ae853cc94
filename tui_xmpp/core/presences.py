"""The presences of all resources of an account's contacts, and the best of each."""

from tui_xmpp.model.address import Address
from tui_xmpp.model.contact import Availability, Presence
from tui_xmpp.model.stanzas import PresenceReceived

_REACH = {availability: rank for rank, availability in enumerate(Availability)}
"""Lower is better to reach."""

_RESOURCES_KEPT = 50
"""Most resources kept of one contact; who announces more is not worth the memory."""


class Presences:
    """Kept while the stream lives, through resumptions too: the server does not send them again."""

    def __init__(self) -> None:
        self._of: dict[Address, dict[str, PresenceReceived]] = {}

    def take(self, presence: PresenceReceived) -> bool:
        """Take one in; whether the best presence of the contact changed."""
        bare, resource = presence.sender.bare, presence.sender.resource
        before = self.best(bare)
        resources = self._of.setdefault(bare, {})
        if presence.availability is not Availability.OFFLINE:
            if resource in resources or len(resources) < _RESOURCES_KEPT:
                resources[resource] = presence
        elif resource:
            resources.pop(resource, None)
        else:
            # Unavailable from the bare address ends all of them (RFC 6121 §4.5.2).
            resources.clear()
        if not resources:
            del self._of[bare]
        return self.best(bare) != before

    def best(self, address: Address) -> Presence:
        """Best presence over all resources: the easiest to reach, then the highest priority."""
        resources = self._of.get(address.bare)
        if not resources:
            return Presence()
        best = min(resources.values(), key=lambda p: (_REACH[p.availability], -p.priority))
        return Presence(best.availability, best.status)

    def forget(self, address: Address) -> bool:
        """Forget a contact who is no longer one; whether anything was known."""
        return self._of.pop(address.bare, None) is not None

    def known(self) -> tuple[Address, ...]:
        """Of whom something is known."""
        return tuple(self._of)

    def clear(self) -> tuple[Address, ...]:
        """Forget everything; says of whom something was known."""
        known = tuple(self._of)
        self._of.clear()
        return known
