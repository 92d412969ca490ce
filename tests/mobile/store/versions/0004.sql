-- A device's store as version 4 of the app left it: enrolled, with a full outbox and photographs. Frozen; never change it.
CREATE TABLE mirror_row ( scope VARCHAR NOT NULL, entity VARCHAR NOT NULL, id VARCHAR NOT NULL, rev INTEGER NOT
    NULL, parent VARCHAR, row_hash VARCHAR NOT NULL, body VARCHAR NOT NULL, PRIMARY KEY (scope, entity, id));
CREATE INDEX mirror_row_by_id ON mirror_row (entity, id);
CREATE INDEX mirror_row_by_parent ON mirror_row (entity, parent, id);
CREATE TABLE scope_cursor ( scope VARCHAR NOT NULL PRIMARY KEY, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL,
    checksum VARCHAR NOT NULL, is_whole BOOLEAN NOT NULL DEFAULT 1);
CREATE TABLE outbox_entry ( incarnation VARCHAR NOT NULL, n INTEGER NOT NULL, envelope VARCHAR NOT NULL, piece_id
    VARCHAR, event_time_us INTEGER NOT NULL, is_waiting BOOLEAN NOT NULL, is_repeat BOOLEAN NOT NULL, is_overlaid
    BOOLEAN NOT NULL, outcome VARCHAR NOT NULL, verdict VARCHAR, is_seen BOOLEAN NOT NULL, is_shown BOOLEAN NOT NULL
    DEFAULT 1, answered_at_us INTEGER, PRIMARY KEY (incarnation, n));
CREATE INDEX outbox_entry_by_piece ON outbox_entry (piece_id, is_overlaid);
CREATE INDEX outbox_entry_waiting ON outbox_entry (incarnation, is_waiting, n);
CREATE INDEX outbox_entry_by_time ON outbox_entry (event_time_us);
CREATE TABLE scan_log_entry ( id INTEGER NOT NULL PRIMARY KEY, text VARCHAR NOT NULL, problem VARCHAR NOT NULL,
    event_time_us INTEGER NOT NULL, station_id VARCHAR, worker_id VARCHAR);
CREATE TABLE setting (name VARCHAR NOT NULL PRIMARY KEY, value VARCHAR NOT NULL);
CREATE TABLE pin_try (person_id VARCHAR NOT NULL PRIMARY KEY, wrong INTEGER NOT NULL, locked_until_us INTEGER NOT
    NULL);
CREATE TABLE shadow_row ( scope VARCHAR NOT NULL, entity VARCHAR NOT NULL, id VARCHAR NOT NULL, rev INTEGER NOT
    NULL, parent VARCHAR, row_hash VARCHAR NOT NULL, body VARCHAR NOT NULL, PRIMARY KEY (scope, entity, id));
CREATE TABLE shadow_cursor ( scope VARCHAR NOT NULL PRIMARY KEY, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL,
    checksum VARCHAR NOT NULL, is_whole BOOLEAN NOT NULL);
CREATE TABLE identity ( incarnation VARCHAR NOT NULL PRIMARY KEY, device_id VARCHAR NOT NULL, device_name VARCHAR
    NOT NULL, site_id VARCHAR NOT NULL, nonce VARCHAR NOT NULL, server_epoch INTEGER NOT NULL, number INTEGER NOT
    NULL);
CREATE TABLE photo_file ( sha256 VARCHAR NOT NULL PRIMARY KEY, byte_count INTEGER NOT NULL, media_type VARCHAR NOT
    NULL, state VARCHAR NOT NULL, upload VARCHAR, taken_at_us INTEGER NOT NULL, epoch INTEGER NOT NULL,
    settled_at_us INTEGER);
CREATE INDEX photo_file_by_state ON photo_file (state, taken_at_us);
CREATE INDEX mirror_row_by_progress ON mirror_row (
            json_extract(body, '$.route_version_id'),
            CASE json_extract(body, '$.operations[#-1].state') WHEN 'planned' THEN -1
                WHEN 'started' THEN -2 - json_extract(body, '$.operations[#-1].number')
                ELSE json_extract(body, '$.operations[#-1].number') END,
            json_extract(body, '$.operations[#-1].event_time_us'), id) WHERE entity = 'piece';
CREATE INDEX mirror_row_by_rack ON mirror_row (json_extract(body, '$.rack_id'), id)
            WHERE entity = 'piece' AND json_extract(body, '$.rack_id') IS NOT NULL;
PRAGMA user_version = 4;

INSERT INTO setting VALUES
    ('incarnation', 'second'),
    ('server_epoch', '1'),
    ('station_id', '00000000-0000-7000-8000-000000000003');
INSERT INTO pin_try VALUES
    ('00000000-0000-7000-8000-000000000006', 4, 0);
INSERT INTO scan_log_entry VALUES
    (1, 'HTTPS://WEIXIN.QQ.COM/R/ABC', 'foreign', 1795000000000000, NULL, NULL);
INSERT INTO scope_cursor VALUES
    ('catalog', 1, 12, '00000000deadbeef', 1);
INSERT INTO identity VALUES
    ('second', '00000000-0000-7000-8000-00000000000a', '开料平板', '00000000-0000-7000-8000-000000000001', 'a1b2', 1, 1);
INSERT INTO mirror_row VALUES
    ('catalog', 'site', '00000000-0000-7000-8000-000000000001', 1, NULL, 'ab', '{"id":"00000000-0000-7000-8000-000000000001","rev":1,"code":"A","name":"一厂"}');
INSERT INTO photo_file VALUES ('abababababababababababababababababababababababababababababababab', 120000, 'image/jpeg', 'waiting', NULL, 1795000000000500, 0, NULL);

-- 1,000 entries that the server has answered, 1,000 that it has not, and five of a key that was lost.
WITH RECURSIVE numbered (incarnation, n, last) AS (
    SELECT 'second', 1, 2000 UNION ALL SELECT 'first', 1, 5
    UNION ALL SELECT incarnation, n + 1, last FROM numbered WHERE n < last)
INSERT INTO outbox_entry
SELECT incarnation, n,
    '{"command":{"label_code":"D100000000000000","loop_number":0,"operation_number":10,"piece_id":"'
        || printf('00000000-0000-7000-8000-%012x', n) || '","type":"complete_operation","version":1},'
        || '"event_offset_min":480,"event_time_us":' || (1795000000000000 + n) || ',"monotonic_us":' || n || ',"n":' || n
        || ',"prev_hash":"' || printf('%064x', n) || '","seen_rev":null,'
        || '"station_id":"00000000-0000-7000-8000-000000000003","was_offline":true,'
        || '"worker_id":"00000000-0000-7000-8000-000000000006"}',
    printf('00000000-0000-7000-8000-%012x', n), 1795000000000000 + n, n > last / 2, n % 10 = 0, n > last / 2,
    '{"tone":"ok","code":"completed","facts":{"operation":"开料"},"next_steps":[],"piece":null,'
        || '"next_operation_name":null,"next_station_code":null,"is_recorded":true,"is_synced":false,"ask":null}',
    CASE WHEN n <= last / 2 THEN '{"n":' || n || ',"status":"ok","code":"","facts":{},"next_steps":[],'
        || '"waits_for":[],"visible_at":{},"record_time_us":1795000000000000}' END,
    1, 1, CASE WHEN n <= last / 2 THEN 1795000000000000 END
FROM numbered;
