"""The pages on which a person decides how a new store is kept, where there is no keyring to keep its key."""

import shlex

from textual.message import Message

from tui_xmpp.model.at_rest import SHORTEST_PASSPHRASE, KeyPlace
from tui_xmpp.ui.screens.dialog import Hint
from tui_xmpp.ui.screens.fields import LineField
from tui_xmpp.ui.screens.plain import Plain
from tui_xmpp.ui.screens.rows import Row, Rows
from tui_xmpp.ui.screens.step import Step


class PlaceStep(Step):
    """A passphrase, a command, or no encryption."""

    heading = "Before you begin"

    class Chosen(Message):
        """One was chosen."""

        def __init__(self, place: KeyPlace) -> None:
            super().__init__()
            self.place = place

    def __init__(self, *, waiting: bool = False) -> None:
        self._rows = Rows(id="ways")
        words = (
            "Your messages will be stored on this computer, so that they are there at once and also without a network."
        )
        keyring = (
            "The keyring of this system could keep the key for encrypting them, but has not answered yet. Wait for it, "
            "or choose how they shall be kept."
            if waiting
            else "There is no keyring here that could keep the key for encrypting them. How shall they be kept?"
        )
        super().__init__(
            (Plain(f"{words} {keyring}"), self._rows),
            keys=(Hint("confirm", "Continue"), Hint("cancel", "Quit")),
        )

    def start(self) -> None:
        """Show the ways."""
        if not self._rows.rows:
            self._rows.show_rows(
                [
                    Row("passphrase", "Encrypted, with a passphrase", below=("It is asked for at each start.",)),
                    Row("command", "Encrypted, with a command", below=("It prints the passphrase, as pass does.",)),
                    Row(
                        "none",
                        "Not encrypted",
                        below=("Whoever gets the disk or a backup reads it.",),
                    ),
                ]
            )
        self._rows.focus()

    def on_rows_taken(self, event: Rows.Taken) -> None:
        """Enter or a click on a row."""
        event.stop()
        self.confirm()

    def confirm(self) -> None:
        """Post what was chosen."""
        self.post_message(self.Chosen(KeyPlace(self._rows.chosen or KeyPlace.PASSPHRASE)))


class PassphraseStep(Step):
    """A new passphrase, twice."""

    heading = "Choose a passphrase"

    class Filled(Message):
        """It was entered twice."""

        def __init__(self, passphrase: str) -> None:
            super().__init__()
            self.passphrase = passphrase

    def __init__(self) -> None:
        self._first = LineField("Passphrase", password=True, id="passphrase")
        self._second = LineField("Once more", password=True, id="again")
        words = "Several words are better than one. If it is forgotten, nobody can open what is stored here."
        super().__init__((Plain(words), self._first, self._second))

    def start(self) -> None:
        """Begin with the first."""
        self._first.line.focus()

    def confirm(self) -> None:
        """Check both and post the passphrase."""
        passphrase = self._first.text
        if len(passphrase) < SHORTEST_PASSPHRASE:
            self._first.refuse(f"At least {SHORTEST_PASSPHRASE} characters.")
        elif not self._second.text:
            self._second.line.focus()
        elif self._second.text != passphrase:
            self._second.refuse("This is not the same as above.")
        else:
            self.post_message(self.Filled(passphrase))


class CommandStep(Step):
    """The command that prints the passphrase."""

    heading = "Choose a command"

    class Filled(Message):
        """It was entered."""

        def __init__(self, command: tuple[str, ...]) -> None:
            super().__init__()
            self.command = command

    def __init__(self) -> None:
        self._line = LineField("Command", placeholder="pass tui-xmpp", id="command")
        words = (
            "It is run at each start, without a shell. The first line that it prints is the passphrase. If it is lost, "
            "nobody can open what is stored here."
        )
        super().__init__((Plain(words), self._line))

    def start(self) -> None:
        """Begin with the line."""
        self._line.line.focus()

    def confirm(self) -> None:
        """Take the line apart as a shell does, and post it."""
        try:
            command = tuple(shlex.split(self._line.text))
        except ValueError:
            self._line.refuse("A quotation mark has no partner.")
            return
        if command:
            self.post_message(self.Filled(command))
        else:
            self._line.refuse("The command is missing.")
