"""Encrypted with profanity, whose OMEMO others wrote (libomemo-c, the old version)."""

from functools import partial
from pathlib import Path

import pytest

from tests.core.test_omemo import encrypting, kept_by, last, own_device, ready
from tests.engines import Client
from tests.server.profanity import Profanity, is_installed
from tests.server.prosody import Prosody, fresh_name
from tests.xmpp.party import Party
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import AddContact, RemoveDevice
from tui_xmpp.model.message import Encryption
from tui_xmpp.model.omemo import OmemoVersion

pytestmark = [pytest.mark.skipif(not is_installed(), reason="profanity is not installed"), pytest.mark.timeout(180)]


async def make_account(prosody: Prosody) -> Address:
    """An account with an empty device list: without one, profanity never publishes any on Prosody 0.12."""
    account = prosody.add_user(fresh_name())
    async with Party.at(prosody, account) as party:
        await party.connection.publish_devices(OmemoVersion.LEGACY, (), {})
    return account


async def begin(profanity: Profanity, prosody: Prosody, account: Address) -> None:
    """Sign in and make keys."""
    await profanity.start(prosody.settings(account.local))
    profanity.type("/omemo gen")
    await profanity.until_screen("materials generated", within=40)
    profanity.type("/omemo trustmode blind")


async def befriend(client: Client, profanity: Profanity, other: Address) -> None:
    await client.do(AddContact(client.account, other))
    profanity.type(f"/sub allow {client.account}")
    profanity.type(f"/sub request {client.account}")
    await client.until(lambda: (c := client.engine.contact(client.account, other)) and c.subscription.we_see_them)


async def chat(client: Client, profanity: Profanity, other: Address, number: int = 1) -> None:
    """One message each way, encrypted."""
    await client.say(other, f"from ours {number}")
    await profanity.until_screen(f"from ours {number}", within=20)
    assert last(client, other).encryption is Encryption.OMEMO
    if "[OMEMO]" not in profanity.screen():
        profanity.type("/omemo start")
        await profanity.until_screen("[OMEMO]")
    profanity.type(f"from theirs {number}")
    await client.until(lambda: f"from theirs {number}" in client.bodies(other), f"in {profanity.screen()}", timeout=30)
    assert last(client, other).encryption is Encryption.OMEMO


async def test_first_contact_and_restarts_of_either_side(prosody: Prosody, tmp_path: Path) -> None:
    other, name = await make_account(prosody), fresh_name()
    with Profanity(tmp_path / "profanity") as profanity:
        await begin(profanity, prosody, other)
        async with encrypting(prosody, name, tmp_path) as ours:
            await befriend(ours, profanity, other)
            await ready(ours)
            profanity.type(f"/msg {ours.account}")
            await chat(ours, profanity, other)
        async with encrypting(prosody, name, tmp_path) as ours:
            await ours.online()
            profanity.type("after our restart")
            await ours.until(lambda: "after our restart" in ours.bodies(other))
            await chat(ours, profanity, other, 2)
            profanity.stop()
            await profanity.again(other)
            profanity.type(f"/msg {ours.account}")
            await chat(ours, profanity, other, 3)
            assert {message.encryption for message in ours.history(other)} == {Encryption.OMEMO}
        assert "from ours" not in kept_by(prosody)


async def test_a_second_device_on_each_side_reads_and_one_that_was_removed_does_not(
    prosody: Prosody, tmp_path: Path
) -> None:
    other, name = await make_account(prosody), fresh_name()
    with Profanity(tmp_path / "one") as profanity, Profanity(tmp_path / "two") as second:
        await begin(profanity, prosody, other)
        async with encrypting(prosody, name) as ours, encrypting(prosody, name, store="tablet") as tablet:
            await befriend(ours, profanity, other)
            await ready(ours, tablet)
            profanity.type(f"/msg {ours.account}")
            await chat(ours, profanity, other)
            await tablet.until(lambda: "from ours 1" in tablet.bodies(other))
            copied = next(message for message in tablet.history(other) if message.body == "from ours 1")
            assert copied.encryption is Encryption.OMEMO
            await begin(second, prosody, other)
            second.type(f"/msg {ours.account}")
            await ours.until(partial(has_two, ours, other), "profanity's second device", timeout=30)
            await ours.say(other, "to both of yours")
            await second.until_screen("to both of yours", within=20)
            await profanity.until_screen("to both of yours", within=20)
            removed = own_device(tablet)
            await ours.do(RemoveDevice(ours.account, removed))
            await ours.until(lambda: not any(d.id == removed for d in ours.engine.devices(ours.account, ours.account)))


async def has_two(client: Client, owner: Address) -> bool:
    await client.engine.learn_devices(client.account, owner)
    return sum(bool(device.listed) for device in client.engine.devices(client.account, owner)) == 2


async def test_profanity_without_keys_is_written_to_in_clear_and_read(prosody: Prosody, tmp_path: Path) -> None:
    other, name = prosody.add_user(fresh_name()), fresh_name()
    with Profanity(tmp_path / "profanity") as profanity:
        await profanity.start(prosody.settings(other.local))
        async with encrypting(prosody, name) as ours:
            await befriend(ours, profanity, other)
            await ready(ours)
            profanity.type(f"/msg {ours.account} in clear")
            await ours.until(lambda: "in clear" in ours.bodies(other))
            await ours.say(other, "in clear too")
            await profanity.until_screen("in clear too", within=20)
            assert {message.encryption for message in ours.history(other)} == {Encryption.NONE}
