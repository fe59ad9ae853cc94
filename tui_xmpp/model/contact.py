"""Contacts and presence (RFC 6121)."""

from enum import StrEnum

from tui_xmpp.model.address import Address
from tui_xmpp.model.frozen import frozen


class Subscription(StrEnum):
    """The state of a roster item (RFC 6121 §2.1.2.5)."""

    NONE = "none"
    TO = "to"
    """We see their presence."""
    FROM = "from"
    """They see ours."""
    BOTH = "both"

    @property
    def they_see_us(self) -> bool:
        """Whether the contact may know when we are here; receipts and typing states go to no one else."""
        return self in {Subscription.FROM, Subscription.BOTH}

    @property
    def we_see_them(self) -> bool:
        """Whether we receive the contact's presence."""
        return self in {Subscription.TO, Subscription.BOTH}


class Availability(StrEnum):
    """Presence in the order of reachability (RFC 6121 §4.7.2.1); OFFLINE is `unavailable`."""

    CHAT = "chat"
    ONLINE = "online"
    AWAY = "away"
    XA = "xa"
    DND = "dnd"
    OFFLINE = "offline"


@frozen
class Presence:
    """The best presence of a contact over all resources, or that of one occupant."""

    availability: Availability = Availability.OFFLINE
    status: str = ""
    """The person's own words, cleaned, one line."""


@frozen
class Contact:
    """A roster item (RFC 6121 §2.1.2)."""

    account: Address
    address: Address
    name: str = ""
    """Handle given by the account's owner; cleaned."""
    groups: tuple[str, ...] = ()
    subscription: Subscription = Subscription.NONE
    asked: bool = False
    """We asked to see their presence and wait for the answer (`ask='subscribe'`)."""

    @property
    def title(self) -> str:
        """What lists show: the handle, else the local part."""
        return self.name or self.address.local or str(self.address)
