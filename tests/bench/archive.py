"""An archive with many messages in a real Prosody, written straight into its SQLite file, of which a client has one."""

import asyncio
import sqlite3
import time
from pathlib import Path

from tests.engines import make_engine
from tests.server.prosody import Prosody
from tests.xmpp.party import Party
from tui_xmpp.model.address import Address
from tui_xmpp.model.omemo import EncryptionWish

ME, PEER = "me", "peer"
FIRST = "Before anybody was away."
_APART = 30
"""Seconds between messages."""

_ROW = """
INSERT INTO prosodyarchive (host, user, store, key, "when", "with", type, value)
VALUES (?, ?, 'archive', ?, ?, ?, 'xml', ?)
"""


class AwayServer:
    """A server with SQLite storage on which somebody was away while they were written to.

    `store` is what they have from before: one message, with which the gap begins.
    """

    def __init__(self, directory: Path) -> None:
        self.server = Prosody(directory / "server", storage="sql")
        self.store = directory / f"{ME}.db"
        self.me = Address(self.server.domain, ME)
        self.peer = Address(self.server.domain, PEER)
        self._directory = directory

    async def prepare(self, count: int) -> None:
        """Start the server, have the first message read, and write the others."""
        self.server.start()
        for name in (ME, PEER):
            self.server.add_user(name)
        engine = make_engine(self.server, ME, self._directory, encryption=EncryptionWish.WHEN_POSSIBLE)
        async with engine as client, Party.at(self.server, self.peer) as party:
            party.say(self.me, FIRST)
            await client.until(lambda: client.bodies(self.peer) == [FIRST], timeout=60)
            # Keys of a device are made once, and not while catching up.
            devices = client.engine.devices
            await client.until(lambda: any(len(one.listed) == 2 for one in devices(self.me, self.me)), timeout=60)
        await asyncio.to_thread(self.server.stop)
        self._write(count)
        await asyncio.to_thread(self.server.start)

    def _write(self, count: int) -> None:
        begun = int(time.time()) - _APART * count
        with sqlite3.connect(self.server.directory / "prosody.sqlite") as archive:
            archive.execute('UPDATE prosodyarchive SET "when" = ?', (begun - _APART,))
            archive.executemany(_ROW, (self._row(number, begun + number * _APART) for number in range(count)))
        archive.close()

    def _row(self, number: int, when: int) -> tuple[str, str, str, int, str, str]:
        stanza = (
            f"<message to='{self.me}' from='{self.peer}/desk' type='chat' id='m{number}'><body>{text(number)}</body>"
            f"<origin-id id='m{number}' xmlns='urn:xmpp:sid:0'/><markable xmlns='urn:xmpp:chat-markers:0'/>"
            "<request xmlns='urn:xmpp:receipts'/></message>"
        )
        return self.server.domain, ME, f"archived-{number}", when, str(self.peer), stanza


def text(number: int) -> str:
    """What a message says; none is the beginning of another."""
    return f"Number {number}. " + "Words as people write them, " * (number % 4) + "and that is all."
