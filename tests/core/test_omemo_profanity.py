"""Encrypted with profanity, whose OMEMO others wrote (libomemo-c, the old version)."""

from functools import partial
from pathlib import Path

import pytest

from tests.core.test_omemo import encrypting, kept_by, keys_in, last, own_device, ready
from tests.engines import Client
from tests.server.profanity import Profanity, is_installed
from tests.server.prosody import Prosody, fresh_name
from tests.waiting import until
from tests.xmpp.party import Party
from tui_xmpp.model.address import Address
from tui_xmpp.model.commands import AddContact, RemoveDevice
from tui_xmpp.model.contact import Subscription
from tui_xmpp.model.message import Encryption, is_exposed
from tui_xmpp.model.omemo import OmemoVersion
from tui_xmpp.model.sending import SendFile

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

    def both() -> bool:
        contact = client.engine.contact(client.account, other)
        return contact is not None and contact.subscription is Subscription.BOTH

    # What profanity writes before it has heard of our devices, which it is told of then, it throws away.
    await client.until(both)


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


async def start_omemo(profanity: Profanity) -> None:
    """Encrypt in the chat or room that is open; profanity refuses until it has learned what kind of room it is."""

    def is_on() -> bool:
        if "[OMEMO]" in profanity.screen():
            return True
        profanity.type("/omemo start")
        return False

    await until(is_on, timeout=20, poll=0.5, what=f"profanity encrypts: {profanity.screen()}")


async def reads(client: Client, peer: Address, *bodies: str) -> None:
    """Wait until a client has these messages, and all of them were encrypted."""
    await client.until(lambda: set(bodies) <= set(client.bodies(peer)), f"{client.bodies(peer)}", timeout=30)
    found = {message.body: message.encryption for message in client.history(peer)}
    assert {found[body] for body in bodies} == {Encryption.OMEMO}


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
        assert "from ours" not in kept_by(prosody, ours.account, other)


async def test_profanity_begins(prosody: Prosody, tmp_path: Path) -> None:
    other = await make_account(prosody)
    with Profanity(tmp_path / "profanity") as profanity:
        await begin(profanity, prosody, other)
        async with encrypting(prosody) as ours:
            await befriend(ours, profanity, other)
            await ready(ours)
            profanity.type(f"/msg {ours.account}")
            await start_omemo(profanity)
            profanity.type("theirs first")
            await reads(ours, other, "theirs first")
            await chat(ours, profanity, other)


async def test_a_second_device_on_each_side_reads_and_one_that_was_removed_does_not(
    prosody: Prosody, tmp_path: Path
) -> None:
    other, name = await make_account(prosody), fresh_name()
    with Profanity(tmp_path / "one") as profanity, Profanity(tmp_path / "two") as second:
        await begin(profanity, prosody, other)
        async with encrypting(prosody, name) as ours:
            async with encrypting(prosody, name, tmp_path, store="tablet") as tablet:
                await befriend(ours, profanity, other)
                await ready(ours, tablet)
                profanity.type(f"/msg {ours.account}")
                await start_omemo(profanity)
                await chat(ours, profanity, other)
                await reads(tablet, other, "from ours 1", "from theirs 1")
                await begin(second, prosody, other)
                second.type(f"/msg {ours.account}")
                await ours.until(partial(has_listed, ours, other, 2), "profanity's second device", timeout=30)
                await ours.say(other, "to both of yours")
                await second.until_screen("to both of yours", within=20)
                await profanity.until_screen("to both of yours", within=20)
                await start_omemo(second)
                second.type("from their second device")
                await reads(ours, other, "from their second device")
                await reads(tablet, other, "to both of yours", "from their second device")
                removed, phone = own_device(tablet), own_device(ours)
            first, *_ = keys_in(prosody, other)
            assert {removed, phone} & first == {removed}, "our second device, and not this one, is written to"
            await ours.do(RemoveDevice(ours.account, removed))
            await ours.until(partial(has_listed, ours, ours.account, 1), "ours is removed")
            await chat(ours, profanity, other, 2)
            ours_last, theirs_last = keys_in(prosody, other)[-2:]
            assert removed not in ours_last | theirs_last
            assert phone in theirs_last
            # Theirs is taken off as another client of theirs would do it: profanity itself has no way to.
            second.stop()
            theirs = {device.id for device in ours.engine.devices(ours.account, other) if device.listed}
            (stays,) = theirs - (gone := await take_off_last(prosody, other))
            await ours.until(partial(has_listed, ours, other, 1), "theirs is removed")
            await chat(ours, profanity, other, 3)
            assert keys_in(prosody, other)[-2] == {stays}
            assert not gone & keys_in(prosody, other)[-1]
            await removed_reads_nothing(prosody, tmp_path, ours, other)


