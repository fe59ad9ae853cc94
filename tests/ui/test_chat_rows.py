"""The rows of the left pane."""

from dataclasses import replace

import pytest

from tests.ui.scene import HOME, INES, KITCHEN, KITCHEN_KEY, MARA, MARA_KEY, WORK, address, at, frozen_clock, roster
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey, ChatKind, Preview
from tui_xmpp.model.contact import Availability, Contact, Presence
from tui_xmpp.model.message import Delivery
from tui_xmpp.model.request import Request, RequestKind
from tui_xmpp.ui.chat_rows import OTHERS, ContactTarget, Lists, RequestTarget, build_chats, build_contacts, grouped
from tui_xmpp.ui.rows import Row

CHAT = Chat(MARA_KEY, ChatKind.CONTACT, "Mara", in_contacts=True)
ROOM = Chat(KITCHEN_KEY, ChatKind.ROOM, "Kitchen")


def contacts() -> dict[tuple[Address, Address], Contact]:
    return {
        (HOME, item.address): Contact(HOME, item.address, item.name, item.groups, item.subscription, item.asked)
        for item in roster()
    }


def texts(rows: list[Row]) -> list[str]:
    """The rows as text, left and right."""
    return [
        "".join(text for text, _ in line.left) + "".join(f"|{text.strip()}" for text, _ in line.right)
        for row in rows
        for line in row.lines
    ]


def chat_lines(chat: Chat, lists: Lists | None = None) -> list[str]:
    lists = lists or Lists()
    lists.chats = [chat]
    return texts(build_chats(lists, frozen_clock()))[1:3]


@pytest.mark.parametrize(
    ("chat", "lines"),
    [
        (CHAT, [" ○ Mara", "   "]),
        (replace(CHAT, unread=2), [" ○ Mara", "   |2"]),
        (replace(CHAT, unread=12, mentions=3), [" ○ Mara", "   |@3|9"]),
        (replace(CHAT, unread=2, mentions=2), [" ○ Mara", "   |@2"]),
        (
            replace(CHAT, preview=Preview("see\nyou", "", own=False, time=at(0, 10, 42))),
            [" ○ Mara|10:42", "   see you"],
        ),
        (
            replace(CHAT, preview=Preview("thanks!", "", own=True, time=at(1, 9, 0), delivery=Delivery.DELIVERED)),
            [" ○ Mara|Sat", "   you: thanks! ✓✓"],
        ),
        (
            replace(CHAT, preview=Preview("oh", "", own=True, time=at(0, 9, 0), delivery=Delivery.FAILED)),
            [" ○ Mara|09:00", "   ✗ not sent: oh"],
        ),
        (
            replace(ROOM, preview=Preview("bread?", "Juno", own=False, time=at(0, 9, 0))),
            [" # Kitchen|09:00", "   Juno: bread?"],
        ),
        (
            replace(ROOM, preview=Preview("/me waves", "Juno", own=False, time=at(0, 9, 0))),
            [" # Kitchen|09:00", "   * Juno waves"],
        ),
        (
            replace(CHAT, preview=Preview("/me waves", "", own=False, time=at(0, 9, 0))),
            [" ○ Mara|09:00", "   * Mara waves"],
        ),
        (
            replace(CHAT, preview=Preview("/me waves", "", own=True, time=at(0, 9, 0), delivery=Delivery.SENT)),
            [" ○ Mara|09:00", "   * you waves ✓"],
        ),
        (
            replace(ROOM, preview=Preview("", "Juno", own=False, time=at(0, 9, 0))),
            [" # Kitchen|09:00", "   Juno: message removed"],
        ),
        (
            replace(CHAT, preview=Preview("", "", own=True, time=at(0, 9, 0), delivery=Delivery.SENT)),
            [" ○ Mara|09:00", "   you: message removed"],
        ),
        (replace(CHAT, draft="not yet"), [" ○ Mara", "   draft: not yet"]),
        (replace(CHAT, title="Your bank", in_contacts=False), [" ○ mara@home.example", "   "]),
        (
            Chat(ChatKey(HOME, KITCHEN.with_resource("Juno")), ChatKind.PRIVATE, "Juno"),
            [" @ Juno in kitchen", "   "],
        ),
    ],
)
def test_a_chat_shows_who_when_what_and_how_much_is_unread(chat: Chat, lines: list[str]) -> None:
    assert chat_lines(chat) == lines


def test_a_room_that_we_are_in_looks_different_from_one_that_we_are_not_in() -> None:
    def glyph(lists: Lists) -> str:
        lists.chats = [ROOM]
        return build_chats(lists, frozen_clock())[1].lines[0].left[1][1]

    assert glyph(Lists()) != glyph(Lists(joined={KITCHEN_KEY}))


def test_the_draft_of_the_open_chat_stands_in_the_composer_and_not_in_the_list() -> None:
    assert "draft" not in chat_lines(replace(CHAT, draft="not yet"), Lists(current=MARA_KEY))[1]


def test_a_muted_chat_does_not_shout() -> None:
    lists = Lists(chats=[replace(CHAT, unread=3, muted=True)])
    row = build_chats(lists, frozen_clock())[1]

    assert row.lines[1].right == ((" 3 ", "quiet"),)
    assert row.lines[0].left[2][1] == "text"


