"""What came live from each archive: the end of what is held, which grows with every message that is heard."""

import asyncio
import logging
from dataclasses import dataclass, field

from tui_xmpp.core.clock import now
from tui_xmpp.core.context import Context
from tui_xmpp.core.judge import Judged
from tui_xmpp.core.seams import FirstOf, Seams
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.message import Direction
from tui_xmpp.storage.values import Above
from tui_xmpp.storage.writes import Writes

log = logging.getLogger(__name__)


@dataclass(slots=True)
class LiveEnd:
    """What came live from one archive since the stream was opened or resumed (or the room entered)."""

    first: str = ""
    """Archive id of the first message; all after it are held without a gap."""
    first_of: FirstOf = field(default_factory=dict)
    """The first of each chat that stands in its history: a reaction, say, does not tell where what is older ends."""
    has_newest: bool = False
    """The newest page is stored, so that what comes live follows on it."""
    newest: str = ""
    """The newest id when it was; empty: the archive had nothing."""
    is_resumed: bool = False
    """The order may be another than the archive's: nothing counts as held before that has been asked."""
    was_settled: bool = False
    """The newest page was stored before the line was lost."""
    names: set[str] = field(default_factory=set)
    """The ids of what came before the newest page was stored."""
    found: set[int] = field(default_factory=set)
    """Local ids of what the first look into the archive has found, which counts as read for that alone; kept by the
    writer, in the order in which things are written."""
    is_heard: bool = False
    """Something came, be it of now or held back for us, that has not been compared with the archive."""


class LiveEnds:
    """The live ends of one account's archives; writes them down as they grow."""

    def __init__(self, context: Context, seams: Seams) -> None:
        self._context = context
        self._seams = seams
        self._ends: dict[Address, LiveEnd] = {}
        self._tips: dict[Address, str] = {}
        self._begun: set[ChatKey] = set()
        self.since = 0
        """When the stream was opened, µs: what is said from then on nobody can have read before."""
        self.calm = asyncio.Event()
        """Set while nothing that the server held back is still to come."""
        self.calm.set()

    def of(self, archive: Address) -> LiveEnd:
        """The live end of an archive, begun if needed."""
        return self._ends.setdefault(archive, LiveEnd(is_resumed=not self.calm.is_set()))

    def get(self, archive: Address) -> LiveEnd | None:
        """The live end of an archive; None: nothing came from it and nothing was asked."""
        return self._ends.get(archive)

    def found(self, archive: Address) -> set[int]:
        """What the first look into an archive has found on this stream."""
        end = self._ends.get(archive)
        return set() if end is None else end.found

    def unsettled(self) -> tuple[Address, ...]:
        """Archives that something came from, and that have not been asked since."""
        return tuple(archive for archive, end in self._ends.items() if end.is_heard and not end.has_newest)

    def forget(self) -> None:
        """What comes from now on does not follow on what came: it is another stream."""
        self._leave_seams()
        self._ends.clear()
        self._begun.clear()
        self.since = now()
        self.calm.set()

    def break_off(self) -> None:
        """What comes from now on need not follow on what came, though the stream may be resumed.

        What was held back may come after what is newer (ejabberd does that), so a resumption is taken for a gap that
        is most often empty: only the archive knows the order.
        """
        self._leave_seams()
        self.calm.clear()
        for archive, end in tuple(self._ends.items()):
            self._ends[archive] = LiveEnd(
                is_resumed=True,
                was_settled=end.has_newest or end.was_settled,
                is_heard=end.is_heard and not end.has_newest,
                found=end.found,
            )
        self._begun.clear()

    def _leave_seams(self) -> None:
        for archive, end in self._ends.items():
            if end.first and not end.has_newest:
                self._seams.keep(archive, end.first, Above(), end.first_of)

    def follow_on(self) -> None:
        """What nothing has come from since the stream was resumed had nothing held back: now all follows on again."""
        self.calm.set()
        for end in self._ends.values():
            if end.was_settled and not end.is_heard:
                end.has_newest = True

    def forget_room(self, room: Address) -> None:
        """The same for one room."""
        self._ends.pop(room, None)
        self._begun.discard(self._context.key(room))

    def is_first(self, judged: Judged) -> bool:
        """Whether others say with this their first live message of its chat on this stream, or since we entered."""
        if not judged.live or judged.place.direction is Direction.OUT or judged.key in self._begun:
            return False
        self._begun.add(judged.key)
        return True

    def heard(self, judged: Judged) -> None:
        """A message has come live, and its archive ids are verified: the newest span ends with it now.

        Until the newest page is stored, it only begins there: what comes first need not be what is oldest.
        Called when the message itself is queued to be written. Delayed ones, as they come when a stream is resumed,
        count too, but not as the first of a stream: what offline storage gives has gaps before it.
        """
        for archive, name in judged.archive_ids:
            end = self.of(archive)
            end.is_heard = True
            if not end.has_newest:
                end.names.add(name)
            if not (end.first or end.is_resumed or judged.live or end.has_newest):
                continue
            if _stands_somewhere(judged):
                end.first_of.setdefault(judged.key, name)
            if end.first and end.has_newest:
                if not self._tips:
                    asyncio.get_running_loop().call_soon(self._advance)
                self._tips[archive] = name
            elif not end.first and (end.has_newest or not end.is_resumed):
                end.first = name
                self._begin(archive, name, follows=end.has_newest)

    def _begin(self, archive: Address, name: str, *, follows: bool) -> None:
        own = self._context.own

        log.debug("%s: live from %s on, %s", archive, name, "without a gap" if follows else "perhaps with a gap")

        def begin(writes: Writes) -> None:
            writes.advance_span(own, archive, name, begin=not follows)

        self._context.pen.write_soon(self._context.pen.if_whole(begin))

    def _advance(self) -> None:
        own, tips = self._context.own, self._tips
        self._tips = {}

        def advance(writes: Writes) -> None:
            for archive, name in tips.items():
                writes.advance_span(own, archive, name)

        self._context.pen.write_soon(self._context.pen.if_whole(advance))


def _stands_somewhere(judged: Judged) -> bool:
    message = judged.message
    return bool(message.body or message.sealed is not None) and not message.replaces
