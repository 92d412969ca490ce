"""A database as lines of JSON, whatever kind of database it is and of whatever version."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, MetaData, Row, Select, String, Table, collate, inspect, select

from sync_server.backup.shape import NOT_KEPT, TableSum
from sync_server.storage.meta import EPOCH
from sync_server.tables import METADATA

ROWS_A_FETCH = 1_000
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def kept_tables(connection: Connection) -> list[Table]:
    """The tables that belong into a backup, as they are in this database, which may be of an older version."""
    return reflected(connection, set(inspect(connection).get_table_names()) & METADATA.tables.keys() - NOT_KEPT)


def reflected(connection: Connection, names: Iterable[str]) -> list[Table]:
    """These tables with the columns that they have in this database, in the order of their names."""
    found, wanted = MetaData(), sorted(names)
    found.reflect(connection, only=wanted)
    return [found.tables[name] for name in wanted]


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """The rows as JSON objects with their columns in the order of their names, sorted by the primary key."""
    names = sorted(column.name for column in table.columns)
    query = _ordered(connection, table, select(*(table.columns[name] for name in names)))
    row: Row[Any]
    for row in connection.execute(query, execution_options={"yield_per": ROWS_A_FETCH}):
        yield _ENCODE(dict(zip(names, row, strict=True))).encode() + b"\n"


def sum_of(lines: Iterable[bytes]) -> TableSum:
    """What these lines amount to."""
    digest, rows = hashlib.sha256(), 0
    for line in lines:
        digest.update(line)
        rows += 1
    return TableSum(rows=rows, sha256=digest.hexdigest())


def epoch_of(connection: Connection) -> int:
    """The server's epoch by its database; 0 where it never had one."""
    if not inspect(connection).has_table("server_meta"):
        return 0
    meta = METADATA.tables["server_meta"]
    found = connection.execute(select(meta.c.value).where(meta.c.key == EPOCH)).scalar_one_or_none()
    return int(found) if found is not None else 0


def stored_photos(connection: Connection) -> list[str]:
    """The hashes of the photographs whose bytes should be on the disk."""
    if not inspect(connection).has_table("blob"):
        return []
    blob = METADATA.tables["blob"]
    query = select(blob.c.sha256).where(blob.c.stored_at_us.is_not(None)).order_by(blob.c.sha256)
    return list(connection.execute(query).scalars())


def _ordered(connection: Connection, table: Table, query: Select[Any]) -> Select[Any]:
    """By the bytes of the key, as SQLite sorts; PostgreSQL would sort by the habits of a country."""
    is_postgres = connection.dialect.name == "postgresql"
    return query.order_by(
        *(
            collate(column, "C") if is_postgres and isinstance(column.type, String) else column
            for column in table.primary_key
        )
    )
