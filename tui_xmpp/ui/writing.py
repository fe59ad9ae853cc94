"""What the composer writes, if not a message of its own: an answer, or another text for a message."""

from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message import Message
from tui_xmpp.ui.bar import Bar, Piece
from tui_xmpp.ui.keymap import key_of
from tui_xmpp.ui.words import YOU


@frozen
class Replying:
    """The next message answers this one."""

    message: Message


@frozen
class Correcting:
    """This message gets another text."""

    message: Message
    draft: str = ""
    """What was written before, and comes back afterwards."""
    before: Replying | None = None
    """What it answers."""


Mode = Replying | Correcting


class WritingBar(Bar):
    """Over the composer: what is answered or corrected, and how to leave that."""

    DEFAULT_CSS = """
    WritingBar { display: none; background: $background; padding: 0 2; }
    WritingBar.-slim { padding: 0 1; }
    """

    def offer(self, what: str) -> None:
        """Say that what was pasted can be a file, and with which key."""
        self.display = True
        key = Piece(key_of(self.app, "attach"), "bold $primary", "attach")
        self.show(
            (Piece("▤ ", "$primary"), Piece(what, "bold")), (key, Piece(" sends it as a file", "$quiet", "attach"))
        )

    def describe(self, mode: Mode | None, name: str, text: str, time: str) -> None:
        """Show a mode; `name`, `text` and `time` are those of its message."""
        self.display = mode is not None
        if isinstance(mode, Correcting):
            self._say(Piece("✎ ", "$primary"), Piece(f"Correcting your message of {time}", "bold"))
        elif mode is not None:
            whom = "yourself" if name == YOU else name
            self._say(Piece("↳ ", "$primary"), Piece(f"Replying to {whom}", "bold"), Piece(f"  {text}", "$quiet"))

    def _say(self, *pieces: Piece) -> None:
        key = Piece(key_of(self.app, "back"), "bold $primary", "leave_mode")
        self.show(pieces, (key, Piece(" cancels", "$quiet", "leave_mode")))
