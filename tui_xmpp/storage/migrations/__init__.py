"""The store's versions: ordered, named steps, each run once in a transaction of its own.

`PRAGMA user_version` says how many of them a file has seen. A step that has been in a release is never changed; what
has to be different gets a new step, and a dump of the version before it goes to `tests/storage/versions/`.
"""

from dataclasses import dataclass

from tui_xmpp.storage.database import Connection
from tui_xmpp.storage.migrations import first_tables

APPLICATION_ID = 0x74786D70
"""Marks a database as ours (`txmp`, PRAGMA application_id)."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from a version to the next."""

    name: str
    statements: tuple[str, ...]


MIGRATIONS: tuple[Migration, ...] = (Migration("first tables", first_tables.STATEMENTS),)

VERSION = len(MIGRATIONS)
"""The version that this program reads and writes."""


def version_of(connection: Connection) -> int:
    """How many steps the file has seen."""
    return connection.number("PRAGMA user_version") or 0


def migrate(connection: Connection) -> None:
    """Bring the file to VERSION; a step that fails leaves the version before it."""
    for number, migration in enumerate(MIGRATIONS, start=1):
        if number <= version_of(connection):
            continue
        connection.run("BEGIN IMMEDIATE")
        try:
            for statement in migration.statements:
                connection.run(statement)
            connection.run(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.run(f"PRAGMA user_version = {number}")
            connection.run("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.run("ROLLBACK")
            raise
