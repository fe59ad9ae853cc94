"""A text that another process of the same person wants to have sent."""

from tui_xmpp.model.address import Address
from tui_xmpp.model.frozen import frozen


@frozen
class Letter:
    """What to send where, and from which account."""

    account: Address
    recipient: Address
    body: str
    is_to_room: bool = False
    """It is for a room for sure; else that is found out."""
    in_clear: bool = False
    """It goes out unencrypted, whatever its chat is."""
