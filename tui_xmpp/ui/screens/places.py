"""Everywhere one can go: open chats, contacts, bookmarked rooms, and addresses that were typed in full."""

from collections.abc import Sequence
from enum import IntEnum

from tui_xmpp.core.facade import Facade
from tui_xmpp.errors import AddressError
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey, ChatKind
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.text import clean_line
from tui_xmpp.ui.screens.fuzzy import Match, match
from tui_xmpp.ui.screens.words import PRESENCE_STYLES, address_with_warning
from tui_xmpp.ui.words import PRESENCE, ROOM, chat_title

_RANK_STEP = 6
"""What each step of rank is worth among equal hits."""


class Rank(IntEnum):
    """What comes first where nothing was typed."""

    UNREAD = 0
    OPEN = 1
    CONTACT = 2
    BOOKMARK = 3


@frozen
class Place:
    """One place, ready to be searched and shown."""

    key: ChatKey
    title: str
    address: str
    rank: Rank
    glyph: str
    glyph_style: str = "$foreground-muted"
    beside: str = ""
    badge: str = ""


@frozen
class Join:
    """A room to join that nothing is known of."""

    account: Address
    room: Address


def places(engine: Facade) -> list[Place]:
    """All places in the order of their rank: unread chats, chats by recency, contacts by name, bookmarks by name."""
    found: dict[ChatKey, Place] = {}
    for chat in sorted(engine.chats(), key=lambda chat: (not chat.unread, -bool(chat.mentions), -chat.activity)):
        found[chat.key] = _of_chat(engine, chat)
    for contact in engine.contacts():
        key = ChatKey(contact.account, contact.address)
        if key not in found:
            found[key] = _of_person(engine, key, contact.title, Rank.CONTACT)
    for state in engine.accounts():
        for bookmark in sorted(engine.bookmarks(state.address), key=lambda bookmark: bookmark.name.casefold()):
            key = ChatKey(state.address, bookmark.room)
            if key not in found:
                title = bookmark.name or bookmark.room.local or str(bookmark.room)
                found[key] = Place(
                    key, title, str(key.peer), Rank.BOOKMARK, ROOM, beside=address_with_warning(bookmark.room)
                )
    return list(found.values())


def ranked(query: str, candidates: Sequence[Place], limit: int) -> list[tuple[Place, Match]]:
    """The best `limit` places for what was typed; the order of `candidates` decides among equals.

    Those whose title fits come first. An address must have the words as they are: contacts on one server share its
    letters.
    """
    if not query:
        return [(place, Match(0, ())) for place in candidates[:limit]]
    found: list[tuple[bool, int, int, Place, Match]] = []
    for order, place in enumerate(candidates):
        by_title = match(query, place.title)
        hit = by_title or match(query, place.address, scattered=False)
        if hit is not None:
            shown = hit if by_title is not None else Match(0, ())
            found.append((by_title is None, _RANK_STEP * place.rank - hit.score, order, place, shown))
    found.sort(key=lambda item: item[:3])
    return [(place, hit) for *_, place, hit in found[:limit]]


def typed_address(query: str) -> Address | None:
    """The address that was typed in full, bare; None when it is not one of a person or a room."""
    if "@" not in query:
        return None
    try:
        address = Address.parse(query).bare
    except AddressError:
        return None
    return address if address.local else None


def _of_chat(engine: Facade, chat: Chat) -> Place:
    rank = Rank.UNREAD if chat.unread else Rank.OPEN
    badge = f"@{chat.mentions}" if chat.mentions else str(chat.unread) if chat.unread else ""
    title = chat_title(chat)
    if chat.kind is ChatKind.CONTACT:
        return _of_person(engine, chat.key, title, rank, badge)
    style = "$accent" if chat.kind is ChatKind.ROOM else "$foreground-muted"
    room = chat.key.peer.bare
    beside = address_with_warning(room) if chat.kind is ChatKind.ROOM and title != room.shown else ""
    return Place(chat.key, title, str(chat.key.peer.bare), rank, ROOM, style, beside, badge)


def _of_person(engine: Facade, key: ChatKey, title: str, rank: Rank, badge: str = "") -> Place:
    state = engine.presence(key.account, key.peer).availability
    address = str(key.peer)
    if address.isascii():  # as nearly all are: nothing in it can be taken for something else
        beside = "" if title == address else address
        return Place(key, title, address, rank, PRESENCE[state], PRESENCE_STYLES[state], beside, badge)
    address = address_with_warning(key.peer)
    beside = "" if clean_line(title) == key.peer.shown else address
    if key.peer.is_look_alike and not beside:
        title = address
    return Place(key, title, str(key.peer), rank, PRESENCE[state], PRESENCE_STYLES[state], beside, badge)
