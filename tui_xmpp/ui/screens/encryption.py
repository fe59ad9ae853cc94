"""When the messages of a chat are encrypted."""

from collections.abc import Iterable

from textual.widget import Widget

from tui_xmpp.core.facade import Facade
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.commands import SetEncryption
from tui_xmpp.model.omemo import EncryptionWish
from tui_xmpp.ui.screens.dialog import Dialog
from tui_xmpp.ui.screens.plain import Plain
from tui_xmpp.ui.screens.rows import Row, Rows

_TEXT = (
    "Encrypted messages can be read by the other side's devices and yours alone; servers see only who writes to whom. "
    "What was encrypted once stays so, unless you choose “never”."
)
_WORDS = {
    EncryptionWish.ALWAYS: ("Always", "what cannot be encrypted is held back"),
    EncryptionWish.WHEN_POSSIBLE: ("When possible", "as soon as the other side has devices that can"),
    EncryptionWish.NEVER: ("Never", "all servers on the way can read it"),
}


class EncryptionDialog(Dialog[SetEncryption | None]):
    """The choices, with the present one chosen."""

    confirm_word = "Choose"

    def __init__(self, engine: Facade, key: ChatKey) -> None:
        super().__init__("Encrypt messages of this chat?")
        self._engine = engine
        self._key = key
        self._rows = Rows(id="wishes")

    def body(self) -> Iterable[Widget]:
        """What it means, and the choices."""
        yield Plain(_TEXT)
        yield self._rows

    def on_mount(self) -> None:
        """Show the choices."""
        present = self._engine.security(self._key).wish
        default = self._engine.settings(self._key.account).encryption
        rows = [Row("", f"As for the account: {_WORDS[default][0].lower()}")]
        rows += [Row(wish.value, title, beside=beside) for wish, (title, beside) in _WORDS.items()]
        self._rows.show_rows(rows, chosen=present.value if present is not None else "")
        self._rows.focus()

    async def action_confirm(self) -> None:
        """Take the chosen one."""
        name = self._rows.chosen
        if name is not None:
            self.dismiss(SetEncryption(self._key, EncryptionWish(name) if name else None))
