"""The rows of the left pane: chats, requests and contacts in groups. Pure: values in, rows out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey, ChatKind
from tui_xmpp.model.contact import Availability, Contact, Presence, Subscription
from tui_xmpp.model.frozen import frozen
from tui_xmpp.model.links import shared_file, without_keys
from tui_xmpp.model.message import Delivery
from tui_xmpp.model.request import Request, RequestKind
from tui_xmpp.ui.clock import Clock
from tui_xmpp.ui.history.grouping import ACTION
from tui_xmpp.ui.rows import Line, Part, Row
from tui_xmpp.ui.words import DELIVERY, PRESENCE, REMOVED, ROOM, account_hint, chat_title, presence_style

OTHERS = "Without a group"
"""Heading of the contacts in no group, where there are groups."""

_OFFLINE = Presence()

Who = tuple[Address, Address]
"""Account and bare address."""


@frozen
class GroupTarget:
    """A group of contacts, which folds."""

    name: str


@frozen
class ContactTarget:
    """A contact in the list of contacts."""

    contact: Contact

    @property
    def key(self) -> ChatKey:
        """The chat with it."""
        return ChatKey(self.contact.account, self.contact.address)


@frozen
class RequestTarget:
    """Something that waits for an answer."""

    request_id: int


Target = ChatKey | ContactTarget | GroupTarget | RequestTarget


@dataclass(slots=True)
class Lists:
    """What the left pane knows; kept up to date by events, so that nothing is read again for a presence."""

    chats: Sequence[Chat] = ()
    contacts: dict[Who, Contact] = field(default_factory=dict)
    presences: dict[Who, Presence] = field(default_factory=dict)
    joined: set[ChatKey] = field(default_factory=set)
    requests: Sequence[Request] = ()
    folded: set[str] = field(default_factory=set)
    current: ChatKey | None = None
    known: dict[str, tuple[Contact, Presence, str, Row]] = field(default_factory=dict)
    """Rows of contacts as they were made last, by id."""
    known_chats: dict[ChatKey, tuple[object, Row]] = field(default_factory=dict)
    """Rows of chats as they were made last, with what they were made from."""
    compact: bool = False
    """A chat takes one line, without what was said last."""
    own_hint: str = ""
    """What to do where there is nothing yet."""

    def presence(self, account: Address, address: Address) -> Presence:
        """The best presence of somebody."""
        return self.presences.get((account, address.bare), _OFFLINE)


def build_chats(lists: Lists, clock: Clock, most: int | None = None) -> list[Row]:
    """The rows of the chats, of so many at most, and of the requests."""
    rows = [_heading("CHATS", "chats")]
    owners = _owners(chat.key for chat in lists.chats)
    today = clock.today()
    rows += [
        _chat_row(chat, lists, clock, today, account_hint(chat.key.account, owners[chat.key.peer]))
        for chat in lists.chats[:most]
    ]
    if not lists.chats:
        rows.append(_hint("no-chats", "No chats yet."))
    if lists.requests:
        rows += [_blank("requests"), _heading("REQUESTS", "requests", str(len(lists.requests)))]
        rows += [_request_row(request) for request in lists.requests]
    return rows


def build_contacts(lists: Lists) -> list[Row]:
    """The rows of the contacts."""
    rows = [_blank("contacts"), _heading("CONTACTS", "contacts"), *_contact_rows(lists)]
    if not lists.contacts:
        rows.append(_hint("no-contacts", lists.own_hint or "No contacts yet."))
    return rows


def _owners(keys: Iterable[ChatKey]) -> Mapping[Address, Sequence[Address]]:
    """By address the accounts that know it; two rows that look the same are told apart by them."""
    owners: dict[Address, list[Address]] = {}
    for key in keys:
        owners.setdefault(key.peer, []).append(key.account)
    return owners


def _heading(text: str, name: str, badge: str = "") -> Row:
    parts: tuple[Part, ...] = ((text, "heading"),)
    if badge:
        parts = (*parts, (" ", "text"), (f" {badge} ", "warm-badge"))
    return Row(f"heading {name}", (Line(parts),))


def _blank(name: str) -> Row:
    return Row(f"blank {name}", (Line(),))


def _hint(name: str, text: str) -> Row:
    return Row(f"hint {name}", (Line(((f"   {text}", "quiet"),)),))


def _chat_row(chat: Chat, lists: Lists, clock: Clock, today: date, account: str) -> Row:
    made_of = (chat, chat.key == lists.current, _glyph(chat, lists), today, account, lists.compact)
    known = lists.known_chats.get(chat.key)
    if known is not None and known[0] == made_of:
        return known[1]
    row = _new_chat_row(chat, lists, clock, account)
    lists.known_chats[chat.key] = made_of, row
    return row


def _new_chat_row(chat: Chat, lists: Lists, clock: Clock, account: str) -> Row:
    unread = bool(chat.unread) and not chat.muted
    when = " ".join(filter(None, (account, clock.short(chat.preview.time) if chat.preview is not None else "")))
    first = Line(
        ((" ", "text"), _glyph(chat, lists), (f" {chat_title(chat)}", "strong" if unread else "text")),
        ((when, "quiet"),) if when else (),
    )
    badges: list[Part] = []
    if chat.mentions:
        badges.append((f" @{chat.mentions} ", "warm-badge"))
    if chat.unread > chat.mentions:
        badges.append((f" {chat.unread - chat.mentions} ", "quiet" if chat.muted else "badge"))
    if lists.compact:
        right = tuple(badges) or first.right
        return Row(f"chat {chat.key}", (Line(first.left, right),), chat.key, current=chat.key == lists.current)
    second = Line((("   ", "text"), _preview(chat, is_open=chat.key == lists.current)), tuple(badges))
    return Row(f"chat {chat.key}", (first, second), chat.key, current=chat.key == lists.current)


def _glyph(chat: Chat, lists: Lists) -> Part:
    if chat.kind is ChatKind.ROOM:
        return ROOM, "accent" if chat.key in lists.joined else "quiet"
    if chat.kind is ChatKind.PRIVATE:
        return "@", "quiet"
    availability = lists.presence(chat.key.account, chat.key.peer).availability
    return PRESENCE[availability], presence_style(availability)


def _preview(chat: Chat, *, is_open: bool) -> Part:
    """The last message, or the draft; of the open chat not the draft, which stands in the composer."""
    if chat.draft and not is_open:
        return f"draft: {_one_line(chat.draft)}", "warm"
    preview = chat.preview
    if preview is None:
        return "", "quiet"
    if preview.delivery is Delivery.FAILED:
        return f"{DELIVERY[Delivery.FAILED]} not sent: {_one_line(preview.text)}", "busy"
    text = _one_line(preview.text) or REMOVED
    sender = "you" if preview.own else preview.sender if chat.kind is ChatKind.ROOM else ""
    if text.startswith(ACTION):
        text = f"* {sender or chat_title(chat)} {text.removeprefix(ACTION)}"
    elif sender:
        text = f"{sender}: {text}"
    travels = preview.own and bool(preview.text)
    return f"{text} {DELIVERY[preview.delivery]}" if travels else text, "quiet"


def _one_line(text: str) -> str:
    if text.startswith("aesgcm:"):  # a link with a key, and a name that nobody has given
        shared = shared_file(text)
        return "encrypted picture" if shared is not None and shared.picture else "encrypted file"
    return " ".join(without_keys(text[:200]).split())


_ASKED = {RequestKind.SUBSCRIPTION: "asks", RequestKind.INVITATION: "invites", RequestKind.DEVICE: "new device"}


def _request_row(request: Request) -> Row:
    who = request.sender.shown
    return Row(
        f"request {request.id}",
        (Line((("   ", "text"), (who, "text")), ((_ASKED[request.kind], "quiet"),)),),
        RequestTarget(request.id),
    )


def _contact_rows(lists: Lists) -> list[Row]:
    groups = grouped(lists.contacts.values())
    owners = _owners(ChatKey(*who) for who in lists.contacts)

    def row_of(contact: Contact, group: str) -> Row:
        return _contact_row(contact, group, lists, account_hint(contact.account, owners[contact.address]))

    if list(groups) == [OTHERS]:
        return [row_of(contact, "") for contact in _sorted(groups[OTHERS], lists)]
    rows: list[Row] = []
    for name, members in groups.items():
        here = sum(_is_here(contact, lists) for contact in members)
        folded = name in lists.folded
        mark = "▸" if folded else "▾"
        line = Line(((f" {mark} {name} ", "quiet"), (f"{here} of {len(members)}", "quiet")))
        rows.append(Row(f"group {name}", (line,), GroupTarget(name)))
        if not folded:
            rows += [row_of(contact, name) for contact in _sorted(members, lists)]
    return rows


def grouped(contacts: Iterable[Contact]) -> Mapping[str, list[Contact]]:
    """Contacts by group in the order of the names; who is in several groups is in each; the rest comes last."""
    groups: dict[str, list[Contact]] = {}
    others: list[Contact] = []
    for contact in contacts:
        if not contact.groups:
            others.append(contact)
        for group in contact.groups:
            groups.setdefault(group, []).append(contact)
    result = {name: groups[name] for name in sorted(groups, key=str.casefold)}
    if others:
        result[OTHERS] = result.get(OTHERS, []) + others
    return result


def _is_here(contact: Contact, lists: Lists) -> bool:
    return lists.presence(contact.account, contact.address).availability is not Availability.OFFLINE


def _sorted(contacts: Sequence[Contact], lists: Lists) -> list[Contact]:
    return sorted(contacts, key=lambda contact: (not _is_here(contact, lists), contact.title.casefold()))


def _contact_row(contact: Contact, group: str, lists: Lists, account: str) -> Row:
    presence = lists.presence(contact.account, contact.address)
    row_id = f"contact {group}/{contact.account}/{contact.address}"
    known = lists.known.get(row_id)
    if known is not None and known[0] is contact and known[1] is presence and known[2] == account:
        return known[3]
    row = _new_contact_row(row_id, contact, presence, "   " if group else " ", account)
    lists.known[row_id] = (contact, presence, account, row)
    return row


def _new_contact_row(row_id: str, contact: Contact, presence: Presence, indent: str, account: str) -> Row:
    availability = presence.availability
    parts: list[Part] = [
        (indent, "text"),
        (PRESENCE[availability], presence_style(availability)),
        (f" {contact.title}", "text" if availability is not Availability.OFFLINE else "quiet"),
    ]
    words = presence.status or ("waits for an answer" if contact.asked and not _sees(contact) else "")
    if words:
        parts.append((f"  {words}", "quiet"))
    return Row(row_id, (Line(tuple(parts), ((account, "quiet"),) if account else ()),), ContactTarget(contact))


def _sees(contact: Contact) -> bool:
    return contact.subscription in {Subscription.TO, Subscription.BOTH}
