"""Hears what happens, decides by the rules what a person is told, and has it shown at a pace that can be read."""

import itertools
import os
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Protocol

from tui_xmpp.core.facade import Facade
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey, ChatKind
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.events import CaughtUp, ChatChanged, ChatClosed, Event, MessageAdded, RequestAdded
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.message import Direction
from tui_xmpp.model.notifying import Channel, NotificationSettings, Notify
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.notify import rules, sequences
from tui_xmpp.ui.notify.desktop import Desktop
from tui_xmpp.ui.notify.pace import Pace
from tui_xmpp.ui.notify.rules import Note


class Surroundings(Protocol):
    """What the notifier needs of the app."""

    def write(self, sequence: str) -> None:
        """Have the terminal obey a sequence."""

    def work(self, work: Coroutine[None, None, None]) -> None:
        """Do something in the background."""

    def later(self, seconds: float, then: Callable[[], None]) -> None:
        """Call back after a while."""

    @property
    def is_here(self) -> bool:
        """Whether somebody looks at the terminal."""

    def looks_at(self, key: ChatKey) -> bool:
        """Whether somebody sees this chat now."""

    def opened(self, note: Note) -> None:
        """A notification was clicked."""


@frozen
class _Circumstances:
    """What decides, besides a message itself, whether it is told."""

    chat: Chat
    rule: Notify
    watched: bool
    quiet: bool


class Notifier:
    """Takes every batch of events. Nothing here waits: what takes time is done in the background."""

    def __init__(
        self,
        engine: Facade,
        clock: Clock,
        settings: NotificationSettings,
        around: Surroundings,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._settings = settings
        self._around = around
        self._environment = environment
        self._pace = Pace(settings.pause)
        self._desktop = Desktop(around.opened, environment)
        self._terminal = settings.channel
        if settings.channel in {Channel.AUTO, Channel.DESKTOP}:
            self._terminal = sequences.known_channel(environment)
        self._numbers: dict[ChatKey | None, int] = {}
        self._count_up = itertools.count(1)
        self._unread: dict[ChatKey, int] = {}
        self._titled: str | None = None
        self._waiting = False

    # Life
    def begin(self, chats: Sequence[Chat]) -> None:
        """Set the title for what was unread before."""
        self._count(chats)
        if self._titles:
            self._around.write(sequences.SAVE_TITLE)
            self._show_title()

    async def end(self) -> None:
        """Give the title back and let go of the desktop."""
        if self._titled is not None:
            # A terminal that keeps no stack of titles is left with none of ours at least.
            self._around.write(sequences.title("") + sequences.RESTORE_TITLE)
            self._titled = None
        await self._desktop.close()

    # Facts
    def take(self, batch: Sequence[Event]) -> None:
        """Tell what is worth it; forget what was read."""
        self._count([event.chat for event in batch if isinstance(event, ChatChanged)])
        circumstances: dict[ChatKey, _Circumstances | None] = {}
        for event in batch:
            match event:
                case MessageAdded(message) if event.live and message.direction is Direction.IN:
                    if message.chat not in circumstances:  # in a flood, asked once for all
                        circumstances[message.chat] = self._circumstances(message.chat)
                    self._message(event, circumstances[message.chat])
                case RequestAdded(request) if not self._is_quiet(request.account):
                    self._tell(rules.request_note(request, self._settings.content))
                case CaughtUp(unread, chats_with) if unread and not (self._around.is_here or self._is_quiet_time):
                    self._tell(rules.flood_note(unread, chats_with))
                case ChatChanged(chat) if not chat.unread:
                    self._read(chat.key)
                case ChatClosed(key):
                    self._unread.pop(key, None)
                    self._read(key)
                case _:
                    pass
        self._show_title()
        self._wait_for_due()

    def _rule(self, chat: Chat) -> Notify:
        private = chat.kind is ChatKind.ROOM and self._engine.room(chat.key).private
        return rules.rule_of(chat, self._settings, private_group=private)

    def _circumstances(self, key: ChatKey) -> _Circumstances | None:
        chat = self._engine.chat(key)
        if chat is None:
            return None
        return _Circumstances(chat, self._rule(chat), self._around.looks_at(key), self._is_quiet(key.account))

    def _message(self, event: MessageAdded, now: _Circumstances | None) -> None:
        if now is None or not rules.wanted(event, now.chat.kind, now.rule, watched=now.watched, quiet=now.quiet):
            return
        note = rules.note_of(event, now.chat, self._settings.content)
        if self._pace.now_or_held(now.chat.key, time.monotonic(), urgent=note.urgent):
            self._tell(note)

    @property
    def _is_quiet_time(self) -> bool:
        hours = self._settings.quiet_hours
        return hours is not None and hours.hold(self._clock.now().time())

    def _is_quiet(self, account: Address) -> bool:
        return self._is_quiet_time or self._engine.own_presence(account).availability is Availability.DND

    def _read(self, key: ChatKey) -> None:
        self._pace.forget(key)
        number = self._numbers.pop(key, None)
        if number is None:
            return
        self._write(sequences.withdrawal(self._terminal, number))
        self._around.work(self._desktop.withdraw(key))

    # What was held back
    def _wait_for_due(self) -> None:
        due = self._pace.next_due()
        if due is not None and not self._waiting:
            self._waiting = True
            self._around.later(max(0.05, due - time.monotonic()), self._tell_due)

    def _tell_due(self) -> None:
        self._waiting = False
        due = self._pace.due(time.monotonic())
        if len(due) > 1:
            self._tell(rules.flood_note(sum(each.count for each in due), len(due)))
        for each in due if len(due) == 1 else ():
            chat = self._engine.chat(each.key)
            if chat is not None and not self._is_quiet(each.key.account):
                self._tell(rules.summary_of(chat, each.count, self._settings.content, urgent=each.urgent))
        self._wait_for_due()

    # Ways out
    def _tell(self, note: Note) -> None:
        if note.key not in self._numbers:
            self._numbers[note.key] = next(self._count_up)
        number = self._numbers[note.key]
        match self._settings.channel:
            case Channel.NONE:
                pass
            case Channel.DESKTOP:
                self._around.work(self._show_on_desktop(note, number, instead=Channel.NONE))
            case Channel.AUTO if not self._is_remote:
                self._around.work(self._show_on_desktop(note, number, instead=self._terminal))
            case _:
                self._write(sequences.notification(self._terminal, note.title, note.text, number))

    @property
    def _is_remote(self) -> bool:
        """The person sits at another machine, whose desktop is out of reach; their terminal is not."""
        return bool(self._environment.get("SSH_CONNECTION") or self._environment.get("SSH_TTY"))

    async def _show_on_desktop(self, note: Note, number: int, *, instead: Channel) -> None:
        if not await self._desktop.show(note):
            self._write(sequences.notification(instead, note.title, note.text, number))

    def _write(self, sequence: str) -> None:
        if sequence:
            self._around.write(sequences.through(sequence, self._environment))

    # The title
    @property
    def _titles(self) -> bool:
        return self._settings.title and sequences.has_title(self._environment)

    def _count(self, chats: Sequence[Chat]) -> None:
        for chat in chats:
            self._unread[chat.key] = 0 if chat.muted else chat.unread

    def _show_title(self) -> None:
        text = rules.window_title(sum(self._unread.values()))
        if self._titles and text != self._titled:
            self._titled = text
            self._around.write(sequences.title(text))
