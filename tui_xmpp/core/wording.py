"""Sentences for people about what happened to us."""

from tui_xmpp.errors import NetworkError, TuiXmppError
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.message import Operation
from tui_xmpp.model.omemo import Unopened
from tui_xmpp.model.stanzas import OccupantReceived
from tui_xmpp.model.text import clean_line
from tui_xmpp.storage.values import Change

CONFLICT = "Another client has taken this client's place on the server. Connect again to take it back."
_SYSTEMS = {
    "jabber:x:encrypted": "OpenPGP",
    "urn:xmpp:openpgp:0": "OpenPGP",
    "urn:xmpp:otr:0": "OTR",
}
"""What people call the ways of encrypting that are not spoken here, by namespace (XEP-0027, 0373, 0380)."""

_UNOPENED = {
    Unopened.NOT_FOR_US: "What was written here was not encrypted for this device.",
    Unopened.NO_SESSION: "Cannot be decrypted: this device and the sender's have lost touch. New messages should work.",
    Unopened.BROKEN: "Cannot be decrypted: it was damaged or changed on its way.",
    Unopened.OTHER_KEY: "Not decrypted: the sender's device suddenly has another key. Look at their devices.",
    Unopened.DISTRUSTED: "Not shown: it comes from a device that you do not trust.",
    Unopened.FORGED: "Not shown: what is inside was written by or for somebody else.",
    Unopened.UNKNOWN_SENDER: "Cannot be decrypted: the room does not say who wrote it.",
    Unopened.NOT_LOADED: "Cannot be decrypted: encryption could not be loaded. The log says more.",
    Unopened.REPEATED: "Cannot be decrypted: the sender's device used a key again, as after going back to a backup.",
}


def system(namespace: str) -> str:
    """What a way of encrypting that is not spoken here is called; empty for others."""
    return _SYSTEMS.get(namespace, "")


def encrypted(namespace: str) -> str:
    """What stands in the place of a message that is encrypted in a way that is not spoken here."""
    name = system(namespace)
    return f"This message is encrypted{f' with {name}' if name else ''} and cannot be read here."


def unopened(reason: Unopened) -> str:
    """Why a message cannot be read, in one line."""
    return _UNOPENED[reason]


REFUSED = "The other side did not accept it."

NOT_DONE = {
    Change.CORRECTION: "Not corrected",
    Change.RETRACTION: "Not taken back",
    Change.REACTIONS: "No reaction",
    Change.MODERATION: "Not taken back",
}
"""Titles for what could not be done with a message."""

NOT_ALLOWED = {
    Operation.CORRECT: "Only your own messages can be corrected.",
    Operation.RETRACT: "Only your own messages can be taken back for everybody, once they have been sent.",
    Operation.REACT: "Nobody can react to this message.",
    Operation.MODERATE: "Only moderators can take back messages of others, in rooms that offer it.",
}
"""Why something cannot be done with a message."""

_NAME_LIMIT = 32
"""Characters of a nickname in a sentence, whose end shall still be seen."""


def why_out(presence: OccupantReceived) -> str:
    """Why we are no longer in a room, from our own last presence there (XEP-0045 §8.2, §9.1, §10.9)."""
    by = f" by {clean_line(presence.actor, limit=_NAME_LIMIT)}" if presence.actor else ""
    because = f": {clean_line(presence.reason)}" if presence.reason else "."
    codes = presence.status_codes
    if presence.destroyed:
        text = f"The room was closed for good{because}"
        return text if presence.alternate is None else f"{text} People meet in {presence.alternate.shown} now."
    if 301 in codes:
        return f"You were banned from the room{by}{because}"
    if 307 in codes and 333 not in codes:
        return f"You were removed from the room{by}{because}"
    if 322 in codes:
        return "The room became open to members only, and you are not a member."
    if 321 in codes:
        return f"You are no longer a member of this room{because}"
    if 332 in codes:
        return "The room's server is shutting down."
    if 333 in codes:
        return "The room lost its connection to you."
    return ""


def problem_of(error: TuiXmppError) -> str:
    """What is shown of an account that is not connected."""
    return error.message if isinstance(error, NetworkError) else f"{error.title}: {error.message}"


def not_in_room(title: str) -> str:
    """Why something cannot be done in a room now."""
    return f"You are not in {title}. Enter the room first."


def no_line(settings: AccountSettings) -> str:
    """Why something cannot be done without a connection."""
    return f"{settings.address.shown} is not connected."
