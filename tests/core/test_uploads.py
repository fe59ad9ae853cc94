"""Files that go out, through two engines and a real server with its upload service."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.core.signals import session
from tests.core.test_omemo import encrypting, ready
from tests.core.test_omemo_rooms import private_room
from tests.engines import Client, befriend, make_client, make_engine
from tests.server.fixtures import ProsodyFactory
from tests.server.prosody import Prosody, fresh_name
from tests.server.servers import Server
from tui_xmpp.core.outbox_queue import Queued
from tui_xmpp.errors import FileUnreadable
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import DeleteMessage, RetryMessage, SendUnencrypted, SetEncryption
from tui_xmpp.model.message import Delivery, Encryption, Message, Operation
from tui_xmpp.model.omemo import EncryptionWish
from tui_xmpp.model.sending import SendFile, SendTextFile

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


async def arrived_file(client: Client, peer: Address) -> Message:
    """The last own message with a file, when the server has it."""

    def found() -> Message | None:
        return next((m for m in reversed(client.history(peer)) if m.upload is not None), None)

    def is_there() -> bool:
        message = found()
        return message is not None and Delivery.SENT <= message.delivery < Delivery.FAILED

    await client.until(is_there, f"sent: {client.history(peer)}", timeout=45)
    message = found()
    assert message is not None
    return message


async def failed(client: Client, peer: Address) -> str:
    """Why the last own message was not sent."""
    await client.until(lambda: last(client, peer).delivery is Delivery.FAILED, f"failed: {client.history(peer)}")
    return last(client, peer).error


@contextmanager
def writing_nothing(client: Client) -> Iterator[list[Queued]]:
    """Let nothing be written meanwhile, as on a line that is just being lost; what would be is kept."""
    outbox, kept = session(client).outbox, list[Queued]()
    write = outbox._write

    def keep(queued: Queued) -> bool:
        kept.append(queued)
        return True

    outbox._write = keep  # type: ignore[method-assign]
    yield kept
    outbox._write = write  # type: ignore[method-assign]
    outbox.pump()


def change(path: Path, gone: Path) -> None:
    path.write_bytes(b"new words")
    gone.unlink()


def stanzas(prosody: Prosody, owner: Address) -> str:
    return "".join(prosody.archived(owner))


async def test_a_file_to_a_chat_in_clear_arrives_as_a_link(server: Server, dough: Path) -> None:
    async with make_engine(server, fresh_name()) as alice, make_engine(server, fresh_name()) as bob:
        before = set(server.uploaded)
        await attach(alice, bob.account, dough)
        sent = await arrived_file(alice, bob.account)
        assert sent.upload is not None
        assert (sent.upload.name, sent.upload.size) == ("dough at noon.txt", len(WORDS))
        await bob.until(lambda: bob.bodies(alice.account) == [sent.body])
        assert sent.body.startswith(f"https://localhost:{server.web_port}/")
        assert sent.body.endswith(".txt")
        (file,) = set(server.uploaded) - before
        assert file.read_bytes() == WORDS


async def test_beside_the_link_stands_what_makes_other_clients_show_the_file(prosody: Prosody, dough: Path) -> None:
    async with make_engine(prosody, fresh_name()) as alice:
        peer = prosody.add_user(fresh_name())
        await attach(alice, peer, dough)
        sent = await arrived_file(alice, peer)
        assert sent.body.endswith("/dough%20at%20noon.txt")
        assert f"<x xmlns='jabber:x:oob'><url>{sent.body}</url></x>" in stanzas(prosody, peer)


async def test_in_an_encrypted_chat_the_server_gets_neither_a_word_nor_a_name(prosody: Prosody, dough: Path) -> None:
    """SECURITY 35."""
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await befriend(alice, bob)
        await ready(alice, bob)
        before = set(prosody.uploaded)
        for _ in range(2):
            await attach(alice, bob.account, dough, encrypted=True)
            await arrived_file(alice, bob.account)
        await bob.until(lambda: len(bob.bodies(alice.account)) == 2)
        links = bob.bodies(alice.account)
        assert links == alice.bodies(bob.account)
        assert all(link.startswith(f"aesgcm://localhost:{prosody.web_port}/") for link in links)
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


async def test_a_text_typed_after_a_file_is_not_kept_waiting_and_all_see_one_order(
    prosody: Prosody, dough: Path
) -> None:
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        await alice.say(bob.account, "look")
        await attach(alice, bob.account, dough)
        await alice.say(bob.account, "what do you think?")
        sent = await arrived_file(alice, bob.account)
        await bob.until(lambda: len(bob.bodies(alice.account)) == 3)
        await alice.until(lambda: alice.bodies(bob.account) == bob.bodies(alice.account), "one order")
        assert bob.bodies(alice.account)[0] == "look"
        assert sent.body in bob.bodies(alice.account)[1:]


async def test_files_of_a_chat_go_out_in_the_order_in_which_they_were_chosen(prosody: Prosody, tmp_path: Path) -> None:
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        for number in range(4):
            path = tmp_path / f"{number}.bin"
            path.write_bytes(b"x" * (4 - number) * 50_000)
            await attach(alice, bob.account, path)
        await bob.until(lambda: len(bob.bodies(alice.account)) == 4)
        assert [body[-5:] for body in bob.bodies(alice.account)] == ["0.bin", "1.bin", "2.bin", "3.bin"]
        await alice.until(lambda: alice.bodies(bob.account) == bob.bodies(alice.account))


async def test_what_is_sent_offline_goes_out_once_by_itself_after_quit_and_restart(
    prosody: Prosody, tmp_path: Path, dough: Path
) -> None:
    name = fresh_name()
    prosody.add_user(name)
    async with make_engine(prosody, fresh_name()) as bob:
        away = make_client(prosody, name, tmp_path)
        await attach(away, bob.account, dough)
        await away.do(SendTextFile(away.key(bob.account), "paste.txt", "Marmalade", encrypted=False))
        before = [(m.body, m.delivery) for m in away.history(bob.account)]
        assert before == [("dough at noon.txt", Delivery.PENDING), ("paste.txt", Delivery.PENDING)]
        await away.close()
        async with make_engine(prosody, name, tmp_path) as alice:
            await bob.until(lambda: len(bob.bodies(alice.account)) == 2)
            assert [body.rpartition("/")[2] for body in bob.bodies(alice.account)] == [
                "dough%20at%20noon.txt",
                "paste.txt",
            ]
            await alice.until(lambda: all(m.delivery >= Delivery.SENT for m in alice.history(bob.account)))
        async with make_engine(prosody, name, tmp_path):
            await bob.say(bob.account, "a word to myself, after which nothing more can come")
            assert len(bob.bodies(alice.account)) == 2


async def test_the_words_of_a_paste_are_let_go_of_when_the_server_has_them(prosody: Prosody) -> None:
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        await alice.do(SendTextFile(alice.key(bob.account), "paste.txt", "Marmalade", encrypted=False))
        sent = await arrived_file(alice, bob.account)
        kept = alice.store.uploads.get(sent.id)
        assert kept is not None
        assert kept.content is None
        assert any(file.read_bytes() == b"Marmalade" for file in prosody.uploaded)


async def test_a_file_for_a_room_is_shown_to_everybody_there(prosody: Prosody, dough: Path) -> None:
    room = prosody.room()
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        await alice.join(room, "Alice")
        await bob.join(room, "Bob")
        await attach(alice, room, dough)
        sent = await arrived_file(alice, room)
        await bob.until(lambda: bob.bodies(room)[-1:] == [sent.body])
        assert alice.bodies(room).count(sent.body) == 1
        assert alice.history(room)[-1].upload is not None


async def test_a_file_for_somebody_in_a_room_goes_to_them_alone(prosody: Prosody, dough: Path) -> None:
    room = prosody.room()
    async with make_engine(prosody, fresh_name()) as alice, make_engine(prosody, fresh_name()) as bob:
        await alice.join(room, "Alice")
        await bob.join(room, "Bob")
        await attach(alice, room.with_resource("Bob"), dough)
        sent = await arrived_file(alice, room.with_resource("Bob"))
        await bob.until(lambda: bob.bodies(room.with_resource("Alice")) == [sent.body])
        assert sent.body not in bob.bodies(room)


async def test_in_a_private_group_the_link_goes_to_its_members_alone(prosody: Prosody, dough: Path) -> None:
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await befriend(alice, bob)
        await ready(alice, bob)
        room = await private_room(prosody, alice, bob.account)
        await bob.join(room, "Bob")
        await attach(alice, room, dough, encrypted=True)
        sent = await arrived_file(alice, room)
        assert sent.body.startswith("aesgcm://")
        await bob.until(lambda: bob.bodies(room)[-1:] == [sent.body], f"{bob.bodies(room)}")
        assert "aesgcm" not in stanzas(prosody, room)


# What keeps a file from going out


async def test_a_file_that_was_changed_or_taken_away_meanwhile_fails_and_can_be_tried_again(
    prosody: Prosody, tmp_path: Path, dough: Path
) -> None:
    name = fresh_name()
    prosody.add_user(name)
    async with make_engine(prosody, fresh_name()) as bob:
        away = make_client(prosody, name, tmp_path)
        other = tmp_path / "other.txt"
        other.write_bytes(b"old")
        await attach(away, bob.account, dough)
        await attach(away, bob.account, other)
        await away.close()
        change(dough, other)
        async with make_engine(prosody, name, tmp_path) as alice:
            await alice.until(lambda: all(m.delivery is Delivery.FAILED for m in alice.history(bob.account)))
            changed, gone = alice.history(bob.account)
            assert changed.error == "The file was changed after it was chosen. Retry sends it as it is now."
            assert gone.error == f"There is no file {other}."
            assert alice.engine.operations(changed) == {Operation.RETRY, Operation.DELETE}
            await alice.do(RetryMessage(changed.chat, changed.id))
            await alice.do(DeleteMessage(gone.chat, gone.id))
            sent = await arrived_file(alice, bob.account)
            assert sent.upload is not None
            assert sent.upload.size == len(b"new words")
            await bob.until(lambda: bob.bodies(alice.account) == [sent.body])


async def test_what_is_no_file_is_not_even_stored(prosody: Prosody, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    async with make_engine(prosody, fresh_name()) as alice:
        peer = Address.parse("bob@chat.test")
        for path, why in ((tmp_path, "is not a file"), (tmp_path / "none", "There is no file"), (empty, "is empty")):
            with pytest.raises(FileUnreadable, match=why):
                await attach(alice, peer, path)
        assert alice.history(peer) == ()


async def test_a_file_that_is_larger_than_the_server_takes_is_not_uploaded(
    prosody_factory: ProsodyFactory, dough: Path
) -> None:
    server = prosody_factory(largest_file=100_000)
    async with make_engine(server, "alice") as alice:
        peer = server.add_user("bob")
        await attach(alice, peer, dough)
        why = await failed(alice, peer)
        assert why == "The file is larger than your server takes, which is 100 kB at most."
        assert server.uploaded == []


async def test_a_file_is_never_sent_otherwise_than_a_person_was_told(prosody: Prosody, dough: Path) -> None:
    """SECURITY 29."""
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await befriend(alice, bob)
        await ready(alice, bob)
        before = set(prosody.uploaded)
        await alice.do(SetEncryption(alice.key(bob.account), EncryptionWish.NEVER))
        await attach(alice, bob.account, dough, encrypted=True)
        await alice.until(lambda: last(alice, bob.account).error)
        held = last(alice, bob.account)
        assert (held.delivery, "You were told that it goes encrypted" in held.error) == (Delivery.PENDING, True)
        assert set(prosody.uploaded) == before
        assert alice.engine.operations(held) == {Operation.RETRY, Operation.SEND_UNENCRYPTED, Operation.DELETE}
        await alice.say(bob.account, "a text is not kept back by it")
        await bob.until(lambda: bob.bodies(alice.account) == ["a text is not kept back by it"])
        await alice.do(SendUnencrypted(held.chat, held.id))
        sent = await arrived_file(alice, bob.account)
        assert sent.body.startswith("https://")


async def test_a_chat_that_has_become_encrypted_meanwhile_gets_its_file_encrypted(
    prosody: Prosody, dough: Path
) -> None:
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await befriend(alice, bob)
        await ready(alice, bob)
        await attach(alice, bob.account, dough, encrypted=False)
        sent = await arrived_file(alice, bob.account)
        assert sent.body.startswith("aesgcm://")
        assert sent.encryption is Encryption.OMEMO


async def test_the_link_of_an_encrypted_file_is_held_where_nothing_is_encrypted_any_more(
    prosody: Prosody, dough: Path
) -> None:
    """SECURITY 35: it has the key."""
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await befriend(alice, bob)
        await ready(alice, bob)
        with writing_nothing(alice) as kept:
            await attach(alice, bob.account, dough, encrypted=True)
            await alice.until(lambda: kept)
            await alice.do(SetEncryption(alice.key(bob.account), EncryptionWish.NEVER))
        await alice.until(lambda: last(alice, bob.account).error)
        held = last(alice, bob.account)
        assert "cannot go out unencrypted" in held.error
        await alice.do(SendUnencrypted(held.chat, held.id))
        sent = await arrived_file(alice, bob.account)
        assert sent.body.startswith("https://"), "in clear it is another file, without a key that was ever used"
        await bob.until(lambda: bob.bodies(alice.account) == [sent.body])
        assert "aesgcm" not in stanzas(prosody, alice.account)


async def test_a_file_that_was_uploaded_in_clear_is_held_where_the_chat_is_encrypted_by_now(
    prosody: Prosody, dough: Path
) -> None:
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await befriend(alice, bob)
        await ready(alice, bob)
        await alice.do(SetEncryption(alice.key(bob.account), EncryptionWish.NEVER))
        with writing_nothing(alice) as kept:
            await attach(alice, bob.account, dough, encrypted=False)
            await alice.until(lambda: kept)
            await alice.do(SetEncryption(alice.key(bob.account), None))
        await alice.until(lambda: last(alice, bob.account).error)
        held = last(alice, bob.account)
        assert "Retry encrypts it" in held.error
        await alice.do(RetryMessage(held.chat, held.id))
        sent = await arrived_file(alice, bob.account)
        assert sent.body.startswith("aesgcm://")
        await bob.until(lambda: bob.bodies(alice.account) == [sent.body])
