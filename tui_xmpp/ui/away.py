"""One line for what was said while nobody was connected; it stays until somebody goes there, or all is read."""

from tui_xmpp.model.events import CaughtUp
from tui_xmpp.ui.bar import Bar, Piece
from tui_xmpp.ui.words import away_words


class AwayLine(Bar):
    """A summary in place of a storm of notifications; a click goes to the next unread chat, as the key does."""

    DEFAULT_CSS = """
    AwayLine { display: none; background: $panel; padding: 0 1; }
    AwayLine.-shown { display: block; }
    """

    def __init__(self, key: str) -> None:
        super().__init__(id="away")
        self._key = key
        self._summary: CaughtUp | None = None

    def tell(self, summary: CaughtUp, unread_chats: int) -> None:
        """Show what was missed; what another account or a slow room has brought later is added."""
        before = self._summary
        if before is not None:
            chats = min(before.chats + summary.chats, max(unread_chats, summary.chats))
            summary = CaughtUp(before.unread + summary.unread, chats, before.mentions + summary.mentions)
        self._summary = summary
        self.show(
            (Piece(away_words(summary), "$warning" if summary.mentions else "", "next_unread"),),
            (Piece(self._key, "bold $primary", "next_unread"), Piece(" next unread", "$quiet", "next_unread")),
        )
        self.add_class("-shown")

    def hush(self) -> None:
        """Take the line away."""
        self._summary = None
        self.remove_class("-shown")
