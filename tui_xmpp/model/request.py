"""What asks a person something unbidden; shown in the Requests list, never over typing."""

from enum import StrEnum

from tui_xmpp.model.address import Address
from tui_xmpp.model.frozen import frozen


class RequestKind(StrEnum):
    """What is asked."""

    SUBSCRIPTION = "subscription"
    """Somebody wants to see our presence (RFC 6121 §3.1.3)."""
    INVITATION = "invitation"
    """Somebody invites us to a room (XEP-0045 §7.8, XEP-0249)."""
    DEVICE = "device"
    """Somebody who was verified, or we ourselves, has a new OMEMO device; `sender` says whose it is."""


@frozen
class Request:
    """One question; `id` is the store's."""

    id: int
    account: Address
    kind: RequestKind
    sender: Address
    """Bare address of who asks, as far as it is known; the room where a room passed an invitation on."""
    room: Address | None = None
    text: str = ""
    """Status text of the subscription, reason of the invitation; cleaned."""
    password: str = ""
    """Room password that came with an invitation."""
    nick: str = ""
    """Nickname the asker suggests for themselves (XEP-0172); a claim, cleaned."""
    time: int = 0
