"""`tui-xmpp send` into chats that are encrypted: as the program would, or not at all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from tests.cli.program import Program
from tests.core.test_omemo import encrypting, has, kept_by, last, own_device, ready, says
from tests.core.test_omemo_rooms import private_room
from tests.engines import Client, MemoryKeeper
from tests.server.prosody import Prosody, fresh_name
from tui_xmpp.model.address import Address
from tui_xmpp.model.message import Delivery, Encryption
from tui_xmpp.model.omemo import OmemoVersion, Trust

pytestmark = pytest.mark.timeout(150)


@asynccontextmanager
async def opened(prosody: Prosody, program: Program, sender: Address) -> AsyncIterator[Client]:
    """The program's own store in an engine, as if it were open."""
    settings = prosody.settings(sender.local)
    program.store.parent.mkdir(parents=True, exist_ok=True)
    client = Client([settings], program.store, MemoryKeeper({sender: "secret"}))
    try:
        await client.engine.start()
        await client.online()
        yield client
    finally:
        await client.close()


async def test_what_is_sent_from_the_shell_is_encrypted_and_stays_readable(
    prosody: Prosody, program: Program, sender: Address
) -> None:
    async with encrypting(prosody) as bob:
        await ready(bob)
        async with opened(prosody, program, sender) as alice:
            await ready(alice)
            await says(alice, bob, "from the screen")
        ended = await program.run("send", str(bob.account), "from the shell")
        assert (ended.code, ended.errors) == (0, "")
        await bob.until(lambda: has(bob, sender, "from the shell"))
        # Of a stranger nobody is asked whose the key is, until one answers (SECURITY 27).
        assert (last(bob, sender).encryption, last(bob, sender).trust) == (Encryption.OMEMO, Trust.UNPROVEN)
        async with opened(prosody, program, sender) as alice:
            await ready(alice)
            await says(bob, alice, "read you")
            assert alice.bodies(bob.account) == ["from the screen", "from the shell", "read you"]
            kept = alice.history(bob.account)[1]
            assert (kept.encryption, kept.trust) == (Encryption.OMEMO, Trust.TRUSTED)
            assert kept.delivery in {Delivery.SENT, Delivery.DELIVERED}
            assert bob.history(sender)[1].device == own_device(alice), "it is one device, whoever sends"
        assert "from the shell" not in kept_by(prosody, sender, bob.account)


async def test_the_first_message_ever_begins_a_session_and_makes_the_device_known(
    prosody: Prosody, program: Program, sender: Address
) -> None:
    async with encrypting(prosody) as bob:
        await ready(bob)
        async with opened(prosody, program, sender):
            pass  # a store, which may have no keys yet
        assert (await program.run("send", str(bob.account), "hello")).code == 0
        await bob.until(lambda: has(bob, sender, "hello"))
        assert last(bob, sender).encryption is Encryption.OMEMO
        await bob.engine.learn_devices(bob.account, sender)
        (device,) = bob.engine.devices(bob.account, sender)
        assert device.listed == set(OmemoVersion)


async def test_without_keys_nothing_goes_out_in_clear_unless_that_is_said(
    prosody: Prosody, program: Program, sender: Address
) -> None:
    async with encrypting(prosody) as bob:
        await ready(bob)
        ended = await program.run("send", str(bob.account), "the secret")
        assert ended.code == 10
        assert "start tui-xmpp once" in ended.errors
        assert not program.store.exists()
        assert (await program.run("send", "--plain", str(bob.account), "no secret")).code == 0
        await bob.until(lambda: has(bob, sender, "no secret"))
        assert bob.bodies(sender) == ["no secret"]
        assert last(bob, sender).encryption is Encryption.NONE


async def test_beside_the_open_program_an_encrypted_chat_is_refused_and_another_one_is_not(
    prosody: Prosody, program: Program, sender: Address
) -> None:
    async with encrypting(prosody) as bob, opened(prosody, program, sender) as alice:
        await ready(alice, bob)
        await says(alice, bob, "hello")
        ended = await program.run("send", str(bob.account), "the secret")
        assert ended.code == 10
        assert "the open tui-xmpp has the keys" in ended.errors
        carol = prosody.add_user(fresh_name())
        assert (await program.run("send", str(carol), "for all to read")).code == 0
        await alice.until(lambda: has(alice, carol, "for all to read"), "the open program hears of it")
        await says(alice, bob, "still one session")
        assert bob.bodies(sender) == ["hello", "still one session"]


async def test_a_contact_whose_keys_are_gone_gets_nothing_and_nothing_is_kept(
    prosody: Prosody, program: Program, sender: Address
) -> None:
    async with encrypting(prosody) as bob:
        await ready(bob)
        async with opened(prosody, program, sender):
            pass
        connection = bob.engine._of(bob.account).context.connection
        assert connection is not None
        for version in OmemoVersion:
            await connection.retract_bundle(own_device(bob), version)
        ended = await program.run("send", str(bob.account), "the secret")
        assert ended.code == 10
        assert "can be encrypted to" in ended.errors
        async with opened(prosody, program, sender) as alice:
            await ready(alice)
            assert alice.bodies(bob.account) == []
        assert not any("the secret" in stanza for stanza in prosody.archived(sender))


async def test_a_private_group_reads_what_comes_from_the_shell(
    prosody: Prosody, program: Program, sender: Address
) -> None:
    async with encrypting(prosody) as bob:
        await ready(bob)
        async with opened(prosody, program, sender) as alice:
            await ready(alice)
            room = await private_room(prosody, alice, bob.account)
            await bob.join(room)
        ended = await program.run("send", "--room", str(room), "from the shell")
        assert (ended.code, ended.errors) == (0, "")
        await bob.until(partial(has, bob, room, "from the shell"))
        assert last(bob, room).encryption is Encryption.OMEMO


async def test_where_encryption_is_switched_off_it_is_sent_in_clear(
    prosody: Prosody, program: Program, sender: Address
) -> None:
    program.settings.write_text('encryption = "never"\n' + program.settings.read_text())
    async with encrypting(prosody) as bob:
        await ready(bob)
        assert (await program.run("send", str(bob.account), "as wished")).code == 0
        await bob.until(lambda: has(bob, sender, "as wished"))
        assert last(bob, sender).encryption is Encryption.NONE
