"""Devices of everybody, and what a person wants of encryption: read and written."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tui_xmpp.model.address import Address
from tui_xmpp.model.chat import ChatKey, ChatKind
from tui_xmpp.model.omemo import ChatEncryption, Device, EncryptionWish, ListedDevice, OmemoVersion, Trust
from tui_xmpp.storage import rows
from tui_xmpp.storage.addresses import address
from tui_xmpp.storage.rows import Part

_BITS = {OmemoVersion.LEGACY: 1, OmemoVersion.TWO: 2}

MOST_DEVICES = 200
"""Most devices kept of one address: those that are listed or known by a key are kept longest."""


class _Row(NamedTuple):
    address: str
    id: int
    fingerprint: str
    trust: str
    label: str
    first_seen: int
    last_seen: int
    listed: int
    asked: int


class _Wish(NamedTuple):
    wish: str
    begun: int


_SELECT = """
SELECT devices.address, devices.id, fingerprint, trust, label, first_seen, last_seen, listed, asked
FROM devices JOIN accounts ON accounts.id = account_id
"""


class DeviceReader(Part):
    """Reads devices."""

    def of(self, account: Address, owner: Address) -> tuple[Device, ...]:
        """All devices of an address, in the order in which they were first seen."""
        found = self._db.all(
            _Row._make,
            f"{_SELECT} WHERE accounts.address = ? AND devices.address = ? ORDER BY first_seen, devices.id",
            (str(account), str(owner)),
        )
        return tuple(_device(row) for row in found)

    def get(self, account: Address, owner: Address, device: int) -> Device | None:
        """One device; None: it was never seen."""
        row = self._db.one(
            _Row._make,
            f"{_SELECT} WHERE accounts.address = ? AND devices.address = ? AND devices.id = ?",
            (str(account), str(owner), device),
        )
        return None if row is None else _device(row)

    def owners(self, account: Address, device: int) -> tuple[Address, ...]:
        """Whose device has this id; mostly one."""
        found = self._db.texts(
            "SELECT devices.address FROM devices JOIN accounts ON accounts.id = account_id"
            " WHERE accounts.address = ? AND devices.id = ? ORDER BY devices.address",
            (str(account), device),
        )
        return tuple(address(text) for text in found)

    def holders(self, account: Address, fingerprint: str) -> tuple[Device, ...]:
        """All devices with this key; mostly one."""
        found = self._db.all(
            _Row._make,
            f"{_SELECT} WHERE accounts.address = ? AND fingerprint = ? ORDER BY first_seen, devices.address",
            (str(account), fingerprint),
        )
        return tuple(_device(row) for row in found)

    def trust_of(self, key_id: int) -> Trust:
        """What is thought now of the key that something was written with."""
        trust = self._db.text(
            "SELECT trust FROM device_keys AS k JOIN devices AS d ON d.account_id = k.account_id AND"
            " d.address = k.address AND d.id = device AND d.fingerprint = k.fingerprint WHERE k.id = ?",
            (key_id,),
        )
        return Trust.UNPROVEN if trust is None else Trust(trust)

    def encryption(self, key: ChatKey) -> ChatEncryption:
        """What was wished for a chat, and whether it was ever encrypted."""
        row = self._db.one(
            _Wish._make,
            "SELECT wish, begun FROM chat_encryption WHERE chat_id = ?",
            (rows.chat_id(self._db, key),),
        )
        if row is None:
            return ChatEncryption()
        return ChatEncryption(EncryptionWish(row.wish) if row.wish else None, row.begun)

    def person(self, room: ChatKey, occupant_id: str) -> Address | None:
        """Who has or had an occupant-id in a room; None: it was never shown."""
        text = self._db.text(
            "SELECT address FROM room_people WHERE chat_id = ? AND occupant_id = ?",
            (rows.chat_id(self._db, room), occupant_id),
        )
        return None if text is None else address(text)


class DeviceWrites(Part):
    """Writes devices."""

    def list_devices(
        self, account: Address, owner: Address, version: OmemoVersion, listed: Iterable[ListedDevice], now: int
    ) -> tuple[Device, ...]:
        """Take in a device list; returns the devices that were never seen before."""
        row, bit = rows.ensure_account(self._db, account), _BITS[version]
        new: list[int] = []
        known = {device.id for device in DeviceReader(self._db).of(account, owner)}
        self._db.run(
            "UPDATE devices SET listed = listed & ~? WHERE account_id = ? AND address = ?", (bit, row, str(owner))
        )
        for device in listed:
            if device.id not in known and len(known) + len(new) >= MOST_DEVICES:
                continue
            self._db.run(
                "INSERT INTO devices (account_id, address, id, label, first_seen, last_seen, listed)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account_id, address, id) DO UPDATE SET"
                " listed = listed | excluded.listed, last_seen = max(last_seen, excluded.last_seen),"
                " label = CASE excluded.label WHEN '' THEN label ELSE excluded.label END",
                (row, str(owner), device.id, device.label, now, now, bit),
            )
            if device.id not in known:
                new.append(device.id)
        return tuple(found for each in new if (found := DeviceReader(self._db).get(account, owner, each)) is not None)

    def learn_device(
        self, account: Address, owner: Address, device: int, fingerprint: str, now: int, trust: Trust
    ) -> Device:
        """Keep a device's key, once it is proven; `trust` is for one whose was not. Its last sign of life is now."""
        row = rows.ensure_account(self._db, account)
        self._db.run(
            "INSERT INTO devices (account_id, address, id, first_seen, last_seen) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (account_id, address, id) DO UPDATE SET last_seen = max(last_seen, excluded.last_seen)",
            (row, str(owner), device, now, now),
        )
        self._db.run(
            "UPDATE devices SET fingerprint = ?, trust = ?"
            " WHERE account_id = ? AND address = ? AND id = ? AND (fingerprint = '' OR trust = ?)",
            (fingerprint, trust, row, str(owner), device, Trust.UNPROVEN),
        )
        found = DeviceReader(self._db).get(account, owner, device)
        assert found is not None
        return found

    def key_id(self, account: Address, owner: Address, device: int, fingerprint: str) -> int:
        """The local id of a device's key, by which messages say what they were written with."""
        place = (rows.ensure_account(self._db, account), fingerprint, str(owner), device)
        found = self._db.number(
            "SELECT id FROM device_keys WHERE account_id = ? AND fingerprint = ? AND address = ? AND device = ?", place
        )
        if found is not None:
            return found
        return self._db.insert(
            "INSERT INTO device_keys (account_id, fingerprint, address, device) VALUES (?, ?, ?, ?)", place
        )

    def set_trust(self, account: Address, owner: Address, device: int, trust: Trust) -> Device | None:
        """Set what a person thinks of a device; None: there is none. Of one without a key nothing can be thought."""
        self._db.run(
            "UPDATE devices SET trust = ?, asked = 0"
            " WHERE account_id = ? AND address = ? AND id = ? AND fingerprint <> ''",
            (trust, rows.account_id(self._db, account), str(owner), device),
        )
        return DeviceReader(self._db).get(account, owner, device)

    def ask_about(self, account: Address, owner: Address, device: int) -> None:
        """Note that a person is told of a device, until they say what they think of it."""
        self._db.run(
            "UPDATE devices SET asked = 1 WHERE account_id = ? AND address = ? AND id = ?",
            (rows.account_id(self._db, account), str(owner), device),
        )

    def set_label(self, account: Address, owner: Address, device: int, label: str) -> Device | None:
        """Name a device; None: there is none."""
        self._db.run(
            "UPDATE devices SET label = ? WHERE account_id = ? AND address = ? AND id = ?",
            (label, rows.account_id(self._db, account), str(owner), device),
        )
        return DeviceReader(self._db).get(account, owner, device)

    def forget_device(self, account: Address, owner: Address, device: int) -> None:
        """Forget a device and what was thought of it; one that is still listed comes back as a new one."""
        self._db.run(
            "DELETE FROM devices WHERE account_id = ? AND address = ? AND id = ?",
            (rows.account_id(self._db, account), str(owner), device),
        )

    def set_encryption(self, key: ChatKey, kind: ChatKind, wish: EncryptionWish | None) -> None:
        """Set what a person wants of a chat; switched off, it counts as never encrypted."""
        chat = rows.ensure_chat(self._db, key, kind)
        self._db.run(
            "INSERT INTO chat_encryption (chat_id, wish) VALUES (?1, ?2) ON CONFLICT (chat_id) DO UPDATE"
            " SET wish = ?2, begun = CASE ?2 WHEN 'never' THEN 0 ELSE begun END",
            (chat, wish or ""),
        )

    def begin_encryption(self, key: ChatKey, kind: ChatKind, time: int) -> None:
        """From this message on, sent at `time` (µs), the chat is encrypted, until a person switches that off."""
        self._db.run(
            "INSERT INTO chat_encryption (chat_id, begun) VALUES (?, ?) ON CONFLICT (chat_id) DO UPDATE"
            " SET begun = excluded.begun WHERE begun = 0",
            (rows.ensure_chat(self._db, key, kind), max(1, time)),
        )

    def remember_people(self, room: ChatKey, people: Mapping[str, Address]) -> None:
        """Keep who has which occupant-id in a room."""
        chat = rows.ensure_chat(self._db, room, ChatKind.ROOM)
        self._db.many(
            "INSERT OR REPLACE INTO room_people (chat_id, occupant_id, address) VALUES (?, ?, ?)",
            [(chat, occupant_id, str(person)) for occupant_id, person in people.items()],
        )


def _device(row: _Row) -> Device:
    return Device(
        address(row.address),
        row.id,
        row.fingerprint,
        Trust(row.trust),
        row.label,
        row.first_seen,
        row.last_seen,
        frozenset(version for version, bit in _BITS.items() if row.listed & bit),
        asked=bool(row.asked),
    )
