"""Bookmarks, and what is known of rooms between visits."""

from tests.storage.builders import ME, OTHER_ME, ROOM, ROOMS
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKind
from tui_xmpp.model.room import Bookmark, Room, RoomStatus
from tui_xmpp.storage.writes import Writes

BOOKMARK = Bookmark(ROOM, "My room", "me", "secret", autojoin=True, extensions="<x/>")
OTHER_ROOM = Address.parse("another@muc.example.org")


def test_bookmarks_are_kept_as_they_are(writes: Writes) -> None:
    writes.upsert_bookmark(ME, BOOKMARK)
    assert writes.rooms.bookmarks(ME) == (BOOKMARK,)
    assert writes.rooms.bookmark(ME, ROOM) == BOOKMARK
    assert writes.rooms.bookmark(ME, OTHER_ROOM) is None
    assert writes.rooms.bookmarks(OTHER_ME) == ()
    changed = Bookmark(ROOM, "Its name")
    writes.upsert_bookmark(ME, changed)
    assert writes.rooms.bookmarks(ME) == (changed,)


def test_bookmarks_are_replaced_and_removed(writes: Writes) -> None:
    writes.upsert_bookmark(ME, BOOKMARK)
    writes.upsert_bookmark(OTHER_ME, BOOKMARK)
    writes.replace_bookmarks(ME, [Bookmark(OTHER_ROOM)])
    assert writes.rooms.bookmarks(ME) == (Bookmark(OTHER_ROOM),)
    assert writes.rooms.bookmarks(OTHER_ME) == (BOOKMARK,)
    assert writes.remove_bookmark(ME, OTHER_ROOM)
    assert not writes.remove_bookmark(ME, OTHER_ROOM)
    assert writes.rooms.bookmarks(ME) == ()


def test_a_room_never_seen_is_left(writes: Writes) -> None:
    assert writes.rooms.state(ROOMS) == Room(ROOMS, RoomStatus.LEFT)


def test_a_room_keeps_what_it_said(writes: Writes) -> None:
    writes.set_room_state(ROOMS, name="The room", subject="News", subject_by="eve", private=True)
    state = writes.set_room_state(ROOMS, subject="")
    assert state == Room(ROOMS, name="The room", subject="", subject_by="eve", private=True)
    assert writes.chats.kind(ROOMS) is ChatKind.ROOM
    assert not writes.chats.is_open(ROOMS)
    assert not writes.set_room_state(ROOMS, private=False).private


def test_a_bookmark_is_part_of_a_rooms_state(writes: Writes) -> None:
    writes.upsert_bookmark(ME, BOOKMARK)
    assert writes.rooms.state(ROOMS) == Room(ROOMS, nick="me", bookmarked=True, autojoin=True)
