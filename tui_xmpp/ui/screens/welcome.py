"""The first and the last page of the wizard."""

from enum import StrEnum, auto

from textual.content import Content
from textual.events import Key
from textual.message import Message

from tui_xmpp.model.address import Address
from tui_xmpp.ui.keymap import key_of, pressed
from tui_xmpp.ui.screens.dialog import Hint
from tui_xmpp.ui.screens.plain import Plain, plain
from tui_xmpp.ui.screens.rows import Row, Rows
from tui_xmpp.ui.screens.step import Step


class Way(StrEnum):
    """How one comes to an account."""

    SIGN_IN = auto()
    REGISTER = auto()
    INVITED = auto()


class WelcomeStep(Step):
    """An account that exists, or a new one, perhaps by invitation."""

    class Chosen(Message):
        """The way was chosen."""

        def __init__(self, way: Way) -> None:
            super().__init__()
            self.way = way

    def __init__(self, *, first: bool) -> None:
        self._rows = Rows(id="ways")
        words = (
            "Chat over XMPP, the open network: an address of yours works with everybody else's, "
            "whoever runs their server."
            if first
            else "It joins the accounts that are here already, in one list."
        )
        super().__init__(
            (Plain(words), self._rows),
            heading="Welcome to tui-xmpp" if first else "Add an account",
            keys=(Hint("confirm", "Continue"), Hint("cancel", "Quit" if first else "Cancel")),
        )

    def start(self) -> None:
        """Show the ways."""
        if not self._rows.rows:
            self._rows.show_rows(
                [
                    Row(Way.SIGN_IN, "I have an account", below=("Sign in with address and password.",)),
                    Row(Way.REGISTER, "Register a new one", below=("Choose a server and a name there.",)),
                    Row(Way.INVITED, "I was invited", below=("Use the link that somebody sent you.",)),
                ]
            )
        self._rows.focus()

    def on_rows_taken(self, event: Rows.Taken) -> None:
        """Enter or a click on a row."""
        event.stop()
        self.confirm()

    def confirm(self) -> None:
        """Post which way was chosen."""
        self.post_message(self.Chosen(Way(self._rows.chosen or Way.SIGN_IN)))


class DoneStep(Step):
    """What was reached, where the password is, and what to do next."""

    heading = "You are signed in"

    class Finished(Message):
        """The page was read; `then` is the action of it that is wanted next, if one is."""

        def __init__(self, then: str = "") -> None:
            super().__init__()
            self.then = then

    def __init__(self, account: Address, kept: str) -> None:
        self._next = Plain()
        self._go_on = Hint("confirm", "Start chatting")
        super().__init__(
            (Plain(f"{account.shown} is ready. {kept}"), self._next),
            keys=(self._go_on,),
        )

    def start(self) -> None:
        """Say what comes next; Enter goes on."""
        self._next.show(Content("\n").join(_next_lines(self.app)))
        self._go_on.focus()

    def confirm(self) -> None:
        """Go on."""
        self.post_message(self.Finished())

    def on_key(self, event: Key) -> None:
        """A key that the page names does what it says."""
        then = next((action for action, _ in _FIRST if event.key in pressed(self.app, action)), "")
        if then:
            event.stop()
            self.post_message(self.Finished(then))


_FIRST = (
    ("add_contact", "add somebody by address"),
    ("join_room", "join a room, or look for one"),
    ("help", "see every key"),
)
"""The three things that one does first."""


def _next_lines(app: object) -> list[Content]:
    """What one does first, with the keys."""
    return [
        Content.assemble(plain(f"{key_of(app, action):<6}", "bold $accent"), plain(words)) for action, words in _FIRST
    ]
