"""What the dialogs call states, in sentences rather than in the few words that the lists use."""

from collections.abc import Sequence

from tui_xmpp.model.account import AccountState, AccountStatus
from tui_xmpp.model.address import Address
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.form import FormField
from tui_xmpp.model.message import Delivery, Encryption, Message, is_exposed
from tui_xmpp.model.omemo import Device, Trust, undecided
from tui_xmpp.model.request import Request, RequestKind
from tui_xmpp.model.room import Affiliation, Role
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.words import counted

PRESENCE_STYLES = {
    Availability.CHAT: "$success",
    Availability.ONLINE: "$success",
    Availability.AWAY: "$warning",
    Availability.XA: "$warning",
    Availability.DND: "$error",
    Availability.OFFLINE: "$foreground-muted",
}

AFFILIATION_WORDS = {
    Affiliation.OWNER: "owner",
    Affiliation.ADMIN: "admin",
    Affiliation.MEMBER: "member",
    Affiliation.NONE: "guest",
    Affiliation.OUTCAST: "banned",
}

ROLE_WORDS = {
    Role.MODERATOR: "moderates",
    Role.PARTICIPANT: "may talk",
    Role.VISITOR: "may only read",
    Role.NONE: "not in the room",
}

ACCOUNT_GLYPHS = {
    AccountStatus.OFFLINE: ("○", "$foreground-muted"),
    AccountStatus.CONNECTING: ("◌", "$warning"),
    AccountStatus.ONLINE: ("●", "$success"),
    AccountStatus.WAITING: ("◌", "$warning"),
    AccountStatus.NEEDS_PASSWORD: ("?", "$warning"),
    AccountStatus.FAILED: ("!", "$error"),
}
"""Glyph and style for the state of an account."""

DELIVERY_WORDS = {
    Delivery.PENDING: "waits to be sent",
    Delivery.SENT: "is on the server",
    Delivery.DELIVERED: "has come to a device of the other side",
    Delivery.DISPLAYED: "was read by the other side",
    Delivery.FAILED: "was not sent",
}
_ENCRYPTION_WORDS = {
    Encryption.NONE: "not encrypted",
    Encryption.OMEMO: "encrypted (OMEMO)",
    Encryption.UNREADABLE: "encrypted, but cannot be read here",
}
_THOUGHT_THEN = {
    Trust.VERIFIED: ", verified",
    Trust.TRUSTED: ", not verified",
    Trust.UNDECIDED: ", a new device that was not decided on",
    Trust.UNPROVEN: ", a device that was not known to be theirs",
    Trust.DISTRUSTED: ", a device that was not trusted",
}


def travelled(message: Message) -> str:
    """How a message came or went, and what was thought then of the device that it came from or went to."""
    words = _ENCRYPTION_WORDS[message.encryption]
    if is_exposed(message):
        return f"{words}, though the chat was"
    if message.encryption is Encryption.OMEMO and message.trust is not None:
        return f"{words}{_THOUGHT_THEN[message.trust]}"
    return words


_LEGACY_WORDS = {
    "username": "User name",
    "nick": "Nickname",
    "password": "Password",
    "name": "Full name",
    "first": "First name",
    "last": "Last name",
    "email": "E-mail",
    "address": "Street",
    "city": "City",
    "state": "Region",
    "zip": "Postal code",
    "phone": "Telephone",
    "url": "Web page",
    "date": "Date",
    "misc": "Other",
    "text": "Text",
    "key": "Key",
}
"""People's words for the fields of XEP-0077 §14.1, which come without labels."""

LOOK_ALIKE_WARNING = "This address mixes letters of several alphabets. It may be made to look like another one."


def account_sentence(state: AccountState) -> str:
    """How an account's line is doing, with what went wrong."""
    match state.status:
        case AccountStatus.OFFLINE:
            return "disconnected"
        case AccountStatus.CONNECTING:
            return "connecting…"
        case AccountStatus.ONLINE:
            return "connected"
        case AccountStatus.WAITING:
            return f"{state.problem} The next try comes by itself.".strip()
        case AccountStatus.NEEDS_PASSWORD:
            return f"needs its password: {state.problem}" if state.problem else "needs its password"
        case AccountStatus.FAILED:
            return state.problem or "cannot be connected"


def address_with_warning(address: Address) -> str:
    """An address as it may be shown, with a mark when it is made to be mistaken (SECURITY 22)."""
    return f"⚠ {address.shown}" if address.is_look_alike else address.shown


def ago(time: int, clock: Clock) -> str:
    """How long ago a moment was; `time` in µs since the epoch."""
    moment, now = clock.local(time), clock.now()
    seconds = (now - moment).total_seconds()
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return f"{counted(int(seconds // 60), 'minute')} ago"
    days = (now.date() - moment.date()).days
    if days < 2:
        return f"{'yesterday' if days else 'today'} at {moment:%H:%M}"
    return f"{days} days ago" if days < 14 else f"on {moment.day} {moment:%B %Y}"


def request_title(request: Request) -> str:
    """What is asked, as a heading."""
    if request.kind is RequestKind.INVITATION:
        return "Invitation to a room"
    if request.kind is RequestKind.DEVICE:
        return "Your account has a new device" if request.sender == request.account else "New device: trust it?"
    return "May they see when you are available?"


def request_warning(request: Request, devices: Sequence[Device]) -> str:
    """That a new device of somebody with these is not among those that they have published; empty: it is."""
    if request.kind is not RequestKind.DEVICE or all(device.listed for device in undecided(devices)):
        return ""
    whose = "your account's" if request.sender == request.account else "their"
    return f"not in {whose} published list"


def request_meaning(request: Request) -> str:
    """What accepting and declining do."""
    if request.kind is RequestKind.DEVICE and request.sender == request.account:
        return (
            "Accepting encrypts to it what you write from now on, declining does not. If you have not signed in with "
            "another device, decline, remove it from your devices and change your password: somebody else has signed "
            "in, or the server has slipped it in."
        )
    if request.kind is RequestKind.DEVICE:
        return (
            "Accepting encrypts to it from now on, declining does not. If nobody told you of a new device, compare its "
            "fingerprint first, in the devices of that chat: the server may have slipped it in."
        )
    if request.kind is RequestKind.INVITATION:
        return "Accepting enters the room, and everyone in it sees you. Declining tells them that you do not come."
    return "Accepting shows them when you are available. Declining tells them no; you can still write to each other."


def field_label(field: FormField) -> str:
    """What a field of a form is called."""
    return clean_line(field.label) or _LEGACY_WORDS.get(field.name, clean_line(field.name)) or "No name"
