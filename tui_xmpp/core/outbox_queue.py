"""What of ours is under way, in the order in which it was done: messages, and what we do with messages.

Pure state. Something is fresh until it is written to a stream, written until the server is known to have it, and in
doubt when the stream was lost meanwhile: then it has arrived or not, and waits until the archive has been asked.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.message import Message
from tui_xmpp.storage.values import Change, OutgoingOperation

MARGIN = 20
"""Messages that have arrived before one that is in doubt, after which nobody needs to look for it any further back.

One would do if servers read every line in order; some go on reading a line that is lost, beside the next one.
"""

_REMEMBERED = 3 * MARGIN


class State(Enum):
    """How far something came."""

    FRESH = auto()
    WRITTEN = auto()
    """On the stream that lives now."""
    CLOSING = auto()
    """It is being encrypted, and goes out when that is done."""
    DOUBTFUL = auto()
    """Perhaps on a stream that is gone; after a start nobody knows."""


@dataclass(slots=True)
class Queued:
    """One stanza of ours that the server is not known to have."""

    what: Message | OutgoingOperation
    state: State = State.FRESH
    since: int = 0
    """How far back the archive must be looked through for it, µs."""
    refusals: int = 0
    """How often a room has refused it on this stream because we were not in it."""
    is_changing: bool = False
    """Its text is just being changed: it must not be written meanwhile."""
    held: str = ""
    """Why it does not go out before a person, or the other side, has done something."""
    in_clear: bool = False
    """A person wants this one to go out unencrypted."""

    @property
    def is_closing(self) -> bool:
        """Whether it is being encrypted."""
        return self.state is State.CLOSING

    @property
    def key(self) -> ChatKey:
        """The chat that it is for."""
        return self.what.chat if isinstance(self.what, Message) else self.what.key

    @property
    def name(self) -> str:
        """Id of its stanza."""
        return self.what.stanza_id

    @property
    def time(self) -> int:
        """When it was done, µs; what is done later has a greater one."""
        return self.what.time

    @property
    def message_id(self) -> int:
        """The message that it is, or that it is about."""
        return self.what.id if isinstance(self.what, Message) else self.what.message_id


@dataclass(slots=True)
class Queue:
    """Everything of one account that is under way."""

    _all: list[Queued] = field(default_factory=list)
    _last: int = 0
    _arrived: dict[ChatKey, deque[tuple[int, str]]] = field(default_factory=dict)
    """Times and ids of what each chat's archive has got from here last."""

    def tick(self, now: int) -> int:
        """The time of what is done now, later than all before, whatever the clock has done since."""
        self._last = max(now, self._last + 1)
        return self._last

    def add(self, what: Message | OutgoingOperation, state: State = State.FRESH) -> Queued:
        """Put something in its place."""
        queued = Queued(what, state, what.time)
        self._all.append(queued)
        self._all.sort(key=lambda each: each.time)
        self._last = max(self._last, queued.time)
        return queued

    def __iter__(self) -> Iterator[Queued]:
        """All, in the order in which they were done; what is removed meanwhile does not harm."""
        return iter(tuple(self._all))

    def message(self, message_id: int) -> Queued | None:
        """A message that is under way."""
        return next((one for one in self._all if one.message_id == message_id and isinstance(one.what, Message)), None)

    def operation(self, key: ChatKey, name: str) -> OutgoingOperation | None:
        """What we do in a chat with the stanza of this id."""
        named = (one.what for one in self._all if one.name == name and one.key == key)
        return next((what for what in named if isinstance(what, OutgoingOperation)), None)

    def release(self, key: ChatKey) -> None:
        """What was held in a chat may go out now."""
        for one in self._all:
            if one.key == key:
                one.held = ""

    def is_next(self, queued: Queued) -> bool:
        """Whether it is still under way, and nothing before it in its chat has yet to be written."""
        for one in self._all:
            if one is queued:
                return True
            if one.key == queued.key and one.state is not State.WRITTEN:
                return False
        return False

    def named(self, name: str) -> Queued | None:
        """Whatever has this id."""
        return next((one for one in self._all if one.name == name), None)

    def forget(self, is_gone: Callable[[Queued], bool]) -> None:
        """Nothing more is to be done for these."""
        self._all = [one for one in self._all if not is_gone(one)]

    def forget_message(self, message_id: int) -> None:
        """A message has arrived, has failed or is gone; what is done with it stays under way."""
        self.forget(lambda one: isinstance(one.what, Message) and one.what.id == message_id)

    def forget_operations(self, message_id: int, *, but: int | None = None) -> None:
        """What was done with a message need not be sent any more."""
        self.forget(
            lambda one: (
                isinstance(one.what, OutgoingOperation) and one.what.message_id == message_id and one.what.id != but
            )
        )

    def doubt(self, is_meant: Callable[[Queued], bool]) -> None:
        """What of these was written may have arrived or not."""
        for one in self._all:
            if one.state is State.WRITTEN and is_meant(one):
                one.state = State.DOUBTFUL

    def arrived(self, message_id: int) -> None:
        """A message is known to be where it was to go."""
        queued = self.message(message_id)
        if queued is not None:
            latest = self._arrived.setdefault(queued.key, deque(maxlen=_REMEMBERED))
            latest.append((queued.time, queued.name))

    def mark(self, key: ChatKey) -> str:
        """The id of one that arrived so long before all of a chat that is in doubt that it stands before them too.

        Empty: there is none. A chat's archive has what we send to it in the order in which it was sent.
        """
        since = min((one.since for one in self._all if one.key == key and one.state is State.DOUBTFUL), default=0)
        before = sorted(one for one in self._arrived.get(key, ()) if one[0] < since)
        return before[-MARGIN][1] if len(before) >= MARGIN else ""

    def stream_gone(self) -> None:
        """The stream is lost for good: all that was written on it is in doubt, and what rooms refused was due to it."""
        self.doubt(lambda _one: True)
        for one in self._all:
            one.refusals = 0

    def settle_doubts(self, key: ChatKey) -> None:
        """The archive has been looked through: what is still here never arrived."""
        for one in self._all:
            if one.key == key and one.state is State.DOUBTFUL:
                one.state = State.FRESH


def is_retraction(queued: Queued) -> bool:
    """Whether it takes a message back."""
    return isinstance(queued.what, OutgoingOperation) and queued.what.change is Change.RETRACTION
