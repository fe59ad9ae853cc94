"""The store's versions: ordered, named steps, each run once in a transaction of its own.

`PRAGMA user_version` says how many of them a file has seen. A step that has been in a release is never changed; what
has to be different gets a new step, and a dump of the version before it goes to `tests/storage/versions/`.
"""

from collections.abc import Callable

from tui_xmpp.model.frozen import frozen
from tui_xmpp.storage import search_index
from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.migrations import device_keys, encryption, files, first_tables, operations, reading, search

APPLICATION_ID = 0x74786D70
"""Marks a database as ours (`txmp`, PRAGMA application_id)."""


Tell = Callable[[float], None]
"""Hears how much is done, of 1."""

_HEAVY = 10
"""How much longer than SQL alone a step takes that does more."""


@frozen
class Migration:
    """One step from a version to the next."""

    name: str
    statements: tuple[str, ...]
    then: Callable[[Connection, Tell], None] | None = None
    """What SQL cannot do, after the statements and in the same transaction; this is what takes long."""


MIGRATIONS: tuple[Migration, ...] = (
    Migration("first tables", first_tables.STATEMENTS),
    # A later step that makes the index anew fills it instead of this one.
    Migration("folded search", search.STATEMENTS, search_index.rebuild),
    Migration("message operations", operations.STATEMENTS),
    Migration("reading and keeping", reading.STATEMENTS),
    Migration("end-to-end encryption", encryption.STATEMENTS),
    Migration("whose key wrote what", device_keys.STATEMENTS),
    Migration("files", files.STATEMENTS),
)

VERSION = len(MIGRATIONS)
"""The version that this program reads and writes."""


def version_of(connection: Connection) -> int:
    """How many steps the file has seen."""
    return connection.number("PRAGMA user_version") or 0


def migrate(connection: Connection, tell: Tell | None = None) -> None:
    """Bring the file to VERSION; a step that fails leaves the version before it.

    Raises what the driver raises. `tell` hears how far it is, at least a hundred times for a million messages.
    """
    steps = tuple(enumerate(MIGRATIONS, start=1))[version_of(connection) :]
    whole, before = sum(_weight(migration) for _, migration in steps), 0
    for number, migration in steps:
        weight = _weight(migration)

        def tell_part(part: float, before: int = before, weight: int = weight) -> None:
            if tell is not None:
                tell((before + part * weight) / whole)

        tell_part(0)
        connection.run("BEGIN IMMEDIATE")
        try:
            for statement in migration.statements:
                connection.run(statement)
            if migration.then is not None:
                migration.then(connection, tell_part)
            connection.run(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.run(f"PRAGMA user_version = {number}")
            connection.run("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.run("ROLLBACK")
            raise
        before += weight


def _weight(migration: Migration) -> int:
    return 1 if migration.then is None else _HEAVY
