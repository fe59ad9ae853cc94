"""One conversation: title, history, who is typing, and the composer. Knows one chat at a time."""

from collections.abc import Sequence
from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import Static

from tui_xmpp.core.facade import Facade
from tui_xmpp.errors import TuiXmppError
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.commands import Command, CorrectMessage, JoinRoom, LoadOlder, MarkRead, MarkUnread, SendMessage
from tui_xmpp.model.events import MessageAdded
from tui_xmpp.model.message import Direction, Message, Operation
from tui_xmpp.model.omemo import Security
from tui_xmpp.model.room import RoomStatus
from tui_xmpp.ui.bar import Bar
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.command_words import Do, Hint
from tui_xmpp.ui.completion import Sources
from tui_xmpp.ui.composer import Composer
from tui_xmpp.ui.ground import ground
from tui_xmpp.ui.header import ChatTitle, StatusLine
from tui_xmpp.ui.history.view import HistoryView
from tui_xmpp.ui.news import News
from tui_xmpp.ui.nicknames import nicknames
from tui_xmpp.ui.screens import emojis
from tui_xmpp.ui.screens.wishes import RoomWanted
from tui_xmpp.ui.slash import commands, meaning
from tui_xmpp.ui.suggestions import Suggestions
from tui_xmpp.ui.wishes import FileWanted, Say, Tone, Wish
from tui_xmpp.ui.words import chat_title, going_out
from tui_xmpp.ui.writing import Correcting, Mode, Replying, WritingBar

WELCOME = """No chat is open.

^K goes to a chat by name
^F finds what was said
F2 adds a contact
F3 enters a room
^P finds every action"""

_RECENT = 200
"""Messages among which one's last is looked for."""

_COMPOSER_EDGES = 6
"""Cells of margin, border and padding on both sides of the composer's text."""


