"""Places for files: what an upload service says of itself, the places it gives, and its refusals (XEP-0363)."""

import asyncio
from xml.etree.ElementTree import Element, fromstring

import pytest

from tests.waiting import until
from tests.xmpp.wire import RecordingLine
from tui_xmpp.errors import TransferFailed, UploadRefused
from tui_xmpp.model.address import Address
from tui_xmpp.model.sending import Slot, UploadService
from tui_xmpp.model.stanzas import MessageType, Outgoing
from tui_xmpp.xmpp import build
from tui_xmpp.xmpp.iq import Refused, Requests
from tui_xmpp.xmpp.upload import Uploads, read_service, read_slot, refused

FILES = Address.parse("files.chat.test")
UPLOAD = "urn:xmpp:http:upload:0"


def service(form: str = "", feature: str = UPLOAD) -> UploadService | None:
    query = f"<query xmlns='http://jabber.org/protocol/disco#info'><feature var='{feature}'/>{form}</query>"
    return read_service(fromstring(query), FILES)


def form(size: str, kind: str = UPLOAD) -> str:
    return (
        f"<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>{kind}</value></field>"
        f"<field var='max-file-size'><value>{size}</value></field></x>"
    )


def slot(
    put: str = "https://files.chat.test/1/a.jpg", get: str = "https://files.chat.test/1/a.jpg", headers: str = ""
) -> Element:
    return fromstring(
        f"<iq xmlns='jabber:client' type='result'><slot xmlns='{UPLOAD}'><put url='{put}'>{headers}</put>"
        f"<get url='{get}'/></slot></iq>"
    )


def error(condition: str, more: str = "", text: str = "", kind: str = "modify") -> Element:
    words = f"<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>{text}</text>" if text else ""
    return fromstring(
        f"<iq xmlns='jabber:client' type='error'><error type='{kind}'>"
        f"<{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>{words}{more}</error></iq>"
    )


def refusal(condition: str, more: str = "", text: str = "") -> UploadRefused:
    found = refused(Refused(error(condition, more, text)))
    assert isinstance(found, UploadRefused)
    return found


def answer(requests: Requests, request: Element, inside: str) -> None:
    sender, key = request.get("to"), request.get("id")
    requests.take(fromstring(f"<iq xmlns='jabber:client' type='result' from='{sender}' id='{key}'>{inside}</iq>"))


@pytest.mark.parametrize(
    ("said", "largest"),
    [("104857600", 104857600), (" 5 ", 5), ("", None), ("0", None), ("-1", None), ("1e9", None), ("9" * 30, None)],
)
def test_a_service_says_how_large_a_file_may_be(said: str, largest: int | None) -> None:
    assert service(form(said)) == UploadService(FILES, largest)


def test_what_another_form_says_is_not_about_files() -> None:
    assert service(form("5", "urn:other")) == UploadService(FILES)
    assert service() == UploadService(FILES)


def test_who_does_not_take_files_is_no_service() -> None:
    assert service(form("5"), feature="urn:xmpp:http:upload") is None


def test_a_place_is_taken_with_the_headers_that_are_allowed_each_in_one_line() -> None:
    headers = (
        "<header name='authorization'>Bearer \n x\r\nHost: evil.test</header><header name='Cookie'>a=b</header>"
        "<header name='X-Other'>no</header><header name='Host'>evil.test</header>"
        "<header name='Content-Length'>1</header><header name='Exp&#10;ires'>soon</header>"
        "<header name='Cookie'>again</header>"
    )
    found = read_slot(slot(headers=headers))
    assert found == Slot(
        "https://files.chat.test/1/a.jpg",
        "https://files.chat.test/1/a.jpg",
        (("Authorization", "Bearer  xHost: evil.test"), ("Cookie", "a=b"), ("Expires", "soon")),
    )
    assert not any("\n" in value or "\r" in value for _, value in found.headers)


