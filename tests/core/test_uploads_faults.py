"""Files that go out over lines that are cut, from clients that are killed, and those that a person stops."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.core.signals import session
from tests.core.test_omemo import encrypting, ready
from tests.core.test_uploads import arrived_file, attach, failed, last
from tests.engines import Client, befriend, make_engine
from tests.faults.person import Person
from tests.server.cutter import Cutter
from tests.server.fixtures import ProsodyFactory
from tests.server.prosody import Prosody
from tests.waiting import until
from tui_xmpp.core import uploads
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey
from tui_xmpp.model.commands import DeleteMessage
from tui_xmpp.model.files import SaveFile
from tui_xmpp.model.message import Delivery, Operation
from tui_xmpp.model.omemo import EncryptionWish
from tui_xmpp.storage.store import Store

pytestmark = pytest.mark.timeout(120)

LARGE = bytes(range(256)) * 4096 * 12
"""More than all buffers on the way to the server hold."""


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(LARGE)
    return path


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again soon."""
    monkeypatch.setattr(uploads, "PAUSES", (0.1, 0.1, 0.1))


@dataclass
class Site:
    """A server whose files go through a line that can be hurt."""

    server: Prosody
    line: Cutter

    @property
    def whole(self) -> list[bytes]:
        """What was put there as a whole."""
        return [file.read_bytes() for file in self.server.uploaded]


@asynccontextmanager
async def site(factory: ProsodyFactory) -> AsyncIterator[Site]:
    async with Cutter(0) as line:
        settings = f'http_external_url = "https://localhost:{line.port}/"'
        server = factory(settings=settings, storage="internal", largest_file=50 * 1024 * 1024)
        line.target_port = server.web_port
        yield Site(server, line)


def alice_key(alice: Person, bob: Client) -> ChatKey:
    return ChatKey(alice.address, bob.account)


def percent(client: Client, peer: Address) -> int:
    """How much of the last message's file has gone out, as is shown."""
    upload = last(client, peer).upload
    return 0 if upload is None or upload.percent is None else upload.percent


async def test_a_line_that_is_cut_in_the_middle_of_a_file_does_no_harm(
    prosody_factory: ProsodyFactory, film: Path
) -> None:
    async with (
        site(prosody_factory) as place,
        make_engine(place.server, "alice") as alice,
        make_engine(place.server, "bob") as bob,
    ):
        place.line.freeze_after(1_000_000)
        await attach(alice, bob.account, film)
        for _ in range(2):
            await alice.until(lambda: 0 < percent(alice, bob.account) < 100, "some of it has gone out")
            place.line.thaw()
            place.line.freeze_after(1_000_000)
            place.line.cut()
            await alice.until(lambda: not percent(alice, bob.account), "it is noticed")
        place.line.thaw()
        sent = await arrived_file(alice, bob.account)
        await bob.until(lambda: bob.bodies(alice.account) == [sent.body])
        assert place.whole == [LARGE]


async def test_where_the_upload_server_stays_away_it_fails_in_plain_words(
    prosody_factory: ProsodyFactory, film: Path
) -> None:
    async with site(prosody_factory) as place, make_engine(place.server, "alice") as alice:
        peer = place.server.add_user("bob")
        place.line.refuse()
        await attach(alice, peer, film)
        assert await failed(alice, peer) in {"localhost cannot be reached.", "localhost ended the connection."}
        place.line.accept()


@pytest.mark.parametrize("encryption", [EncryptionWish.NEVER, EncryptionWish.WHEN_POSSIBLE])
async def test_a_client_that_is_killed_in_the_middle_of_a_file_sends_it_once(
    prosody_factory: ProsodyFactory, film: Path, tmp_path: Path, encryption: EncryptionWish
) -> None:
    async with site(prosody_factory) as place, Cutter(place.server.port) as line:
        place.server.add_user("alice")
        async with make_engine(place.server, "bob", encryption=encryption) as bob:
            settings = replace(place.server.settings("alice"), encryption=encryption)
            alice = Person(settings, line, tmp_path)
            await alice.start()
            place.line.freeze_after(1_000_000)
            await alice.send_file(bob.account, film)
            await until(lambda: place.line.lines, timeout=30, what="it has begun")
            await alice.kill()
            place.line.cut()
            place.line.thaw()
            assert bob.bodies(alice.address) == []
            await alice.start()
            await bob.until(lambda: bob.bodies(alice.address), "it has come", timeout=40)
            await alice.quit()
            await alice.start()
            await bob.until(lambda: line.lines)
            await alice.quit()
            assert len(bob.bodies(alice.address)) == 1
            scheme = "https" if encryption is EncryptionWish.NEVER else "aesgcm"
            assert bob.bodies(alice.address)[0].startswith(f"{scheme}://")
            assert [len(file) - len(LARGE) for file in place.whole] == [0 if scheme == "https" else 16]
            store = Store.open(alice.store_path, exclusive=False)
            (kept,) = store.messages.newest(alice_key(alice, bob), 9)
            assert Delivery.SENT <= kept.delivery < Delivery.FAILED
            await store.close()


async def test_who_stops_a_file_on_its_way_out_sends_nothing(prosody_factory: ProsodyFactory, film: Path) -> None:
    async with site(prosody_factory) as place, make_engine(place.server, "alice") as alice:
        peer = place.server.add_user("bob")
        place.line.freeze_after(1_000_000)
        await attach(alice, peer, film)
        await alice.until(lambda: 0 < percent(alice, peer) < 100)
        going = last(alice, peer)
        assert alice.engine.operations(going) == {Operation.CANCEL, Operation.DELETE}
        await alice.do(DeleteMessage(going.chat, going.id))
        assert alice.history(peer) == ()
        place.line.thaw()
        await alice.until(lambda: not place.line.lines, "the line is let go of")
        assert session(alice).uploads._waiting == {}
        assert place.whole == []
        await attach(alice, peer, film)
        await arrived_file(alice, peer)


async def test_the_other_side_saves_the_very_bytes_of_an_encrypted_file(
    prosody: Prosody, film: Path, tmp_path: Path
) -> None:
    small = tmp_path / "small.bin"
    small.write_bytes(LARGE[:1_000_003])
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await befriend(alice, bob)
        await ready(alice, bob)
        await attach(alice, bob.account, small, encrypted=True)
        sent = await arrived_file(alice, bob.account)
        await bob.until(lambda: bob.bodies(alice.account) == [sent.body])
        got = last(bob, alice.account)
        place = tmp_path / "saved.bin"
        await bob.do(SaveFile(got.chat, got.id, got.body, place, most=2_000_000))
        assert place.read_bytes() == LARGE[:1_000_003]
