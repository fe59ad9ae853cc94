"""A store as it is after years of use, made quickly: real tables, rows by `executemany`.

    python -m tests.bench.fill PATH [--contacts 1000] [--chats 500] [--messages 100000]

Some chats are busy and most are not, a third are rooms, words are as common as in a language, the last messages of
some chats are unread, and the newest of each says which chat it ends.
"""

import argparse
import itertools
import random
from collections.abc import Iterator
from pathlib import Path

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.contact import Subscription
from tui_xmpp.model.message import Delivery, Direction, Encryption, MessageKind
from tui_xmpp.model.room import Bookmark
from tui_xmpp.model.stanzas import RosterItem
from tui_xmpp.storage import counters, rows, search_index
from tui_xmpp.storage.cipher import Key
from tui_xmpp.storage.database import Connection, Value
from tui_xmpp.storage.opening import open_store
from tui_xmpp.storage.writes import Writes

ACCOUNT = Address.parse("me@example.org")
SERVICE = Address.parse("rooms.example.org")
FIRST_TIME = 1_700_000_000_000_000
STEP = 60_000_000
"""µs from one message to the next over all chats."""

_SYLLABLES = ("ka", "ro", "mi", "ten", "sul", "ba", "ve", "lor", "an", "di", "po", "gra", "nu", "shi", "we", "el")
LONG_CHAT = 2_200
"""Messages that the busiest chat has at least, however small the store, unless it would be more than half of it."""
UNREAD_CHATS = 20
_UNREAD_EACH = 7

