"""What stands before a message: the day, the line that begins the new ones, and who speaks."""

from datetime import date

from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message import Direction, Encryption, Message, MessageKind

_MINUTE = 60_000_000
RUN = 5 * _MINUTE
"""µs of silence after which a speaker is named again."""

ACTION = "/me "
"""How a message begins that tells what its sender does (XEP-0245 §4)."""


@frozen
class Lead:
    """The rows over a message and what stands in its columns."""

    day: date | None = None
    """A day begins here."""
    gap: bool = False
    """Something is missing before it."""
    new: bool = False
    """The unread messages begin here."""
    named: bool = True
    """The speaker is named."""
    timed: bool = True
    """The time is shown; not where the row above shows the same minute of the same speaker."""

    @property
    def rows(self) -> int:
        """How many rows it takes."""
        return self.gap + (self.day is not None) + self.new


def is_action(message: Message) -> bool:
    """Whether the message tells what its sender does: `/me waves` (XEP-0245)."""
    return message.kind is MessageKind.TEXT and message.body.startswith(ACTION)


def is_unreadable(message: Message) -> bool:
    """Whether the message was encrypted, but not for this device."""
    return message.encryption is Encryption.UNREADABLE


def speaker(message: Message) -> str:
    """Who speaks, in a form that is the same for all messages of one sender in one chat."""
    if message.direction is Direction.OUT:
        return "\0"
    return message.occupant_id or str(message.sender)


def lead(
    message: Message, day: date, before: tuple[Message, date] | None, first_new: int | None, *, gap: bool = False
) -> Lead:
    """How a message continues the one before it, if there is no `gap` between them.

    `day` is its local date, `first_new` the first unread one's id.
    """
    new = message.id == first_new
    if before is None:
        return Lead(day=day, gap=gap, new=new)
    above, day_above = before
    if day != day_above:
        return Lead(day=day, gap=gap, new=new)
    continues = not (new or gap) and _continues(message, above)
    same_minute = message.time // _MINUTE == above.time // _MINUTE
    return Lead(gap=gap, new=new, named=not continues, timed=not (continues and same_minute))


def _continues(message: Message, above: Message) -> bool:
    """Whether one speaker goes on."""
    return (
        speaker(message) == speaker(above)
        and message.nick == above.nick
        and message.kind is above.kind is MessageKind.TEXT
        and not is_action(message)
        and not is_action(above)
        and 0 <= message.time - above.time < RUN
    )
