"""Marks and people's words for states; every state has a shape or a word of its own, never a colour alone."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from tui_xmpp.model.account import AccountState, AccountStatus
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKind
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.events import CaughtUp
from tui_xmpp.model.files import FileState, Stage
from tui_xmpp.model.message import Delivery, Tombstone
from tui_xmpp.model.omemo import ChatSecurity, Security, Trust
from tui_xmpp.model.room import Affiliation, Room, RoomStatus
from tui_xmpp.model.text import clean_line

PRESENCE = {
    Availability.CHAT: "●",
    Availability.ONLINE: "●",
    Availability.AWAY: "◐",
    Availability.XA: "◔",
    Availability.DND: "⊖",
    Availability.OFFLINE: "○",
}
ROOM = "#"

YOU = "you"
"""What one is called oneself."""

PRESENCE_WORDS = {
    Availability.CHAT: "free to chat",
    Availability.ONLINE: "online",
    Availability.AWAY: "away",
    Availability.XA: "away for long",
    Availability.DND: "do not disturb",
    Availability.OFFLINE: "offline",
}

DELIVERY = {
    Delivery.PENDING: "…",
    Delivery.SENT: "✓",
    Delivery.DELIVERED: "✓✓",
    Delivery.DISPLAYED: "✔✔",
    Delivery.FAILED: "✗",
}
LOCK = "🔒"
LOCK_VERIFIED = f"{LOCK}✓"
LOCK_UNDECIDED = f"{LOCK}?"
EXPOSED = "⚠ not encrypted"
HELD = "⏸"

MARKS = (
    (DELIVERY[Delivery.PENDING], "Waits to be sent, or what was changed about it does."),
    (DELIVERY[Delivery.SENT], "Is on the server; in a room, the room has shown it to everybody."),
    (DELIVERY[Delivery.DELIVERED], "Has come to a device of the other side."),
    (DELIVERY[Delivery.DISPLAYED], "Was read by the other side."),
    (DELIVERY[Delivery.FAILED], "Was not sent; the words beside it say why."),
    ("edited", "Was corrected; its earlier texts are kept."),
    (LOCK, "Was encrypted all the way."),
    (LOCK_VERIFIED, "Was encrypted all the way, by or for devices that you have verified."),
    (LOCK_UNDECIDED, "Was encrypted by a new device that you have not decided on, or that is not known to be theirs."),
    (EXPOSED, "Came or went in clear, though the chat was encrypted."),
    (HELD, "Held back: it could not be encrypted, and waits for what you decide."),
)
"""What stands behind a message, and what it means; the help has it from here."""

_UNITS = ("kB", "MB", "GB", "TB")

TAKEN_BACK = "took this message back"
REMOVED = "message removed"
"""Where the last message of a chat, or the one that is answered, has no text any more."""
UNSEEN_ORIGINAL = "a message that is not here yet"
"""What is answered where the store does not have it, and the answer does not quote it."""

STANDING = {
    Affiliation.OWNER: "Owners",
    Affiliation.ADMIN: "Admins",
    Affiliation.MEMBER: "Members",
    Affiliation.NONE: "Others",
    Affiliation.OUTCAST: "Others",
}
"""The headings of the people pane, in its order."""


def account_words(state: AccountState, seconds_left: int) -> str:
    """How an account's line is doing, in a few words; empty when all is well."""
    match state.status:
        case AccountStatus.ONLINE:
            return ""
        case AccountStatus.OFFLINE:
            return "offline"
        case AccountStatus.CONNECTING:
            return "connecting…"
        case AccountStatus.WAITING:
            return f"reconnecting in {seconds_left} s" if seconds_left > 0 else "reconnecting…"
        case AccountStatus.NEEDS_PASSWORD:
            return "password needed"
        case AccountStatus.FAILED:
            return "not connected"


def chat_title(chat: Chat) -> str:
    """The name over a chat; who is not a contact is never shown by a claimed name alone (SECURITY 22)."""
    if chat.kind is ChatKind.CONTACT and not chat.in_contacts:
        return chat.key.peer.shown
    if chat.kind is ChatKind.PRIVATE:
        room = chat.key.peer.local or chat.key.peer.domain
        return f"{clean_line(chat.key.peer.resource)} in {clean_line(room)}"
    return chat.title


def account_hint(account: Address, others: Iterable[Address]) -> str:
    """A word that tells an account from others: the part before the @ if that does, else the server; or nothing."""
    others = [other for other in others if other != account]
    if not others:
        return ""
    return account.domain if any(other.local == account.local for other in others) else account.local or str(account)


