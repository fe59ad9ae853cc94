"""The main screen without its questions: three panes, one open chat, and the events that change them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from tui_xmpp.core.facade import Facade
from tui_xmpp.model.account import AccountStatus
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.commands import OpenChat
from tui_xmpp.model.events import AccountChanged, AccountRemoved, CaughtUp, ChatClosed, Event, ProblemRaised
from tui_xmpp.model.notifying import NotificationSettings
from tui_xmpp.model.room import RoomStatus
from tui_xmpp.ui import actions, keys, panes
from tui_xmpp.ui.away import AwayLine
from tui_xmpp.ui.chats import ChatList
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.conversation import Conversation
from tui_xmpp.ui.flash import Flash
from tui_xmpp.ui.footer import Footer
from tui_xmpp.ui.ground import ground
from tui_xmpp.ui.header import TopLine
from tui_xmpp.ui.here import Here, Where
from tui_xmpp.ui.keymap import keys_of
from tui_xmpp.ui.news import news_of
from tui_xmpp.ui.panes import Pane, Wants
from tui_xmpp.ui.people import PeopleList
from tui_xmpp.ui.split import Split
from tui_xmpp.ui.visited import Visited
from tui_xmpp.ui.wishes import Say, Tone, Wish


class Panes(Horizontal):
    """Chats, conversation and people, side by side."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Only the ground: all else is on the widgets in it."""
        return ground(self, crop)


