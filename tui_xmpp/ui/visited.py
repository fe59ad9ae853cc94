"""The chats that one was in, back and forward as in a browser. Pure."""

from collections.abc import Container

from tui_xmpp.model.chat import ChatKey

_MOST = 50


class Visited:
    """A line of places and where on it one is; going somewhere else cuts off what lay ahead."""

    def __init__(self) -> None:
        self._places: list[ChatKey] = []
        self._at = -1

    def visit(self, key: ChatKey) -> None:
        """One is in this chat now."""
        if self._places[self._at : self._at + 1] == [key]:
            return
        del self._places[self._at + 1 :]
        self._places.append(key)
        del self._places[:-_MOST]
        self._at = len(self._places) - 1

    def go(self, step: int, known: Container[ChatKey]) -> ChatKey | None:
        """Go one place back (-1) or forward (1), over those that are no longer known; None: there is none."""
        now = self._places[self._at] if self._places else None
        at = self._at + step
        while 0 <= at < len(self._places):
            key = self._places[at]
            if key in known and key != now:
                self._at = at
                return key
            at += step
        return None
