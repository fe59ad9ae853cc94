"""Hostile text on every screen, through a real server, into a real terminal; each byte that comes out is judged."""

import re
from contextlib import AsyncExitStack
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from tests.cli.program import Program
from tests.journeys.hostile_party import LONG, MARKUP, TEXTS, Party
from tests.server.authority import TestAuthority
from tests.server.fixtures import ProsodyFactory
from tests.server.hostile import SASL, HostileServer, Peer, mechanisms
from tests.server.plain_client import PlainClient, signed_in
from tests.server.prosody import Prosody, fresh_name
from tests.server.terminal import Terminal
from tests.server.written import strange
from tests.waiting import until
from tui_xmpp.demo.prosody_config import quoted
from tui_xmpp.model.at_rest import KeyPlace

COLUMNS, ROWS = 160, 50
CONVERSATION, PEOPLE = 35, 130
"""Columns where the panes begin."""
BROAD = 480
"""Columns at which the longest name leaves room in the title."""

PASTED = "\x1b[200~pa\x9d52;c;AAAA\x9c\x07\x9b2J\u202e\u200bsted\x1b[201~"


class Walk:
    """The program on the screen, and a way through it."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    async def press(self, *keys: str, shows: str) -> None:
        """Press keys and wait for what then is on the screen."""
        self.terminal.press(*keys)
        await self.shows(shows)

    async def shows(self, text: str) -> None:
        await self.terminal.until_screen(text, within=15)

    async def back(self, gone: str) -> None:
        """Close a dialog by Escape."""
        self.terminal.press("Escape")
        try:
            await until(lambda: gone not in self.terminal.screen(), what=f"{gone!r} is gone")
        except AssertionError as error:
            raise AssertionError(f"{error}; it shows:\n{self.terminal.screen()}") from None

    async def go_to(self, name: str) -> None:
        """Open a chat by the start of its name."""
        await self.press("C-k", shows="Go to")
        self.terminal.type(name)
        await until(lambda: len(re.findall(name, self.terminal.screen())) > 1, what=f"{name} is found")
        self.terminal.press("Enter")
        await until(lambda: "Go to" not in self.terminal.screen(), what="the dialog is gone")

    async def action(self, name: str, shows: str) -> None:
        """Find an action by name and do it."""
        await self.press("C-p", shows="What do you want to do?")
        self.terminal.type(name)
        await self.press("Enter", shows=shows)

    async def title_has(self, *words: str) -> None:
        """Wait for words in the conversation's title, on a terminal where it has room for all of them."""

        def title() -> str:
            return self.terminal.screen().splitlines()[1]

        self.terminal.resize(BROAD, ROWS)
        await until(lambda: all(word in title() for word in words), what=f"the title has {words}")
        self.terminal.resize(COLUMNS, ROWS)
        # What tmux cuts off comes back when the program has drawn it anew.
        await until(lambda: len(title()) <= COLUMNS and words[-1] in title(), what="the usual size")

    def click_on(self, text: str) -> int:
        """Click wherever this text stands in the conversation, and return how often it does."""
        places = [
            (found.start(), row)
            for row, line in enumerate(self.terminal.screen().splitlines())
            for found in re.finditer(re.escape(text), line)
            if CONVERSATION <= found.start() < PEOPLE
        ]
        for column, row in places:
            self.terminal.click(column, row)
        return len(places)


def start(program: Program, directory: Path, columns: int = 160, rows: int = 50) -> Terminal:
    environment = program.environment | {
        "TERM": "tmux-256color",
        "COLORTERM": "truecolor",
        "TERM_PROGRAM": "WezTerm",  # so that notifications are written too
    }
    return Terminal(program.command(), environment, directory, columns=columns, rows=rows, record=True)


async def be_friends(friend: PlainClient, twin: PlainClient) -> None:
    """Both see each other's presence."""
    for one, other in ((twin, friend), (friend, twin)):
        one.send_presence_subscription(other.boundjid.bare, ptype="subscribe")
        await other.presence(lambda presence: presence["type"] == "subscribe")
        other.send_presence_subscription(one.boundjid.bare, ptype="subscribed")
        await one.presence(lambda presence: presence["type"] == "subscribed")


async def judged(walk: Walk, program: Program) -> None:
    """Quit; nothing strange has been written, and nothing has failed."""
    walk.terminal.press("C-q")
    await until(lambda: walk.terminal.exit_status is not None, what="the program has ended")
    assert walk.terminal.exit_status == 0
    assert strange(walk.terminal.written) == []
    assert "Traceback" not in program.log


