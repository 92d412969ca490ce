"""Opening the device's file: one owner, nothing acknowledged before it is on the disk, no step back in version."""

import sqlite3

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE mirror_row (
        scope TEXT NOT NULL, entity TEXT NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, parent TEXT,
        row_hash TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (scope, entity, id)
    );
    CREATE INDEX mirror_row_by_id ON mirror_row (entity, id);
    CREATE INDEX mirror_row_by_parent ON mirror_row (entity, parent, id);
    """,
)
"""Number n brings a file from version n to n + 1; a published one never changes."""


class NewerStoreError(Exception):
    """The file was written by a newer app; an older one must not touch it."""


def open_database(path: str) -> sqlite3.Connection:
    """The file, locked for this process and migrated."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        _migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection) -> None:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise NewerStoreError(version)
    for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.executescript(f"BEGIN IMMEDIATE; {statements}; PRAGMA user_version = {number}; COMMIT;")
