"""What can be done with several messages as well as with one: copying, quoting, taking back, deleting, reporting."""

from collections.abc import Sequence

from textual.message import Message as TextualMessage

from tui_xmpp.core.facade import Facade
from tui_xmpp.errors import TuiXmppError
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.commands import DeleteMessage, RetractMessage
from tui_xmpp.model.message import Delivery, Direction, Message, Operation
from tui_xmpp.model.report import ReportSender
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.here import Here, Where
from tui_xmpp.ui.history import copying
from tui_xmpp.ui.history.blocks import Place
from tui_xmpp.ui.history.dragging import MENU, MouseHistory
from tui_xmpp.ui.wishes import MenuWanted, Say, Tone, Wish
from tui_xmpp.ui.words import counted

_TOGETHER = frozenset({Operation.RETRACT, Operation.DELETE})
"""What can be done with several messages at once."""


_IN_A_ROOM = (
    "Reports go by an address, and a room hides it. Its moderators remove messages and send people out: ask one."
)
_NO_REMEDY = "Your server takes no reports and keeps nobody away, or is not connected."


class TogetherHistory(MouseHistory, inherit_bindings=False):
    """A history whose marked messages are dealt with at once. Dialogs are imported when needed."""

    class Quote(TextualMessage):
        """The person wants to write something about this text, which is a quote already."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, engine: Facade, clock: Clock, *, id: str | None = None) -> None:  # noqa: A002 (Textual's)
        super().__init__(engine, clock, id=id)
        self._together: Here | None = None
        """What can be done with the marked messages; None: to be found out."""

    def here_with_marks(self) -> Here:
        """What can be done with all marked messages, or with those of them that are one's own."""
        if self._together is None:
            picked = self.picked
            may = [self.engine.operations(message) for message in picked]
            self._together = Here(
                where=Where.HISTORY,
                selected=True,
                several=True,
                text=any(message.body for message in picked),
                theirs=any(self.is_theirs(message) for message in picked),
                may=frozenset().union(*may) & _TOGETHER,
            )
        return self._together

    def is_theirs(self, message: Message) -> bool:
        """Whether it is for somebody to judge: moderators in a room, one's own server in a chat of two."""
        return message.direction is Direction.IN

    def _sync(self, place: Place | None) -> None:
        self._together = None
        super()._sync(place)

    def _tell(self) -> None:
        self._together = None
        super()._tell()

    # Actions of the registry
    def action_take_back(self) -> None:
        """Take one's own message back, if the person is sure."""
        from tui_xmpp.ui.screens.ask import Confirm

        own = self._that_may(Operation.RETRACT)
        if not own:
            return

        def answered(yes: bool | None) -> None:
            if yes:
                for message in own:
                    self.post_message(Wish(RetractMessage(message.chat, message.id)))
                self.unmark()

        words = self._take_back_words()
        title = "Take this message back?"
        if self.marked:
            title = f"Take {counted(len(own), 'message')} back?"
            if len(own) < self.marked:
                words = f"Of the {self.marked} marked ones these can be: your own. {words}"
        self.app.push_screen(Confirm(title, words, "Take back", "Keep"), answered)

    def _that_may(self, operation: Operation) -> list[Message]:
        """The picked messages with which this can be done."""
        return [message for message in self.picked if operation in self.engine.operations(message)]

    def _take_back_words(self) -> str:
        voices = self.painter.voices
        if voices is not None and voices.kind is ChatKind.ROOM:
            whom = "The programs of all who are in the room are asked to remove it too"
        else:
            whom = "The other side’s program is asked to remove it too"
        return f"It is removed here. {whom}; one that does not know how will go on showing it."

    def action_delete_message(self) -> None:
        """Delete a message here; asks if it is more than a failed attempt."""
        from tui_xmpp.ui.screens.ask import Confirm

        gone = self._that_may(Operation.DELETE)
        if gone and all(message.delivery is Delivery.FAILED for message in gone):
            self._delete(gone)
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._delete(gone)

        if gone:
            several = self.marked > 1
            what = f"these {counted(len(gone), 'message')}" if several else "this message"
            whose = "They are deleted" if several else "It is deleted"
            kept = "them" if several else "it"
            words = f"{whose} on this computer only. The others keep {kept}, and your other devices too."
            self.app.push_screen(Confirm(f"Delete {what} here?", words, "Delete", "Keep"), answered)

    def _delete(self, messages: Sequence[Message]) -> None:
        index = self._index()
        for message in messages:
            self.post_message(Wish(DeleteMessage(message.chat, message.id)))
            self.forget(message.id)
        if self.has_focus:
            self.select(index)

    def action_copy_message(self) -> None:
        """Copy the text of what is picked through the terminal (OSC 52)."""
        self._copy(copying.texts(self.picked))

    def action_copy_talk(self) -> None:
        """Copy what is picked with names and times."""
        if self.painter.voices is not None:
            self._copy(copying.talk(self.picked, self.painter.voices, self.clock))

    def _copy(self, text: str) -> None:
        number = self.marked
        self.app.copy_to_clipboard(text)
        self.unmark()
        self.post_message(Say(f"Copied {counted(number, 'message')}." if number > 1 else "Copied."))

    def action_quote(self) -> None:
        """Quote what is picked in what one writes."""
        if self.painter.voices is not None:
            self.post_message(self.Quote(copying.quote(self.picked, self.painter.voices)))

    def action_menu(self) -> None:
        """Show all that can be done, beside the message."""
        index = None if self.selected_id is None else self.blocks.index(self.selected_id)
        block = None if index is None else self.blocks.blocks[index]
        if index is not None and block is not None:
            row = self.head + self.blocks.tops[index] + block.lead.rows - self.scroll_offset.y
            where = self.content_region.offset
            self.post_message(MenuWanted(MENU, where.x + self.painter.columns.left, where.y + row + 1))

    def action_report(self) -> None:
        """Report who wrote this to one's own server, as far as that can do something."""
        from tui_xmpp.ui.screens.report import ReportDialog

        theirs = [message for message in self.picked if self.is_theirs(message)]
        if not theirs:
            return
        if self.painter.voices is None or self.painter.voices.kind is ChatKind.ROOM:
            self.post_message(Say(_IN_A_ROOM, Tone.WARNING))
            return
        key = theirs[0].chat
        remedies = self.engine.remedies(key.account)
        if not remedies.blocks:
            self.post_message(Say(_NO_REMEDY, Tone.WARNING))
            return

        def chosen(command: ReportSender | None) -> None:
            if command is not None:
                self.unmark()
                self.post_message(Wish(command, done))

        def done(problem: TuiXmppError | None) -> None:
            if problem is not None:
                self.post_message(Say(f"{problem.title}: {problem.message}", Tone.ERROR))
            else:
                self.post_message(Say("Reported and blocked." if remedies.takes_reports else "Blocked."))

        self.app.push_screen(ReportDialog(key, [message.id for message in theirs], remedies), chosen)
