"""Bookmarks on real servers, and their parsing by tables."""

from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

import pytest

from tests.server.fixtures import ProsodyFactory
from tests.server.prosody import Prosody, fresh_name
from tests.xmpp.party import Party
from tests.xmpp.wire import ROOM
from tui_xmpp.errors import RequestFailed
from tui_xmpp.model.address import Address
from tui_xmpp.model.room import Bookmark
from tui_xmpp.model.stanzas import BookmarksChanged
from tui_xmpp.xmpp import names, parse_bookmarks
from tui_xmpp.xmpp.forms import submission, values_of

EXTENSIONS = "<extensions xmlns='urn:xmpp:bookmarks:1'><pinned xmlns='urn:xmpp:bookmarks-pinning:0'/></extensions>"
OWNER = names.tag(names.PUBSUB_OWNER, "pubsub")
CONFIGURE = names.tag(names.PUBSUB_OWNER, "configure")


def read(text: str) -> Bookmark:
    return parse_bookmarks.parse_conference(ROOM, fromstring(text))


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("/>", Bookmark(ROOM)),
        (" autojoin='true' name='a&#x9b;b'><nick>Al</nick><password> pw </password></conference>",
         Bookmark(ROOM, "ab", "Al", " pw ", autojoin=True)),
        (" autojoin='1'/>", Bookmark(ROOM, autojoin=True)),
        (" autojoin='yes'/>", Bookmark(ROOM)),
        ("><nick>&#x200e;</nick></conference>", Bookmark(ROOM)),
        ("><extensions/></conference>", Bookmark(ROOM)),
        (f"><extensions><x xmlns='urn:x'>{'y' * 70_000}</x></extensions></conference>", Bookmark(ROOM)),
    ],
)  # fmt: skip
def test_a_bookmark_is_read_and_cleaned(inside: str, expected: Bookmark) -> None:
    assert read(f"<conference xmlns='urn:xmpp:bookmarks:1'{inside}") == expected


def test_unknown_extensions_come_back_as_they_were() -> None:
    bookmark = read(f"<conference xmlns='urn:xmpp:bookmarks:1' autojoin='true'>{EXTENSIONS}</conference>")
    written = parse_bookmarks.conference(bookmark)
    pinned = written.find(f"{names.tag(names.BOOKMARKS, 'extensions')}/{{urn:xmpp:bookmarks-pinning:0}}pinned")
    assert pinned is not None
    assert read(tostring(written, encoding="unicode")) == bookmark


def test_a_change_of_the_old_storage_leaves_all_else_in_it() -> None:
    storage = fromstring(
        "<storage xmlns='storage:bookmarks'><url name='A page' url='https://example.org'/>"
        f"<conference jid='{ROOM}' name='Old' autojoin='1'><nick>Al</nick><password>pw</password></conference>"
        "<conference jid='@'/></storage>"
    )
    assert list(parse_bookmarks.parse_legacy(storage)) == [Bookmark(ROOM, "Old", "Al", "pw", autojoin=True)]
    parse_bookmarks.change_legacy(storage, ROOM, Bookmark(ROOM, "New"))
    assert list(parse_bookmarks.parse_legacy(storage)) == [Bookmark(ROOM, "New")]
    parse_bookmarks.change_legacy(storage, ROOM, None)
    assert [child.tag for child in storage] == ["{storage:bookmarks}url", "{storage:bookmarks}conference"]


