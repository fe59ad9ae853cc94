"""Finding through the engine: only what belongs to the accounts that are there."""

from datetime import date
from pathlib import Path

from tests.ui.screens.profiles import HOME, WORK, chat, contact, offline
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.search import parse
from tui_xmpp.storage.writes import Writes

TODAY = date(2026, 1, 1)


def _two_accounts(writes: Writes) -> None:
    contact(writes, "mara@home.example", "Mara")
    chat(writes, "mara@home.example", 1)
    chat(writes, "kitchen@rooms.home.example", 2, kind=ChatKind.ROOM, unread=2)
    chat(writes, "boss@work.example", 3, account=WORK)


async def test_all_chats_of_all_accounts_are_searched_newest_first(tmp_path: Path) -> None:
    async with offline(tmp_path, HOME, WORK, fill=_two_accounts) as client:
        page = client.engine.search(parse("message", today=TODAY), 3)
        assert [str(hit.message.chat.peer) for hit in page.hits] == [
            "boss@work.example",
            "kitchen@rooms.home.example",
            "kitchen@rooms.home.example",
        ]
        rest = client.engine.search(parse("message", today=TODAY), 3, page.next)
        assert [str(hit.message.chat.peer) for hit in rest.hits] == ["kitchen@rooms.home.example", "mara@home.example"]
        assert rest.next is None


async def test_an_account_that_is_switched_off_is_not_searched(tmp_path: Path) -> None:
    def fill(writes: Writes) -> None:
        writes.ensure_account(WORK)
        _two_accounts(writes)

    async with offline(tmp_path, HOME, fill=fill) as client:
        assert client.engine.search(parse("in:boss", today=TODAY), 9).hits == ()
        assert len(client.engine.search(parse("message", today=TODAY), 9).hits) == 4
