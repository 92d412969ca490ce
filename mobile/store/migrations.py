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
    (
        "ALTER TABLE scope_cursor ADD COLUMN is_whole BOOLEAN NOT NULL DEFAULT 1",
        """CREATE TABLE shadow_row (
            scope VARCHAR NOT NULL, entity VARCHAR NOT NULL, id VARCHAR NOT NULL, rev INTEGER NOT NULL, parent VARCHAR,
            row_hash VARCHAR NOT NULL, body VARCHAR NOT NULL, PRIMARY KEY (scope, entity, id))""",
        """CREATE TABLE shadow_cursor (
            scope VARCHAR NOT NULL PRIMARY KEY, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL,
            checksum VARCHAR NOT NULL, is_whole BOOLEAN NOT NULL)""",
        """CREATE TABLE identity (
            incarnation VARCHAR NOT NULL PRIMARY KEY, device_id VARCHAR NOT NULL, device_name VARCHAR NOT NULL,
            site_id VARCHAR NOT NULL, nonce VARCHAR NOT NULL, server_epoch INTEGER NOT NULL,
            number INTEGER NOT NULL)""",
        """INSERT INTO identity
            SELECT i.value, d.value, coalesce(n.value, ''), coalesce(s.value, ''), coalesce(o.value, ''),
                CAST(coalesce(e.value, '0') AS INTEGER), 1
            FROM setting i JOIN setting d ON d.name = 'device_id'
            LEFT JOIN setting n ON n.name = 'device_name' LEFT JOIN setting s ON s.name = 'site_id'
            LEFT JOIN setting o ON o.name = 'nonce' LEFT JOIN setting e ON e.name = 'server_epoch'
            WHERE i.name = 'incarnation'""",
        "DELETE FROM setting WHERE name IN ('device_id', 'device_name', 'site_id', 'nonce')",
        "ALTER TABLE outbox_entry ADD COLUMN is_shown BOOLEAN NOT NULL DEFAULT 1",
        "ALTER TABLE outbox_entry ADD COLUMN answered_at_us INTEGER",
        """CREATE TABLE photo_file (
            sha256 VARCHAR NOT NULL PRIMARY KEY, byte_count INTEGER NOT NULL, media_type VARCHAR NOT NULL,
            state VARCHAR NOT NULL, upload VARCHAR, taken_at_us INTEGER NOT NULL, epoch INTEGER NOT NULL,
            settled_at_us INTEGER)""",
        "CREATE INDEX photo_file_by_state ON photo_file (state, taken_at_us)",
    ),
    (
        """CREATE INDEX mirror_row_by_progress ON mirror_row (
            json_extract(body, '$.route_version_id'),
            CASE json_extract(body, '$.operations[#-1].state') WHEN 'planned' THEN -1
                WHEN 'started' THEN -2 - json_extract(body, '$.operations[#-1].number')
                ELSE json_extract(body, '$.operations[#-1].number') END,
            json_extract(body, '$.operations[#-1].event_time_us'), id) WHERE entity = 'piece'""",
    ),
    (
        """CREATE INDEX mirror_row_by_rack ON mirror_row (json_extract(body, '$.rack_id'), id)
            WHERE entity = 'piece' AND json_extract(body, '$.rack_id') IS NOT NULL""",
    ),
)
