"""Chats and messages to be written down, and texts that try to be more than text."""

from dataclasses import replace
from datetime import timedelta, timezone

from tui_xmpp.export.calendar import Calendar
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import Chat, ChatKey, ChatKind
from tui_xmpp.model.message import Delivery, Direction, Message
from tui_xmpp.model.record import Record

ME = Address.parse("alice@example.org")
BOB = Address.parse("bob@example.org")
ROOM = Address.parse("tea@rooms.example.org")
SECOND = 1_000_000
NOON = 1_795_262_400 * SECOND
"""12:00 UTC on Saturday 21 November 2026."""

CALENDAR = Calendar(timezone(timedelta(hours=1)))

BOBS = Chat(ChatKey(ME, BOB), ChatKind.CONTACT, "Bob", in_contacts=True)
ROOMS = Chat(ChatKey(ME, ROOM), ChatKind.ROOM, "Tea room")

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '</p></article><article class="own"><bdi>alice</bdi>',
    "<!-- --> <![CDATA[ x ]]> <?php ?>",
    '" onmouseover="alert(1)" \'',
    "&lt;b&gt; &amp;amp; &#60;",
    "# heading",
    "####### no heading",
    "heading\n===",
    "heading\n---",
    "heading\n==",
    "* * *\n_ _ _",
    "- item\n+ item\n* item",
    "1. one\n2) two\n10. ten",
    "> quoted\n>> twice",
    "    indented code",
    "a paragraph\n\n      code after it",
    "```\nfence\n```",
    "~~~ tilde\n~~~",
    "`code` ``more``",
    "**bold** _it_ ~~gone~~ ***all***",
    "[text](javascript:alert(1)) ![picture](https://example.org/x.png)",
    "[ref]: https://example.org\n[ref]",
    "[^1]: note [^1]",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "a\n:-",
    "a | b\n:-: | -",
    "term\n: definition",
    "**21:00** fake\n\n**alice** 12:00\n\n> a lie",
    "\n\n## Sunday 22 November 2026\n",
    "ends in a backslash\\\nand goes on\\",
    "two spaces  \nat the end",
    "\\*not twice\\*",
    "<javascript:alert(1)> <https://example.org> https://example.org/<b>",
    "https://example.org/a_b*c*_d`e`|f see (https://example.org/x).",
    'https://example.org/"onmouseover="alert(1)"x\'y',
    "https://",
    "$x^2$ %%hidden%% ==marked==",
    "",
    " ",
    "שלום <b>world</b>",
]


def record(body: str = "Hello", **changes: object) -> Record:
    """A message from Bob."""
    message = Message(7, BOBS.key, NOON, NOON, Direction.IN, BOB, body)
    return Record(replace(message, **changes))  # type: ignore[arg-type]  # any field may be changed


def own(body: str = "Hello", **changes: object) -> Record:
    """A message to Bob."""
    return record(body, **{"direction": Direction.OUT, "sender": ME, "delivery": Delivery.DISPLAYED, **changes})


def in_room(body: str = "Hello", nick: str = "carol", **changes: object) -> Record:
    """A message in the room."""
    return record(body, **{"chat": ROOMS.key, "sender": ROOM.with_resource(nick), "nick": nick, **changes})
