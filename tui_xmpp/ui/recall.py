"""What was sent before, chat by chat, to be written once more. Pure."""

from collections.abc import Hashable
from dataclasses import dataclass, field

_MOST = 100
"""Texts that are remembered of one chat, until the program ends."""


@dataclass(slots=True)
class _Sent:
    texts: list[str] = field(default_factory=list)
    at: int | None = None
    """Which one is shown; None: what is being written."""
    written: str = ""
    """What was being written, and comes back below the last."""


class Recall:
    """Goes back and forth through what was sent."""

    def __init__(self) -> None:
        self._chats: dict[Hashable, _Sent] = {}

    def remember(self, chat: Hashable, text: str) -> None:
        """A text was sent; the same one twice in a row counts once."""
        sent = self._chats.setdefault(chat, _Sent())
        sent.at, sent.written = None, ""
        if text not in sent.texts[-1:]:
            sent.texts.append(text)
            del sent.texts[:-_MOST]

    def earlier(self, chat: Hashable, now: str) -> str | None:
        """The text before the one that is shown; `now` is kept if it is not one of them. None: there is none."""
        sent = self._chats.get(chat)
        if sent is None or not sent.texts or sent.at == 0:
            return None
        if sent.at is None:
            sent.at, sent.written = len(sent.texts), now
        sent.at -= 1
        return sent.texts[sent.at]

    def later(self, chat: Hashable) -> str | None:
        """The text after the one that is shown, in the end what was being written; None: that is shown already."""
        sent = self._chats.get(chat)
        if sent is None or sent.at is None:
            return None
        sent.at += 1
        if sent.at < len(sent.texts):
            return sent.texts[sent.at]
        sent.at = None
        return sent.written
