"""What of one chat makes notifications."""

from collections.abc import Iterable

from textual.widget import Widget

from tui_xmpp.model.chat import Chat, ChatKind
from tui_xmpp.model.commands import SetNotify
from tui_xmpp.model.notifying import Notify
from tui_xmpp.ui.screens.dialog import Dialog
from tui_xmpp.ui.screens.plain import Plain
from tui_xmpp.ui.screens.rows import Row, Rows
from tui_xmpp.ui.words import chat_title

_WORDS = {
    Notify.ALL: "every message",
    Notify.MENTIONS: "messages that name you",
    Notify.NONE: "nothing; what is unread does not count",
}
_USUAL = "usual"


class SetNotifyDialog(Dialog[SetNotify | None]):
    """A rule for this chat, or none of its own; `usual` is what the settings say for its kind."""

    confirm_word = "Choose"

    def __init__(self, chat: Chat, usual: Notify) -> None:
        super().__init__("Notifications")
        self._chat = chat
        self._usual = usual
        self._rules = Rows(id="rules")

    def body(self) -> Iterable[Widget]:
        """The rules."""
        yield Plain(f"What do you want to be told of in {chat_title(self._chat)}?")
        yield self._rules

    def on_mount(self) -> None:
        """Show the rules, with the present one chosen."""
        rules = [rule for rule in Notify if self._chat.kind is ChatKind.ROOM or rule is not Notify.MENTIONS]
        rows = [Row(_USUAL, "as the settings say", beside=_WORDS[self._usual])]
        rows += [Row(rule.value, _WORDS[rule]) for rule in rules]
        chosen = self._chat.notify
        self._rules.show_rows(rows, chosen=_USUAL if chosen is None else chosen.value)
        self._rules.focus()

    async def action_confirm(self) -> None:
        """Give the wish back."""
        chosen = self._rules.chosen
        self.dismiss(SetNotify(self._chat.key, None if chosen in {None, _USUAL} else Notify(str(chosen))))
