"""Bookmarked rooms read and written (XEP-0402 §3, and the old form of XEP-0048 §3.1)."""

import logging
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, SubElement, fromstring, tostring

from tui_xmpp.model.address import Address
from tui_xmpp.model.room import Bookmark
from tui_xmpp.model.stanzas import BookmarksChanged
from tui_xmpp.model.text import clean_line
from tui_xmpp.xmpp import names, parse
from tui_xmpp.xmpp.build import text_child, xml_text

log = logging.getLogger(__name__)

BOOKMARKS_LIMIT = 2000
"""Most bookmarks taken from the server."""

EXTENSIONS_LIMIT = 64 * 1024
"""Most characters of unknown XML kept of one bookmark; longer ones are not kept."""

CONFERENCE = names.tag(names.BOOKMARKS, "conference")
_NICK = names.tag(names.BOOKMARKS, "nick")
_PASSWORD = names.tag(names.BOOKMARKS, "password")
_EXTENSIONS = names.tag(names.BOOKMARKS, "extensions")
_EVENT_ITEM = names.tag(names.PUBSUB_EVENT, "item")
_EVENT_RETRACT = names.tag(names.PUBSUB_EVENT, "retract")
_LEGACY_CONFERENCE = names.tag(names.LEGACY_BOOKMARKS, "conference")
_LEGACY_NICK = names.tag(names.LEGACY_BOOKMARKS, "nick")
_LEGACY_PASSWORD = names.tag(names.LEGACY_BOOKMARKS, "password")


def parse_items(items: Element, item_tag: str) -> Iterator[Bookmark]:
    """Yield the bookmarks of a node's items; those without a good address are left out."""
    for item in items.findall(item_tag)[:BOOKMARKS_LIMIT]:
        room = parse.address(item.get("id"))
        conference = item.find(CONFERENCE)
        if room is not None and conference is not None:
            yield parse_conference(room.bare, conference)


def parse_conference(room: Address, conference: Element) -> Bookmark:
    """Read one bookmark; what is not known of it is kept as XML."""
    extensions = conference.find(_EXTENSIONS)
    kept = tostring(extensions, encoding="unicode") if extensions is not None and len(extensions) else ""
    return Bookmark(
        room=room,
        name=clean_line(conference.get("name", "")),
        nick=parse.occupant_nick(conference.findtext(_NICK), room),
        password=parse.identifier(conference.findtext(_PASSWORD)),
        autojoin=parse.flag(conference.get("autojoin")),
        extensions=kept if len(kept) <= EXTENSIONS_LIMIT else "",
    )


def conference(bookmark: Bookmark) -> Element:
    """Return the element to publish; unknown extensions go back as they came."""
    element = Element(CONFERENCE, {"autojoin": "true" if bookmark.autojoin else "false"})
    if bookmark.name:
        element.set("name", xml_text(bookmark.name))
    if bookmark.nick:
        text_child(element, _NICK, bookmark.nick)
    if bookmark.password:
        text_child(element, _PASSWORD, bookmark.password)
    if bookmark.extensions:
        try:
            element.append(fromstring(bookmark.extensions))  # noqa: S314 - our own output, from a guarded parser
        except ParseError:
            log.warning("the extensions of a bookmark could not be read and were left out")
    return element


def parse_changes(items: Element) -> BookmarksChanged:
    """Read the items of an event of our own bookmarks node."""
    retracted = (parse.address(item.get("id")) for item in items.findall(_EVENT_RETRACT)[:BOOKMARKS_LIMIT])
    return BookmarksChanged(
        published=tuple(parse_items(items, _EVENT_ITEM)),
        retracted=tuple(room.bare for room in retracted if room is not None),
    )


def parse_legacy(storage: Element) -> Iterator[Bookmark]:
    """Yield the rooms of a storage element of XEP-0048."""
    for element in storage.findall(_LEGACY_CONFERENCE)[:BOOKMARKS_LIMIT]:
        room = parse.address(element.get("jid"))
        if room is not None:
            yield Bookmark(
                room=room.bare,
                name=clean_line(element.get("name", "")),
                nick=parse.occupant_nick(element.findtext(_LEGACY_NICK), room.bare),
                password=parse.identifier(element.findtext(_LEGACY_PASSWORD)),
                autojoin=parse.flag(element.get("autojoin")),
            )


def change_legacy(storage: Element, room: Address, bookmark: Bookmark | None) -> None:
    """Put a bookmark into a storage element in place, or take the room's out; all else stays as it is."""
    for element in storage.findall(_LEGACY_CONFERENCE):
        address = parse.address(element.get("jid"))
        if address is not None and address.bare == room:
            storage.remove(element)
    if bookmark is None:
        return
    element = SubElement(storage, _LEGACY_CONFERENCE, {"jid": str(room)})
    element.set("autojoin", "true" if bookmark.autojoin else "false")
    if bookmark.name:
        element.set("name", xml_text(bookmark.name))
    if bookmark.nick:
        text_child(element, _LEGACY_NICK, bookmark.nick)
    if bookmark.password:
        text_child(element, _LEGACY_PASSWORD, bookmark.password)