class ChatScreen(Screen[None], inherit_bindings=False):
    """Chats and contacts, a conversation, and the people of a room."""

    DEFAULT_CSS = """
    ChatScreen {
        background: $surface; layout: vertical;
        & > #panes { height: 1fr; }
        & > #banner { height: auto; max-height: 2; padding: 0 1; background: $panel; color: $warning; }
        & #chats { padding: 1 0 0 0; }
        &.-flashing > #flash { display: block; }
        &.-flashing > #footer { display: none; }
        & #people { padding: 1 0 0 0; margin: 0 0 0 1; }
    }
    """
    AUTO_FOCUS = ""  # `on_mount` says where; else the list would have the focus first, and be styled for it
    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(Where.MAIN)]

    def __init__(
        self,
        engine: Facade,
        clock: Clock,
        *,
        banner: str = "",
        open_at: Address | None = None,
        keymap: Mapping[str, str] | None = None,
        notifications: NotificationSettings | None = None,
    ) -> None:
        super().__init__()
        self.engine = engine
        self.notifications = notifications or NotificationSettings()
        self.keymap: Mapping[str, str] = keymap or {}
        self._open_at = open_at
        self._banner = banner
        self._wants = Wants()
        self._here = Here()
        self.top = TopLine(engine)
        self.away = AwayLine(keys.shown(keys_of(actions.BY_ID["next_unread"], self.keymap)[0]))
        self.chat_list = ChatList(engine, clock, id="chats")
        self.split = Split(lambda: Conversation(engine, clock), Conversation(engine, clock, id="chat"))
        self.visited = Visited()
        self.people = PeopleList(id="people")
        self.flash = Flash(id="flash")

    def render_lines(self, crop: Region) -> list[Strip]:
        """Only the ground: all else is on the widgets in it."""
        return ground(self, crop)

    def compose(self) -> ComposeResult:
        """Accounts on top, three panes, and the keys below."""
        self.chat_list.begin()
        self.conversation.is_empty = self._first_chat() is None  # before it is styled, which is dear
        yield self.top
        if self._banner:
            yield Static(Content(self._banner), id="banner", markup=False)
        yield self.away
        with Panes(id="panes"):
            yield self.chat_list
            yield self.split
            yield self.people
        yield self.flash
        yield Footer(self._marked_words, id="footer")

    def on_mount(self) -> None:
        """Show what the store has."""
        self.top.chats = self.chat_list.chats
        self.top.update()
        key = self._first_chat()
        if key is not None:
            self.open_chat(key)  # which builds the list, with its chat marked
        else:
            self.chat_list.rebuild_all()
            self.arrange_panes(self.app.size.width)
            self._focus_first()

    def _first_chat(self) -> ChatKey | None:
        """The chat that was asked for, else the one that was last alive."""
        chats = self.chat_list.chats
        if self._open_at is None:
            return chats[0].key if chats else None
        known = next((chat.key for chat in chats if chat.key.peer == self._open_at.bare), None)
        states = self.engine.accounts()
        return known or (ChatKey(states[0].address, self._open_at.bare) if states else None)

    # The open chat
    @property
    def conversation(self) -> Conversation:
        """The conversation that the person is in."""
        return self.split.active

    @property
    def open_key(self) -> ChatKey | None:
        """The chat that is open."""
        return self.conversation.key

    @property
    def kind(self) -> ChatKind | None:
        """The kind of the open chat."""
        return self.conversation.kind

    def open_chat(self, key: ChatKey) -> None:
        """Show a chat and put it on the list if it is not there."""
        if self.engine.chat(key) is None or all(chat.key != key for chat in self.chat_list.chats):
            self.post_message(Wish(OpenChat(key)))
        self.visited.visit(key)
        beside = self.split.showing(key)
        if beside is not None:
            self.split.turn_to(beside)
        self.conversation.open(key)
        self._wants = replace(self._wants, front=Pane.CHAT)
        self._show_open()
        self.conversation.composer.focus()

    def _show_open(self) -> None:
        """Bring everything around the conversations in step with the active one."""
        self.chat_list.set_current(self.open_key)
        self._show_people()
        self.arrange_panes(self.size.width or self.app.size.width)
        self.refresh_bindings()

    def on_split_turned(self, event: Split.Turned) -> None:
        """The person is in another conversation."""
        event.stop()
        if self.open_key is not None:
            self.visited.visit(self.open_key)
        self._show_open()

    def close_chat(self, conversation: Conversation | None = None) -> None:
        """Show no chat in the active conversation, or in another one."""
        (conversation or self.conversation).close()
        self._show_open()
        self._focus_first()

    def _show_people(self) -> None:
        key = self.open_key
        is_room = key is not None and self.kind is ChatKind.ROOM
        self.people.show_people(self.engine.occupants(key) if key is not None and is_room else ())

    # Panes
    def on_resize(self, event: events.Resize) -> None:
        """Fold or unfold panes."""
        if event.size == self.outer_size:
            event.prevent_default()  # it tells of a layout that is done, and Textual would do it again
        self.arrange_panes(event.size.width)

    def arrange_panes(self, width: int) -> None:
        """Show the panes that there is room for."""
        shown = self.panes_at(width)
        left, right = panes.side_widths(width)
        alone = len(shown) == 1 and width < panes.TWO
        for pane, widget in self._panes().items():
            widget.display = pane in shown
        self.chat_list.styles.width = "1fr" if alone else left
        self.people.styles.width = "1fr" if alone else right - 1  # less the margin
        self.split.zoom(alone=self._wants.zoomed)
        for conversation in self.split.conversations:
            conversation.set_slim(width < panes.TWO)
        focused = self.focused
        if focused is not None and not all(node.display for node in focused.ancestors_with_self):
            self._focus_first()

    def panes_at(self, width: int) -> tuple[Pane, ...]:
        """The panes that are shown at a width."""
        has_chat = self.open_key is not None
        return panes.visible(width, self._wants, has_chat=has_chat, is_room=self.kind is ChatKind.ROOM)

    def _panes(self) -> dict[Pane, Widget]:
        return {Pane.CHATS: self.chat_list, Pane.CHAT: self.split, Pane.PEOPLE: self.people}

    def _entrances(self) -> list[Widget]:
        """The widgets that the focus goes round, one per pane that is shown."""
        composers = [each.composer for each in self.split.conversations if each.key is not None and each.display]
        doors: dict[Pane, list[Widget]] = {
            Pane.CHATS: [self.chat_list],
            Pane.CHAT: [*composers],
            Pane.PEOPLE: [self.people],
        }
        return [door for pane in self.panes_at(self.size.width) for door in doors[pane]]

    def _focus_first(self) -> None:
        doors = self._entrances()
        if self.conversation.composer in doors:
            self.conversation.composer.focus()
        elif doors:
            doors[0].focus()

    def _move_pane(self, step: int) -> None:
        doors = self._entrances()
        focused = self.focused
        if focused is self.conversation.history:
            focused = self.conversation.composer
        index = doors.index(focused) + step if focused in doors else 0
        if doors:
            doors[index % len(doors)].focus()

    def want(self, wants: Wants) -> None:
        """Show other panes, and put the focus into the one that was asked for."""
        self._wants = wants
        self.arrange_panes(self.size.width)
        if wants.front is Pane.CHATS and self.size.width < panes.TWO:
            self.chat_list.focus()
        elif wants.front is Pane.PEOPLE and self.people.display:
            self.people.focus()
        else:
            self._focus_first()

    # Events
    def take(self, batch: Sequence[Event]) -> None:
        """Show what changed, all of a batch at once."""
        if self.chat_list.take(batch):
            self.top.chats = self.chat_list.known
        key = self.open_key
        if key is not None:
            news = news_of(key, batch)
            self.conversation.take(news)
            if news.people or news.renamed:
                self._show_people()
        for conversation in self.split.conversations:
            if conversation is not self.conversation and conversation.key is not None:
                conversation.take(news_of(conversation.key, batch))
        for event in batch:
            self._take(event)
        self.top.update()
        if not any(chat.unread for chat in self.chat_list.known):
            self.away.hush()
        here = self.here()
        if here != self._here:
            self._here = here
            self.refresh_bindings()

    def _take(self, event: Event) -> None:
        match event:
            case AccountChanged(state):
                self.top.note(state)
                if state.status is AccountStatus.FAILED:
                    self.flash.say(f"{state.address.shown}: {state.problem or 'not connected'}", Tone.ERROR)
            case CaughtUp() as summary:
                self.away.tell(summary, sum(1 for chat in self.chat_list.known if chat.unread))
            case ProblemRaised(_, title, text):
                self.flash.say(f"{title}: {text}" if text else title, Tone.ERROR)
            case ChatClosed(key) if (conversation := self.split.showing(key)) is not None:
                self.close_chat(conversation)
            case AccountRemoved(account):
                for conversation in self.split.conversations:
                    if conversation.key is not None and conversation.key.account == account:
                        self.close_chat(conversation)
            case _:
                pass

    def on_say(self, event: Say) -> None:
        """Show a sentence."""
        event.stop()
        self.flash.say(event.text, event.tone)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """A dialog has gone, or this is the first picture: what is on the screen is seen now."""
        if not self.outer_size:
            event.refresh_styles = False  # everything was styled when it was mounted, a moment ago
        self.mark_read()

    def mark_read(self) -> None:
        """What is on the screen was seen."""
        for conversation in self.split.conversations:
            conversation.mark_read()

    def _marked_words(self) -> str:
        marked = self.conversation.history.marked
        return f"{marked} marked" if marked else ""

    # Where one is
    def here(self) -> Here:
        """What decides which actions apply."""
        key = self.open_key
        chat = None if key is None else self.chat_list.find(key) or self.engine.chat(key)
        composer = self.conversation.composer
        composing = self.focused is composer
        alone = self.size.width < panes.TWO
        return Here(
            where=Where.MAIN,
            kind=chat.kind if chat is not None else (ChatKind.CONTACT if key is not None else None),
            in_contacts=chat is not None and chat.in_contacts,
            room=self.engine.room(chat.key).status
            if chat is not None and chat.kind is ChatKind.ROOM
            else RoomStatus.LEFT,
            split=len(self.split.conversations) > 1,
            away=(alone or composer.mode is not None) and not composer.takes_escape if composing else key is not None,
            newest=key is None or not self.split.display or self.conversation.history.at_newest,
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 (Textual's)
        """Whether an action of the registry applies now."""
        known = actions.BY_ID.get(action)
        return known is None or known.where is not Where.MAIN or known.when(self.here())
