import asyncio

import pytest

from tests.xmpp.wire import BOB, OWN, ROOM, RecordingLine, stanza
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.archive import ArchivePage, ArchiveQuery
from tui_xmpp.model.stanzas import Route
from tui_xmpp.xmpp import names, parse
from tui_xmpp.xmpp.archive import RESULT, Archives
from tui_xmpp.xmpp.iq import Requests

QUERY = names.tag(names.ARCHIVE, "query")
FIELD = names.tag(names.FORM, "field")
SET = names.tag(names.RSM, "set")


class Asked:
    """An archive's query under way, whose answers the test writes."""

    def __init__(self, query: ArchiveQuery) -> None:
        self.line = RecordingLine()
        self.requests = Requests(self.line)
        self.archives = Archives(self.line, self.requests)
        self.page = asyncio.ensure_future(self.archives.page(query))

    async def start(self) -> str:
        await asyncio.sleep(0)
        query = self.line.sent[0].find(QUERY)
        assert query is not None
        return query.get("queryid", "")

    def result(self, key: str, *, sender: str | None, inner: str, number: int = 1) -> None:
        inner = inner.replace("<message ", "<message xmlns='jabber:client' ")
        outer = stanza(
            f"<message to='{OWN}'><result xmlns='urn:xmpp:mam:2' id='a{number}' queryid='{key}'><forwarded "
            "xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2023-11-14T22:13:20Z'/>"
            f"{inner}</forwarded></result></message>"
        )
        if sender is not None:
            outer.set("from", sender)
        result = outer.find(RESULT)
        assert result is not None
        self.archives.take(outer, result)

    async def finish(self, sender: str, fin: str = "complete='true'") -> ArchivePage:
        key = self.line.sent[0].get("id")
        rsm = "<set xmlns='http://jabber.org/protocol/rsm'><first>a1</first><last>a9</last></set>"
        self.requests.take(
            stanza(f"<iq from='{sender}' type='result' id='{key}'><fin xmlns='urn:xmpp:mam:2' {fin}>{rsm}</fin></iq>")
        )
        return await self.page


CHAT = "<message from='bob@chat.test/phone' to='alice@chat.test' type='chat'><body>hi</body></message>"


async def test_a_page_holds_what_the_archive_sent_for_it() -> None:
    asked = Asked(ArchiveQuery(before="", size=2))
    key = await asked.start()
    asked.result(key, sender="alice@chat.test", inner=CHAT)
    asked.result(key, sender=None, inner=CHAT, number=2)
    page = await asked.finish("alice@chat.test")
    assert [message.archive_id for message in page.messages] == ["a1", "a2"]
    assert (page.first, page.last, page.complete) == ("a1", "a9", True)
    first = page.messages[0]
    assert (first.route, first.sender, first.delay, first.delay_by) == (
        Route.ARCHIVE,
        BOB,
        1_700_000_000_000_000,
        OWN.bare,
    )


@pytest.mark.parametrize(
    "sender", ["mallory@evil.test", "bob@chat.test", "alice@chat.test/desk", "chat.test", str(ROOM), "a b"]
)
async def test_a_result_from_anybody_but_the_archive_is_dropped_even_with_the_right_query(sender: str) -> None:
    asked = Asked(ArchiveQuery())
    asked.result(await asked.start(), sender=sender, inner=CHAT)
    assert (await asked.finish("alice@chat.test")).messages == ()


async def test_a_result_with_another_query_is_dropped() -> None:
    asked = Asked(ArchiveQuery())
    await asked.start()
    asked.result("guess", sender="alice@chat.test", inner=CHAT)
    assert (await asked.finish("alice@chat.test")).messages == ()


async def test_more_results_than_asked_for_are_not_kept() -> None:
    asked = Asked(ArchiveQuery(size=3))
    key = await asked.start()
    for number in range(50):
        asked.result(key, sender="alice@chat.test", inner=CHAT, number=number)
    assert len((await asked.finish("alice@chat.test")).messages) == 3


@pytest.mark.parametrize(
    ("inner", "kept"),
    [
        ("<message from='kitchen@rooms.chat.test/Bob' type='groupchat'><body>x</body></message>", 1),
        ("<message from='kitchen@rooms.chat.test/Bob' type='chat'><body>x</body></message>", 0),
        ("<message from='cellar@rooms.chat.test/Bob' type='groupchat'><body>x</body></message>", 0),
        (CHAT, 0),
        ("<message from='@' type='groupchat'><body>x</body></message>", 0),
        ("<presence xmlns='jabber:client'/>", 0),
        ("", 0),
    ],
)
async def test_a_rooms_archive_may_only_give_that_rooms_groupchat(inner: str, kept: int) -> None:
    asked = Asked(ArchiveQuery(archive=ROOM))
    key = await asked.start()
    asked.result(key, sender=str(ROOM), inner=inner)
    asked.result(key, sender=None, inner=inner)
    asked.result(key, sender="alice@chat.test", inner=inner)
    assert len((await asked.finish(str(ROOM))).messages) == kept


async def test_an_answer_from_somebody_who_was_not_asked_does_not_end_the_page() -> None:
    asked = Asked(ArchiveQuery(archive=ROOM))
    await asked.start()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await asyncio.shield(asyncio.ensure_future(asked.finish("mallory@evil.test")))
    page = await asked.finish(str(ROOM), fin="")
    assert not page.complete


@pytest.mark.parametrize(
    ("query", "fields", "rsm"),
    [
        (ArchiveQuery(), {}, {"max": "50"}),
        (ArchiveQuery(before="", size=20), {}, {"max": "20", "before": ""}),
        (
            ArchiveQuery(after="x1", peer=Address.parse("bob@chat.test")),
            {"with": "bob@chat.test"},
            {"max": "50", "after": "x1"},
        ),
        (ArchiveQuery(start=1_700_000_000_000_000), {"start": "2023-11-14T22:13:20.000000Z"}, {"max": "50"}),
        (ArchiveQuery(start=-5), {"start": "1970-01-01T00:00:00.000000Z"}, {"max": "50"}),
    ],
)
async def test_a_query_says_what_is_wanted(query: ArchiveQuery, fields: dict[str, str], rsm: dict[str, str]) -> None:
    asked = Asked(query)
    await asked.start()
    payload = asked.line.sent[0].find(QUERY)
    assert payload is not None
    written = {field.get("var"): field.findtext(names.tag(names.FORM, "value")) for field in payload.iter(FIELD)}
    if fields:
        assert written == {"FORM_TYPE": "urn:xmpp:mam:2", **fields}
    else:
        assert written == {}
    paging = payload.find(SET)
    assert paging is not None
    assert {child.tag.partition("}")[2]: child.text for child in paging} == rsm
    await asked.finish("alice@chat.test")


async def test_an_error_of_the_archive_is_told_and_the_query_is_closed() -> None:
    asked = Asked(ArchiveQuery(before="gone"))
    key = await asked.start()
    error = "<error><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
    asked.requests.take(stanza(f"<iq type='error' id='{asked.line.sent[0].get('id')}'>{error}</iq>"))
    with pytest.raises(RequestFailed) as caught:
        await asked.page
    assert caught.value.condition == "item-not-found"
    asked.result(key, sender="alice@chat.test", inner=CHAT)


def test_times_are_written_so_that_they_read_the_same() -> None:
    assert parse.timestamp(parse.written_time(1_700_000_000_123_456)) == 1_700_000_000_123_456
