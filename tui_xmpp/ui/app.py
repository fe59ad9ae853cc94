"""The Textual app: paints from the store at once, then has the engine start, and carries facts and wishes."""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.worker import Worker, WorkerState

from tui_xmpp.core.facade import Facade
from tui_xmpp.errors import ConfigError, TuiXmppError
from tui_xmpp.model.account import AccountStatus
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import Command, JoinRoom
from tui_xmpp.model.events import AccountChanged, Event
from tui_xmpp.model.notifying import NotificationSettings
from tui_xmpp.ui import actions, clipboard, themes
from tui_xmpp.ui.appearance import Appearance
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.editing import Editing
from tui_xmpp.ui.here import Where
from tui_xmpp.ui.key_order import OrderedKeys
from tui_xmpp.ui.keymap import Keyed, check_keymap, key_of
from tui_xmpp.ui.main import MainScreen
from tui_xmpp.ui.notify.attention import Attention
from tui_xmpp.ui.screens.wishes import ChatWanted, RoomWanted
from tui_xmpp.ui.wearing import Wearing
from tui_xmpp.ui.wishes import Say, Tone, Wish

if TYPE_CHECKING:
    from tui_xmpp.ui.notify.notifier import Notifier

log = logging.getLogger(__name__)

PAUSE = 0.06
"""Seconds between two batches of events in a flood: painting each at once would leave no time for keys."""
LONGEST = 0.1
"""Seconds after which events are shown though keys are being typed."""
_ECHO = 0.03
"""Seconds after a key in which it comes to the screen before any events do."""


