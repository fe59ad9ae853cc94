import asyncio
import gc
from itertools import repeat
from xml.etree.ElementTree import Element

import pytest

from tests.xmpp.wire import OWN, ROOM, RecordingLine, stanza
from tui_xmpp.errors import RequestFailed, Unavailable
from tui_xmpp.model.address import Address
from tui_xmpp.xmpp.iq import FLOOD, Requests

PAYLOAD = "{urn:xmpp:ping}ping"
SERVER = Address("chat.test")


async def asked(
    recipient: Address | None, seconds: float = 5
) -> tuple[RecordingLine, Requests, "asyncio.Future[Element]"]:
    line = RecordingLine()
    requests = Requests(line, seconds)
    answer = asyncio.ensure_future(requests.get(Element(PAYLOAD), recipient))
    await asyncio.sleep(0)
    return line, requests, answer


def reply(line: RecordingLine, sender: str | None, kind: str = "result", inside: str = "") -> Element:
    element = stanza(f"<iq type='{kind}' id='{line.sent[0].get('id')}'>{inside}</iq>")
    if sender is not None:
        element.set("from", sender)
    return element


@pytest.mark.parametrize(
    ("recipient", "sender", "counts"),
    [
        (None, None, True),
        (None, "alice@chat.test", True),
        (None, "alice@chat.test/desk", True),
        (None, "chat.test", True),
        (None, "bob@chat.test", False),
        (None, "alice@chat.test/other", False),
        (None, "a b@", False),
        (OWN.bare, None, True),
        (OWN.bare, "alice@chat.test", True),
        (SERVER, "chat.test", True),
        (SERVER, None, True),
        (SERVER, "alice@chat.test", False),
        (ROOM, str(ROOM), True),
        (ROOM, None, False),
        (ROOM, f"{ROOM}/Bob", False),
        (ROOM, "chat.test", False),
        (ROOM, "", False),
    ],
)
async def test_an_answer_counts_only_from_whom_we_asked(
    recipient: Address | None, sender: str | None, counts: bool
) -> None:
    line, requests, answer = await asked(recipient)
    requests.take(reply(line, sender))
    await asyncio.wait([answer], timeout=0.05)
    assert answer.done() is counts
    requests.fail_all()
    await asyncio.gather(answer, return_exceptions=True)


async def test_an_error_answer_raises_its_condition_and_words_for_people() -> None:
    line, requests, answer = await asked(ROOM)
    inside = "<error type='cancel'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
    requests.take(reply(line, str(ROOM), "error", inside))
    with pytest.raises(RequestFailed) as caught:
        await answer
    assert (caught.value.condition, caught.value.message) == ("forbidden", "You are not allowed to do that.")


async def test_no_answer_in_time_is_a_failure_and_a_late_one_does_no_harm() -> None:
    line, requests, answer = await asked(ROOM, seconds=0.01)
    with pytest.raises(RequestFailed) as caught:
        await answer
    assert caught.value.condition == "remote-server-timeout"
    requests.take(reply(line, str(ROOM)))


async def test_an_answer_behind_a_flood_is_waited_for() -> None:
    """What was kept for us while we were away comes first."""
    line, requests, answer = await asked(ROOM, seconds=0.01)
    line.pieces = repeat(FLOOD)
    await asyncio.wait([answer], timeout=0.2)
    assert not answer.done()
    requests.take(reply(line, str(ROOM)))
    assert (await answer).get("type") == "result"


async def test_what_trickles_in_is_no_flood() -> None:
    line, _, answer = await asked(ROOM, seconds=0.01)
    line.pieces = repeat(FLOOD - 1)
    with pytest.raises(RequestFailed):
        await answer


async def test_a_lost_stream_ends_all_waiting() -> None:
    _, requests, answer = await asked(ROOM)
    requests.fail_all()
    with pytest.raises(Unavailable):
        await answer


async def test_a_second_answer_is_ignored() -> None:
    line, requests, answer = await asked(ROOM)
    requests.take(reply(line, str(ROOM)))
    requests.take(reply(line, str(ROOM), "error"))
    assert (await answer).get("type") == "result"


async def test_whoever_gives_up_waiting_leaves_nothing_behind() -> None:
    line, requests, answer = await asked(ROOM)
    answer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await answer
    requests.take(reply(line, str(ROOM)))


async def test_who_gives_up_as_the_line_is_lost_leaves_no_complaint_behind() -> None:
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
    _, requests, answer = await asked(None)
    requests.fail_all()
    answer.cancel()
    await asyncio.wait([answer])
    assert answer.cancelled()
    del requests, answer
    gc.collect()
    assert not complaints
