"""The device's file from version to version; number n brings it from n to n + 1. A published one never changes."""

from typing import Final

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        """CREATE TABLE mirror_row (
            scope VARCHAR NOT NULL, entity VARCHAR NOT NULL, id VARCHAR NOT NULL, rev INTEGER NOT NULL, parent VARCHAR,
            row_hash VARCHAR NOT NULL, body VARCHAR NOT NULL, PRIMARY KEY (scope, entity, id))""",
        "CREATE INDEX mirror_row_by_id ON mirror_row (entity, id)",
        "CREATE INDEX mirror_row_by_parent ON mirror_row (entity, parent, id)",
        """CREATE TABLE scope_cursor (
            scope VARCHAR NOT NULL PRIMARY KEY, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL,
            checksum VARCHAR NOT NULL)""",
        """CREATE TABLE outbox_entry (
            incarnation VARCHAR NOT NULL, n INTEGER NOT NULL, envelope VARCHAR NOT NULL, piece_id VARCHAR,
            event_time_us INTEGER NOT NULL, is_waiting BOOLEAN NOT NULL, is_repeat BOOLEAN NOT NULL,
            is_overlaid BOOLEAN NOT NULL, outcome VARCHAR NOT NULL, verdict VARCHAR, is_seen BOOLEAN NOT NULL,
            PRIMARY KEY (incarnation, n))""",
        "CREATE INDEX outbox_entry_by_piece ON outbox_entry (piece_id, is_overlaid)",
        "CREATE INDEX outbox_entry_waiting ON outbox_entry (incarnation, is_waiting, n)",
        "CREATE INDEX outbox_entry_by_time ON outbox_entry (event_time_us)",
        """CREATE TABLE scan_log_entry (
            id INTEGER NOT NULL PRIMARY KEY, text VARCHAR NOT NULL, problem VARCHAR NOT NULL,
            event_time_us INTEGER NOT NULL, station_id VARCHAR, worker_id VARCHAR)""",
        "CREATE TABLE setting (name VARCHAR NOT NULL PRIMARY KEY, value VARCHAR NOT NULL)",
        """CREATE TABLE pin_try (
            person_id VARCHAR NOT NULL PRIMARY KEY, wrong INTEGER NOT NULL, locked_until_us INTEGER NOT NULL)""",
    ),
)
