"""What the libraries take for their storage: keys read from the store at once, changes gathered for the core to write.

Nothing is written here. An operation is done when its changes are taken; the core puts them into the transaction that
stores what the operation was for, so that a ratchet and the message it decrypted can never part (SECURITY 33).
"""

import json
from collections.abc import Callable
from typing import NamedTuple

from omemo.storage import Just, Maybe, Nothing, Storage
from omemo.types import JSONType

from tui_xmpp.model.address import Address
from tui_xmpp.model.omemo import OmemoVersion

Load = Callable[[str], str | None]
"""Reads the stored value of a key, JSON; None: there is none."""

KeyChanges = dict[str, str | None]
"""New values of keys, JSON; None: the key is gone."""

SESSIONS_KEPT = 4
"""Sessions kept with each device: the present one, and those before it, in which messages may still be on their way."""

RATCHET = "double_ratchet"
"""Name of the part of a session that changes with each message."""

CONFIRMED = "confirmed"
"""Name of the part of a session that changes with the first answer."""

_SESSION = (
    RATCHET,
    "initiation",
    "key_exchange/identity_key",
    "key_exchange/ephemeral_key",
    "key_exchange/signed_pre_key",
    "key_exchange/signed_pre_key_id",
    "key_exchange/pre_key",
    "key_exchange/pre_key_id",
    "associated_data",
    CONFIRMED,
)
"""Names of the keys of one session; the first is always there."""


class SessionPlace(NamedTuple):
    """Where the sessions with one device are."""

    version: OmemoVersion
    address: Address
    device: int

    @property
    def names(self) -> tuple[str, ...]:
        """What the libraries are told as address: the address itself, and with a number for the sessions before."""
        return tuple(f"{self.address}~{number}" if number else f"{self.address}" for number in range(SESSIONS_KEPT))

    def key(self, name: str, part: str) -> str:
        """The key of a part of one of its sessions."""
        return f"/{self.version.value}/{name}/{self.device}/{part}"


class Vault(Storage):
    """The keys of one account as the last operation left them, and what this one has changed so far."""

    def __init__(self, load: Load) -> None:
        super().__init__(disable_cache=True)
        self._load_stored = load
        self._known: dict[str, str | None] = {}
        self._changed: KeyChanges = {}
        self._step: KeyChanges = {}
        """What was changed since the last step of the operation that succeeded."""

    def settle(self) -> None:
        """End a step of the operation: what it has changed is no more taken back."""
        self._changed.update(self._step)
        self._step = {}

    def take_back(self) -> None:
        """End a step of the operation as if it had not been; those before it stand."""
        self._step = {}

    def take_changes(self) -> KeyChanges:
        """End the operation: return what it has changed."""
        self.settle()
        changes, self._changed = self._changed, {}
        self._known.update(changes)
        return changes

    def forget(self) -> None:
        """Read everything from the store again: changes that were taken could not be written."""
        self._known.clear()
        self._changed = {}
        self._step = {}

    def number(self, key: str) -> int:
        """The value of a key that holds a number; 0: there is none."""
        value = json.loads(self._value(key) or "0")
        return value if isinstance(value, int) else 0

    def put(self, key: str, value: str) -> None:
        """Change a key to a value that is JSON already."""
        self._change(key, value)

    # Sessions

    def has_session(self, place: SessionPlace) -> bool:
        """Whether there is a present session."""
        return self._value(place.key(place.names[0], _SESSION[0])) is not None

    def push_back(self, place: SessionPlace) -> None:
        """Make room for a new session: each becomes the one before, the last is forgotten."""
        if self.has_session(place):
            self._shift(place, SESSIONS_KEPT - 1)

    def bring_to_front(self, place: SessionPlace, name: str) -> None:
        """Make one of the sessions the present one."""
        number = place.names.index(name)
        if number == 0:
            return
        used = {part: self._value(place.key(name, part)) for part in _SESSION}
        self._shift(place, number)
        for part, value in used.items():
            self._change(place.key(place.names[0], part), value)

    def drop_sessions(self, place: SessionPlace) -> None:
        """Forget all sessions with a device."""
        for name in place.names:
            for part in _SESSION:
                self._change(place.key(name, part), None)

    def _shift(self, place: SessionPlace, last: int) -> None:
        names = place.names
        for number in range(last, 0, -1):
            for part in _SESSION:
                self._change(place.key(names[number], part), self._value(place.key(names[number - 1], part)))

    # What the libraries call

    async def _load(self, key: str) -> Maybe[JSONType]:
        value = self._value(key)
        return Nothing() if value is None else Just(json.loads(value))

    async def _store(self, key: str, value: JSONType) -> None:
        self._change(key, json.dumps(value, separators=(",", ":")))

    async def _delete(self, key: str) -> None:
        self._change(key, None)

    def _change(self, key: str, value: str | None) -> None:
        """Most of a session's keys never change, and are not written again."""
        if self._value(key) != value:
            self._step[key] = value

    def _value(self, key: str) -> str | None:
        for changes in (self._step, self._changed):
            if key in changes:
                return changes[key]
        if key not in self._known:
            self._known[key] = self._load_stored(key)
        return self._known[key]
