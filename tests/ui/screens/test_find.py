"""The dialog that finds messages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.engines import Client
from tests.ui.screens.host import Host
from tests.ui.screens.hostile import FORBIDDEN, HOSTILE
from tests.ui.screens.profiles import HOME, START, WORK, chat, contact, offline
from tests.waiting import until
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.message import Direction, Message
from tui_xmpp.model.text import clean
from tui_xmpp.storage.values import NewMessage
from tui_xmpp.storage.writes import Writes
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.screens.fields import Line
from tui_xmpp.ui.screens.find import HOW, PAGE, Find
from tui_xmpp.ui.screens.rows import Rows
from tui_xmpp.ui.sought import Sought

MARA = ChatKey(HOME, Address.parse("mara@home.example"))
KITCHEN = ChatKey(HOME, Address.parse("kitchen@rooms.home.example"))
NOW = datetime.fromtimestamp(START / 1_000_000, UTC)


def say(writes: Writes, key: ChatKey, body: str, number: int) -> None:
    """Somebody says something, one second after another."""
    is_room = key == KITCHEN
    sender = key.peer.with_resource("Juno") if is_room else key.peer
    kind = ChatKind.ROOM if is_room else ChatKind.CONTACT
    time = START + number * 1_000_000
    writes.add_message(
        NewMessage(key, kind, Direction.IN, sender, body, time, nick=sender.resource, stanza_id=f"s{number}")
    )


def _talk(writes: Writes) -> None:
    contact(writes, "mara@home.example", "Mara")
    chat(writes, "mara@home.example", 0)
    chat(writes, "kitchen@rooms.home.example", 0, kind=ChatKind.ROOM)
    say(writes, MARA, "I bring bread", 10)
    say(writes, KITCHEN, "who brings bread?", 20)
    say(writes, KITCHEN, "nobody", 30)


class Finding:
    """The dialog, open."""

    def __init__(self, app: Host[Message | None], pilot: Pilot[None], dialog: Find) -> None:
        self.app = app
        self.pilot = pilot
        self.dialog = dialog

    @property
    def rows(self) -> Rows:
        return self.dialog.query_one(Rows)

    @property
    def found(self) -> list[str]:
        """The excerpts, from the top."""
        return [row.excerpt.text for row in self.rows.rows if row.excerpt is not None]

    async def type(self, text: str) -> None:
        """Have this in the line, and wait until it was looked for."""
        self.dialog.query_one(Line).value = text
        await self.pilot.pause()
        await until(lambda: self.dialog._due is None, what="it was looked for")
        await self.pilot.pause()


@asynccontextmanager
async def finding(
    client: Client, key: ChatKey | None = None, sought: Sought | None = None, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Finding]:
    dialog = Find(client.engine, Clock(lambda: NOW, UTC), key, sought)
    app: Host[Message | None] = Host(lambda: dialog)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Finding(app, pilot, dialog)


async def test_an_empty_line_says_how_to_look(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, fill=_talk) as client, finding(client) as shown:
        assert " ".join(HOW.split())[:60] in shown.app.text
        assert shown.found == []


async def test_hits_come_while_one_types_newest_first_with_chat_speaker_time_and_context(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, fill=_talk) as client, finding(client) as shown:
        await shown.pilot.press(*"brea")
        await until(lambda: shown.found == ["who brings bread?", "I bring bread"])
        await shown.pilot.pause()
        assert "kitchen@rooms.home.example Juno" in shown.app.text
        assert "# kitchen" in shown.app.text
        assert f"{NOW:%H:%M}" in shown.app.text
        assert "from:juno" not in shown.app.text
        await shown.type("nothing like it")
        assert shown.found == []
        assert "Nothing was said that fits." in shown.app.text


async def test_enter_gives_back_the_chosen_message(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, fill=_talk) as client, finding(client) as shown:
        await shown.type("bread")
        await shown.pilot.press("down", "enter")
        assert shown.app.closed
        assert shown.app.result is not None
        assert shown.app.result.body == "I bring bread"
        assert shown.dialog.sought == Sought("bread", here=False, chosen=str(shown.app.result.id))


async def test_enter_at_once_goes_to_what_was_typed(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, fill=_talk) as client, finding(client) as shown:
        await shown.type("bread")
        await shown.pilot.press(*" from:mara", "enter")
        assert shown.app.result is not None
        assert shown.app.result.body == "I bring bread"


async def test_enter_on_nothing_stays(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, fill=_talk) as client, finding(client) as shown:
        await shown.pilot.press("enter")
        assert not shown.app.closed


async def test_escape_goes_nowhere(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, fill=_talk) as client, finding(client) as shown:
        await shown.type("bread")
        await shown.pilot.press("escape")
        assert shown.app.closed
        assert shown.app.result is None


async def test_one_key_looks_in_the_open_chat_alone_and_back(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, fill=_talk) as client, finding(client, MARA) as shown:
        await shown.type("bread")
        assert "Find in all chats" in shown.app.text
        await shown.pilot.press("ctrl+f")
        await shown.pilot.pause()
        assert shown.found == ["I bring bread"]
        assert "Find in Mara" in shown.app.text
        await shown.type("nobody")
        assert "Nothing in this chat. ^F looks in all chats." in shown.app.text
        await shown.pilot.press("ctrl+f")
        await shown.pilot.pause()
        assert shown.found == ["nobody"]


async def test_without_an_open_chat_there_is_nowhere_else_to_look(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, fill=_talk) as client, finding(client) as shown:
        await shown.type("bread")
        await shown.pilot.press("ctrl+f")
        await shown.pilot.pause()
        assert len(shown.found) == 2
        assert "^F" not in shown.app.text


async def test_what_cannot_be_understood_is_said_and_the_hits_stay(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, fill=_talk) as client, finding(client) as shown:
        await shown.type("bread")
        await shown.type("bread before:soon")
        assert len(shown.found) == 2
        assert "“soon” is not a day" in shown.app.text
        await shown.type("bread before:1971-01-01")
        assert shown.found == []
        assert "is not a day" not in shown.app.text


async def test_what_was_looked_for_last_is_there_again(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, fill=_talk) as client:
        async with finding(client) as shown:
            await shown.type("bread")
            await shown.pilot.press("down", "enter")
            sought = shown.dialog.sought
        async with finding(client, sought=sought) as shown:
            assert len(shown.found) == 2
            assert shown.rows.chosen == sought.chosen
            await shown.pilot.press(*"nob")
            await until(lambda: shown.found == ["nobody"], what="typing replaces it")


def _much(writes: Writes) -> None:
    chat(writes, "mara@home.example", 0)
    for number in range(3 * PAGE + 7):
        say(writes, MARA, f"hello {number}", number)


async def test_older_hits_come_as_one_goes_down(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, fill=_much) as client, finding(client) as shown:
        await shown.type("hello")
        assert len(shown.found) == PAGE
        for _ in range(40):
            await shown.pilot.press("pagedown")
        await shown.pilot.pause()
        assert shown.found == [f"hello {number}" for number in reversed(range(3 * PAGE + 7))]
        await shown.pilot.press("enter")
        assert shown.app.result is not None
        assert shown.app.result.body == "hello 0"


async def test_older_hits_come_as_one_scrolls(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, fill=_much) as client, finding(client) as shown:
        await shown.type("hello")
        shown.rows.scroll_end(animate=False)
        await until(lambda: len(shown.found) == 2 * PAGE)
        assert shown.rows.chosen == shown.rows.rows[0].id


async def test_hits_of_several_accounts_say_whose_they_are(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, WORK, fill=_talk) as client, finding(client) as shown:
        await shown.type("bread")
        assert "alice@home.example" in shown.app.text


@pytest.mark.parametrize("size", [(80, 24), (40, 15)])
async def test_no_text_breaks_the_list(tmp_path: Path, size: tuple[int, int]) -> None:
    def fill(writes: Writes) -> None:
        chat(writes, "kitchen@rooms.home.example", 0, kind=ChatKind.ROOM)
        for number, text in enumerate(HOSTILE):
            say(writes, KITCHEN, clean(f"bread {text} bread"), number)

    async with offline(tmp_path, HOME, fill=fill) as client, finding(client, size=size) as shown:
        await shown.type("bread")
        assert len(shown.found) == len(HOSTILE)
        for text in HOSTILE:
            assert not FORBIDDEN.intersection("".join(shown.app.lines))
            await shown.type(text)
        assert not FORBIDDEN.intersection("".join(shown.app.lines))
