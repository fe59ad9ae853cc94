"""Kicking, banning, how long messages are kept, and comparing fingerprints by a link."""

import pytest

from tests.linear.sitting import sitting
from tests.ui.scene import HOME, KITCHEN, KITCHEN_KEY, MARA, MARA_KEY, Scene
from tests.waiting import until
from tui_xmpp.linear.governing import _somebody
from tui_xmpp.model.contact import Availability
from tui_xmpp.model.fingerprints import uri
from tui_xmpp.model.omemo import Trust
from tui_xmpp.model.room import Affiliation
from tui_xmpp.model.text import clean_line
from tui_xmpp.storage.writes import Writes
from tui_xmpp.ui.screens.powers import Power

SAME, OTHER = "ab" * 32, "cd" * 32


async def test_who_stands_higher_cannot_be_kicked_and_nobody_is_meant_by_no_name(scene: Scene) -> None:
    async with sitting(scene, open_at=KITCHEN) as session:
        await session.person.hears("You are in the room as Alice")
        assert await session.person.enter("/kick Mara") == ["You may not do that to Mara here."]
        assert await session.person.enter("/ban") == ["Whom? Write their nickname as /who says it, or their address."]


async def test_in_a_chat_of_two_nobody_is_kicked(scene: Scene) -> None:
    async with sitting(scene, open_at=MARA) as session:
        assert await session.person.enter("/kick Mara") == ["That works in rooms only."]


async def test_a_moderator_kicks_after_a_question_and_the_room_hears_the_reason(scene: Scene) -> None:
    people = [
        (name, Affiliation.OWNER if name == "Alice" else rank, state, words)
        for name, rank, state, words in scene.network.standing.rooms[KITCHEN]
    ]
    scene.network.standing.rooms = {KITCHEN: people}
    scene.network.standing.moderator = "Alice"
    async with sitting(scene, open_at=KITCHEN) as session:
        await until(lambda: len(scene.engine.occupants(KITCHEN_KEY)) == 5)
        found = _somebody(session.linear.talk, "Theo too loud", Power.KICK)
        assert found is not None
        assert (found[0].nick, found[1]) == ("Theo", "too loud")
        await session.person.enter("/kick Theo too loud", "no")
        assert not any("Done." in line for line in session.person.heard)
        await session.person.enter("/kick Theo too loud", "yes")
        await session.person.hears("Done.")


async def test_who_hides_behind_a_nickname_that_is_not_as_it_looks_is_found(scene: Scene) -> None:
    here = Availability.ONLINE
    stacked = "王小明 e" + "\u0316" * 40
    added = [(nick, Affiliation.NONE, here, "") for nick in ("Theo B", "Theo  B", stacked)]
    people = [("Alice", Affiliation.OWNER, here, ""), *added]
    scene.network.standing.rooms = {KITCHEN: people}
    scene.network.standing.moderator = "Alice"
    async with sitting(scene, open_at=KITCHEN) as session:
        await until(lambda: len(scene.engine.occupants(KITCHEN_KEY)) == len(people))
        found = _somebody(session.linear.talk, f"{clean_line(stacked)} too loud", Power.KICK)
        assert found is not None
        assert (found[0].nick, found[1]) == (stacked, "too loud")
        assert await session.person.enter("/kick Theo B") == [
            "There are 2 who look like Theo B. Write the address instead."
        ]
        assert await session.person.enter("/kick") == ["Whom? Write their nickname as /who says it, or their address."]


async def test_for_how_long_messages_are_kept_is_said_and_chosen(scene: Scene) -> None:
    async with sitting(scene, open_at=MARA) as session:
        assert await session.person.enter("/keep") == ["Messages are kept here: for ever, as the settings say."]
        for nonsense in ("0", "-3", "soon", "99999", "٣"):
            assert "Write a number of days" in (await session.person.enter(f"/keep {nonsense}"))[0]
        await session.person.enter("/keep 30", "no")
        assert scene.engine.retention(MARA_KEY) is None
        await session.person.enter("/keep 30", "yes")
        await session.person.hears("Kept: 1 month.")
        assert scene.engine.retention(MARA_KEY) == 30
        await session.person.enter("/keep ever")
        await until(lambda: scene.engine.retention(MARA_KEY) == 0)


@pytest.mark.parametrize(("told", "trust"), [(SAME, Trust.VERIFIED), (OTHER, Trust.DISTRUSTED)])
async def test_a_link_verifies_what_is_the_same_and_nothing_else(scene: Scene, told: str, trust: Trust) -> None:
    def learn(writes: Writes) -> None:
        writes.learn_device(HOME, MARA, 7, SAME, 0, Trust.UNDECIDED)

    await scene.store.write(learn)
    async with sitting(scene, open_at=MARA) as session:
        heard = await session.person.enter(f"/compare {uri(MARA, {7: told})}")
        assert ("the same" in heard[0]) is (trust is Trust.VERIFIED), heard
        assert scene.engine.devices(HOME, MARA)[0].trust is trust
        assert "Which link?" in (await session.person.enter("/compare https://a.example"))[0]
        stranger = MARA._replace(local="stranger")
        assert "does not read" in (await session.person.enter(f"/compare {uri(stranger, {7: told})}"))[0]
