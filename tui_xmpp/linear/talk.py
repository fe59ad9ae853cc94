"""What the linear mode knows while it runs: the open chat, the numbers of messages, what a bare number means now."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tui_xmpp.core.facade import Facade
from tui_xmpp.core.tasks import Tasks
from tui_xmpp.errors import TuiXmppError
from tui_xmpp.linear.line import Line
from tui_xmpp.linear.numbers import Numbers
from tui_xmpp.linear.spoken import MISSING, message_lines
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey, ChatKind
from tui_xmpp.model.commands import Command
from tui_xmpp.model.message import Direction, Message
from tui_xmpp.model.notifying import NotificationSettings
from tui_xmpp.model.omemo import Device, Security
from tui_xmpp.model.search import SearchQuery
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.history.voices import Voices
from tui_xmpp.ui.screens.places import Join
from tui_xmpp.ui.words import chat_title, going_out

AWAY_AFTER = 90.0
"""Seconds without a key after which nobody is taken to listen; what comes then is read when the next key is pressed."""

_PROMPT_NAME = 30
"""Most characters of a chat's name before what is written."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Offered:
    """What was listed last, and so what a number after a command means."""

    places: tuple[ChatKey | Join, ...] = ()
    devices: tuple[Device, ...] = ()
    account: Address | None = None
    """Whose view of these devices it is."""
    query: SearchQuery | None = None
    """What was looked for last, and where its next page begins."""
    next_page: int | None = None
    oldest: Message | None = None
    """The ends of what was read back last."""
    newest: Message | None = None


