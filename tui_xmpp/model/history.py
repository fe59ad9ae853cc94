"""Where the history of a chat ends at its top, and why."""

from enum import StrEnum


class Top(StrEnum):
    """What is above the oldest stored message of a chat."""

    MORE = "more"
    """The archive has more, or nobody knows yet."""
    BEGINS = "begins"
    """Nothing: the archive begins here."""
    NOT_KEPT = "not-kept"
    """Perhaps more on the server, but messages are not kept for so long."""
    DELETED = "deleted"
    """A person has deleted what was there."""
    NO_ARCHIVE = "no-archive"
    """The server, or the room, keeps no archive that could be asked."""
    OFFLINE = "offline"
    """It has to be asked for, and there is no line now."""
