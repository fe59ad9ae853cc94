"""Dumps of the store as each released version wrote it, so that every way up to today's version is tested.

`python -m tests.storage.dumps` writes the dump of the current version, once per version, when a step is added to
`tui_xmpp.storage.migrations`: before it is released, and never again after.
"""

import tempfile
from dataclasses import replace
from pathlib import Path

from tests.storage.builders import (
    BOB,
    BOBS,
    EVE,
    ME,
    NOON,
    OTHER_ME,
    ROOM,
    ROOMS,
    SECOND,
    archived,
    correct,
    in_room,
    incoming,
    operation,
    outgoing,
)
from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.contact import Subscription
from tui_xmpp.model.message import Delivery, Direction, Encryption, MessageKind
from tui_xmpp.model.omemo import EncryptionWish, ListedDevice, OmemoVersion, Trust
from tui_xmpp.model.request import RequestKind
from tui_xmpp.model.room import Bookmark
from tui_xmpp.model.sending import Secrecy
from tui_xmpp.model.stanzas import RosterItem, Route, Sealed
from tui_xmpp.storage.database import Connection, connect
from tui_xmpp.storage.migrations import APPLICATION_ID, VERSION, version_of
from tui_xmpp.storage.opening import open_store
from tui_xmpp.storage.uploads import StoredFile
from tui_xmpp.storage.values import Change, NewReply, NewSeal
from tui_xmpp.storage.writes import Writes

STRANGER = Address.parse("stranger@example.org")
PICTURE = StoredFile("dough.jpg", 70_000, Secrecy.AS_CHAT, "/home/me/dough.jpg", NOON * 1000)
DIRECTORY = Path(__file__).parent / "versions"


def dump_path(version: int) -> Path:
    """Where the dump of a version is."""
    return DIRECTORY / f"version-{version}.sql"


def schema(db: Connection) -> list[str]:
    """Every statement that made the database, without the tables that the search index makes for itself."""
    return db.texts(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*'"
        " AND (name NOT GLOB 'messages_text_*' OR type = 'trigger') ORDER BY rowid"
    )


def dump(db: Connection) -> str:
    """SQL that makes the same database; the triggers fill the search index."""
    lines = [f"{' '.join(sql.split())};" for sql in schema(db)]
    tables = db.texts("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%' ORDER BY rowid")
    for table in tables:
        columns = db.texts(f"SELECT name FROM pragma_table_info('{table}')")
        quoted = " || ', ' || ".join(f"quote({column})" for column in columns)
        rows = db.texts(f"SELECT {quoted} FROM {table}")
        lines += [f"INSERT INTO {table} VALUES ({_in_one_line(row)});" for row in rows]
    lines += [f"PRAGMA application_id = {APPLICATION_ID};", f"PRAGMA user_version = {version_of(db)};"]
    return "\n".join(lines) + "\n"


def _in_one_line(row: str) -> str:
    return row.replace("\n", "' || char(10) || '")


def load(path: Path, version: int) -> None:
    """Make a store at `path` as a version of the program left it; version 0 is an empty file."""
    db = connect(path)
    if version:
        db.run("BEGIN")
        for line in dump_path(version).read_text().splitlines():
            db.run(line)
        db.run("COMMIT")
    db.close()


def write_sample(writes: Writes) -> None:
    """Something in every table."""
    writes.replace_roster(ME, [RosterItem(BOB, "Bob", ("Friends", "Work"), Subscription.BOTH)], "v1")
    writes.ensure_chat(BOBS, ChatKind.CONTACT, open=True, now=NOON)
    writes.set_draft(BOBS, "Dear\nBob")
    writes.add_message(incoming("Helo", archive_ids=((ME, "a1"),)))
    correct(writes, BOBS, "s1", sender=BOB, body="Hello", time=NOON + 1, stanza_id="s2")
    correct(writes, BOBS, "unknown", sender=BOB, body="Early", time=NOON + 1, stanza_id="s3")
    writes.add_message(outgoing("It's me"))
    writes.set_delivery(
        writes.add_message(outgoing("Refused", stanza_id="o2", origin_id="o2")).message.id, Delivery.FAILED, "No"
    )
    writes.extend_span(ME, ME, ["a1"], before="", complete=True)
    writes.ensure_chat(ROOMS, ChatKind.ROOM, open=True, now=NOON + 1)
    writes.upsert_bookmark(ME, Bookmark(ROOM, "The room", "me", autojoin=True))
    writes.set_room_state(ROOMS, name="A room", subject="News", subject_by="bob", private=True)
    writes.add_archive_page(ME, ROOM, [archived(in_room("one", occupant_id="x"), "r1", ROOM)], before="")
    writes.add_message(in_room("two", stanza_id="r2", mentions_us=True))
    writes.add_message(in_room("News", stanza_id="r3", message_kind=MessageKind.SUBJECT))
    writes.ensure_chat(ChatKey(OTHER_ME, ROOM), ChatKind.ROOM)
    _write_operations(writes)
    _write_encryption(writes)
    writes.take_mark(BOBS, ME, "a1")
    writes.take_mark(ROOMS, ROOM, "r9")
    writes.set_keep_days(BOBS, 30)
    forgotten = ChatKey(ME, EVE)
    writes.add_message(incoming("Gone", key=forgotten, sender=EVE, archive_ids=((ME, "a9"),)))
    writes.delete_some(forgotten, writes.begin_deleting(forgotten), 9)
    _write_files(writes)
    writes.add_request(ME, RequestKind.INVITATION, BOB, room=ROOM, text="Come", time=NOON)


