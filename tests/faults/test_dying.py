"""kill -9 at the points where a message could be lost: around acknowledgements, and around what is sent."""

import asyncio
import json
import signal
import sys
from pathlib import Path

import pytest

from tests.engines import make_client
from tests.faults.client import Setup, Wish
from tests.faults.dying import Point
from tests.server.prosody import Prosody, fresh_name
from tests.xmpp.party import Party
from tui_xmpp.model.account import AccountSettings
from tui_xmpp.model.address import Address
from tui_xmpp.model.archive import ArchiveQuery
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.message import Delivery, Message
from tui_xmpp.storage.store import Store

pytestmark = pytest.mark.timeout(180)

DEATHS = 4
ROOT = Path(__file__).parents[2]


class Dying:
    """A process of Alice's client that is to die."""

    def __init__(self, settings: AccountSettings, directory: Path, point: Point) -> None:
        assert settings.host is not None
        assert settings.port is not None
        store = directory / f"{settings.address.local}.db"
        setup = Setup(
            str(settings.address), settings.host, settings.port, str(settings.ca_file), str(store), str(directory)
        )
        self._command = (sys.executable, "-m", "tests.faults.dying", point, setup.text())

    async def until_dead(self, *wishes: Wish) -> list[str]:
        """Run, fulfilling wishes, until it is killed; returns the texts that its death was about."""
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*self._command, stdin=pipe, stdout=pipe, cwd=ROOT)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"".join(wish.line() for wish in wishes))
        try:
            async with asyncio.timeout(40):
                said = await process.stdout.read()
                assert await process.wait() == -signal.SIGKILL
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        about: list[str] = json.loads(said)
        return about


def history(directory: Path, own: Address, peer: Address) -> tuple[Message, ...]:
    """What the dead client's store has of a chat."""
    store = Store.open(directory / f"{own.local}.db", exclusive=False)
    try:
        return store.messages.newest(ChatKey(own, peer), 1000)
    finally:
        store.close_now()


async def test_what_was_acknowledged_is_on_disk_when_the_client_dies_with_the_acknowledgement(
    prosody: Prosody, tmp_path: Path
) -> None:
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    dying = Dying(prosody.settings(alice.local), tmp_path, Point.ACKNOWLEDGED)
    said: list[str] = []
    async with Party.at(prosody, bob) as party:
        for death in range(DEATHS):
            alive = asyncio.create_task(dying.until_dead())
            number = 0
            while not alive.done():
                said.append(f"{death}.{number}")
                party.say(alice, said[-1])
                number += 1
                await asyncio.wait([alive], timeout=0.05)
            acknowledged = await alive
            assert acknowledged
            on_disk = {message.body for message in history(tmp_path, alice, bob)}
            assert set(acknowledged) <= on_disk
        client = make_client(prosody, alice.local, tmp_path)
        try:
            await client.engine.start()
            await client.until(lambda: client.bodies(bob) == said, timeout=60)
        finally:
            await client.close()


@pytest.mark.parametrize("point", [Point.UNWRITTEN, Point.WRITTEN])
async def test_what_is_being_sent_is_on_disk_when_the_client_dies_over_it_and_arrives_once(
    prosody: Prosody, tmp_path: Path, point: Point
) -> None:
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    dying = Dying(prosody.settings(alice.local), tmp_path, point)
    typed = [f"typed {number}" for number in range(3)]
    for text in typed:
        # The first of those that were not sent is what the next death is about, so it is never sent.
        about = await dying.until_dead(Wish(str(bob), text))
        on_disk = history(tmp_path, alice, bob)
        assert about[0] in {message.body for message in on_disk}
        assert {message.delivery for message in on_disk} <= {Delivery.PENDING, Delivery.SENT}
    written = [message.body for message in history(tmp_path, alice, bob)]
    client = make_client(prosody, alice.local, tmp_path)
    try:
        await client.engine.start()
        await client.online()
        await client.until(lambda: all(message.delivery >= Delivery.SENT for message in client.history(bob)))
        await client.say(bob, "the end")
        await client.until(lambda: all(message.delivery >= Delivery.SENT for message in client.history(bob)))
    finally:
        await client.close()
    async with Party.at(prosody, bob) as party:
        page = await party.connection.archive_page(ArchiveQuery(archive=None, before="", size=50))
        assert [message.body for message in page.messages] == [*written, "the end"]