def typing_words(names: Sequence[str]) -> str:
    """`Juno is typing…`, for at most three by name."""
    if not names:
        return ""
    if len(names) > 3:
        return f"{len(names)} people are typing…"
    *others, last = names
    return f"{', '.join(others)} and {last} are typing…" if others else f"{last} is typing…"


def tombstone_words(tombstone: Tombstone, author: str) -> str:
    """`Mara took this message back`, `Removed by Juno: spam`."""
    if not tombstone.moderated:
        return f"{'You' if author == YOU else author} {TAKEN_BACK}"
    words = f"Removed by {clean_line(tombstone.by) or 'a moderator'}"
    reason = clean_line(tombstone.reason)
    return f"{words}: {reason}" if reason else words


def room_problem(room: Room) -> str:
    """Why one cannot talk in a room now, in a sentence; empty when one can."""
    match room.status:
        case RoomStatus.JOINED:
            return ""
        case RoomStatus.JOINING:
            return "Entering the room…"
        case RoomStatus.LEFT:
            return room.problem or "You are not in this room."
        case RoomStatus.REFUSED:
            return room.problem or "The room did not let you in."


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 person`, `5 people`."""
    return f"{number} {one if number == 1 else many if many is not None else one + 's'}"


def size_words(size: int) -> str:
    """`820 bytes`, `2.3 MB`: as shops and desktops count, in thousands."""
    if size < 1000:
        return counted(size, "byte")
    amount, unit = size / 1000, 0
    while amount >= 999.5 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.1f} {_UNITS[unit]}" if amount < 9.95 else f"{amount:.0f} {_UNITS[unit]}"


def file_words(state: FileState) -> str:
    """How far a file has come."""
    match state.stage:
        case Stage.SAVED:
            return f"saved as {place_words(state.place or Path())}"
        case Stage.FAILED:
            return f"not saved: {state.problem}"
        case Stage.COMING if state.size:
            return f"fetching, {state.received * 100 // state.size} % of {size_words(state.size)}"
        case Stage.COMING:
            return f"fetching, {size_words(state.received)} so far" if state.received else "fetching…"


def place_words(place: Path) -> str:
    """A path as people write it, with ~ for their home."""
    home = Path.home()
    shown = Path("~", place.relative_to(home)) if place.is_relative_to(home) else place
    return clean_line(str(shown))


def unread_words(chats: Sequence[Chat]) -> str:
    """`3 unread, 1 mention` over all chats; of muted ones only what names us counts."""
    unread = sum(chat.mentions if chat.muted else chat.unread for chat in chats)
    mentions = sum(chat.mentions for chat in chats)
    if not unread:
        return ""
    return f"{unread} unread" + (f", {counted(mentions, 'mention')}" if mentions else "")


def away_words(summary: CaughtUp) -> str:
    """`While you were away: 231 messages in 14 chats, 3 mentions`."""
    words = f"While you were away: {counted(summary.unread, 'message')} in {counted(summary.chats, 'chat')}"
    return words + (f", {counted(summary.mentions, 'mention')}" if summary.mentions else "")


def presence_style(availability: Availability) -> str:
    """The name of the style of a presence mark in lists."""
    match availability:
        case Availability.CHAT | Availability.ONLINE:
            return "present"
        case Availability.AWAY | Availability.XA:
            return "away"
        case Availability.DND:
            return "busy"
        case Availability.OFFLINE:
            return "quiet"


def security_words(security: ChatSecurity) -> tuple[str, str]:
    """How what is written in a chat goes out, in words, and their style."""
    match security.state:
        case Security.BLOCKED:
            return "⚠ cannot be encrypted now", "bold $error"
        case Security.OFF:
            return "encryption is off", "$warning"
        case Security.NONE:
            return "not encrypted", "$quiet"
        case Security.ON if security.undecided:
            return f"{LOCK} {counted(security.undecided, 'new device', 'new devices')}", "$warning"
        case Security.ON if security.verified:
            return f"{LOCK_VERIFIED} verified", "$present"
        case _:
            return f"{LOCK} encrypted", "$present"


def going_out(security: ChatSecurity) -> str:
    """The same for the composer, after whom it goes to."""
    match security.state:
        case Security.ON:
            return ", encrypted"
        case Security.BLOCKED:
            return ", held until it can be encrypted"
        case _:
            return ", not encrypted"


TRUST_WORDS = {
    Trust.UNDECIDED: "new: not decided",
    Trust.UNPROVEN: "not known to be theirs",
    Trust.TRUSTED: "trusted, not verified",
    Trust.VERIFIED: "verified",
    Trust.DISTRUSTED: "not trusted",
}
