"""Catching up with an archive of encrypted messages, beside the same in clear: how fast, and how long the loop stands.

    python -m tests.bench.encryption [MESSAGES]

Each comes to a client that was away, over a real Prosody, into a real store. The server keeps its files in memory where
that can be: it is not what is measured, and syncs its disk for every message. The stall with which the libraries are
loaded is measured alone, since it happens once.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench import machine
from tests.bench.clock import Ticker, collecting_as_the_program, leave_behind
from tests.engines import Client, make_engine
from tests.server.authority import TestAuthority
from tests.server.prosody import Prosody, fresh_name
from tests.waiting import until
from tests.xmpp.party import Party
from tui_xmpp.model.address import Address
from tui_xmpp.model.message import Encryption
from tui_xmpp.model.omemo import EncryptionWish, OmemoVersion, Recipient
from tui_xmpp.model.stanzas import MessageType, Outgoing, StanzaAcked
from tui_xmpp.xmpp.loading import load_network

_PATIENCE = 900.0
_AT_ONCE = 100
_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


async def write_all(
    server: Prosody, sender: Address, receiver: Address, device: int, count: int, *, sealed: bool
) -> None:
    """Send so many messages to somebody who is away."""
    from tests.xmpp.omemo.peers import Peer  # here, or the loading of the libraries could not be measured

    async with Party.at(server, sender, available=False) as party:
        peer = await Peer.begun(sender)
        bundle = await party.connection.bundle(receiver, device, OmemoVersion.TWO) if sealed else None
        recipient = Recipient(receiver, device, OmemoVersion.TWO, "", bundle)
        for number in range(count):
            outgoing = Outgoing(receiver, MessageType.CHAT, f"bench-{number}-{sender.local}", f"number {number}")
            if sealed:
                content = peer.cipher.contents(outgoing)[OmemoVersion.TWO]
                sealing = await peer.cipher.seal({OmemoVersion.TWO: content}, [recipient])
                peer.commit()
                outgoing = Outgoing(receiver, MessageType.CHAT, outgoing.id, outgoing.body, envelopes=sealing.envelopes)
            party.connection.send(outgoing)
            if number % _AT_ONCE == 0:
                await acked(party, number)
        await acked(party, count)


async def acked(party: Party, count: int) -> None:
    """Wait until the server has so many: who sends faster than it takes them is cut off."""
    await until(lambda: len(party.heard(StanzaAcked)) >= count, timeout=_PATIENCE, what=f"the server has {count}")


async def measure(server: Prosody, directory: Path, count: int, *, sealed: bool) -> None:
    """Be away while so many messages come, and come back."""
    name, sender = fresh_name(), server.add_user(fresh_name())
    wish = EncryptionWish.WHEN_POSSIBLE
    async with make_engine(server, name, directory, encryption=wish) as client:
        account = client.account
        await client.until(lambda: any(len(d.listed) == 2 for d in client.engine.devices(account, account)), timeout=60)
        device = next(d.id for d in client.engine.devices(account, account) if d.own)
        async with Party.at(server, sender) as party:  # an archive of which something is held is filled without a gap
            party.say(account, "before")
            await client.until(lambda: client.bodies(sender) == ["before"])
    await write_all(server, sender, account, device, count, sealed=sealed)
    leave_behind()
    begun, spent = time.perf_counter(), time.process_time()
    async with make_engine(server, name, directory, encryption=wish) as client:
        ticker = Ticker()
        client.engine.subscribe(lambda _batch: client.events.clear())  # no person remembers them all
        await until(lambda: _count(client) > count, timeout=_PATIENCE, what="all are here")
        seconds, stall = time.perf_counter() - begun, ticker.stop()
        each = (time.process_time() - spent) / count * 1e3
        newest = client.history(sender, 1)[0]
        assert newest.body == f"number {count - 1}"
        assert (newest.encryption is Encryption.OMEMO) is sealed
    kind = "encrypted" if sealed else "in clear"
    print(
        f"{count} messages {kind}: {seconds:.1f} s, {count / seconds:.0f} a second,"
        f" {each:.1f} ms of computing each, {stall}"
    )


def _count(client: Client) -> int:
    return client.store._reader.number("SELECT count(*) FROM messages WHERE beside & 16 = 0") or 0


async def measure_loading() -> None:
    """Load the libraries and make the first keys."""
    network = await load_network()
    ticker, stored = Ticker(), dict[str, str]()
    begun = time.perf_counter()
    cipher = await network.cipher(Address.parse("alice@example.org"), stored.get)
    loaded = time.perf_counter()
    loading = ticker.stop()
    ticker = Ticker()
    await cipher.begin()
    making = ticker.stop()
    print(f"libraries: {loaded - begun:.2f} s beside the loop, {loading};", end=" ")
    print(f"first keys: {time.perf_counter() - loaded:.2f} s, {making}")


async def main(words: Sequence[str] | None = None) -> None:
    """Print all."""
    arguments = sys.argv[1:] if words is None else words
    count = int(arguments[0]) if arguments else 10_000
    print(machine.description())
    async with collecting_as_the_program():
        await measure_loading()
        await measure_both(count)


async def measure_both(count: int) -> None:
    """So many messages in clear, and as many encrypted."""
    with (
        tempfile.TemporaryDirectory(prefix="tui-xmpp-bench-") as temporary,
        tempfile.TemporaryDirectory(prefix="tui-xmpp-bench-", dir=_MEMORY) as fast,
    ):
        directory = Path(temporary)
        authority = TestAuthority(directory / "authority")
        server = Prosody(Path(fast), authority=authority, storage="sql").start()
        try:
            for sealed in (False, True):
                await measure(server, directory, count, sealed=sealed)
        finally:
            server.stop()


if __name__ == "__main__":
    asyncio.run(main())