@pytest.mark.parametrize(
    "url",
    [
        "http://files.chat.test/1",
        "ftp://files.chat.test/1",
        "file:///etc/passwd",
        "aesgcm://files.chat.test/1",
        "javascript:alert(1)",
        "https:///1",
        "https://",
        "",
        "https://me@files.chat.test/1",
        "https://files.chat.test:x/1",
        "https://files.chat.test:99999999/1",
        "https://[::1/1",
        "https://files.chat.test/1#key",
        "https://files.chat.test/1 2",
        "https://files.chat.test/1&#10;Host: evil.test",
        "https://files.chat.test/\u202e1",
        "https://files.chat.test/" + "1" * 9000,
    ],
)
def test_a_place_that_is_no_plain_address_over_tls_is_refused(url: str) -> None:
    """Played by a hostile server."""
    for bad in (slot(put=url), slot(get=url)):
        with pytest.raises(UploadRefused, match="not safe"):
            read_slot(bad)


def test_an_answer_without_a_place_is_refused() -> None:
    with pytest.raises(UploadRefused, match="no place"):
        read_slot(fromstring("<iq xmlns='jabber:client' type='result'/>"))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            refusal("not-acceptable", f"<file-too-large xmlns='{UPLOAD}'><max-file-size>20000</max-file-size>"
                    "</file-too-large>"),
            "The file is larger than your server takes, which is 20 kB at most.",
        ),
        (
            refusal("not-acceptable", f"<file-too-large xmlns='{UPLOAD}'/>"),
            "The file is larger than your server takes.",
        ),
        (refusal("not-acceptable", text="Only pictures"), "Your server does not take such a file. (“Only pictures”)"),
        (refusal("forbidden"), "Your server does not let you upload files."),
        (refusal("resource-constraint"), "You have uploaded as much as your server allows for now."),
        (refusal("item-not-found"), "There is nothing at that address."),
    ],
)  # fmt: skip
def test_a_refusal_says_why_in_plain_words(found: UploadRefused, words: str) -> None:
    assert (found.message, found.again) == (words, None)


def test_a_server_may_say_when_to_ask_again() -> None:
    later = refusal("resource-constraint", f"<retry xmlns='{UPLOAD}' stamp='2026-11-26T10:00:00Z'/>")
    assert later.again == 1_795_687_200_000_000
    assert refusal("resource-constraint", f"<retry xmlns='{UPLOAD}' stamp='soon'/>").again is None


@pytest.mark.parametrize("condition", ["internal-server-error", "remote-server-timeout", "service-unavailable"])
def test_a_refusal_that_says_to_wait_is_not_the_last_word(condition: str) -> None:
    assert isinstance(refused(Refused(error(condition, kind="wait"))), TransferFailed)


async def test_a_line_that_answers_nothing_says_neither_that_there_is_no_place_nor_that_files_are_not_taken() -> None:
    line = RecordingLine()
    uploads = Uploads(line, Requests(line, 0.01))
    with pytest.raises(TransferFailed, match="no answer"):
        await uploads.slot(FILES, "a", 1, "text/plain")
    with pytest.raises(TransferFailed, match="no answer"):
        await uploads.service()


@pytest.mark.parametrize(("answers", "words"), [("", "no answer"), (f"<feature var='{UPLOAD}'/>", "")])
async def test_a_service_that_does_not_answer_hides_none_that_does(answers: str, words: str) -> None:
    line = RecordingLine()
    requests = Requests(line, 0.05)
    asked = asyncio.ensure_future(Uploads(line, requests).service())
    await asyncio.sleep(0)
    items = "<item jid='dead.chat.test'/><item jid='files.chat.test'/>"
    answer(requests, line.sent[0], f"<query xmlns='http://jabber.org/protocol/disco#items'>{items}</query>")
    await until(lambda: len(line.sent) == 4)
    for request in line.sent[1:]:
        if request.get("to") != "dead.chat.test":
            features = answers if request.get("to") == "files.chat.test" else ""
            answer(requests, request, f"<query xmlns='http://jabber.org/protocol/disco#info'>{features}</query>")
    if words:
        with pytest.raises(TransferFailed, match=words):
            await asked
    else:
        assert await asked == UploadService(FILES)


def test_the_link_of_a_file_stands_beside_the_body_for_those_that_show_files() -> None:
    """XEP-0066 §3: the very same address."""
    link = "https://files.chat.test/1/a.jpg"
    stanza = build.message(Outgoing(FILES, MessageType.CHAT, "1", body=link, link=link))
    assert stanza.findtext("{jabber:x:oob}x/{jabber:x:oob}url") == stanza.findtext("{jabber:client}body") == link
    assert build.message(Outgoing(FILES, MessageType.CHAT, "1", body=link)).find("{jabber:x:oob}x") is None
