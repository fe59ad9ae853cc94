"""Hostile nicknames and devices where one decides about people, in a real terminal, also line by line."""

from contextlib import AsyncExitStack
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from tests.cli.program import Program
from tests.journeys.hostile_party import NICKS, TEXTS
from tests.journeys.test_hostile_text import CONVERSATION, PEOPLE, Walk, be_friends, judged, start
from tests.journeys.test_linear import enter, hears, judged_lines, leaves
from tests.journeys.test_linear import start as start_linear
from tests.server.plain_client import PlainClient, signed_in
from tests.server.prosody import Prosody, fresh_name
from tests.server.terminal import Terminal
from tests.waiting import until
from tui_xmpp.model.address import Address
from tui_xmpp.model.text import clean_line

MUC = "http://jabber.org/protocol/muc"
DEVICES = "urn:xmpp:omemo:2:devices"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path / "home")


@pytest.fixture
def own(prosody: Prosody, program: Program) -> Address:
    """The account that the program is signed in to."""
    address = prosody.add_user(fresh_name("own"))
    program.set_up(prosody.settings(str(address.local)))
    return address


async def guest(stack: AsyncExitStack, prosody: Prosody) -> PlainClient:
    """Somebody else."""
    address = prosody.add_user(fresh_name("guest"))
    return await stack.enter_async_context(signed_in(str(address), port=prosody.port, ca_file=prosody.ca_file))


def come(other: PlainClient, room: str, turn: int) -> None:
    """Enter a room under a hostile nickname and begin to type."""
    occupant = quoteattr(f"{room}/Guest{turn} {NICKS[turn]}")
    other.send_raw(f"<presence to={occupant}><x xmlns='{MUC}'/></presence>")


def type_there(other: PlainClient, room: str) -> None:
    state = "<composing xmlns='http://jabber.org/protocol/chatstates'/>"
    other.send_raw(f"<message type='groupchat' to={quoteattr(room)}>{state}</message>")


async def types(walk: Walk, turn: int, *, gone: bool = False) -> None:
    """It is said in the conversation, not only beside it, that they are typing, or no longer."""

    def said() -> bool:
        lines = [line[CONVERSATION:PEOPLE] for line in walk.terminal.screen().splitlines()]
        return any(f"Guest{turn}" in line for line in lines)

    await until(lambda: said() is not gone, what="nobody types" if gone else "somebody types")


@pytest.mark.timeout(300)
async def test_no_nickname_is_more_than_text_where_one_decides_about_people(
    prosody: Prosody, program: Program, own: Address, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        other = await guest(stack, prosody)
        terminal = stack.enter_context(start(program, tmp_path / "terminal"))
        walk = Walk(terminal)
        await walk.shows(f"● {own}")
        for turn in range(len(NICKS)):
            room = str(prosody.room())
            await walk.press("F3", shows="Join a room")
            terminal.type(room)
            await walk.press("Enter", shows=f"Message {room}")
            await walk.shows("1 person")
            come(other, room, turn)
            await walk.shows("2 people")
            type_there(other, room)
            await types(walk, turn)
            await decide(walk, turn)
        await judged(walk, program)


async def decide(walk: Walk, turn: int) -> None:
    """Every question about the guest; all but the last are left, and they are out."""
    walk.terminal.press("F6", "End")
    await walk.press("Enter", shows="Kick out of the room")
    await walk.shows(f"Guest{turn}")
    for keys, words in (
        (("Down", "Enter"), "Add and ask"),
        (("Down", "Enter"), f"Kick Guest{turn}"),
        (("Down", "Down", "Enter"), f"Make Guest{turn}"),
        (("Down", "Enter"), f"Ban Guest{turn}"),
    ):
        await walk.press(*keys, shows=words)
        await walk.back(words)
    walk.terminal.press("Home")
    await walk.press("Down", "Down", "Enter", shows="if you want to give one")
    await walk.shows(f"Kick Guest{turn}")
    await walk.press("Enter", shows="1 person")
    await types(walk, turn, gone=True)


@pytest.mark.timeout(200)
async def test_no_label_of_a_device_is_more_than_text(
    prosody: Prosody, program: Program, own: Address, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        other = await labelled(stack, prosody, own)
        address = other.boundjid.bare
        terminal = stack.enter_context(start(program, tmp_path / "terminal"))
        walk = Walk(terminal)
        await walk.go_to(address)
        await walk.press("C-l", shows="Devices of")
        for turn in range(len(TEXTS)):
            await walk.shows(f"Label{turn}")
            walk.terminal.press("Down")
        walk.terminal.press("v", "t", "x", "r")
        await walk.back("Devices of")
        await judged(walk, program)


async def labelled(stack: AsyncExitStack, prosody: Prosody, own: Address) -> PlainClient:
    """A contact with devices that are called so."""
    other = await guest(stack, prosody)
    twin = await stack.enter_async_context(signed_in(str(own), port=prosody.port, ca_file=prosody.ca_file))
    await be_friends(other, twin)
    devices = "".join(
        f"<device id='{turn + 1}' label={quoteattr(f'Label{turn} {text[:200]}')}/>" for turn, text in enumerate(TEXTS)
    )
    item = f"<item id='current'><devices xmlns='urn:xmpp:omemo:2'>{devices}</devices></item>"
    publish = f"<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='{DEVICES}'>{item}</publish></pubsub>"
    other.send_raw(f"<iq type='set' id='devices'>{publish}</iq>")
    return other


async def out(terminal: Terminal, count: int) -> None:
    """So many have been thrown out."""
    await until(lambda: terminal.written.count(b"Done.") == count, what="they are out")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("term", ["dumb", "tmux-256color"])
async def test_line_by_line_neither_is(
    prosody: Prosody, program: Program, own: Address, tmp_path: Path, term: str
) -> None:
    async with AsyncExitStack() as stack:
        other = await labelled(stack, prosody, own)
        terminal = stack.enter_context(start_linear(program, tmp_path / "terminal", "--linear", term=term))
        await hears(terminal, f"{own}: connected.")
        enter(terminal, f"/go {other.boundjid.bare}")
        enter(terminal, "/devices")
        for turn in range(len(TEXTS)):
            await hears(terminal, f"Label{turn}")
        for turn, nick in enumerate(NICKS):
            room = str(prosody.room())
            enter(terminal, f"/join {room}")
            await hears(terminal, f"Room {room}")
            come(other, room, turn)
            other.send_raw(f"<message type='groupchat' to={quoteattr(room)}><body>Here{turn}</body></message>")
            await hears(terminal, f"Here{turn}")
            enter(terminal, "/who")
            await hears(terminal, f"Others: Guest{turn}")
            for command in ("ban", "kick"):
                enter(terminal, f"/{command} Guest{turn} {clean_line(nick)}")
                await hears(terminal, f"{command.title()} Guest{turn}")
                enter(terminal, "no" if command == "ban" else "yes")
            await out(terminal, turn + 1)
        await leaves(terminal, program)
        assert judged_lines(terminal.written, term) == []
