"""What the engine tells, as lines: messages as they come, and what happens to those that were heard."""

import asyncio
from collections.abc import Sequence

from tui_xmpp.linear.chats import security_sentence, where_words
from tui_xmpp.linear.requests import request_line
from tui_xmpp.linear.spoken import NEW, change_lines, problem_of
from tui_xmpp.linear.talk import Talk
from tui_xmpp.model.account import AccountState, AccountStatus
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.commands import MarkRead
from tui_xmpp.model.events import (
    AccountChanged,
    AccountRemoved,
    CaughtUp,
    ChatClosed,
    EncryptionChanged,
    Event,
    MessageAdded,
    MessageChanged,
    OccupantsChanged,
    PresenceChanged,
    ProblemRaised,
    RequestAdded,
    RoomChanged,
    TypingChanged,
)
from tui_xmpp.model.message import Delivery, Direction, Message
from tui_xmpp.model.notifying import Told
from tui_xmpp.model.room import Room, RoomStatus
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.history.voices import Voices
from tui_xmpp.ui.notify.rules import note_of, rule_of, wanted
from tui_xmpp.ui.screens.words import account_sentence
from tui_xmpp.ui.words import away_words, counted, room_problem

_MOST_MISSED = 20
"""Most messages that are said at once when the line comes back."""
_SETTLED = 0.5
"""Seconds of silence after which what was missed is said in its order: pages of it come the newest first."""
_SAME_PROMPT = (MessageAdded, MessageChanged, OccupantsChanged, PresenceChanged, TypingChanged)
"""Events that come in floods and do not change to whom or how something goes."""


