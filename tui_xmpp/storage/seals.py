"""Encrypted messages between their arrival and their opening, and the keys that the opening changes.

A message that comes is stored at once, hidden and still encrypted, so that it is known when it comes again and nothing
is lost if the process dies. Opening it writes the new keys and shows it in one transaction (SECURITY 33).
"""

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tui_xmpp.model.address import Address
from tui_xmpp.model.message import Delivery, Encryption, Message
from tui_xmpp.model.omemo import Device, Trust
from tui_xmpp.model.stanzas import Route, Sealed
from tui_xmpp.storage import beside, corrections, rows
from tui_xmpp.storage.addresses import address
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.messages import MessageReader
from tui_xmpp.storage.rows import Part
from tui_xmpp.storage.values import NewSeal, SealedMessage

MOST_COMPARED = 5_000
"""Messages among which a ciphertext is looked for that comes once more."""


class _Row(NamedTuple):
    message_id: int
    author: str
    counts_unread: int
    xml: str
    route: str
    outer_sender: str | None
    delay: int | None
    delay_by: str | None
    archive_id: str
    mark: str
    device: int


_SELECT = """
SELECT message_id, author, counts_unread, xml, route, outer_sender, delay, delay_by, sealed.archive_id, mark, device
FROM sealed JOIN accounts ON accounts.id = account_id JOIN messages ON messages.id = message_id
WHERE accounts.address = ? AND archive NOT IN (SELECT value FROM json_each(?))
ORDER BY sealed.position, message_id LIMIT ?
"""

# The trust is written out, so that the index of what is not proven can be used.
_UNPROVEN = """
SELECT messages.id FROM device_keys CROSS JOIN messages ON key_id = device_keys.id
WHERE trust = 'unproven' AND account_id = ? AND fingerprint = ?
"""


def keep(
    db: Connection, message_id: int, position: int, account: Address, new: NewSeal, *, counts_unread: bool
) -> None:
    """Hide a message that was just stored until it is opened."""
    sealed = new.sealed
    db.run(
        "UPDATE messages SET beside = beside | ?, seal = ?, device = ? WHERE id = ?",
        (beside.HIDDEN | beside.SEALED, sealed.mark, sealed.device, message_id),
    )
    if not new.waits:
        return
    db.run(
        "INSERT INTO sealed (message_id, account_id, archive, position, author, counts_unread, xml, route,"
        " outer_sender, delay, delay_by, archive_id, mark) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            message_id,
            rows.ensure_account(db, account),
            str(new.archive),
            position,
            "" if new.author is None else str(new.author),
            int(counts_unread),
            sealed.xml,
            sealed.route,
            _text(sealed.outer_sender),
            sealed.delay,
            _text(sealed.delay_by),
            sealed.archive_id,
            sealed.mark,
        ),
    )


def take(db: Connection, message_id: int) -> bool:
    """A message does not wait to be opened any more; says whether it did."""
    return db.run("DELETE FROM sealed WHERE message_id = ?", (message_id,)) > 0


class SealReader(Part):
    """Reads keys, and what waits to be opened."""

    def waiting(self, account: Address, limit: int, *, but: Iterable[Address] = ()) -> tuple[SealedMessage, ...]:
        """The oldest messages that wait to be opened, in order, without those of some archives."""
        found = self._db.all(_Row._make, _SELECT, (str(account), _json(but), limit))
        reader = MessageReader(self._db)
        return tuple(
            SealedMessage(message, _sealed(row), address(row.author) if row.author else None, bool(row.counts_unread))
            for row in found
            if (message := reader.stored(row.message_id)) is not None
        )

    def key(self, account: Address, name: str) -> str | None:
        """What the libraries keep under a name, JSON; None: nothing."""
        return self._db.text(
            "SELECT value FROM omemo_keys JOIN accounts ON accounts.id = account_id WHERE address = ? AND name = ?",
            (str(account), name),
        )


