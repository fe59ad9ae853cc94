"""A message together with all that is stored about it."""

from tui_xmpp.model.address import Address
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message import Message


@frozen
class Version:
    """One text that a message had."""

    body: str
    time: int
    """When this text was sent, µs since the epoch."""


@frozen
class Record:
    """What an export can tell of a message."""

    message: Message
    versions: tuple[Version, ...] = ()
    """Every text that it had, the first one first; empty: it was never corrected."""
    archive_ids: tuple[tuple[Address, str], ...] = ()
    """Each archive that has it, with the id that it has there."""
