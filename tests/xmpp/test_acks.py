"""The counts of stream management at their edges (XEP-0198)."""

import asyncio
from xml.etree.ElementTree import Element, fromstring

import pytest

from tests.waiting import until
from tui_xmpp.xmpp.acks import NAMESPACE, Acks, CountsDiffer


class Session:
    """Counts with a wire that only notes what is written."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.acked: list[str] = []
        self.commits = 0
        self.given_up = 0
        self.acks = Acks(self.written.append, self.committed, self.acked.append, self.give_up)
        self.acks.enabled(element("enabled", id="s", resume="true"))

    async def committed(self) -> None:
        self.commits += 1
        await asyncio.sleep(0)

    def give_up(self) -> None:
        self.given_up += 1

    def answer(self, count: int) -> None:
        self.acks.answered(element("a", h=str(count)))


def element(name: str, **attributes: str) -> Element:
    return Element(f"{{{NAMESPACE}}}{name}", attributes)


async def test_only_stanzas_count() -> None:
    session = Session()
    for text in ("<r xmlns='urn:xmpp:sm:3'/>", " ", "</stream:stream>", "<messages/>", "<iqx id='1'/>"):
        session.acks.sent(text)
    with pytest.raises(CountsDiffer):
        session.answer(1)


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ('<message to="a" id="x1"><body>id="no"</body></message>', "x1"),
        ("<message id='a&amp;&quot;b'/>", 'a&"b'),
        ("<message id='x'>", "x"),
    ],
)
async def test_acknowledged_messages_are_named(text: str, id_: str) -> None:
    session = Session()
    session.acks.sent("<presence/>")
    session.acks.sent(text)
    session.acks.sent("<message><body>no id</body></message>")
    session.acks.sent("<iq id='7' type='get'/>")
    session.answer(4)
    assert session.acked == [id_]


async def test_the_counts_wrap_around() -> None:
    session = Session()
    session.acks._confirmed = 2**32 - 1
    session.acks._received = 2**32 - 1
    session.acks.sent("<message id='a'/>")
    session.acks.sent("<message id='b'/>")
    session.answer(0)
    assert session.acked == ["a"]
    session.acks.received()
    assert "h='0'" in session.acks.resume_request()


async def test_one_question_at_a_time() -> None:
    session = Session()
    for number in range(10):
        session.acks.sent(f"<message id='{number}'/>")
    await asyncio.sleep(0)
    assert session.written == ["<r xmlns='urn:xmpp:sm:3'/>"]
    session.answer(5)
    await asyncio.sleep(0)
    assert len(session.written) == 2
    session.answer(10)
    await asyncio.sleep(0)
    assert len(session.written) == 2


async def test_many_questions_make_few_commits() -> None:
    session = Session()
    for _ in range(100):
        session.acks.received()
        session.acks.requested()
    await until(lambda: session.written)
    assert session.written == ["<a xmlns='urn:xmpp:sm:3' h='100'/>"]
    assert session.commits == 1
    session.acks.requested()
    await until(lambda: len(session.written) == 2)


async def test_nothing_is_resumed_that_the_server_does_not_hold() -> None:
    session = Session()
    session.acks.enabled(fromstring("<enabled xmlns='urn:xmpp:sm:3' id='s'/>"))
    assert not session.acks.resumable
    assert session.acks.active


async def test_a_reset_forgets_what_was_sent() -> None:
    session = Session()
    session.acks.sent("<message id='old'/>")
    session.acks.reset()
    session.acks.enabled(element("enabled", id="s2", resume="true"))
    session.acks.resumed(element("resumed", h="0"))
    assert session.written == []
