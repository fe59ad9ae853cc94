"""The pages that unlock a store, or put a locked one aside."""

from pathlib import Path

from textual.message import Message
from textual.widget import Widget

from tui_xmpp.model.at_rest import KeyPlace
from tui_xmpp.ui.screens.dialog import Hint
from tui_xmpp.ui.screens.fields import LineField
from tui_xmpp.ui.screens.plain import Plain
from tui_xmpp.ui.screens.step import Step

_WORDS = {
    KeyPlace.PASSPHRASE: "What is stored on this computer is encrypted. Its passphrase, please.",
    KeyPlace.COMMAND: "What is stored on this computer is encrypted, and the command in the settings did not open it. "
    "Mend that and try again with an empty line, or enter the passphrase here.",
    KeyPlace.KEYRING: "What is stored on this computer is encrypted. Its key is in the keyring of this system, which "
    "has to be unlocked.",
    KeyPlace.NONE: "What is stored on this computer is encrypted, and nothing here can open it.",
}


class UnlockStep(Step):
    """Asks for the passphrase, or to try again."""

    heading = "Locked"

    class Tried(Message):
        """It shall be tried; without a passphrase, from where the key is kept."""

        def __init__(self, passphrase: str | None) -> None:
            super().__init__()
            self.passphrase = passphrase

    def __init__(self, place: KeyPlace) -> None:
        self.place = place
        self._field: LineField | None = None
        body: list[Widget] = [Plain(_WORDS[place])]
        if place in {KeyPlace.PASSPHRASE, KeyPlace.COMMAND}:
            self._field = LineField("Passphrase", password=True, id="passphrase")
            body.append(self._field)
        self._go = Hint("confirm", "Unlock" if self._field else "Try again")
        keys = (self._go, Hint("begin_anew", "Begin anew"), Hint("cancel", "Quit"))
        super().__init__(body, keys=keys)

    def start(self) -> None:
        """Begin with the passphrase."""
        (self._go if self._field is None else self._field.line).focus()

    def refuse(self, why: str) -> None:
        """Say why it did not open; a passphrase that was wrong is typed anew."""
        if self._field is None:
            self.show_problem(why)
            return
        with self.prevent(self._field.line.Changed):
            self._field.line.value = ""
        self._field.refuse(why)

    def confirm(self) -> None:
        """Post the passphrase."""
        passphrase = "" if self._field is None else self._field.text
        if passphrase or self.place is not KeyPlace.PASSPHRASE:
            self.post_message(self.Tried(passphrase or None))
        elif self._field is not None:
            self._field.refuse("The passphrase is missing.")


class AnewStep(Step):
    """Explains what it means to begin anew, before it is done."""

    heading = "Begin anew?"

    def __init__(self, store: Path) -> None:
        words = (
            "Without its key nobody can open what is stored, nor can we. You can begin anew: chats and contacts come "
            "back from the servers, as far as these keep them. What was only here does not: drafts, what failed to be "
            "sent, and what is older than a server's archive."
        )
        kept = f"The old store is kept beside the new one, as {store.name}.locked and the date. If the key turns up, "
        super().__init__(
            (Plain(words), Plain(f"{kept}it can be put back, together with its key file, under the old names.")),
            keys=(Hint("begin_anew", "Begin anew"), Hint("cancel", "Back")),
        )

    def start(self) -> None:
        """Enter goes back; it takes the same key again to go on."""
        self.query_one("#cancel", Hint).focus()