async def test_a_bookmark_is_published_told_to_the_other_device_and_retracted(prosody: Prosody) -> None:
    account, room = prosody.add_user(fresh_name()), prosody.room()
    async with Party.at(prosody, account) as desk, Party.at(prosody, account) as phone:
        assert await desk.connection.bookmarks() == ()
        bookmark = Bookmark(room, "The <Kitchen>", "Al", "pw", autojoin=True)
        await desk.connection.publish_bookmark(bookmark)
        assert await phone.connection.bookmarks() == (bookmark,)
        assert (await phone.hears(BookmarksChanged)).published == (bookmark,)
        renamed = Bookmark(room, "Kitchen")
        await phone.connection.publish_bookmark(renamed)
        await desk.hears(BookmarksChanged, lambda change: change.published == (renamed,))
        await desk.connection.retract_bookmark(room)
        await phone.hears(BookmarksChanged, lambda change: change.retracted == (room,))
        assert await desk.connection.bookmarks() == ()
        await desk.connection.retract_bookmark(room)


async def test_unknown_extensions_survive_on_the_server(prosody: Prosody) -> None:
    async with Party.at(prosody, prosody.add_user(fresh_name())) as alice:
        bookmark = read(f"<conference xmlns='urn:xmpp:bookmarks:1'>{EXTENSIONS}</conference>")
        await alice.connection.publish_bookmark(bookmark)
        (kept,) = await alice.connection.bookmarks()
        assert "bookmarks-pinning:0}pinned" in str([child.tag for child in fromstring(kept.extensions)])


async def access_model(party: Party, node: str = names.BOOKMARKS) -> tuple[str, ...]:
    payload = Element(OWNER)
    SubElement(payload, CONFIGURE, {"node": node})
    form = (await party.connection._requests.get(payload)).find(f".//{{{names.FORM}}}x")
    assert form is not None
    return values_of(form, "pubsub#access_model")


async def test_the_node_is_readable_by_us_alone(prosody: Prosody) -> None:
    alice, bob = prosody.add_user(fresh_name()), prosody.add_user(fresh_name())
    async with Party.at(prosody, alice) as a, Party.at(prosody, bob) as b:
        await a.connection.publish_bookmark(Bookmark(prosody.room()))
        assert await access_model(a) == ("whitelist",)
        payload = Element(names.tag(names.PUBSUB, "pubsub"))
        SubElement(payload, names.tag(names.PUBSUB, "items"), {"node": names.BOOKMARKS})
        with pytest.raises(RequestFailed):
            await b.connection._requests.get(payload, alice)


async def test_a_node_that_others_could_read_is_closed_before_anything_is_published(prosody: Prosody) -> None:
    async with Party.at(prosody, prosody.add_user(fresh_name())) as alice:
        create = Element(names.tag(names.PUBSUB, "pubsub"))
        SubElement(create, names.tag(names.PUBSUB, "create"), {"node": names.BOOKMARKS})
        SubElement(create, names.tag(names.PUBSUB, "configure")).append(
            submission(names.PUBSUB_NODE_CONFIG, {"pubsub#access_model": ("open",)})
        )
        await alice.connection._requests.set(create)
        assert await access_model(alice) == ("open",)
        await alice.connection.publish_bookmark(Bookmark(prosody.room()))
        assert await access_model(alice) == ("whitelist",)


@pytest.mark.parametrize("missing", [("pep", "bookmarks"), ("pep", "bookmarks", "private")])
async def test_a_server_without_nodes_keeps_bookmarks_in_private_storage_or_not_at_all(
    prosody_factory: ProsodyFactory, missing: tuple[str, ...]
) -> None:
    server = prosody_factory()
    for module in missing:
        server.shell(f"module:unload({module!r}, {server.domain!r})".replace("'", '"'))
    account, room = server.add_user("alice"), Address.parse("kitchen@rooms.chat.test")
    async with Party.at(server, account) as alice:
        assert await alice.connection.bookmarks() == ()
        bookmark = Bookmark(room, "Kitchen", "Al", "pw", autojoin=True)
        if "private" in missing:
            with pytest.raises(RequestFailed):
                await alice.connection.publish_bookmark(bookmark)
            return
        await alice.connection.publish_bookmark(bookmark)
        assert await alice.connection.bookmarks() == (bookmark,)
        await alice.connection.retract_bookmark(room)
        assert await alice.connection.bookmarks() == ()
