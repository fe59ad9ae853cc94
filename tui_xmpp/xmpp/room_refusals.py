"""Why a room did not let us in, in people's words (XEP-0045 §7.2)."""

from tui_xmpp.errors import RoomRefusal, RoomRefused
from tui_xmpp.xmpp.conditions import TIMEOUT, plain_words

_REFUSALS = {
    "conflict": (RoomRefusal.NICKNAME_TAKEN, "Somebody else in the room has this nickname."),
    "not-authorized": (RoomRefusal.PASSWORD, "The room asks for a password, and this is not it."),
    "registration-required": (RoomRefusal.MEMBERS_ONLY, "The room is for its members only."),
    "forbidden": (RoomRefusal.BANNED, "You are banned from this room."),
    "service-unavailable": (RoomRefusal.FULL, "The room is full, or there is no room service at this address."),
    "item-not-found": (RoomRefusal.NOT_FOUND, "The room does not exist, or its owner has not opened it yet."),
    "remote-server-not-found": (RoomRefusal.NOT_FOUND, "There is no room service at this address."),
    "not-acceptable": (RoomRefusal.NICKNAME_INVALID, "The room does not accept this nickname."),
    "jid-malformed": (RoomRefusal.NICKNAME_INVALID, "The room does not accept this nickname."),
    "not-allowed": (RoomRefusal.NOT_ALLOWED, "The service does not let you create or enter this room."),
    "gone": (RoomRefusal.GONE, "The room is no longer there."),
    "redirect": (RoomRefusal.GONE, "The room has moved."),
}


def refused(condition: str, text: str) -> RoomRefused:
    """Return the error for a condition; `text` is the room's own explanation, cleaned, which is quoted."""
    refusal, words = _REFUSALS.get(condition, (RoomRefusal.OTHER, plain_words(condition)))
    return RoomRefused(f"{words} (“{text}”)" if text else words, refusal=refusal, condition=condition)


def timed_out() -> RoomRefused:
    """Return the error for a room that does not answer."""
    return RoomRefused("The room did not answer in time.", refusal=RoomRefusal.OTHER, condition=TIMEOUT)