@dataclass(slots=True)
class Talk:
    """Shared by all commands; says things and asks things through its line."""

    engine: Facade
    line: Line
    clock: Clock = field(default_factory=Clock)
    notifications: NotificationSettings = field(default_factory=NotificationSettings)
    key: ChatKey | None = None
    """The open chat."""
    secured: str = ""
    """What was said last of how messages of the open chat go out."""
    numbers: Numbers = field(default_factory=Numbers)
    numbered: bool = False
    """Whether each message is said with its number."""
    offered: Offered = field(default_factory=Offered)
    draft: str = ""
    """What the next line begins with."""
    written: str = ""
    """What stands on the line and was not entered yet."""
    asking: bool = False
    """The line is an answer to a question, and no message."""
    leaving: bool = False
    day: str = ""
    """The day of what was said last, which is said again when it changes."""
    sent_here: list[tuple[ChatKey, str]] = field(default_factory=list)
    """What was entered here and is not yet stored: nobody needs to hear it again."""
    newest_heard: Message | None = None
    """The message that was said last as it came."""
    unheard: bool = False
    """Something came while nobody listened."""
    touched: float = field(default_factory=time.monotonic)
    tasks: Tasks = field(init=False)

    def __post_init__(self) -> None:
        self.tasks = Tasks(lambda _name, error: self.say(problem_words(error)))

    # Saying
    def say(self, *lines: str) -> None:
        """Say something, each text on a line of its own."""
        self.line.say(*lines)

    def tell(self, messages: Sequence[Message], *, numbered: bool | None = None, where: str = "") -> None:
        """Say messages one after the other, the day where it changes, and in a history (`numbered`) what is missing."""
        gaps = self.engine.gaps(messages[0].chat) if numbered and messages else frozenset[int]()
        for message in messages:
            if message.id in gaps:
                self.say(MISSING)
            voices = Voices.of(self.engine, message.chat)
            number = self.numbers.of(message)
            shown = self.numbered if numbered is None else numbered
            first = number if shown else None
            self.say_day(message.time)
            self.say(*message_lines(message, voices, self.clock, number=first, where=where, called=number))

    def say_day(self, moment: int) -> None:
        """Say the day of a moment, unless it is that of what was said last."""
        day = self.clock.day_label(self.clock.day(moment))
        if day != self.day:
            self.day = day
            self.say(f"{day}:")

    @property
    def prompt(self) -> str:
        """To whom it goes and, where it is not encrypted, that."""
        if self.key is None:
            return "No chat> "
        name = clean_line(self.title(self.key), limit=_PROMPT_NAME)
        security = self.engine.security(self.key)
        chat = self.engine.chat(self.key)
        is_open_room = chat is not None and chat.kind is ChatKind.ROOM and not security.possible
        how = "" if security.state is Security.ON or is_open_room else going_out(security)
        return f"{name}{how}> "

    def show_prompt(self) -> None:
        """Where a line is being written, have it say to whom it would go now."""
        if not self.asking:
            self.line.set_prompt(self.prompt)

    @property
    def is_heard(self) -> bool:
        """Whether somebody is there, as far as it can be known."""
        return time.monotonic() - self.touched < AWAY_AFTER

    def touch(self) -> None:
        """Somebody has pressed a key."""
        self.touched = time.monotonic()

    # Chats
    def title(self, key: ChatKey) -> str:
        """What a chat is called."""
        chat = self.engine.chat(key)
        return chat_title(chat) if chat is not None else key.peer.shown

    def chat(self) -> Chat | None:
        """The open chat's row."""
        return self.engine.chat(self.key) if self.key is not None else None

    def kind(self) -> ChatKind:
        """The kind of the open chat."""
        chat = self.chat()
        return chat.kind if chat is not None else ChatKind.CONTACT

    def account(self) -> Address | None:
        """The account that is meant where none is named: that of the open chat, else the first."""
        if self.key is not None:
            return self.key.account
        states = self.engine.accounts()
        return states[0].address if states else None

    def whose(self, account: Address) -> str:
        """Words for an account where there are several; else nothing."""
        return f", account {account.shown}" if len(self.engine.accounts()) > 1 else ""

    # Messages
    def message(self, number: int) -> Message | None:
        """The message with a number; None after saying why there is none that could be meant."""
        found = self.numbers.id_of(number)
        message = self.engine.message(found) if found is not None else None
        if message is None:
            self.say(f"There is no message {number}.")
        elif message.chat != self.key:
            self.say(f"Message {number} is in another chat: {self.title(message.chat)}. Go there first.")
        else:
            return message
        return None

    def last(self, direction: Direction) -> Message | None:
        """The newest message of the open chat from that side which is still there."""
        newest = self.engine.newest(self.key, 200) if self.key is not None else ()
        fitting = (each for each in reversed(newest) if each.direction is direction and each.tombstone is None)
        return next(fitting, None)

    def which(self, rest: str, direction: Direction | None = None) -> tuple[Message | None, str]:
        """The message that the words after a command begin with the number of, and the other words.

        Without a number it is the newest of that side; None after saying why none can be meant.
        """
        first, _, after = rest.partition(" ")
        if self.key is None:
            self.say("No chat is open.")
            return None, ""
        if first.isdecimal() and len(first) < 10:
            return self.message(int(first)), after.strip()
        if direction is None:
            self.say("Which message? Write its number; /read says messages with their numbers.")
            return None, ""
        message = self.last(direction)
        if message is None:
            self.say("There is no such message here.")
        return message, rest

    # Wishes
    async def do(self, command: Command) -> bool:
        """Have a wish fulfilled; says what went wrong, and returns whether nothing did."""
        try:
            await self.engine.do(command)
        except TuiXmppError as problem:
            log.info("%s: %s", type(command).__name__, problem)
            self.say(problem_words(problem))
            return False
        return True

    def wish(self, command: Command, done: str = "") -> None:
        """The same beside everything else: asking a server may take long; `done` is said when it has worked."""

        async def work() -> None:
            if await self.do(command) and done:
                self.say(done)

        self.tasks.spawn(work(), type(command).__name__)

    async def ask(self, question: str, *, text: str = "", secret: bool = False) -> str | None:
        """Ask a person something; None: they do not want to answer."""
        self.asking = True
        try:
            answer = await self.line.ask(f"{question}: ", text=text, secret=secret)
        except KeyboardInterrupt:
            return None
        finally:
            self.asking = False
        return answer if secret else answer.strip()

    async def sure(self, question: str) -> bool:
        """Ask for a yes."""
        answer = await self.ask(f"{question} yes or no")
        return answer is not None and answer.lower() in {"y", "yes"}


def problem_words(problem: Exception) -> str:
    """What went wrong, in a line."""
    if isinstance(problem, TuiXmppError):
        return clean_line(f"{problem.title}: {problem.message}")
    return "Something went wrong. The log says more."