class SealWrites(Part):
    """Writes keys, and what came of opening."""

    def change_keys(self, account: Address, changes: Mapping[str, str | None]) -> None:
        """Write what an operation of the libraries has changed; None: the key is gone."""
        row = rows.ensure_account(self._db, account)
        self._db.many(
            "INSERT INTO omemo_keys (account_id, name, value) VALUES (?, ?, ?)"
            " ON CONFLICT (account_id, name) DO UPDATE SET value = excluded.value",
            [(row, name, value) for name, value in changes.items() if value is not None],
        )
        self._db.many(
            "DELETE FROM omemo_keys WHERE account_id = ? AND name = ?",
            [(row, name) for name, value in changes.items() if value is None],
        )

    def set_encryption_of(self, message_id: int, trust: Trust | None) -> Message | None:
        """Note how an own message goes out: to devices of which the least trusted is this, or (None) exposed."""
        encryption = Encryption.NONE if trust is None else Encryption.OMEMO
        self._db.run(
            "UPDATE messages SET encryption = ?, trust = ?, error = '' WHERE id = ?",
            (encryption, trust or Trust.UNDECIDED, message_id),
        )
        return MessageReader(self._db).get(message_id)

    def hold_message(self, message_id: int, reason: str) -> Message | None:
        """Note why an own message does not go out now; empty: nothing keeps it any more."""
        self._db.run(
            "UPDATE messages SET error = ? WHERE id = ? AND delivery = ?", (reason, message_id, Delivery.PENDING)
        )
        return MessageReader(self._db).get(message_id)

    def came_before(self, message: Message, mark: str) -> bool:
        """Whether a chat has this ciphertext in another one of its newer messages."""
        sql = (
            "SELECT 1 FROM (SELECT messages.id, seal FROM messages WHERE chat_id = ? ORDER BY position DESC LIMIT ?)"
            " WHERE seal = ? AND id <> ?"
        )
        chat = rows.chat_id(self._db, message.chat)
        return bool(mark) and bool(self._db.number(sql, (chat, MOST_COMPARED, mark, message.id)))

    def is_sealed(self, message_id: int) -> bool:
        """Whether a message still waits to be opened, so that nobody knows what it says."""
        return bool(self._db.number("SELECT 1 FROM sealed WHERE message_id = ?", (message_id,)))

    def follow_trust(self, account: Address, device: Device) -> tuple[Message, ...]:
        """Let what a key wrote that was not proven say what is thought of it, now that it is; returns what changed."""
        account_id = rows.account_id(self._db, account)
        found = self._db.numbers(
            f"{_UNPROVEN} AND address = ? AND device_keys.device = ?",
            (account_id, device.fingerprint, str(device.address), device.id),
        )
        self._db.many("UPDATE messages SET trust = ? WHERE id = ?", [(device.trust, each) for each in found])
        return MessageReader(self._db).by_ids(found)

    def disown(self, account: Address, owner: Address, fingerprint: str, words: str) -> tuple[Message, ...]:
        """Put words in the place of what others wrote with somebody's key, of whom it was not proven to be theirs."""
        found = self._db.numbers(
            f"{_UNPROVEN} AND address <> ?", (rows.account_id(self._db, account), fingerprint, str(owner))
        )
        for message_id in found:
            self._db.run(
                "UPDATE messages SET encryption = ?, trust = '' WHERE id = ?", (Encryption.UNREADABLE, message_id)
            )
            if not beside.has(self._db, message_id, beside.TOMBSTONE):
                corrections.replace_text(self._db, message_id, words)
        return MessageReader(self._db).by_ids(found)

    def spend_seal(self, message_id: int) -> bool:
        """A message was opened and has no text to show; its row stays hidden, so that it is known again."""
        return take(self._db, message_id)


def _sealed(row: _Row) -> Sealed:
    return Sealed(
        row.xml,
        Route(row.route),
        address(row.outer_sender) if row.outer_sender else None,
        row.delay,
        address(row.delay_by) if row.delay_by else None,
        row.archive_id,
        row.mark,
        row.device,
    )


def _text(value: Address | None) -> str | None:
    return None if value is None else str(value)


def _json(addresses: Iterable[Address]) -> str:
    return json.dumps([str(each) for each in addresses])
