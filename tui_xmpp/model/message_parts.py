"""What a message stanza can carry besides its text, as plain values that nobody has believed yet."""

from tui_xmpp.model.address import Address
from tui_xmpp.model.frozen import frozen


@frozen
class StanzaId:
    """An archive's id for a message (XEP-0359 §3): `by` is who claims to have assigned it."""

    by: Address
    id: str


@frozen
class Invitation:
    """An invitation inside a message, direct (XEP-0249) or mediated (XEP-0045 §7.8.2)."""

    room: Address
    inviter: Address | None = None
    reason: str = ""
    password: str = ""
    direct: bool = False


@frozen
class Fallback:
    """A part of the body that is there for clients without a feature (XEP-0428); in characters, end exclusive."""

    namespace: str
    """The feature's namespace (`for`)."""
    start: int = 0
    end: int | None = None
    """None: the whole body."""


@frozen
class Reactions:
    """All reactions of the sender to one message (XEP-0444 §3)."""

    to: str
    """Id of the message: in rooms its stanza-id by the room, else its `id` or origin-id."""
    emojis: tuple[str, ...] = ()
    """Each one grapheme, no two alike, a cap on their number (SECURITY 15)."""


@frozen
class ReplyTo:
    """What a message answers (XEP-0461 §3)."""

    id: str
    """As `Reactions.to`."""
    sender: Address | None = None
    """Author of the original as the answer claims; not to be believed."""


@frozen
class Retraction:
    """A message is taken back (XEP-0424), by its author or by the room's moderators (XEP-0425); both versions."""

    of: str
    """Id of the message; in rooms its stanza-id by the room. Empty in a `tombstone`, which stands in its place."""
    moderated: bool = False
    by: Address | None = None
    """The moderator, as `room@service/nick`, where it is said."""
    by_occupant_id: str = ""
    reason: str = ""
    stamp: int | None = None
    """When, µs since the epoch, where it is said."""
