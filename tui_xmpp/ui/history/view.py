"""The history widget: scrolling, the message cursor, and what can be done with the message that it is on."""

from dataclasses import replace
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message as TextualMessage

from tui_xmpp.core.facade import Facade
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.commands import (
    Moderate,
    React,
    RetryMessage,
    SendUnencrypted,
)
from tui_xmpp.model.links import found_links, without_keys
from tui_xmpp.model.message import Message
from tui_xmpp.ui import actions
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.here import Here, Where
from tui_xmpp.ui.history.files import FileHistory
from tui_xmpp.ui.history.said import has_styles, shown_text
from tui_xmpp.ui.news import News
from tui_xmpp.ui.opening import links_of, open_outside, opener
from tui_xmpp.ui.wishes import Say, Tone, Wish, XmppLink

_PLACES = 100
"""Most answers that one can go back to."""

_EXCERPT = 400
"""Most characters of a message that one line can need."""


class HistoryView(FileHistory, inherit_bindings=False):
    """One chat's history; actions on the selected message have single keys. Dialogs are imported when needed."""

    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.HISTORY)]

    class Reply(TextualMessage):
        """The person wants to answer a message."""

        def __init__(self, message: Message) -> None:
            super().__init__()
            self.message = message

    class Correct(TextualMessage):
        """The person wants to correct a message."""

        def __init__(self, message: Message) -> None:
            super().__init__()
            self.message = message

    class Unread(TextualMessage):
        """A message and all after it shall count as not seen."""

        def __init__(self, message: Message) -> None:
            super().__init__()
            self.message = message

    def __init__(self, engine: Facade, clock: Clock, *, id: str | None = None) -> None:  # noqa: A002 (Textual's)
        super().__init__(engine, clock, id=id)
        self._answers: list[int] = []
        """The answers from which an original was gone to, the last one last."""
        self._recent: tuple[str, ...] = ()
        """The emojis that were picked last, the newest first."""

    def open(self, key: ChatKey, unread: int) -> None:
        """Show another chat; the way back through this one is forgotten."""
        self._answers.clear()
        super().open(key, unread)

    def renew(self, news: News) -> None:
        """Show what changed about the messages that are here."""
        if news.renamed:
            self.rename()
        if news.changed:  # before reading again, for that goes from where a message stands now
            self.change(news.changed)
        if news.reread:
            self.reread()
        if news.files:
            self.show_files(news.files)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 (Textual's)
        """Whether a key applies to the selected message."""
        known = actions.BY_ID.get(action)
        return known is None or known.where is not Where.HISTORY or known.when(self._here())

    def _here(self) -> Here:
        if self.marked:
            return self.here_with_marks()
        message = self.selected
        if message is None:
            return Here(where=Where.HISTORY, left=bool(self._answers))
        files = self.files_of(message)
        coming = [facts for facts in files if self.is_coming(message, facts)]
        return Here(
            where=Where.HISTORY,
            selected=True,
            files=len(coming) < len(files),
            coming=bool(coming),
            text=bool(message.body),
            long=self.painter.is_long(message),
            links=has_styles(message) and bool(found_links(message.body)),
            theirs=self.is_theirs(message),
            answers=message.reply is not None and message.tombstone is None,
            may=self.engine.operations(message),
            left=bool(self._answers),
        )

    # Actions of the registry
    def action_reply(self) -> None:
        """Answer the message."""
        if self.selected is not None:
            self.post_message(self.Reply(self.selected))

    def action_correct(self) -> None:
        """Correct one's own message."""
        if self.selected is not None:
            self.post_message(self.Correct(self.selected))

    def action_react(self) -> None:
        """Choose emojis to put under the message, or to take away."""
        from tui_xmpp.ui.screens.pick_reaction import PickReaction, with_recent

        message = self.selected
        if message is None:
            return
        own = tuple(reaction.emoji for reaction in message.reactions if reaction.own)

        def picked(emojis: tuple[str, ...] | None) -> None:
            if emojis is not None and emojis != own:
                self._recent = with_recent(self._recent, [emoji for emoji in emojis if emoji not in own])
                self.post_message(Wish(React(message.chat, message.id, emojis)))

        self.app.push_screen(PickReaction(own, self._recent), picked)

    def action_moderate(self) -> None:
        """Remove somebody's message from the room; asks for the reason."""
        from tui_xmpp.ui.screens.ask import AskText

        message = self.selected
        if message is None:
            return

        def entered(reason: str | None) -> None:
            if reason is not None:
                self.post_message(Wish(Moderate(message.chat, message.id, reason.strip())))

        question = "Remove this message for everybody?"
        self.app.push_screen(AskText(question, "Reason", placeholder="if you want to give one", yes="Remove"), entered)

    def action_mark_unread(self) -> None:
        """Take this message and all after it as not seen."""
        message = self.selected
        if message is not None:
            self.post_message(self.Unread(message))

    def action_retry_message(self) -> None:
        """Send a failed message once more."""
        if self.selected is not None:
            self.post_message(Wish(RetryMessage(self.selected.chat, self.selected.id)))

    def action_send_unencrypted(self) -> None:
        """Send a held message in clear, if the person is sure."""
        from tui_xmpp.ui.screens.ask import Confirm

        message = self.selected
        if message is None:
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.post_message(Wish(SendUnencrypted(message.chat, message.id)))

        words = "The servers on its way, and whoever runs them, can read this one message. The others stay encrypted."
        self.app.push_screen(Confirm("Send it unencrypted?", words, "Send in clear", "Keep it"), answered)

    def action_unfold(self) -> None:
        """Show all of a long message, or fold it again."""
        message = self.selected
        if message is not None:
            self.painter.whole ^= {message.id}
            self.change([replace(message)])  # another object, which is measured anew
            self.select(self._index())

    def action_open_link(self) -> None:
        """Open a link of the message."""
        from tui_xmpp.ui.screens.choose_link import ChooseLink

        message = self.selected
        links = links_of(message.body) if message is not None else ()
        if len(links) == 1:
            self._open(links[0])
        elif links:
            shown = [without_keys(link) for link in links]
            self.app.push_screen(ChooseLink(shown), lambda at: self._open(links[at]) if at is not None else None)

    def _open(self, link: str) -> None:
        if self.window is None:
            return
        if link.lower().startswith("aesgcm:") and self.selected is not None and self.open_file_at(self.selected, link):
            return
        if link.lower().startswith("xmpp:"):
            self.post_message(XmppLink(self.window.key.account, link))
            return
        program = opener()
        if program is not None and open_outside(program, link):
            self.post_message(Say("Opened."))
        else:
            self.app.copy_to_clipboard(link)
            self.post_message(Say("It cannot be opened from here; the link is copied."))

    def action_message_info(self) -> None:
        """Show all that is known of the message."""
        from tui_xmpp.ui.screens.message_info import MessageInfo

        if self.selected is not None and self.painter.voices is not None:
            self.app.push_screen(MessageInfo(self.engine, self.clock, self.selected, self.painter.voices))

    def action_original(self) -> None:
        """Go to the message that this one answers."""
        message = self.selected
        if message is None or message.reply is None:
            return
        wanted = message.reply.message_id
        original = self.engine.message(wanted) if wanted is not None else None
        if original is None:
            self.post_message(Say("That message is not here yet; scroll up to load older ones.", Tone.WARNING))
        elif original.id != message.id:
            self._answers.append(message.id)
            del self._answers[:-_PLACES]
            self.jump(original)

    def action_answer(self) -> None:
        """Go back to the answer from which an original was gone to."""
        while self._answers:
            answer = self.engine.message(self._answers.pop())
            if answer is not None:
                self.jump(answer)
                return
        self.refresh_bindings()

    def described(self, message: Message) -> tuple[str, str]:
        """The name of who wrote a message, and its text in one line."""
        voices = self.painter.voices
        if voices is None:
            return "", ""
        return voices.name(message), " ".join(shown_text(message, voices)[:_EXCERPT].split())
