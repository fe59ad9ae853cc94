"""Files that go out, through two engines and a real server with its upload service."""

from pathlib import Path

import pytest

from tests.core.test_omemo import encrypting, ready
from tests.engines import Client, befriend, make_engine
from tests.server.prosody import Prosody, fresh_name
from tui_xmpp.model.address import Address
from tui_xmpp.model.message import Delivery, Encryption, Message
from tui_xmpp.model.sending import SendFile

pytestmark = pytest.mark.timeout(120)

WORDS = b"Knead it, and let it rest. " * 4000


@pytest.fixture
def dough(tmp_path: Path) -> Path:
    path = tmp_path / "dough at noon.txt"
    path.write_bytes(WORDS)
    return path


def last(client: Client, peer: Address) -> Message:
    return client.history(peer)[-1]


async def attach(client: Client, peer: Address, path: Path, *, encrypted: bool = False) -> None:
    await client.do(SendFile(client.key(peer), str(path), encrypted))


async def arrived(client: Client, peer: Address) -> Message:
    """The last own message, when the other side has it."""
    await client.until(
        lambda: last(client, peer).delivery >= Delivery.SENT and last(client, peer).delivery is not Delivery.FAILED,
        f"sent: {client.history(peer)}",
    )
    return last(client, peer)


async def failed(client: Client, peer: Address) -> str:
    """Why the last own message was not sent."""
    await client.until(lambda: last(client, peer).delivery is Delivery.FAILED, f"failed: {client.history(peer)}")
    return last(client, peer).error


def stanzas(prosody: Prosody, owner: Address) -> str:
    return "".join(prosody.archived(owner))


async def test_a_file_to_a_chat_in_clear_arrives_as_a_link_that_clients_show(prosody: Prosody, dough: Path) -> None:
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        before = set(prosody.uploaded)
        await attach(alice, bob.account, dough)
        sent = await arrived(alice, bob.account)
        assert sent.upload is not None
        assert (sent.upload.name, sent.upload.size) == ("dough at noon.txt", len(WORDS))
        await bob.until(lambda: bob.bodies(alice.account) == [sent.body])
        assert sent.body.startswith(f"https://127.0.0.1:{prosody.web_port}/")
        assert sent.body.endswith("/dough%20at%20noon.txt")
        assert f"<x xmlns='jabber:x:oob'><url>{sent.body}</url></x>" in stanzas(prosody, bob.account)
        (file,) = set(prosody.uploaded) - before
        assert file.read_bytes() == WORDS


async def test_in_an_encrypted_chat_the_server_gets_neither_a_word_nor_a_name(prosody: Prosody, dough: Path) -> None:
    """SECURITY 35."""
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await befriend(alice, bob)
        await ready(alice, bob)
        before = set(prosody.uploaded)
        for _ in range(2):
            await attach(alice, bob.account, dough, encrypted=True)
            await arrived(alice, bob.account)
        await bob.until(lambda: len(bob.bodies(alice.account)) == 2)
        links = bob.bodies(alice.account)
        assert links == alice.bodies(bob.account)
        assert all(link.startswith(f"aesgcm://127.0.0.1:{prosody.web_port}/") for link in links)
        assert all(link.partition("#")[0].endswith(".txt") for link in links)
        fragments = [link.partition("#")[2] for link in links]
        assert {len(fragment) for fragment in fragments} == {2 * 12 + 2 * 32}
        assert fragments[0][:24] != fragments[1][:24]
        assert fragments[0][24:] != fragments[1][24:]
        files = set(prosody.uploaded) - before
        assert [len(file.read_bytes()) for file in files] == [len(WORDS) + 16] * 2
        assert not any(b"Knead" in file.read_bytes() for file in files)
        assert {message.encryption for message in bob.history(alice.account)} == {Encryption.OMEMO}
        kept = stanzas(prosody, alice.account) + stanzas(prosody, bob.account) + prosody.log
        assert "jabber:x:oob" not in kept
        assert "aesgcm" not in kept
        assert "dough" not in kept
        assert not any(
            b"dough" in file.read_bytes() for file in (prosody.directory / "data").rglob("*") if file.is_file()
        )
