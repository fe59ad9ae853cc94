"""Asking an archive for a page of messages, and its answer (XEP-0313)."""

from tui_xmpp.model.address import Address
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.stanzas import MessageReceived


@frozen
class ArchiveQuery:
    """One page of an archive (XEP-0313 §4, XEP-0059); asks the account's own archive unless `archive` names a room."""

    archive: Address | None = None
    peer: Address | None = None
    """Only messages with this address (`with`)."""
    before: str | None = None
    """Page that ends before this archive id; empty string: the newest page."""
    after: str | None = None
    """Page that starts after this archive id."""
    after_id: str = ""
    """Nothing up to this archive id, whichever way the page is read; only where the archive is extended."""
    start: int | None = None
    """Not older than this, µs since the epoch."""
    ids: tuple[str, ...] = ()
    """Only these, where the archive can be asked so (`urn:xmpp:mam:2#extended`)."""
    end: int | None = None
    """Not newer than this, µs since the epoch."""
    size: int = 50


@frozen
class ArchivePage:
    """The answer to an `ArchiveQuery`, oldest first; `sender` and `query` of each result are verified."""

    messages: tuple[MessageReceived, ...]
    first: str = ""
    last: str = ""
    complete: bool = False
    """The archive has nothing further in the direction asked."""
