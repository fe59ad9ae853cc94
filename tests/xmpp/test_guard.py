"""The guard in front of the parser: what it lets through, and what ends the stream (SECURITY 6)."""

import random
from collections.abc import Iterator
from xml.etree.ElementTree import Element, tostring

import pytest

from tui_xmpp.errors import StreamUnsafe
from tui_xmpp.xmpp.guard import DEPTH_LIMIT, EARLY_LIMIT, ELEMENT_LIMIT, NAME_LIMIT, STANZA_LIMIT, Guard

HEADER = (
    b"<?xml version='1.0'?><stream:stream id='1' version='1.0' "
    b"xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
)
SLICE = 8192


def opened(limit: int = STANZA_LIMIT) -> Guard:
    """A guard that has seen the server's header."""
    guard = Guard(limit)
    assert guard.feed(HEADER) == []
    assert guard.header is not None
    return guard


def fed(guard: Guard, data: bytes, size: int = SLICE) -> Iterator[Element]:
    """What comes out of data fed in pieces."""
    for start in range(0, len(data), size):
        yield from guard.feed(data[start : start + size])


def test_gives_each_stanza_whole_and_in_order() -> None:
    data = "<message to='a'><body>ä &lt;b&gt; 𝄞</body></message> <presence/>\n<iq id='1'/>".encode()
    first, second, third = fed(opened(), data)
    assert first.tag == "{jabber:client}message"
    assert first.get("to") == "a"
    assert first.findtext("{jabber:client}body") == "ä <b> 𝄞"
    assert (second.tag, third.tag) == ("{jabber:client}presence", "{jabber:client}iq")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1000])
def test_pieces_of_any_size_make_no_difference(size: int) -> None:
    data = "<message xml:lang='de'><x xmlns='urn:x' a='1' b='&quot;'>é<y/>ü</x></message>".encode() * 20
    whole = [tostring(xml) for xml in fed(opened(), data)]
    assert [tostring(xml) for xml in fed(opened(), data, size)] == whole
    assert len(whole) == 20


def test_a_finished_tag_is_not_held_back() -> None:
    guard = opened()
    assert guard.feed(b"<message><bo") == []
    assert len(guard.feed(b"dy>x</body></message>")) == 1


def test_an_orderly_end_is_no_attack() -> None:
    guard = opened()
    assert len(guard.feed(b"<presence/></stream:stream>trailing <!-- x -->")) == 1
    assert guard.ended
    assert guard.feed(b"<presence/>") == []


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE x>",
        b"<!-- comment -->",
        b"<?pi?>",
        b"<?xml version='1.0'?>",
        b"<message><!-- comment --></message>",
        b"<message><?pi x?></message>",
        b"<message><![CDATA[x]]></message>",
        b"<message>&undefined;</message>",
        b"<message><body></message>",
        b"text between",
        b"<message \x00/>",
        b"<message>\xff\xfe</message>",
        b"<message><x:y/></message>",
    ],
)
def test_forbidden_xml_ends_the_stream(data: bytes) -> None:
    with pytest.raises(StreamUnsafe):
        list(fed(opened(), data))


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE lolz [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]>" + HEADER + b"<message>&b;</message>",
        b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'>" + HEADER,
        ("<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE x>").encode("utf-16"),
        b"<!-- x -->" + HEADER,
        b"<html><body>It works!</body></html>",
        b"HTTP/1.1 400 Bad Request\r\n",
        b"<stream:stream xmlns:stream='http://evil.test/streams'>",
        b" " * (EARLY_LIMIT + SLICE),
    ],
)
def test_anything_but_a_stream_is_refused(data: bytes) -> None:
    with pytest.raises(StreamUnsafe):
        list(fed(Guard(), data))


def test_size_is_bounded() -> None:
    fits = b"<message><body>" + b"x" * (STANZA_LIMIT - 100) + b"</body></message>"
    assert len(list(fed(opened(), fits * 2))) == 2
    endless = b"<message><body>" + b"x" * (STANZA_LIMIT + SLICE)
    with pytest.raises(StreamUnsafe):
        list(fed(opened(), endless))
    with pytest.raises(StreamUnsafe):
        list(fed(opened(EARLY_LIMIT), fits))


def test_many_small_stanzas_are_never_too_much() -> None:
    data = b"<message><body>hello</body></message>" * 50_000
    assert len(data) > STANZA_LIMIT
    assert len(list(fed(opened(), data))) == 50_000


def test_depth_is_bounded() -> None:
    guard = opened()
    assert len(list(fed(guard, b"<x>" * DEPTH_LIMIT + b"</x>" * DEPTH_LIMIT))) == 1
    with pytest.raises(StreamUnsafe):
        list(fed(guard, b"<x>" * (DEPTH_LIMIT + 1)))


def test_twenty_thousand_deep_raises_no_recursion_error() -> None:
    with pytest.raises(StreamUnsafe):
        list(fed(opened(), b"<x>" * 20_000))


def test_elements_are_bounded() -> None:
    with pytest.raises(StreamUnsafe):
        list(fed(opened(), b"<message>" + b"<a/>" * ELEMENT_LIMIT + b"</message>"))


def test_a_tag_is_bounded() -> None:
    with pytest.raises(StreamUnsafe):
        list(fed(opened(), b"<message a='" + b"x" * (STANZA_LIMIT - 100)))


def test_ever_new_names_are_bounded() -> None:
    elements = (f"<message><n{number}/></message>" for number in range(NAME_LIMIT))
    with pytest.raises(StreamUnsafe):
        list(fed(opened(), "".join(elements).encode()))
    prefixes = (f"<message xmlns:p{number}='urn:x'/>" for number in range(NAME_LIMIT + 1))
    with pytest.raises(StreamUnsafe):
        list(fed(opened(), "".join(prefixes).encode()))


def test_noise_never_raises_anything_else() -> None:
    alphabet = [b"<", b">", b"/", b"!", b"?", b"&", b";", b"'", b'"', b"=", b"a", b"xmlns", b":", b" ", b"]", b"\xc3"]
    source = random.Random(5)
    for _ in range(500):
        data = b"".join(source.choices(alphabet, k=200))
        try:
            list(fed(opened(), data, 16))
        except StreamUnsafe:
            continue
