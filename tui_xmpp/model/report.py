"""Complaints about somebody to one's own server (XEP-0377), which then lets nothing more from them through."""

from enum import StrEnum

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.frozen import frozen


class Complaint(StrEnum):
    """What somebody is reported for (XEP-0377 §3)."""

    SPAM = "urn:xmpp:reporting:spam"
    ABUSE = "urn:xmpp:reporting:abuse"


@frozen
class Report:
    """What the server's operators are told; which of the messages are meant by the ids of the account's archive."""

    complaint: Complaint
    text: str = ""
    archive_ids: tuple[str, ...] = ()
    by: Address | None = None
    """The archive that these ids are of."""


@frozen
class Remedies:
    """What an account's server can do against somebody, as far as it says now."""

    blocks: bool = False
    """It keeps addresses from writing to us (XEP-0191)."""
    takes_reports: bool = False
    """Its operators want to hear of spam and abuse (XEP-0377)."""


@frozen
class ReportSender:
    """Have the server keep the other side of a chat away, and tell its operators why where they take reports."""

    key: ChatKey
    message_ids: tuple[int, ...]
    """Local ids of the messages that show it."""
    complaint: Complaint
    text: str = ""


@frozen
class Unblock:
    """Let somebody write again whom the server keeps away (XEP-0191)."""

    account: Address
    address: Address