class TuiXmppApp(Wearing, OrderedKeys, Keyed, inherit_bindings=False):
    """The client on the screen. Ends with the exit code for the shell.

    `open_at` is a chat to open at the start, `banner` a line that stays on top, `keymap` the keys from the settings
    (ConfigError if they cannot be used), `clock` what time it is, `notifications`
    what one is told of, `appearance` how it looks besides its `theme`.
    """

    TITLE = "tui-xmpp"
    ENABLE_COMMAND_PALETTE = False
    CSS = themes.CSS
    STAYING = actions.STAYING
    BINDINGS: ClassVar[list[BindingType]] = [
        *actions.bindings(Where.APP),
        Binding("ctrl+c", "help_quit", show=False, system=True),
    ]

    class Happened(Message):
        """The engine has told something since this was last handled."""

    def __init__(
        self,
        engine: Facade,
        *,
        open_at: Address | None = None,
        banner: str = "",
        keymap: Mapping[str, str] | None = None,
        theme: str = themes.DARK.name,
        clock: Clock | None = None,
        notifications: NotificationSettings | None = None,
        appearance: Appearance | None = None,
    ) -> None:
        problems = check_keymap(keymap) if keymap else ()
        if problems:
            raise ConfigError(" ".join(problems))
        super().__init__()
        self.keymap = keymap or {}
        self.engine = engine
        self.clock = clock if clock is not None else Clock()
        told = notifications or NotificationSettings()
        self.main = MainScreen(engine, self.clock, banner=banner, open_at=open_at, keymap=keymap, notifications=told)
        self.attention = Attention(self)
        self._told_of = told
        self._pending: list[Event] = []
        self._ended = False
        """The store is being closed: nothing may be read from it any more."""
        self._closed_store = False
        """It is closed: what is typed or turned now comes too late."""
        self._shown = 0.0
        """When events were shown last."""
        self._told = 0.0
        """When the oldest event came that is not shown yet."""
        self._keyed = 0.0
        """When a key was pressed last."""
        self._rested = 0.0
        """When the engine was asked to rest last."""
        self._asked_password: set[Address] = set()
        self._entered_password: set[Address] = set()
        """Those that were entered and not yet refused."""
        self._asks_password = False
        self._leaving = False
        self._handed_over = False
        """Another program has the terminal."""
        self.wear(theme, appearance or Appearance())
        self.animation_level = "none"
        self.set_keymap(self.keymap)

    def get_default_screen(self) -> MainScreen:
        """Panes and chats from the store; no network library is needed for them."""
        return self.main

    @cached_property
    def notifier(self) -> "Notifier":
        """Tells what happens; nothing does before the first picture."""
        from tui_xmpp.ui.notify.notifier import Notifier

        return Notifier(self.engine, self.clock, self._told_of, self.attention)

    # Start and end
    def on_mount(self) -> None:
        """Listen to the engine, and start it after the first picture; ask for an account if there is none."""
        self._stop_listening = self.engine.subscribe(self._listen)
        self.set_interval(60, self._tick)
        self._today = self.clock.today()
        self.call_after_refresh(self._start)
        if not self.engine.accounts():
            from tui_xmpp.ui.screens.wizard import Wizard

            self.push_screen(Wizard(self.engine), lambda _address: self.main.chat_list.load())

    def has_drawn(self) -> None:
        """The whole screen is drawn for the first time."""

    def _start(self) -> None:
        self.has_drawn()
        self.notifier.begin(self.main.chat_list.chats)
        self.watch_themes()
        self.run_worker(self.engine.start(), name="start", group="engine", exit_on_error=False)

    def leave(self) -> None:
        """End politely from outside, for instance on SIGTERM; may be called on the loop at any time."""
        self.call_later(self.action_quit)

    async def action_quit(self) -> None:
        """Sign out and quit; asked twice, quit without waiting."""
        if self._leaving:
            self.exit(0)
            return
        self._leaving = True
        self.main.flash.say("Signing out…")
        self.run_worker(self._close_and_exit(), name="close", group="engine", exit_on_error=False)

    async def _close_and_exit(self) -> None:
        await self._end()
        self.exit(0)

    async def _end(self) -> None:
        """Keep the draft and close the store."""
        self._leaving = self._ended = True
        self._stop_listening()
        try:
            for conversation in self.main.split.conversations:
                for command in conversation.composer.last_wishes():
                    await self.engine.do(command)
        except TuiXmppError as problem:
            log.warning("the draft was not saved: %s", problem)
        finally:
            await self.engine.close()
            self._closed_store = True

    async def on_unmount(self) -> None:
        """However the program ends, what was written is kept."""
        await self.notifier.end()
        if not self._leaving:
            await self._end()

    def action_help_quit(self) -> None:
        """Ctrl+C copies in many programs and quits others: say what quits here."""
        self.main.flash.say(f"{key_of(self, 'quit')} quits.")

    # Facts
    def _listen(self, batch: Sequence[Event]) -> None:
        """Gather events until the screen has time for them; then they are handled at once."""
        waiting = bool(self._pending)
        self._pending.extend(batch)
        if not waiting:
            self._told = monotonic()
            self._show_news()

    def _show_news(self) -> None:
        """Have the events handled when there was a pause since the last ones, and a key is on the screen."""
        due = max(self._shown + PAUSE, min(self._keyed + _ECHO, self._told + LONGEST))
        pause = due - monotonic()
        if pause > 0:
            # Not a timer of Textual's, which works only where the app's own context is, and the engine has another.
            asyncio.get_running_loop().call_later(pause, self._show_news)
        else:
            self.post_message(self.Happened())

    def on_tui_xmpp_app_happened(self) -> None:
        """Show what the engine told."""
        batch, self._pending = self._pending, []
        if self._ended:
            return
        self.main.take(batch)
        self.notifier.take(batch)
        for event in batch:
            if isinstance(event, AccountChanged) and event.state.status is AccountStatus.NEEDS_PASSWORD:
                self._need_password(event.state.address)
        self._shown = monotonic()

    def _need_password(self, account: Address) -> None:
        """Ask for it if nobody is at anything else; else say how to enter it."""
        if account in self._entered_password:
            self._entered_password.discard(account)
            self._asked_password.discard(account)
        if not self._asks_password and not self._ask_password():
            ways = f"{key_of(self, 'accounts')}, or “enter password” under {key_of(self, 'actions')}"
            self.main.flash.say(f"{account.shown} needs its password: {ways}.", Tone.WARNING)

    def _ask_password(self) -> bool:
        """Ask for the first password that is needed and was not asked for; one at a time, and never over typing."""
        waiting = [state.address for state in self.engine.accounts() if state.status is AccountStatus.NEEDS_PASSWORD]
        account = next((account for account in waiting if account not in self._asked_password), None)
        if account is None or not self.main.is_current or self.main.conversation.composer.text:
            return False
        self._asked_password.add(account)
        self._asks_password = True

        def answered(entered: bool) -> None:
            self._asks_password = False
            if entered:
                self._entered_password.add(account)
            self.call_after_refresh(self._ask_password)

        self.main.ask_password(account, answered)
        return True

    def _tick(self) -> None:
        if self.clock.today() != self._today:
            self._today = self.clock.today()
            for conversation in self.main.split.conversations:
                conversation.history.repaint_days()
            self.main.chat_list.rebuild_all()

    def on_app_focus(self) -> None:
        """Somebody looks again: what is on the screen is read."""
        self.attention.focus_is_told = True
        self.main.mark_read()

    def on_app_blur(self) -> None:
        """Nobody looks any more, and the terminal is one that says so."""
        self.attention.focus_is_told = True

    async def on_event(self, event: events.Event) -> None:
        """Note that somebody is there, whatever the key or the mouse did."""
        if isinstance(event, events.InputEvent):
            if self._closed_store:
                return
            self.attention.touched()
        if isinstance(event, events.Key):
            self._keyed = now = monotonic()
            if now - self._rested >= 2 * _ECHO:  # who holds a key down is told things, too
                self._rested = now
                self.engine.rest(_ECHO)
        await super().on_event(event)

    def write_to_terminal(self, sequence: str) -> None:
        """Have the terminal obey a sequence, between two frames."""
        if self._driver is not None and not self.is_headless and not self._handed_over:
            self._driver.write(sequence)

    def copy_to_clipboard(self, text: str) -> None:
        """Put a text into the terminal's clipboard; through tmux with its help, where it gives it."""
        self._clipboard = text
        if os.environ.get("TMUX") and not self.is_headless:
            self.run_worker(self._copy_by_tmux(text), group="clipboard", exclusive=True, exit_on_error=False)
        else:
            self.write_to_terminal(clipboard.sequence(text))

    async def _copy_by_tmux(self, text: str) -> None:
        if not await asyncio.to_thread(clipboard.hand_to_tmux, text):
            self.write_to_terminal(clipboard.sequence(text))

    def on_editing_edit_outside(self, event: Editing.EditOutside) -> None:
        """Hand the terminal over to the person's own editor, and take the text back."""
        event.stop()
        self.run_worker(self._edit_outside(event.composer), group="editor", exclusive=True, exit_on_error=False)

    async def _edit_outside(self, composer: Editing) -> None:
        from tui_xmpp.ui.outside import edit, editor

        command, chat = editor(), composer.chat
        self._handed_over = True
        try:
            # What the engine tells meanwhile is taken in, and drawn once the terminal is ours again.
            with self.batch_update(), self.suspend():
                text = await edit(command, composer.text)
        finally:
            self._handed_over = False
        if composer.chat == chat:
            composer.rewrite(text)

    # Wishes
    def on_wish(self, event: Wish) -> None:
        """Have the engine fulfil a command."""
        event.stop()
        self.run_worker(self._fulfil(event.command, event.then), group="wishes", exit_on_error=False)

    async def _fulfil(self, command: Command, then: Callable[[TuiXmppError | None], None] | None) -> None:
        try:
            await self.engine.do(command)
        except TuiXmppError as problem:
            log.info("%s: %s", type(command).__name__, problem)
            if then is not None:
                then(problem)
            else:
                self.main.say_problem(problem)
        else:
            if then is not None:
                then(None)

    def on_say(self, event: Say) -> None:
        """A sentence from a screen that has no flash line of its own."""
        event.stop()
        self.main.flash.say(event.text, event.tone)

    def on_room_wanted(self, event: RoomWanted) -> None:
        """A dialog found a room that is not joined yet, or a command names one."""
        event.stop()
        self.main.join(JoinRoom(event.account, event.room, event.nick))

    def on_chat_wanted(self, event: ChatWanted) -> None:
        """A dialog wants a chat to be shown."""
        event.stop()
        self.main.open_chat(event.key)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """The boundary for work in the background: an error is logged and told, and the screen stays."""
        error = event.worker.error
        if event.state is WorkerState.ERROR and error is not None:
            log.error("the work “%s” failed", event.worker.name, exc_info=error)
            words = f"{error.title}: {error.message}" if isinstance(error, TuiXmppError) else "Something went wrong."
            self.main.flash.say(f"{words} The log has more." if words.endswith("wrong.") else words, Tone.ERROR)