@pytest.mark.timeout(400)
async def test_no_text_of_others_is_more_than_text_on_any_screen(
    prosody: Prosody, program: Program, tmp_path: Path
) -> None:
    own, other = prosody.add_user(fresh_name("own")), prosody.add_user(fresh_name("other"))
    assert own.local is not None
    program.set_up(prosody.settings(own.local))
    async with AsyncExitStack() as stack:

        async def client(address: str) -> PlainClient:
            online = signed_in(address, port=prosody.port, ca_file=prosody.ca_file)
            return await stack.enter_async_context(online)

        friend, twin = await client(f"{other}/[@click=app.quit]x[/]"), await client(str(own))
        await be_friends(friend, twin)
        party = Party(prosody, str(own), friend, twin)
        terminal = stack.enter_context(start(program, tmp_path / "terminal"))
        walk = Walk(terminal)
        await walk.shows(f"● {own}")
        for turn in range(len(TEXTS)):
            await party.play(turn, await client(str(prosody.add_user(fresh_name("stranger")))))
            await walk_through(walk, party, turn)
        await judged(walk, program)


async def walk_through(walk: Walk, party: Party, turn: int) -> None:
    """Every screen that shows what others wrote, for one of the texts."""
    await walk.shows(f"Group{turn}")
    await look_at_requests(walk, turn)
    await chat(walk, party, turn)
    await talk_in_room(walk, party, turn)


async def look_at_requests(walk: Walk, turn: int) -> None:
    """The list, and each of the three in full; they are answered, so that the next ones are on top."""
    words = ("Please", "Come", "Direct")
    await walk.press("C-r", shows="Requests")
    for word in words:
        await walk.shows(f"{word}{turn}")
    read = ""
    for _ in words:
        await walk.press("Enter", shows="Back")
        read += walk.terminal.screen()
        await walk.back("Back")
        walk.terminal.press("Down")
    assert [word for word in words if f"{word}{turn}" not in read] == []
    walk.terminal.press("Home", "x", "x", "x")
    await until(lambda: f"Direct{turn}" not in walk.terminal.screen(), what="all are answered")


async def chat(walk: Walk, party: Party, turn: int) -> None:
    """A conversation with the contact, an answer that is an error, and the contact's page."""
    await walk.go_to(f"Name{turn}")
    await walk.shows(f"Body{turn}")
    if turn != LONG:
        await walk.shows(f"Status{turn}")
    walk.terminal.type(PASTED)
    await walk.shows("pa52;c;AAAA2Jsted")
    walk.terminal.press("C-u")
    walk.terminal.type(f"Refuse {turn}")
    walk.terminal.press("Enter")
    await party.refuse(turn)
    await walk.shows(f"Error{turn}")
    await walk.press("Up", shows="retry")
    walk.terminal.press("Up", "Up")
    await walk.press("i", shows="Travelled")
    await walk.press("x", shows="As it travelled:")
    walk.terminal.press("End")
    await walk.back("Esc Close")
    await walk.press("a", shows="Copy with names")
    await walk.back("Copy with names")
    await walk.press("Escape", shows="select message")
    await look_closer(walk, turn)
    assert walk.click_on("[@click=") or turn != MARKUP
    await walk.press("F1", shows="Help")
    await walk.back("Help")
    await walk.action("edit contact", "Remove")
    await walk.shows(f"Group{turn}")
    await walk.back("Remove")
    await walk.press("F9", shows="Accounts")
    await walk.back("Accounts")


async def look_closer(walk: Walk, turn: int) -> None:
    """What was found, the devices, and what is asked about the open chat."""
    await walk.press("C-f", shows="Find in all chats")
    walk.terminal.type(f"Body{turn}")
    if turn != LONG:  # of a long word the line that shows it has only a part
        await until(lambda: len(re.findall(f"Body{turn}", walk.terminal.screen())) > 1, what=f"Body{turn} is found")
    await walk.back("Find in all chats")
    await walk.press("C-l", shows="Devices of")
    await walk.back("Devices of")
    await walk.action("notifications", "What do you want to be told of")
    await walk.back("What do you want to be told of")
    for action, words in (
        ("delete history", "Esc Keep"),
        ("keep messages", "Keep messages for how long?"),
        ("encryption…", "Encrypt messages of this chat?"),
    ):
        await walk.action(action, words)
        await walk.back(words)
    await do_with_messages(walk, turn)


async def do_with_messages(walk: Walk, turn: int) -> None:
    """What is done with a message that they wrote: an answer, an emoji, a quote, a report."""
    await walk.press("Up", shows="Esc back")
    walk.terminal.press("Up", "Up")
    await walk.press("+", shows="Tab and one more")
    await walk.back("Tab and one more")
    await walk.press("!", shows="block")
    await walk.back("Esc Cancel")
    await walk.press("r", shows="Replying to")
    await walk.back("Replying to")
    await walk.press("Up", shows="Esc back")
    walk.terminal.press("Up", "Up")
    await walk.press("q", shows="> ")
    await walk.press("C-z", shows=f"Message Name{turn}")