class Conversation(Vertical):
    """The middle pane. Several can stand side by side: nothing in it belongs to the whole screen."""

    DEFAULT_CSS = """
    Conversation {
        width: 1fr; height: 1fr; background: $background;
        & > #welcome {
            display: none; width: 1fr; height: 1fr; padding: 2 4; color: $quiet; content-align: center middle;
        }
        &.-empty > * { display: none; }
        &.-empty > #welcome { display: block; }
    }
    """

    def __init__(self, engine: Facade, clock: Clock, *, id: str | None = None) -> None:  # noqa: A002 (Textual's)
        super().__init__(id=id, classes="-empty")
        self._engine = engine
        self.clock = clock
        self.key: ChatKey | None = None
        self.title_line = ChatTitle()
        self.history = HistoryView(engine, clock, id="history")
        self.status_line = StatusLine()
        self.writing_bar = WritingBar(id="writing")
        self.suggestions = Suggestions()
        self.composer = Composer(id="composer")
        self.composer.sources = Sources(self._commands, self._people, self._emojis, self.composer.paths)
        self._kept_unread = False
        """The person has marked something here as unread, to come back to it."""
        self._nicknames: Sequence[str] | None = None
        """Whom one may mean here, as long as nobody has come, gone or spoken."""

    def compose(self) -> ComposeResult:
        """Title, history, status, what is answered, composer."""
        yield Static(Content(WELCOME), id="welcome", markup=False)
        yield self.title_line
        yield self.history
        yield self.status_line
        yield self.writing_bar
        yield self.suggestions
        yield self.composer

    def render_lines(self, crop: Region) -> list[Strip]:
        """Only the ground: all else is on the widgets in it."""
        edge = any(self.styles.gutter)  # the line beside another chat
        return super().render_lines(crop) if edge else ground(self, crop)

    @property
    def is_empty(self) -> bool:
        """Whether a welcome stands here, and no chat."""
        return self.has_class("-empty")

    @is_empty.setter
    def is_empty(self, empty: bool) -> None:
        self.set_class(empty, "-empty", update=self.is_attached)

    @property
    def kind(self) -> ChatKind | None:
        """The kind of the open chat."""
        chat = self._engine.chat(self.key) if self.key is not None else None
        return chat.kind if chat is not None else None

    def open(self, key: ChatKey) -> None:
        """Show a chat."""
        self._kept_unread = False
        if key == self.key:
            return
        chat = self._engine.chat(key)
        self.key = key
        self._nicknames = None
        self.is_empty = False
        self.composer.open(key, chat.draft if chat is not None else "")
        self.history.open(key, chat.unread if chat is not None else 0)
        self._check_mode()
        self.show_around()

    def show_message(self, message: Message) -> None:
        """Go to a message of the open chat and put the cursor on it."""
        self.history.select_message(message)
        self.history.focus()

    def close(self) -> None:
        """Show no chat."""
        self.composer.leave()
        self.key = None
        self.history.close()
        self.is_empty = True

    def show_around(self) -> None:
        """Show title, status and placeholder anew."""
        if self.key is None:
            return
        self.title_line.update(self._engine, self.key)
        self._show_placeholder(self.key)
        self._show_status()

    def on_resize(self) -> None:
        """Cut the placeholder for another width."""
        if self.key is not None:
            self._show_placeholder(self.key)

    def set_slim(self, slim: bool) -> None:
        """Spare the margins on a narrow terminal."""
        for bar in (self.title_line, self.status_line, self.writing_bar):
            bar.set_class(slim, "-slim")

    # Events
    def take(self, news: News) -> None:
        """Show what changed in this chat; messages all at once."""
        if self.key is None:
            return
        history = self.history
        if news.people or news.added or news.renamed:
            self._nicknames = None
        history.renew(news)
        if news.changed or news.reread:
            self._check_mode()
        if news.added:
            self._begin_new(news.added)
            history.add([event.message for event in news.added])
        if news.line:
            history.ask_older_again()
        if news.around or news.line:
            self.show_around()
        if history.has_focus and (news.changed or news.files or news.around or news.people or news.line):
            self.refresh_bindings()  # what may be done with the selected message
        self.mark_read()

    def _begin_new(self, added: Sequence[MessageAdded]) -> None:
        """Draw the line over what comes while nobody looks or was missed; take it away when the person answers."""
        if any(event.message.direction is Direction.OUT and event.live for event in added):
            self._kept_unread = False
            self.history.begin_new_at(None)
        elif self.key is not None and (not self.app.app_focus or any(not event.live for event in added)):
            # Pages of what was missed come the newest first: the line goes up with each.
            self.history.begin_new_at(self._engine.first_unread(self.key) or self.history.first_new)

    def mark_read(self) -> None:
        """Tell that everything was seen, if it is on the screen and somebody looks."""
        is_seen = self.is_on_screen and self.app.app_focus and self.history.at_newest
        if self.key is None or self._kept_unread or not is_seen:
            return
        chat = self._engine.chat(self.key)
        if chat is not None and chat.unread:
            self.post_message(Wish(MarkRead(self.key)))

    @property
    def is_on_screen(self) -> bool:
        """Whether the conversation can be seen: its pane is shown and no dialog is over it."""
        return self.is_attached and self.screen.is_current and all(node.display for node in self.ancestors_with_self)

    def on_message_scroll_moved(self, event: HistoryView.Moved) -> None:
        """The reader came to the end, or left it."""
        event.stop()
        self._show_status()
        self.mark_read()
        self.refresh_bindings()

    def on_message_scroll_need_older(self, event: HistoryView.NeedOlder) -> None:
        """Ask the archive for more."""
        event.stop()
        key = event.key

        def loaded(problem: TuiXmppError | None) -> None:
            if key == self.key:
                self.history.older_loaded("" if problem is None else f"{problem.title}: {problem.message}")

        self.post_message(Wish(LoadOlder(key), loaded))

    def on_message_cursor_left(self, event: HistoryView.Left) -> None:
        """Below the newest message is the composer."""
        event.stop()
        self.composer.focus()

    def on_message_cursor_selected(self, event: HistoryView.Selected) -> None:
        """Other keys apply to another message."""
        event.stop()
        self.refresh_bindings()

    def on_bar_pressed(self, event: Bar.Pressed) -> None:
        """A word in one of the lines was clicked."""
        if event.action == "newest":
            event.stop()
            self.history.show_newest()
        elif event.action == "leave_mode":
            event.stop()
            self.composer.leave_mode()

    # Writing
    def on_composer_scroll(self, event: Composer.Scroll) -> None:
        """Scroll by pages without leaving the composer."""
        event.stop()
        self.history.turn(event.pages)
        if event.pages < 0 and self.history.scroll_offset.y == 0:
            self.history.ask_older()

    def on_composer_select_message(self, event: Composer.SelectMessage) -> None:
        """Move the cursor up into the history."""
        event.stop()
        if self.history.blocks.blocks:
            self.history.focus()

    def on_completing_offered(self, event: Composer.Offered) -> None:
        """Show what may be meant."""
        event.stop()
        self.suggestions.show(event.offers, event.marked)

    def on_suggestions_taken(self, event: Suggestions.Taken) -> None:
        """An offer was clicked."""
        event.stop()
        self.composer.take(event.index)
        self.composer.focus()

    def _commands(self) -> Sequence[tuple[str, str, str]]:
        return commands(self.kind or ChatKind.CONTACT)

    def _people(self) -> Sequence[str]:
        """Nicknames for whoever writes; asked for several times a key, since they decide what Tab does."""
        if self._nicknames is None:
            is_room = self.key is not None and self.kind is ChatKind.ROOM
            self._nicknames = nicknames(self._engine, self.key) if self.key is not None and is_room else ()
        return self._nicknames

    def _emojis(self, query: str) -> Sequence[tuple[str, str]]:
        """Emojis by a word of their name; the data is loaded in the background when it is first needed."""
        if not emojis.is_loaded():
            self.run_worker(self._load_emojis, thread=True, exclusive=True, group="emojis", exit_on_error=False)
            return ()
        return emojis.named(query)

    def _load_emojis(self) -> None:
        emojis.named("a")
        self.app.call_from_thread(self.composer.offer)

    def on_composer_sent(self, event: Composer.Sent) -> None:
        """Send a message, or do what a command word says; a correction is a text, whatever it begins with."""
        event.stop()
        mode = event.mode
        if isinstance(mode, Correcting):
            if event.text != mode.message.body:
                self._wish(CorrectMessage(event.key, mode.message.id, event.text), event)
            return
        what = meaning(event.text, event.key, self.kind or ChatKind.CONTACT)
        if isinstance(what, SendMessage):
            self.history.show_newest()
            self._wish(replace(what, reply_to=mode.message.id) if mode is not None else what, event)
            return
        self.composer.restore(event.key, event.text if isinstance(what, Hint) else "", mode)
        if isinstance(what, Hint):
            self.post_message(Say(what.text, Tone.WARNING))
        elif isinstance(what, Do) and what.rest:
            self.post_message(FileWanted(event.key, what.rest))
        elif isinstance(what, Do):
            self.post_message(Bar.Pressed(what.action))
        elif isinstance(what, JoinRoom):
            self.post_message(RoomWanted(what.account, what.room, what.nick))
        else:
            self._wish(what, event)

    def _wish(self, command: Command, sent: Composer.Sent) -> None:
        def done(problem: TuiXmppError | None) -> None:
            if problem is not None:
                self.composer.restore(sent.key, sent.text, sent.mode)
                self.post_message(Say(f"{problem.title}: {problem.message}", Tone.ERROR))

        self.post_message(Wish(command, done))

    def on_history_view_reply(self, event: HistoryView.Reply) -> None:
        """Answer a message."""
        event.stop()
        self._begin(Replying(event.message))

    def on_together_history_quote(self, event: HistoryView.Quote) -> None:
        """Put a quote into what is written, on lines of its own."""
        event.stop()
        self.history.unmark()
        self.composer.quote(event.text)
        self.composer.focus()

    def on_history_view_unread(self, event: HistoryView.Unread) -> None:
        """Keep a message and those after it unread until this chat is opened anew or answered."""
        event.stop()
        message = event.message
        self._kept_unread = True
        self.history.begin_new_at(message.id)
        self.post_message(Wish(MarkUnread(message.chat, message.id)))
        self.post_message(Say("Unread from here on, until you open this chat again."))

    def on_history_view_correct(self, event: HistoryView.Correct) -> None:
        """Correct a message."""
        event.stop()
        self._begin(Correcting(event.message))

    def on_composer_correct_last(self, event: Composer.CorrectLast) -> None:
        """Correct the newest own message that can be."""
        event.stop()
        newest = reversed(self._engine.newest(self.key, _RECENT)) if self.key is not None else ()
        own = (message for message in newest if message.direction is Direction.OUT)
        message = next((message for message in own if Operation.CORRECT in self._engine.operations(message)), None)
        if message is not None:
            self._begin(Correcting(message))
        else:
            self.post_message(Say("There is no message of yours to correct.", Tone.WARNING))

    def _begin(self, mode: Mode) -> None:
        self.composer.begin(mode)
        self.composer.focus()

    def on_composer_mode_changed(self, event: Composer.ModeChanged) -> None:
        """Say over the composer what is answered or corrected, or can be sent as a file."""
        event.stop()
        mode, pasted = self.composer.mode, self.composer.pasted
        name, text = self.history.described(mode.message) if mode is not None else ("", "")
        self.writing_bar.describe(mode, name, text, self.clock.hour(mode.message.time) if mode is not None else "")
        if pasted is not None:
            self.writing_bar.offer(pasted.words)
        self.refresh_bindings()

    def _check_mode(self) -> None:
        """Answer or correct the message as it is now, or no more if it was taken back."""
        mode = self.composer.mode
        if mode is None:
            return
        message = self._engine.message(mode.message.id)
        if message is not None and message.tombstone is None:
            self.composer.renew(message)
        else:
            self.composer.leave_mode()
            self.post_message(Say("That message is not there any more.", Tone.WARNING))

    # Words around
    def _show_status(self) -> None:
        if self.key is not None:
            self.status_line.update(self._engine, self.key, newest=self.history.at_newest, below=self.history.beyond)

    def _show_placeholder(self, key: ChatKey) -> None:
        """Whom a message would go to and how it travels; of these a long name is cut."""
        chat = self._engine.chat(key)
        before, name, after = "Message ", chat_title(chat) if chat is not None else key.peer.shown, ""
        if chat is not None and chat.kind is ChatKind.ROOM and self._engine.room(key).status is not RoomStatus.JOINED:
            before, after = "You are not in ", ""
        else:
            security = self._engine.security(key)
            after = going_out(security)
            self.composer.set_class(security.state is Security.ON, "-encrypted")
            self.composer.set_class(security.state in {Security.OFF, Security.BLOCKED}, "-exposed")
        room = max(8, self.size.width - _COMPOSER_EDGES - len(before) - len(after))
        self.composer.placeholder = Content.assemble(before, Content(name).truncate(room, ellipsis=True), after)
