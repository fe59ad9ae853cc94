"""Sessions that break, and how both sides come to read each other again."""

import shutil
from pathlib import Path

import pytest

from tests.core.test_omemo import encrypting, last, own_device, ready, says
from tests.core.test_omemo_hostile import somebody
from tests.engines import Client, befriend
from tests.server.prosody import Prosody, fresh_name
from tui_xmpp.errors import Unavailable
from tui_xmpp.model.commands import Connect, Disconnect, ForgetDevice, RenameDevice, ResetSession, SetTrust
from tui_xmpp.model.events import ProblemRaised
from tui_xmpp.model.message import Encryption
from tui_xmpp.model.omemo import OmemoVersion, Trust

pytestmark = pytest.mark.timeout(150)


def session(client: Client, other: Client) -> str | None:
    """The present session with the other's device, as it is stored."""
    name = f"/{OmemoVersion.TWO}/{other.account}/{own_device(other)}/double_ratchet"
    return client.store.seals.key(client.account, name)


async def test_a_used_pre_key_is_replaced_on_the_server(prosody: Prosody) -> None:
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await befriend(alice, bob)
        await ready(alice, bob)

        async def offered(version: OmemoVersion) -> frozenset[tuple[int, bytes]]:
            connection = bob.engine._of(bob.account).context.connection
            assert connection is not None
            bundle = await connection.bundle(alice.account, own_device(alice), version)
            return frozenset(() if bundle is None else bundle.pre_keys)

        async def is_new() -> bool:
            return not used[0] & await offered(OmemoVersion.TWO) and len(await offered(OmemoVersion.TWO)) >= 80

        before = await offered(OmemoVersion.TWO)
        assert len(before) == 100
        await says(bob, alice, "hello")
        place = f"/{OmemoVersion.TWO}/{bob.account}/{own_device(bob)}/key_exchange/pre_key_id"
        spent = alice.store.seals.key(alice.account, place)
        used = [frozenset(key for key in before if key[0] == int(spent or 0))]
        assert len(used[0]) == 1
        await bob.until(is_new, "the bundle is published anew")


async def test_a_device_without_keys_is_left_out_and_said_once_while_the_others_read(prosody: Prosody) -> None:
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await befriend(alice, bob)
        await ready(alice, bob)
        async with somebody(prosody, bob.account) as second:
            for version in OmemoVersion:
                await second.party.connection.retract_bundle(second.keys.keys.device, version)
            for body in ("one", "two"):
                assert (await says(alice, bob, body)).encryption is Encryption.OMEMO
        told = [event for event in alice.told(ProblemRaised) if event.title == "Some devices were left out"]
        assert [event.text for event in told] == [f"{bob.account} cannot read this on every device."]


async def test_a_forgotten_device_comes_back_as_a_new_one_in_a_new_session(prosody: Prosody) -> None:
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await befriend(alice, bob)
        await ready(alice, bob)
        await says(alice, bob, "one")
        before = session(alice, bob)
        await alice.do(SetTrust(alice.account, bob.account, own_device(bob), Trust.DISTRUSTED))
        await alice.do(ForgetDevice(alice.account, bob.account, own_device(bob)))
        assert alice.engine.devices(alice.account, bob.account) == ()
        assert session(alice, bob) is None
        await alice.engine.learn_devices(alice.account, bob.account)
        (device,) = alice.engine.devices(alice.account, bob.account)
        assert (device.id, device.trust) == (own_device(bob), Trust.TRUSTED)
        assert (await says(alice, bob, "two")).encryption is Encryption.OMEMO
        assert session(alice, bob) not in {None, before}
        assert (await says(bob, alice, "three")).encryption is Encryption.OMEMO


async def test_a_device_is_renamed_for_everybody_and_not_without_a_line(prosody: Prosody) -> None:
    async with encrypting(prosody) as alice, encrypting(prosody) as bob:
        await befriend(alice, bob)
        await ready(alice, bob)
        await alice.do(RenameDevice(alice.account, "the big screen"))
        await bob.until(lambda: [d.label for d in bob.engine.devices(bob.account, alice.account)] == ["the big screen"])
        await alice.do(Disconnect(alice.account))
        with pytest.raises(Unavailable):
            await alice.do(RenameDevice(alice.account, "another"))
        await alice.do(Connect(alice.account))
        await ready(alice)
        assert [d.label for d in alice.engine.devices(alice.account, alice.account)] == ["the big screen"]


@pytest.mark.parametrize("resets", ["who cannot read", "who is not read"])
async def test_after_a_reset_both_sides_read_again_though_one_has_gone_back_to_an_old_backup(
    prosody: Prosody, tmp_path: Path, resets: str
) -> None:
    names = fresh_name(), fresh_name()
    stores = tmp_path / "stores"
    async with encrypting(prosody, names[0]) as alice:
        async with encrypting(prosody, names[1], stores) as bob:
            await befriend(alice, bob)
            await ready(alice, bob)
            await says(alice, bob, "one")
            await says(bob, alice, "two")
        backup = shutil.copytree(stores, tmp_path / "backup")
        async with encrypting(prosody, names[1], stores) as bob:
            await ready(bob)
            for number in range(3):
                await says(alice, bob, f"to bob {number}")
                await says(bob, alice, f"to alice {number}")
        async with encrypting(prosody, names[1], backup) as bob:
            await ready(bob)
            await alice.say(bob.account, "nobody reads this")
            await bob.until(lambda: last(bob, alice.account).encryption is Encryption.UNREADABLE)
            assert "\n" not in last(bob, alice.account).body
            await bob.say(alice.account, "nor this")
            await alice.until(
                lambda: last(alice, bob.account).encryption is Encryption.UNREADABLE, f"{alice.bodies(bob.account)}"
            )
            before = session(bob, alice), session(alice, bob)
            if resets == "who cannot read":
                await bob.do(ResetSession(bob.account, alice.account, own_device(alice)))
            else:
                await alice.do(ResetSession(alice.account, bob.account, own_device(bob)))
            await alice.until(lambda: session(alice, bob) != before[1], "the new session is begun")
            await bob.until(lambda: session(bob, alice) != before[0], "and has arrived")
            await says(bob, alice, "and now?")
            await says(alice, bob, "I can read you")
            await says(bob, alice, "and I you")
            assert last(alice, bob.account).encryption is last(bob, alice.account).encryption is Encryption.OMEMO
