"""The card of a file that goes out from here: its real name, how large it is, and how far it has come."""

from tui_xmpp.model.links import is_picture
from tui_xmpp.model.message import Delivery, Message
from tui_xmpp.model.sending import Upload
from tui_xmpp.ui.words import size_words

MARK = "▤ "


def card(message: Message, upload: Upload) -> str:
    """Two lines: its name; what it is, and how far it has come."""
    return f"{MARK}{upload.name}\n{about(message, upload)}"


def about(message: Message, upload: Upload) -> str:
    """What it is, and how far it has come."""
    what = "picture" if is_picture(upload.name) else "file"
    kind = f"encrypted {what}" if upload.is_encrypted else what
    state = progress(message, upload)
    return f"{kind}, {size_words(upload.size)}{f', {state}' if state else ''}"


def progress(message: Message, upload: Upload) -> str:
    """How far it has come; empty where the mark behind the message, or the line below, says it."""
    if message.delivery is not Delivery.PENDING:
        return ""
    if upload.percent is not None:
        return f"uploading {upload.percent} %"
    if upload.link or message.error:
        return ""
    return upload.waits or "waits for the line"