async def talk_in_room(walk: Walk, party: Party, turn: int) -> None:
    """A room with its people, its dialogs, and being thrown out of it."""
    await walk.press("C-k", shows=f"Off{turn}")
    await walk.back("Go to")
    await walk.go_to(f"Kept{turn}")
    for words in (f"Talk{turn}", f"Nick{turn}", "2 people"):
        await walk.shows(words)
    await walk.title_has(f"# Kept{turn}", f"Subject{turn}", "not encrypted", "2 people")
    assert walk.click_on("[@click=") or turn != MARKUP
    await browse(walk, turn)
    await walk.action("change subject", f"Subject{turn}")
    await walk.back("Cancel")
    await walk.action("invite", "Invite to")
    await walk.back("Invite to")
    walk.terminal.press("F6", "Home")
    await walk.press("Enter", shows="Write a private message")
    await walk.press("Enter", shows="@ Nick")
    party.whisper(turn)
    await walk.shows(f"Whisper{turn}")
    await walk.go_to(f"Kept{turn}")
    party.kick(turn)
    await walk.shows(f"Kicked{turn}")
    await walk.press("F5", shows="Esc Cancel")
    await walk.back("Esc Cancel")
    await walk.action("close chat", "Esc Keep")
    await walk.press("Enter", shows="chat")


async def browse(walk: Walk, turn: int) -> None:
    """The rooms of the server, by their names."""
    await walk.press("F3", shows="Join a room")
    await walk.press("F2", shows="Rooms of")
    walk.terminal.type(f"Room{turn}")
    await until(lambda: len(re.findall(f"Room{turn}", walk.terminal.screen())) > 1, what=f"Room{turn} is found")
    await walk.back("Rooms of")
    await walk.back("Join a room")


async def test_a_registration_form_is_only_a_form(
    prosody_factory: ProsodyFactory, program: Program, tmp_path: Path
) -> None:
    fields = ", ".join(
        f"{{ name = 'field{turn}'; type = 'text-single'; label = {quoted(f'Label{turn} {text[:400]}')} }}"
        for turn, text in enumerate(TEXTS)
    )
    title, instructions = quoted(f"Title {TEXTS[0]}"), quoted(f"Instructions {TEXTS[MARKUP]}")
    server = prosody_factory(
        settings=f"registration_title = {title}\nregistration_instructions = {instructions}\n"
        f"additional_registration_fields = {{ {fields} }}"
    )
    program.keep_store(KeyPlace.NONE)
    with start(program, tmp_path / "terminal") as terminal:
        walk = Walk(terminal)
        await walk.shows("Welcome to tui-xmpp")
        await walk.press("Down", "Enter", shows="Register a new account")
        await type_server(walk, server)
        for words in ("Title", "Instructions", *(f"Label{turn}" for turn in range(len(TEXTS)))):
            await walk.shows(words)
        terminal.press(*["Tab"] * 10)
        await judged(walk, program)


async def type_server(walk: Walk, server: Prosody) -> None:
    """Fill in the page that asks where to register."""
    terminal = walk.terminal
    terminal.type(server.domain)
    await walk.press("Tab", "Enter", shows="Authority")
    terminal.press("Tab")
    terminal.type(server.host)
    terminal.press("Tab")
    terminal.type(str(server.port))
    terminal.press("Tab", "Tab")
    terminal.type(str(server.ca_file))
    terminal.press("Enter")


@pytest.mark.parametrize("turn", range(len(TEXTS)))
async def test_what_a_server_says_of_an_error_is_only_text(
    authority: TestAuthority, program: Program, tmp_path: Path, turn: int
) -> None:
    async def script(peer: Peer) -> None:
        await peer.encrypt()
        await peer.greet(mechanisms("SCRAM-SHA-256"))
        await peer.challenge()
        await peer.expect("<response[^>]*>[^<]*</response>")
        peer.send(f"<failure xmlns='{SASL}'><not-authorized/><text>{escape('Words ' + TEXTS[turn])}</text></failure>")

    async with HostileServer(authority, script) as server:
        program.set_up(server.settings())
        ended = await program.run("send", "bob@chat.test", "hello")
        assert ended.code == 4
        assert "Words" in ended.errors
        assert strange(ended.errors.encode()) == []
        with start(program, tmp_path / "terminal") as terminal:
            walk = Walk(terminal)
            await walk.shows("Words")
            await walk.back("Esc Cancel")
            await walk.press("F9", shows="Accounts")
            await judged(walk, program)