def test_in_the_compact_form_a_chat_takes_one_line_and_what_is_unread_is_seen() -> None:
    row = build_chats(Lists(chats=[replace(CHAT, unread=3)], compact=True), frozen_clock())[1]

    assert len(row.lines) == 1
    assert row.lines[0].right == ((" 3 ", "badge"),)
    read = build_chats(Lists(chats=[replace(CHAT, unread=0)], compact=True), frozen_clock())[1]
    assert read.lines[0].right == build_chats(Lists(chats=[CHAT]), frozen_clock())[1].lines[0].right


def test_contacts_stand_in_their_groups_those_who_are_here_first() -> None:
    lists = Lists(contacts=contacts(), presences={(HOME, INES): Presence(Availability.AWAY, "in a meeting")})

    assert texts(build_contacts(lists))[2:] == [
        " ▾ Family 0 of 2",
        "   ○ Juno",
        "   ○ Oma",
        " ▾ Friends 1 of 4",
        "   ◐ Ines  in a meeting",
        "   ○ Kofi",
        "   ○ Mara",
        "   ○ Noor",
        f" ▾ {OTHERS} 0 of 1",
        "   ○ printer  waits for an answer",
    ]


def test_a_folded_group_shows_only_how_many_are_here() -> None:
    lists = Lists(contacts=contacts(), folded={"Friends", "Family", OTHERS})

    assert texts(build_contacts(lists))[2:] == [" ▸ Family 0 of 2", " ▸ Friends 0 of 4", f" ▸ {OTHERS} 0 of 1"]


def test_without_groups_there_are_no_headings_of_groups() -> None:
    lists = Lists(contacts={who: replace(contact, groups=()) for who, contact in contacts().items()})

    assert all(isinstance(row.target, ContactTarget) for row in build_contacts(lists)[2:])


def test_who_is_in_two_groups_stands_in_both_as_two_rows() -> None:
    both = Contact(HOME, MARA, "Mara", ("Friends", "Family"))
    rows = build_contacts(Lists(contacts={(HOME, MARA): both}))
    ids = [row.id for row in rows]

    assert len(ids) == len(set(ids))
    assert {name: len(members) for name, members in grouped([both]).items()} == {"Family": 1, "Friends": 1}


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (RequestKind.SUBSCRIPTION, "asks"),
        (RequestKind.INVITATION, "invites"),
        (RequestKind.DEVICE, "new device"),
    ],
)
def test_requests_stand_between_chats_and_contacts_with_their_number(kind: RequestKind, words: str) -> None:
    request = Request(7, HOME, kind, address("theo@far.example"))
    rows = build_chats(Lists(requests=[request]), frozen_clock())

    assert texts(rows)[2:] == ["", "REQUESTS  1 ", f"   theo@far.example|{words}"]
    assert rows[-1].target == RequestTarget(7)


def test_rows_of_contacts_that_have_not_changed_are_not_made_again() -> None:
    lists = Lists(contacts=contacts())
    before = {row.id: row for row in build_contacts(lists) if isinstance(row.target, ContactTarget)}
    lists.presences[HOME, MARA] = Presence(Availability.ONLINE)
    after = {row.id: row for row in build_contacts(lists) if isinstance(row.target, ContactTarget)}

    assert [row_id for row_id, row in after.items() if row is not before[row_id]] == [f"contact Friends/{HOME}/{MARA}"]


def test_the_same_room_in_two_accounts_is_told_apart() -> None:
    twice = [replace(ROOM, key=ChatKey(account, KITCHEN)) for account in (HOME, WORK)]
    shown = texts(build_chats(Lists(chats=twice), frozen_clock()))
    assert [line for line in shown if "Kitchen" in line] == [" # Kitchen|home.example", " # Kitchen|work.example"]


def test_the_same_contact_in_two_accounts_is_told_apart_by_the_name_where_that_does() -> None:
    carol = Address.parse("carol@work.example")
    known = [Contact(account, MARA, "Mara") for account in (HOME, carol)]
    lists = Lists(contacts={(contact.account, contact.address): contact for contact in known})
    assert texts(build_contacts(lists))[2:] == [" ○ Mara|alice", " ○ Mara|carol"]
    del lists.contacts[carol, MARA]
    assert texts(build_contacts(lists))[2:] == [" ○ Mara"]


def test_only_the_rows_that_say_something_else_are_made_anew() -> None:
    lists = Lists(chats=[CHAT, ROOM], current=MARA_KEY)
    before = build_chats(lists, frozen_clock())
    again = build_chats(lists, frozen_clock())
    assert [one is other for one, other in zip(before[1:], again[1:], strict=True)] == [True, True]
    lists.chats = [CHAT, replace(ROOM, unread=1)]
    after = build_chats(lists, frozen_clock())
    assert [one is other for one, other in zip(before[1:], after[1:], strict=True)] == [True, False]
    lists.current = KITCHEN_KEY
    assert [row.current for row in build_chats(lists, frozen_clock())[1:]] == [False, True]
    lists.joined = {KITCHEN_KEY}
    lists.presences = {(HOME, MARA): Presence(Availability.AWAY)}
    assert "".join(texts(build_chats(lists, frozen_clock()))) != "".join(texts(after))
    lists.compact = True
    assert all(len(row.lines) == 1 for row in build_chats(lists, frozen_clock()))
