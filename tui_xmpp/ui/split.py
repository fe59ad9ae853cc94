"""The middle pane: one conversation, or several side by side, of which one is the person's at the moment."""

from collections.abc import Callable

from textual import events
from textual.containers import Horizontal
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from tui_xmpp.model.chat import ChatKey
from tui_xmpp.ui.conversation import Conversation
from tui_xmpp.ui.ground import ground

LEAST = 44
"""Columns that a conversation needs beside others; where there are fewer, only one is shown."""


class Split(Horizontal):
    """Conversations from left to right; the one with the focus is `active`, and stays so while dialogs are open."""

    DEFAULT_CSS = """
    Split {
        width: 1fr; height: 1fr; background: $background;
        & > .-beside { border-left: solid $rule; }
        & > .-passive ChatTitle { color: $quiet; }
    }
    """

    class Turned(Message):
        """Another conversation is the active one."""

    def __init__(self, make: Callable[[], Conversation], first: Conversation) -> None:
        super().__init__(first, id="split")
        self._make = make
        self.conversations = [first]
        self.active = first
        self._alone = False

    def render_lines(self, crop: Region) -> list[Strip]:
        """Only the ground: all else is on the widgets in it."""
        return ground(self, crop)

    @property
    def room_for_more(self) -> bool:
        """Whether one more conversation can be seen beside these."""
        return self.size.width >= LEAST * (len(self.conversations) + 1)

    def showing(self, key: ChatKey) -> Conversation | None:
        """The conversation that shows this chat."""
        return next((each for each in self.conversations if each.key == key), None)

    async def add(self) -> None:
        """Put an empty conversation beside the active one, which becomes the active one."""
        conversation = self._make()
        await self.mount(conversation, after=self.active)
        self.conversations.insert(self.conversations.index(self.active) + 1, conversation)
        self.turn_to(conversation)
        self.show_fitting()

    async def take_away(self) -> None:
        """Take the active conversation off the screen; what was written in it is kept."""
        if len(self.conversations) == 1:
            return
        conversation = self.active
        index = self.conversations.index(conversation)
        conversation.close()
        self.conversations.remove(conversation)
        self.turn_to(self.conversations[max(0, index - 1)])
        await conversation.remove()
        self.show_fitting()

    def turn_to(self, conversation: Conversation) -> None:
        """Make a conversation the active one."""
        if conversation is not self.active:
            self.active = conversation
            self.show_fitting()
            self.post_message(self.Turned())

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Who has the focus is active."""
        for conversation in self.conversations:
            if conversation in event.widget.ancestors_with_self:
                self.turn_to(conversation)

    def on_resize(self) -> None:
        """Show as many as there is room for."""
        self.show_fitting()

    def zoom(self, *, alone: bool) -> None:
        """Show only the active one, or as many as there is room for again."""
        if alone is not self._alone:
            self._alone = alone
            self.show_fitting()

    def show_fitting(self) -> None:
        """Show all of them, or only the active one on a narrow screen and while it is zoomed."""
        several = len(self.conversations) > 1
        fit = not self._alone and (not self.size.width or self.size.width >= LEAST * len(self.conversations))
        for index, conversation in enumerate(self.conversations):
            conversation.display = fit or conversation is self.active
            conversation.set_class(bool(index) and fit, "-beside")
            conversation.set_class(several and conversation is not self.active, "-passive")