async def take_off_last(prosody: Prosody, account: Address) -> set[int]:
    """Take the device that came last off an account's list, and return it."""
    async with Party.at(prosody, account) as party:
        *others, last_one = await party.connection.devices(account, OmemoVersion.LEGACY)
        await party.connection.publish_devices(OmemoVersion.LEGACY, tuple(others), {})
        return {last_one.id}


async def removed_reads_nothing(prosody: Prosody, directory: Path, ours: Client, other: Address) -> None:
    """What was said since it was removed stays closed to our second device when it comes back."""
    async with encrypting(prosody, ours.account.local, directory, store="tablet") as tablet:
        await tablet.until(lambda: last(tablet, other).encryption is Encryption.UNREADABLE)
        assert "this device" in last(tablet, other).body
        assert not {"from ours 2", "from theirs 2", "from ours 3", "from theirs 3"} & set(tablet.bodies(other))


async def has_listed(client: Client, owner: Address, count: int) -> bool:
    if owner != client.account:
        await client.engine.learn_devices(client.account, owner)
    return sum(bool(device.listed) for device in client.engine.devices(client.account, owner)) == count


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


async def test_what_profanity_writes_in_clear_in_an_encrypted_chat_is_marked_and_answered_encrypted(
    prosody: Prosody, tmp_path: Path
) -> None:
    """SECURITY 29."""
    other = await make_account(prosody)
    with Profanity(tmp_path / "profanity") as profanity:
        await begin(profanity, prosody, other)
        async with encrypting(prosody) as ours:
            await befriend(ours, profanity, other)
            await ready(ours)
            profanity.type(f"/msg {ours.account}")
            await chat(ours, profanity, other)
            profanity.type("/omemo end")
            await until(lambda: "[OMEMO]" not in profanity.screen(), what="profanity writes in clear")
            profanity.type("in clear")
            await ours.until(lambda: "in clear" in ours.bodies(other))
            assert is_exposed(last(ours, other))
            await ours.say(other, "not from ours")
            await profanity.until_screen("not from ours")
            assert last(ours, other).encryption is Encryption.OMEMO
            assert not any("not from ours" in stanza for stanza in prosody.archived(ours.account))


async def test_a_file_of_ours_comes_to_it_as_a_link_with_the_key(prosody: Prosody, tmp_path: Path) -> None:
    other = await make_account(prosody)
    film = tmp_path / "film.bin"
    film.write_bytes(b"f" * 5000)
    with Profanity(tmp_path / "profanity") as profanity:
        await begin(profanity, prosody, other)
        async with encrypting(prosody, fresh_name(), tmp_path) as ours:
            await befriend(ours, profanity, other)
            await ready(ours)
            profanity.type(f"/msg {ours.account}")
            await chat(ours, profanity, other)
            await ours.do(SendFile(ours.key(other), str(film), encrypted=True))
            await ours.until(lambda: last(ours, other).body.startswith("aesgcm://"), timeout=30)
            key = last(ours, other).body.partition("#")[2]
            assert len(key) == 88
            await until(
                lambda: key in profanity.screen().replace("\n", "").replace(" ", ""),
                timeout=20,
                what=f"the link with its key: {profanity.screen()}",
            )
