"""What a frame costs while the history is scrolled, with everything that can hang on a message.

usage: python -m tests.bench.scroll
"""

import statistics
import time
from dataclasses import replace

from tests.bench import machine
from tests.ui.messages import kitchen_voices, message, own
from tests.ui.scene import frozen_clock
from tui_xmpp.model.message import Delivery, Message, Quote, Reaction, Tombstone
from tui_xmpp.ui.history.blocks import Blocks
from tui_xmpp.ui.history.columns import Columns
from tui_xmpp.ui.history.painter import Painter

COUNT, SCREEN, WIDTH = 700, 50, 120
"""Messages of the largest window, and a large screen."""


def plain(number: int) -> Message:
    """What most messages are."""
    if number % 4 == 0:
        return own(number, "sounds good to me " * (number % 7), Delivery.DELIVERED)
    return message(number, "who brings the bread, and who the wine? " * (number % 5 + 1), nick=f"Nick{number % 9}")


def dressed(number: int) -> Message:
    """A message that answers, was corrected, and has reactions; every tenth was taken back."""
    if number % 10 == 0:
        return replace(plain(number), body="", tombstone=Tombstone(0))
    crowd = tuple(Reaction(chr(0x1F600 + each), ("Mara", "Juno", "Theo"), own=each == 1) for each in range(number % 12))
    return replace(plain(number), edited=True, reply=Quote(1, "Juno", text="I have dough " * 9), reactions=crowd)


def measure(name: str, messages: list[Message]) -> None:
    """Lay a window out, and paint it screen by screen as if it were scrolled by pages, each row anew."""
    painter = Painter(frozen_clock())
    painter.voices = kitchen_voices()
    painter.columns = Columns(WIDTH).for_names(8)
    blocks = Blocks(painter.measure, frozen_clock())
    start = time.process_time()
    blocks.sync(messages, None)
    laid = time.process_time() - start
    changed = [replace(messages[0], edited=True), *messages[1:]]
    start = time.process_time()
    blocks.sync(changed, None)
    again = time.process_time() - start
    frames = []
    for top in range(0, blocks.total - SCREEN, SCREEN):
        start = time.process_time()
        for row in range(top, top + SCREEN):
            index = blocks.at(row)
            assert index is not None
            painter.strips(blocks.blocks[index])
        frames.append((time.process_time() - start) * 1000)
    print(
        f"{name:<8} {blocks.total:>5} rows: lay out {laid * 1000:5.1f} ms, after a change {again * 1000:4.1f} ms,"
        f" paint a page {statistics.median(frames):4.1f} ms (most {max(frames):4.1f})"
    )


if __name__ == "__main__":
    print(machine.description())
    measure("plain", [plain(number) for number in range(COUNT)])
    measure("dressed", [dressed(number) for number in range(COUNT)])
