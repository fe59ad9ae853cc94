"""A person at a client process: types, and can have the process killed or the line hurt."""

import asyncio
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.client import Setup, Wish
from tests.server.cutter import Cutter
from tests.waiting import until
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.message import Delivery, Direction, Encryption, Message
from tui_xmpp.model.omemo import EncryptionWish
from tui_xmpp.storage.store import Store

ROOT = Path(__file__).parents[2]


@dataclass
class Person:
    """One side of the conversation; `typed` counts the messages of each chat that the person knows to be on disk."""

    settings: AccountSettings
    line: Cutter
    directory: Path
    skew: float = 0
    """Seconds that their clock is fast."""
    device: str = ""
    """Another device of the same person has a name of its own, and signs its numbers with it."""
    typed: dict[Address, int] = field(default_factory=dict)
    _process: asyncio.subprocess.Process | None = None
    _running: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def address(self) -> Address:
        """Their account."""
        return self.settings.address

    @property
    def name(self) -> str:
        """How logs and files are called, and who says a number."""
        return self.device or self.address.local

    @property
    def store_path(self) -> Path:
        """Where their messages are."""
        return self.directory / f"{self.name}.db"

    # The process

    async def start(self) -> None:
        """Start the client; returns at once."""
        if not self.store_path.exists():
            await Store.open(self.store_path).close()
        setup = Setup(
            str(self.address),
            self.line.host,
            self.line.port,
            str(self.settings.ca_file),
            str(self.store_path),
            str(self.directory / f"{self.name}.log"),
            self.skew,
            self.settings.encryption.value,
        )
        with (self.directory / f"{self.name}.out").open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.faults.client", setup.text(),
                stdin=asyncio.subprocess.PIPE, stdout=output, stderr=output, cwd=ROOT,
            )  # fmt: skip
        self._running.set()

    async def kill(self) -> None:
        """Kill -9; what had been typed but was not on disk is gone, and the person sees that."""
        self._running.clear()
        if self._process is not None:
            self._process.kill()
            await self._over(self._process)

    async def quit(self) -> None:
        """End the client politely. Raises AssertionError when it fails."""
        self._running.clear()
        process = self._process
        if process is not None and process.stdin is not None:
            process.stdin.close()
            assert await self._over(process) == 0, self.output

    async def _over(self, process: asyncio.subprocess.Process) -> int:
        code = await process.wait()
        self._process = None
        for peer in self.typed:
            self.typed[peer] = len(self.numbers(peer, self.name))
        return code

    @property
    def output(self) -> str:
        """What the process has printed, which is little unless it failed."""
        return (self.directory / f"{self.name}.out").read_text(errors="replace")

    # Typing

    async def join(self, room: Address) -> None:
        """Enter a room."""
        await self._wish(Wish(str(room)))
        await until(
            lambda: f"in {room}\n" in self.output, timeout=20, what=f"{self.name} is in the room: {self.output}"
        )

    async def say(self, peer: Address) -> None:
        """Type the next number into a chat, as soon as there is a client."""
        await self._running.wait()
        number = self.typed.setdefault(peer, 0)
        self.typed[peer] += 1
        await self._wish(Wish(str(peer), f"{self.name} {number}"))

    async def send_file(self, peer: Address, path: Path) -> None:
        """Send a file."""
        await self._wish(Wish(str(peer), path=str(path)))

    async def _wish(self, wish: Wish) -> None:
        assert self._process is not None
        assert self._process.returncode is None, self.output
        assert self._process.stdin is not None
        self._process.stdin.write(wish.line())
        await self._process.stdin.drain()

    # Reading

    def history(self, peer: Address) -> tuple[Message, ...]:
        """What their store has of a chat."""
        store = Store.open(self.store_path, exclusive=False)
        try:
            return store.messages.newest(ChatKey(self.address, peer), 100_000)
        finally:
            store.close_now()

    def numbers(self, peer: Address, author: str) -> list[int]:
        """The numbers that somebody said in a chat, as this person's store has them."""
        history = self.history(peer)
        return said(author, (one for one in history if one.delivery is Delivery.PENDING or self._is_as_meant(one)))

    def _is_as_meant(self, message: Message) -> bool:
        """Whether it went encrypted, where everything has to."""
        return message.encryption is Encryption.OMEMO or self.settings.encryption is not EncryptionWish.ALWAYS

    def has_device(self) -> bool:
        """Whether others can encrypt to this person."""
        store = Store.open(self.store_path, exclusive=False)
        try:
            return any(len(each.listed) == 2 for each in store.devices.of(self.address, self.address))
        finally:
            store.close_now()

    def unsent(self, peer: Address) -> list[str]:
        """Own messages that are not known to have arrived."""
        return [
            f"{message.body} {message.delivery.name} {message.error}"
            for message in self.history(peer)
            if message.direction is Direction.OUT and message.delivery in {Delivery.PENDING, Delivery.FAILED}
        ]


def said(author: str, history: Iterable[Message]) -> list[int]:
    """The numbers that somebody said, in the order of the history."""
    texts = (message.body.split() for message in history)
    return [int(text[1]) for text in texts if len(text) == 2 and text[0] == author]
