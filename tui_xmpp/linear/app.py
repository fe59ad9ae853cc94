"""The linear mode as a whole: says what is there, starts the engine, and takes lines until somebody leaves."""

import asyncio
import logging
from collections.abc import Awaitable, Sequence

from tui_xmpp.core.facade import Facade
from tui_xmpp.errors import TuiXmppError
from tui_xmpp.linear import acting, chats, commands
from tui_xmpp.linear.line import Line
from tui_xmpp.linear.news import News
from tui_xmpp.linear.signing_in import sign_in
from tui_xmpp.linear.talk import Talk, problem_words
from tui_xmpp.linear.typing import Typing
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.commands import SaveDraft
from tui_xmpp.model.events import Event
from tui_xmpp.model.notifying import NotificationSettings
from tui_xmpp.model.text import clean
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.nicknames import nicknames
from tui_xmpp.ui.screens.places import places

log = logging.getLogger(__name__)

WELCOME = "tui-xmpp, line by line. /help says what can be done, /quit leaves."


class Linear:
    """Runs on a line; `open_at`, `banner`, `notifications` and `clock` are as for the screen."""

    def __init__(
        self,
        engine: Facade,
        line: Line,
        *,
        open_at: Address | None = None,
        banner: str = "",
        notifications: NotificationSettings | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._engine = engine
        self._line = line
        self._banner = banner
        self._open_at = open_at
        self.talk = Talk(engine, line, clock or Clock(), notifications or NotificationSettings())
        self._news = News(self.talk)
        self._typing = Typing(self.talk)
        self._conversing: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Take lines until somebody leaves; what was begun to be written is kept as a draft."""
        self._line.hooks.touched = self._touched
        self._line.hooks.complete = self._complete
        stop_listening = self._engine.subscribe(self.hear)
        self._conversing = asyncio.ensure_future(self._converse())
        try:
            await asyncio.wait({self._conversing})
        finally:
            stop_listening()
            await self._keep_draft()
            self._conversing.cancel()
            await asyncio.gather(self._conversing, return_exceptions=True)
            await self.talk.tasks.close()
            self._line.close()
        if not self._conversing.cancelled() and (error := self._conversing.exception()) is not None:
            raise error

    def hear(self, batch: Sequence[Event]) -> None:
        """Say what the engine tells."""
        self._news.take(batch)

    def leave(self) -> None:
        """Leave from outside, for instance on SIGTERM."""
        self.talk.leaving = True
        if self._conversing is not None:
            self._conversing.cancel()

    async def _converse(self) -> None:
        talk = self.talk
        talk.say(WELCOME, *([self._banner] if self._banner else []))
        if self._engine.accounts():
            await self._begin()
        await self._engine.start()
        if not self._engine.accounts():
            talk.say("There is no account yet.")
            await self._guarded(sign_in(talk))
        while not talk.leaving:
            await self._turn()
        talk.say("Signing out…")

    async def _begin(self) -> None:
        """Say which chats there are, and open the one that was asked for."""
        talk, engine = self.talk, self._engine
        await chats.say_chats(talk, "")
        states = engine.accounts()
        if self._open_at is not None:
            known = next((chat.key for chat in engine.chats() if chat.key.peer == self._open_at.bare), None)
            await chats.open_chat(talk, known or ChatKey(states[0].address, self._open_at.bare))

    async def _turn(self) -> None:
        """One line, and what it means."""
        talk = self.talk
        draft, talk.draft = talk.draft, ""
        try:
            text = await self._line.ask(talk.prompt, text=draft)
        except KeyboardInterrupt:
            talk.say("/quit leaves.")
            return
        except EOFError:
            talk.leaving = True
            return
        talk.written = ""
        self._typing.entered()
        await self._guarded(self._take(clean(text)))

    async def _guarded(self, work: Awaitable[None]) -> None:
        """Do what was asked; one thing that goes wrong does not end the program."""
        try:
            await work
        except TuiXmppError as problem:
            self.talk.say(problem_words(problem))
        except EOFError:
            self.talk.leaving = True

    async def _take(self, text: str) -> None:
        talk = self.talk
        if not text.strip():
            return
        is_command = text.startswith("/") and not text.startswith(("//", "/me ", "/ ")) and text.strip() != "/"
        if is_command:
            word, _, rest = text[1:].strip().partition(" ")
            command = commands.command_of(word)
            if isinstance(command, str):
                talk.say(command)
            else:
                await self._keep_draft()
                await command.work(talk, rest.strip())
        elif talk.key is None:
            talk.say("No chat is open. /go and a name opens one; /chats says all.")
            talk.draft = text
        else:
            await acting.send(talk, talk.key, text[1:] if text.startswith("//") else text)
            await self._keep_draft()

    async def _keep_draft(self) -> None:
        """Keep what was begun to be written in the open chat; an empty line takes an old draft away."""
        talk = self.talk
        chat, text = talk.chat(), talk.written or talk.draft
        if chat is None or text == chat.draft:
            return
        try:
            await self._engine.do(SaveDraft(chat.key, text))
        except TuiXmppError as problem:
            log.warning("the draft was not saved: %s", problem)

    def _touched(self, text: str) -> None:
        """Somebody is there: what came meanwhile in the open chat is heard."""
        self.talk.touch()
        if self.talk.unheard:
            self._news.mark_read()
        if not self.talk.asking:
            self.talk.written = text
            self._typing.changed(text)

    def _complete(self, text: str) -> Sequence[str]:
        """Commands, names of chats after /go, and nicknames in a room."""
        if text.startswith("/go "):
            return [
                f"/go {place.title}"
                for place in places(self._engine)
                if place.title.casefold().startswith(text[4:].casefold())
            ]
        if text.startswith("/") and " " not in text:
            return commands.completed(text)
        if self.talk.key is None or self.talk.kind() is not ChatKind.ROOM:
            return ()
        before, space, word = text.rpartition(" ")
        end = "" if space else ", "
        found = [nick for nick in nicknames(self._engine, self.talk.key) if nick.casefold().startswith(word.casefold())]
        return [f"{before}{space}{nick}{end}" for nick in found] if word else ()
