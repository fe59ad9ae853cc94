"""What goes wrong, and how it is over again. Each fault takes its time and leaves everything working."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from tests.faults.person import Person

LONG = 3.0
"""Seconds that no server of these tests holds a lost stream."""


class Server(Protocol):
    """A server that keeps what it has while it is down."""

    def start(self) -> object:
        """Start, on the ports that it had."""

    def stop(self) -> None:
        """End in an orderly way."""

    def kill(self) -> None:
        """End as a crash would."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault happens."""

    person: Person
    server: Server
    chance: random.Random

    async def moment(self) -> None:
        """As long as a line is often away: the stream may be resumed."""
        await asyncio.sleep(self.chance.uniform(0, 1))

    async def while_(self) -> None:
        """Longer than the server holds a lost stream."""
        await asyncio.sleep(LONG + self.chance.uniform(0, 1))


async def cut(place: Place) -> None:
    """The line is cut and can be had again at once."""
    place.person.line.cut()


async def away(place: Place) -> None:
    """The line is cut, and back in a moment."""
    line = place.person.line
    line.refuse()
    line.cut()
    await place.moment()
    line.accept()


async def long_away(place: Place) -> None:
    """The line is cut for so long that the server gives the stream up."""
    line = place.person.line
    line.refuse()
    line.cut()
    await place.while_()
    line.accept()


async def half_closed(place: Place) -> None:
    """The server seems to close, but would still read."""
    place.person.line.half_close()
    await place.moment()


async def hiccup(place: Place) -> None:
    """Nothing goes through for a moment, and nothing is lost."""
    place.person.line.freeze()
    await place.moment()
    place.person.line.thaw()


async def silence(place: Place) -> None:
    """Nothing goes through for so long that the client gives the line up."""
    place.person.line.freeze()
    await place.while_()
    place.person.line.thaw()


async def lost_both_ways(place: Place) -> None:
    """What was under way is lost in both directions."""
    await _lost(place, up=True, down=True)


async def answers_lost(place: Place) -> None:
    """What was sent has arrived, but what would have said so is lost."""
    await _lost(place, up=False, down=True)


async def answers_lost_for_long(place: Place) -> None:
    """The same, and the stream cannot be resumed."""
    place.person.line.refuse()
    await _lost(place, up=False, down=True)
    await place.while_()
    place.person.line.accept()


async def sendings_lost(place: Place) -> None:
    """What was sent is lost, but all that the server said has come."""
    await _lost(place, up=True, down=False)


async def _lost(place: Place, *, up: bool, down: bool) -> None:
    line = place.person.line
    line.freeze(up=up, down=down)
    await place.moment()
    line.cut()
    line.thaw()


async def restart(place: Place) -> None:
    """The server restarts, and tells everybody."""
    await asyncio.to_thread(place.server.stop)
    await place.moment()
    await asyncio.to_thread(place.server.start)


async def crash(place: Place) -> None:
    """The server dies, and comes back."""
    await asyncio.to_thread(place.server.kill)
    await place.moment()
    await asyncio.to_thread(place.server.start)


async def killed(place: Place) -> None:
    """The client is killed, and started again in a moment."""
    await place.person.kill()
    await place.moment()
    await place.person.start()


async def killed_while_cut(place: Place) -> None:
    """The line is lost with all that was under way, and then the client is killed."""
    line = place.person.line
    line.freeze()
    await place.moment()
    await place.person.kill()
    line.cut()
    line.thaw()
    await place.person.start()


async def killed_for_long(place: Place) -> None:
    """The client is killed, and the server gives its stream up before it is started again."""
    await place.person.kill()
    await place.while_()
    await place.person.start()


async def quit_(place: Place) -> None:
    """The client ends as it should, and starts again."""
    await place.person.quit()
    await place.moment()
    await place.person.start()


Fault = Callable[[Place], Awaitable[None]]

FAULTS: tuple[Fault, ...] = (
    cut, away, long_away, half_closed, hiccup, silence, lost_both_ways, answers_lost, answers_lost_for_long,
    sendings_lost, restart, crash, killed, killed_while_cut, killed_for_long, quit_,
)  # fmt: skip