_INSERT_MESSAGE = """
INSERT INTO messages (id, chat_id, position, time, direction, kind, sender, nick, occupant_id, body, delivery,
                      encryption, stanza_id, origin_id, mentions_us)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def fill(
    path: Path, *, contacts: int, chats: int, messages: int, account: Address = ACCOUNT, key: Key | None = None
) -> list[ChatKey]:
    """Make a store at `path`, always the same, encrypted if there is a key; returns its chats, the busiest first."""
    db, _ = open_store(path, key)
    writes = Writes(db)
    chance = random.Random(1)
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(20_000)]
    db.run("PRAGMA synchronous = OFF")
    db.run("BEGIN")
    people = [Address(account.domain, f"contact{number:04}") for number in range(contacts)]
    writes.replace_roster(account, [_item(number, address) for number, address in enumerate(people)], "v1")
    keys = [_chat(writes, account, number, people) for number in range(chats)]
    ids = [rows.ensure_chat(db, key, ChatKind.CONTACT) for key in keys]
    archive_of = [
        rows.ensure_archive(db, account, key.peer if key.peer.domain == SERVICE.domain else account) for key in keys
    ]
    busy = _busy(chats, messages)
    common = list(itertools.accumulate(1 / (number + 3) for number in range(len(words))))
    for batch in _batches(messages, 20_000):
        picks = chance.choices(range(chats), cum_weights=busy, k=len(batch))
        ends = range(max(batch.start, messages - chats), batch.stop)  # at the end each chat is written to once
        picks[len(batch) - len(ends) :] = (messages - 1 - number for number in ends)
        batch_rows: list[tuple[Value, ...]] = []
        archived: list[tuple[Value, ...]] = []
        for number, pick in zip(batch, picks, strict=True):
            body = " ".join(chance.choices(words, cum_weights=common, k=chance.randint(2, 24)))
            if number in ends:
                body = newest_text(pick)
            row = _message(number, ids[pick], keys[pick], body, chance)
            batch_rows.append(row)
            archived.append((archive_of[pick], f"archive-{number}", row[0]))
        db.many(_INSERT_MESSAGE, batch_rows)
        db.many("INSERT INTO archive_ids (archive_id, id, message_id) VALUES (?, ?, ?)", archived)
    search_index.rebuild(db)
    for place, chat in enumerate(ids):
        _finish(db, chat, unread=_UNREAD_EACH if place % max(chats // UNREAD_CHATS, 1) == 3 else 0)
    db.run("COMMIT")
    db.text("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return keys


def newest_text(chat: int) -> str:
    """What the newest message of a chat says; the busiest chat is number 0, and the last that was written to."""
    return f"Newest of chat {chat:03}, and here it ends."


def _busy(chats: int, messages: int) -> list[float]:
    """How often each chat is written to, added up."""
    weights = [1 / (number + 8) for number in range(chats)]
    long = min(LONG_CHAT / max(messages, 1), 0.5)
    weights[0] = max(weights[0], long / (1 - long) * sum(weights[1:]))
    return list(itertools.accumulate(weights))


def _item(number: int, address: Address) -> RosterItem:
    groups = (("Friends",), ("Work",), ("Friends", "Family"), ())[number % 4]
    return RosterItem(address, f"Contact {number:04}" if number % 3 else "", groups, Subscription.BOTH)


def _chat(writes: Writes, account: Address, number: int, people: list[Address]) -> ChatKey:
    if number % 3 == 0:
        key = ChatKey(account, Address(SERVICE.domain, f"room{number:04}"))
        writes.ensure_chat(key, ChatKind.ROOM, open=True)
        writes.upsert_bookmark(account, Bookmark(key.peer, "" if number % 2 else f"Room {number}", "me", autojoin=True))
        writes.set_room_state(key, name=f"The room of {number}", subject="What this room is about")
    else:
        peer = people[number] if number < len(people) else Address("elsewhere.example", f"stranger{number:04}")
        key = ChatKey(account, peer)
        writes.ensure_chat(key, ChatKind.CONTACT, open=True)
    return key


def _message(number: int, chat: int, key: ChatKey, body: str, chance: random.Random) -> tuple[Value, ...]:
    time = FIRST_TIME + number * STEP
    own = chance.random() < 0.25
    in_room = key.peer.domain == SERVICE.domain
    nick = ("me" if own else f"person{chance.randint(0, 30)}") if in_room else ""
    bare = key.account if own else key.peer
    return (
        time << 10 | chat % 1024,
        chat,
        time,
        time,
        Direction.OUT if own else Direction.IN,
        MessageKind.TEXT,
        f"{key.peer}/{nick}" if in_room else str(bare),
        nick,
        f"occupant-{nick}" if in_room else "",
        body,
        Delivery.DISPLAYED if own and not in_room else Delivery.SENT,
        Encryption.NONE,
        f"id-{number}",
        f"id-{number}" if own else "",
        0,
    )


def _finish(db: Connection, chat: int, *, unread: int) -> None:
    """Set what the chat's row keeps about its messages, the last ones unread."""
    db.run(
        "UPDATE messages SET unread = 1 WHERE id IN (SELECT id FROM messages WHERE chat_id = ? AND direction = 'in'"
        " ORDER BY position DESC LIMIT ?)",
        (chat, unread),
    )
    before = "SELECT coalesce(min(position) - 1, 0) FROM messages WHERE chat_id = ? AND unread = 1"
    newest = counters.newest_position(db, chat)
    db.run(
        f"UPDATE chats SET activity = ?, read_position = CASE ? WHEN 0 THEN ? ELSE ({before}) END WHERE id = ?",
        (newest, unread, newest, chat, chat),
    )
    counters.recount(db, chat)
    counters.refresh_preview(db, chat)


def _batches(count: int, size: int) -> Iterator[range]:
    for first in range(0, count, size):
        yield range(first, min(first + size, count))


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--contacts", type=int, default=1_000)
    parser.add_argument("--chats", type=int, default=500)
    parser.add_argument("--messages", type=int, default=100_000)
    asked = parser.parse_args()
    fill(asked.path, contacts=asked.contacts, chats=asked.chats, messages=asked.messages)


if __name__ == "__main__":
    _main()