class News:
    """Listens to the engine for as long as the program runs."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._missed: dict[int, Message] = {}
        self._settling: asyncio.TimerHandle | None = None
        self._states: dict[Address, AccountStatus] = {}
        self._rooms: dict[ChatKey, RoomStatus] = {}

    def take(self, batch: Sequence[Event]) -> None:
        """Say what is to be said of a batch of events."""
        for event in batch:
            self._take(event)
        if not all(isinstance(event, _SAME_PROMPT) for event in batch):
            self._talk.show_prompt()

    def _take(self, event: Event) -> None:
        talk = self._talk
        match event:
            case MessageAdded():
                self._added(event)
            case MessageChanged(message):
                self._changed(message)
            case AccountChanged(state):
                self._account(state)
            case AccountRemoved(account):
                self._states.pop(account, None)
                if talk.key is not None and talk.key.account == account:
                    talk.key = None
            case ChatClosed(key) if key == talk.key:
                talk.key = None
                talk.say("The chat is closed.")
            case RoomChanged(room):
                self._room(room)
            case EncryptionChanged(key) if key == talk.key:
                self.say_security()
            case RequestAdded(request):
                devices = talk.engine.devices(request.account, request.sender)
                talk.say(request_line(request, devices, talk.clock))
            case CaughtUp():
                talk.say(f"{away_words(event)}. /next goes through them.")
            case ProblemRaised(_, title, text):
                talk.say(clean_line(f"{title}: {text}" if text else title))
            case _:
                pass

    # Messages
    def _added(self, event: MessageAdded) -> None:
        talk, message = self._talk, event.message
        own = (message.chat, message.body)
        if event.live and message.direction is Direction.OUT and own in talk.sent_here:
            talk.sent_here.remove(own)
            number = talk.numbers.of(message)
            if talk.numbered:
                talk.say(f"That was {number}.")
        elif message.chat == talk.key and event.live and self._settling is None:
            self._heard_live(message)
        elif message.chat == talk.key and event.live:
            self._missed[message.id] = message  # its turn comes after those that were before it
        elif message.chat == talk.key:
            self._missed[message.id] = message
            if self._settling is not None:
                self._settling.cancel()
            self._settling = asyncio.get_running_loop().call_later(_SETTLED, self._say_missed)
        else:
            self._elsewhere(event)

    def _heard_live(self, message: Message) -> None:
        talk = self._talk
        if message.direction is Direction.IN and not talk.is_heard and not talk.unheard:
            talk.unheard = True
            talk.say(NEW)
        talk.tell([message])
        talk.newest_heard = message
        if message.direction is Direction.IN and talk.is_heard:
            self.mark_read()

    def mark_read(self) -> None:
        """Somebody listens: everything in the open chat was heard."""
        talk = self._talk
        talk.unheard = False
        chat = talk.chat()
        if chat is not None and chat.unread:
            talk.wish(MarkRead(chat.key))

    def _say_missed(self) -> None:
        """Say what was said while there was no line, in its order; of much only the end."""
        self._settling = None
        talk = self._talk
        missed = sorted(self._missed.values(), key=lambda message: (message.position, message.id))
        self._missed.clear()
        missed = [message for message in missed if message.chat == talk.key and not talk.numbers.was_heard(message)]
        if not missed:
            return
        last = talk.newest_heard
        is_late = last is not None and last.chat == talk.key and missed[0].position < last.position
        words = f"{counted(len(missed), 'earlier message' if is_late else 'message')} came meanwhile"
        more = f"; these are the last {_MOST_MISSED}, /read says others" if len(missed) > _MOST_MISSED else ""
        talk.say(f"{words}{more}:")
        talk.tell(missed[-_MOST_MISSED:])
        if talk.is_heard:
            self.mark_read()

    def _elsewhere(self, event: MessageAdded) -> None:
        """A message of another chat, where its rule wants it to be told."""
        talk, message = self._talk, event.message
        chat = talk.engine.chat(message.chat)
        if chat is None:
            return
        private = chat.kind is ChatKind.ROOM and talk.engine.room(chat.key).private
        rule = rule_of(chat, talk.notifications, private_group=private)
        hours = talk.notifications.quiet_hours
        quiet = hours is not None and hours.hold(talk.clock.now().time())
        if not wanted(event, chat.kind, rule, watched=False, quiet=quiet):
            return
        if talk.notifications.content is Told.TEXT:
            talk.tell([message], where=where_words(talk, chat))
        else:
            note = note_of(event, chat, talk.notifications.content)
            talk.say(f"{talk.clock.hour(message.time)} {note.title}: {note.text}")

    def _changed(self, message: Message) -> None:
        talk = self._talk
        if not talk.numbers.was_heard(message):
            return
        before = talk.numbers.hear(message)
        if before is not None and problem_of(before) and message.delivery is Delivery.PENDING and not message.error:
            talk.numbers.hear(before)  # it is tried again: what comes of that is news
            return
        number = talk.numbers.of(message)
        voices = Voices.of(talk.engine, message.chat)
        is_here = message.chat == talk.key
        lines = change_lines(before, message, voices, talk.clock, number=number if talk.numbered or is_here else None)
        if lines and not is_here:
            lines[0] = f"In {talk.title(message.chat)}: {lines[0]}"
        talk.say(*lines)

    # Around
    def say_security(self) -> None:
        """Say how what is written in the open chat goes out, where that has changed since it was said."""
        talk = self._talk
        words = security_sentence(talk, talk.key) if talk.key is not None else ""
        if words != talk.secured:
            talk.secured = words
            if words:
                talk.say(words)

    def _account(self, state: AccountState) -> None:
        """Say when a line goes up or down, and not each try in between."""
        talk = self._talk
        before = self._states.get(state.address)
        if state.status is AccountStatus.CONNECTING:
            if before in {AccountStatus.NEEDS_PASSWORD, AccountStatus.FAILED}:
                self._states.pop(state.address)  # what is wrong still is to be heard again
            return
        self._states[state.address] = state.status
        if state.status is before or (before is None and state.status is AccountStatus.OFFLINE):
            return
        words = clean_line(f"{state.address.shown}: {account_sentence(state)}")
        if state.status is AccountStatus.NEEDS_PASSWORD:
            words += ". /password enters it."
        talk.say(words if words.endswith(".") else f"{words}.")

    def _room(self, room: Room) -> None:
        """Say when one is in the open room, and when one is not any more."""
        talk, before = self._talk, self._rooms.get(room.key)
        self._rooms[room.key] = room.status
        if room.key != talk.key or room.status is before or room.status is RoomStatus.JOINING:
            return
        if room.status is RoomStatus.JOINED:
            talk.say(
                f"You are in the room as {clean_line(room.nick)}, with {counted(room.people, 'person', 'people')}."
            )
        elif before is not None:
            talk.say(clean_line(room_problem(room)))
