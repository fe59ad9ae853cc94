"""What is done with encrypted messages, by whom, in which order, and in which version (SECURITY 13, 14, 32)."""

from dataclasses import replace

import pytest

from tests.core.test_omemo import last
from tests.core.test_omemo_hostile import Other, reads, somebody, two
from tests.engines import Client
from tests.server.prosody import Prosody
from tui_xmpp.model.message import Encryption, is_exposed
from tui_xmpp.model.message_parts import Reactions, ReplyTo
from tui_xmpp.model.omemo import OmemoVersion
from tui_xmpp.model.stanzas import MessageType, Outgoing

pytestmark = pytest.mark.timeout(120)
LEGACY, TWO = OmemoVersion.LEGACY, OmemoVersion.TWO


def text(client: Client, name: str, body: str, *, replaces: str = "", retracts: str = "") -> Outgoing:
    return Outgoing(client.account, MessageType.CHAT, name, body, origin_id=name, replaces=replaces, retracts=retracts)


async def sends(sender: Other, client: Client, outgoing: Outgoing, version: OmemoVersion | None) -> None:
    """Send it encrypted; None: in clear."""
    envelopes = () if version is None else await sender.seal(client, outgoing, version)
    sender.party.connection.send(replace(outgoing, envelopes=envelopes))


@pytest.mark.parametrize("version", OmemoVersion)
async def test_a_plain_correction_that_comes_first_stands_beside_what_was_encrypted(
    prosody: Prosody, version: OmemoVersion
) -> None:
    async with two(prosody) as (alice, bob):
        await sends(bob, alice, text(alice, "m0", "before"), version)
        await reads(alice, bob.address, "before")
        await sends(bob, alice, text(alice, "c1", "forged", replaces="m1"), None)
        await sends(bob, alice, text(alice, "m1", "true"), version)
        await reads(alice, bob.address, "true")
        await reads(alice, bob.address, "forged")
        forged, true = (next(m for m in alice.history(bob.address) if m.body == body) for body in ("forged", "true"))
        assert is_exposed(forged)
        assert (true.encryption, true.edited) == (Encryption.OMEMO, False)
        await sends(bob, alice, text(alice, "c2", "corrected", replaces="m1"), version)
        await reads(alice, bob.address, "corrected")
        assert sorted(alice.bodies(bob.address)) == ["before", "corrected", "forged"]


@pytest.mark.parametrize("version", OmemoVersion)
async def test_a_correction_by_another_device_that_comes_first_stands_beside_it(
    prosody: Prosody, version: OmemoVersion
) -> None:
    async with two(prosody) as (alice, bob), somebody(prosody, bob.address) as second:
        await sends(second, alice, text(alice, "c1", "from the second device", replaces="m1"), version)
        await sends(second, alice, text(alice, "m0", "it came"), version)
        await reads(alice, bob.address, "it came")
        assert alice.bodies(bob.address) == ["it came"], "it may still be a correction"
        await sends(bob, alice, text(alice, "m1", "true"), version)
        await reads(alice, bob.address, "from the second device")
        assert sorted(alice.bodies(bob.address)) == ["from the second device", "it came", "true"]


@pytest.mark.parametrize("version", OmemoVersion)
async def test_a_true_correction_that_comes_first_is_one(prosody: Prosody, version: OmemoVersion) -> None:
    async with two(prosody) as (alice, bob):
        await sends(bob, alice, text(alice, "c1", "corrected", replaces="m1"), version)
        await sends(bob, alice, text(alice, "m1", "first"), version)
        await reads(alice, bob.address, "corrected")
        assert alice.bodies(bob.address) == ["corrected"]
        assert last(alice, bob.address).edited


@pytest.mark.parametrize("version", OmemoVersion)
@pytest.mark.parametrize("early", [True, False])
async def test_a_plain_retraction_takes_back_nothing_that_was_encrypted(
    prosody: Prosody, version: OmemoVersion, early: bool
) -> None:
    async with two(prosody) as (alice, bob):
        forged = text(alice, "r1", "", retracts="m1")
        if early:
            await sends(bob, alice, forged, None)
        await sends(bob, alice, text(alice, "m1", "true"), version)
        await reads(alice, bob.address, "true")
        if not early:
            await sends(bob, alice, forged, None)
        await sends(bob, alice, text(alice, "m2", "the end"), version)
        await reads(alice, bob.address, "the end")
        assert [m.body for m in alice.history(bob.address) if m.tombstone is None] == ["true", "the end"]


@pytest.mark.parametrize("version", OmemoVersion)
async def test_a_retraction_is_taken_from_inside_only(prosody: Prosody, version: OmemoVersion) -> None:
    """SECURITY 32: beside a text of the old version it is the server's word."""
    async with two(prosody) as (alice, bob):
        await sends(bob, alice, text(alice, "m1", "true"), version)
        await reads(alice, bob.address, "true")
        await sends(bob, alice, text(alice, "r1", "took it back", retracts="m1"), version)
        await sends(bob, alice, text(alice, "m2", "the end"), version)
        await reads(alice, bob.address, "the end")
        first, *others = alice.history(bob.address)
        if version is TWO:
            assert first.tombstone is not None
            assert [m.body for m in others] == ["the end"]
        else:
            assert (first.body, first.tombstone) == ("true", None)
            assert [m.body for m in others] == ["took it back", "the end"], "nothing is hidden"


@pytest.mark.parametrize("version", OmemoVersion)
async def test_reactions_and_answers_are_understood(prosody: Prosody, version: OmemoVersion) -> None:
    async with two(prosody) as (alice, bob):
        await sends(bob, alice, text(alice, "m1", "bread?"), version)
        answer = replace(text(alice, "m2", "yes"), reply_to=ReplyTo("m1", bob.address))
        await sends(bob, alice, answer, version)
        await reads(alice, bob.address, "yes")
        first, second = alice.history(bob.address)
        assert second.reply is not None
        assert second.reply.message_id == first.id
        # In the old version nothing beside the text can be sent encrypted, so that only its emoji stands there.
        await sends(bob, alice, replace(text(alice, "m3", "🥖"), reactions=Reactions("m1", ("🥖",))), version)
        await alice.until(lambda: alice.history(bob.address)[0].reactions or len(alice.history(bob.address)) == 3)
        if version is TWO:
            assert [each.emoji for each in alice.history(bob.address)[0].reactions] == ["🥖"]
        else:
            assert last(alice, bob.address).body == "🥖"