def _write_encryption(writes: Writes) -> None:
    """Keys, devices and messages of all kinds that encryption knows, in a chat of its own."""
    key = ChatKey(OTHER_ME, EVE)
    writes.change_keys(OTHER_ME, {"/own_device_id": "7", "/ikp/key": '"secret"'})
    writes.list_devices(OTHER_ME, EVE, OmemoVersion.TWO, [ListedDevice(9, "phone")], NOON)
    writes.learn_device(OTHER_ME, EVE, 9, "ab" * 32, NOON, Trust.TRUSTED)
    writes.begin_encryption(key, ChatKind.CONTACT, NOON)
    writes.set_encryption(key, ChatKind.CONTACT, EncryptionWish.ALWAYS)
    for number in (1, 2):
        seal = NewSeal(Sealed("<message/>", Route.LIVE, EVE, mark=f"m{number}", device=9), OTHER_ME, EVE)
        row = incoming("", key=key, sender=EVE, stanza_id=f"e{number}", origin_id=f"e{number}", sealed=seal)
        stored = writes.add_message(row)
        if number == 1:
            opened = replace(
                row, body="Secret", sealed=None, encryption=Encryption.OMEMO, device=9, trust=Trust.TRUSTED
            )
            writes.open_message(stored.message.id, opened)
    of_stranger = writes.key_id(OTHER_ME, STRANGER, 11, "cd" * 32)
    sealed = incoming("Who?", key=ChatKey(OTHER_ME, STRANGER), sender=STRANGER, encryption=Encryption.OMEMO)
    writes.add_message(replace(sealed, device=11, trust=Trust.UNPROVEN, key_id=of_stranger))
    writes.remember_people(ROOMS, {"x": BOB})


def _write_files(writes: Writes) -> None:
    """A file that waits and one that was sent, in a chat of their own."""
    key = ChatKey(OTHER_ME, OTHER_ME)
    for number in (1, 2):
        new = outgoing("notes.txt", key=key, sender=OTHER_ME, stanza_id=f"f{number}", origin_id=f"f{number}")
        message = writes.add_message(new).message
        file = StoredFile("notes.txt", 5, Secrecy.ENCRYPTED, content="Words") if number == 1 else PICTURE
        writes.keep_file(message.id, file)
        if number == 2:
            writes.file_uploaded(message.id, "https://files.example.net/2/dough.jpg", NOON)
            writes.set_delivery(message.id, Delivery.SENT)


def _write_operations(writes: Writes) -> None:
    """Everything that is done with messages, in a chat of its own."""
    key = ChatKey(OTHER_ME, BOB)
    bread = writes.add_message(incoming("Bread?", key=key, stanza_id="b1")).message
    writes.add_message(
        incoming("Yes", key=key, stanza_id="b2", whole="> Bread?\nYes", reply=NewReply("b1", quoted="Bread?"))
    )
    writes.operate(operation(Change.REACTIONS, "b1", key=key, emojis=("👍", "🍞")))
    writes.add_message(incoming("Oops", key=key, stanza_id="b3"))
    writes.operate(operation(Change.RETRACTION, "b3", key=key))
    writes.operate(operation(Change.REACTIONS, "unknown", key=key, emojis=("👍",)))
    ours = operation(Change.REACTIONS, "b1", key=key, direction=Direction.OUT, sender=OTHER_ME, emojis=("🥖",))
    writes.begin_operation(bread.id, replace(ours, stanza_id="x2", time=NOON + 2 * SECOND))
    hidden = writes.add_message(incoming("Spam", key=key, stanza_id="b4")).message
    writes.hide_message(hidden.id, NOON)


def _main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        db, _ = open_store(Path(directory) / "chat.db")
        write_sample(Writes(db))
        dump_path(VERSION).write_text(dump(db))
        db.close()
    print(dump_path(VERSION))


if __name__ == "__main__":
    _main()
