"""A database filled from a backup: in one transaction, read back and compared, brought up to date, its epoch raised.

The epoch is how devices learn that the server was restored (`mobile/sync/loop.py`): they ask how far it has got, send
again what it lacks, and build their copies anew.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from sqlalchemy import Connection, MetaData, Table, insert, inspect, select, text, update

from sync_server.backup import photos
from sync_server.backup.dump import epoch_of, kept_tables, lines_of, reflected, sum_of
from sync_server.backup.faults import BackupDamaged, NotEmpty, ServerRuns
from sync_server.backup.read import opened_archive, table_lines
from sync_server.backup.shape import Manifest, member_of
from sync_server.migrations import revision_of, upgrade_to
from sync_server.printing.progress import RESTORED
from sync_server.storage.database import APPLICATION_NAME, Database
from sync_server.storage.meta import EPOCH
from sync_server.tables import METADATA

ROWS_A_STATEMENT = 1_000
Progress = Callable[[str, int, int], None]
"""Told of a table: how many rows are done, of how many."""

_REVISIONS = "alembic_version"
_FRESH = frozenset({"job"})
"""What a server that was started once and never used has written already."""


@dataclass(frozen=True)
class Present:
    """The database that is to be filled, as far as it can be read."""

    epoch: int
    has_rows: bool


@dataclass(frozen=True)
class Restored:
    """What was done; `found` and `missing` count photographs' bytes, see `photos.Settled`."""

    rows: int
    photos: int
    found: int
    missing: int


def present(database: Database) -> Present:
    """What is in this database now. Raises what the driver raises where it cannot be read."""
    return database.read(lambda session: _present(session.connection()))


def refuse_filled(now: Present, *, may_replace: bool) -> None:
    """Raises `NotEmpty` for a database that holds something, unless it may be replaced."""
    if now.has_rows and not may_replace:
        raise NotEmpty


def refuse_used(database: Database) -> None:
    """Raises `ServerRuns` where another Mumen, on whatever machine, is connected to this PostgreSQL database."""
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND application_name = :name"
    )
    if database.read(lambda session: session.execute(query, {"name": APPLICATION_NAME}).scalar_one()):
        raise ServerRuns


def next_epoch(known: int, now_us: int) -> int:
    """An epoch that no device has seen.

    One more than the highest known one is not enough: a backup that is restored twice, each time on a new machine,
    would give the same number to two histories. The seconds since 1970 tell them apart.
    """
    return max(known + 1, now_us // 1_000_000)


def fill(database: Database, path: Path, data_dir: Path, epoch: int, now_us: int, say: Progress) -> Restored:
    """Puts the backup in the place of whatever is in this database, all or nothing; its photographs come first.

    Raises `BackupDamaged` where the database gives back anything but what the backup holds; then it is as before.
    """
    with opened_archive(path) as (archive, manifest):
        extracted = photos.extract(archive, data_dir)
        with database.engine.begin() as connection:
            _drop_all(connection)
            upgrade_to(connection, manifest.revision)
            for table in _tables_for(connection, manifest):
                _load(connection, archive, table, manifest, say)
                if sum_of(lines_of(connection, table)) != manifest.tables[table.name]:
                    raise BackupDamaged(member_of(table.name))
            upgrade_to(connection)
            _begin_epoch(connection, epoch)
            settled = photos.settle(connection, data_dir, now_us)
    return Restored(manifest.rows, extracted, settled.found, settled.missing)


def _present(connection: Connection) -> Present:
    if revision_of(connection) is None:
        return Present(0, has_rows=False)
    used = (table for table in kept_tables(connection) if table.name not in _FRESH)
    has_rows = any(connection.execute(select(table).limit(1)).first() is not None for table in used)
    return Present(epoch_of(connection), has_rows)


def _drop_all(connection: Connection) -> None:
    """Takes away our tables of whatever version; others in the same database stay."""
    ours = {*METADATA.tables, _REVISIONS} & set(inspect(connection).get_table_names())
    found = MetaData()
    found.reflect(connection, only=sorted(ours))
    found.drop_all(connection)


def _tables_for(connection: Connection, manifest: Manifest) -> list[Table]:
    """Those of the backup; what a later version has taken away is among them as well."""
    known = {table.name for table in kept_tables(connection)}
    if not known <= manifest.tables.keys() <= set(inspect(connection).get_table_names()):
        raise BackupDamaged("tables")
    return reflected(connection, manifest.tables)


def _load(connection: Connection, archive: ZipFile, table: Table, manifest: Manifest, say: Progress) -> None:
    done, total = 0, manifest.tables[table.name].rows
    names = {column.name for column in table.columns}
    for rows in _batches(table_lines(archive, table.name)):
        if any(row.keys() != names for row in rows):
            raise BackupDamaged(member_of(table.name))
        connection.execute(insert(table), rows)
        done += len(rows)
        say(table.name, done, total)


def _batches(lines: Iterator[bytes]) -> Iterator[list[dict[str, Any]]]:
    while batch := [json.loads(line) for line in islice(lines, ROWS_A_STATEMENT)]:
        yield batch


def _begin_epoch(connection: Connection, epoch: int) -> None:
    """Every scope begins anew, and what another server had claimed to do is to be done."""
    tables = METADATA.tables
    connection.execute(insert(tables["server_meta"]).values(key=EPOCH, value=str(epoch)))
    connection.execute(update(tables["scope_head"]).values(epoch=epoch))
    connection.execute(update(tables["job"]).values(lease_until_us=0))
    _stop_printing(connection)


def _stop_printing(connection: Connection) -> None:
    """What a printer did since the backup nobody knows: jobs that were under way wait for a person."""
    jobs, progress = METADATA.tables["print_job"], METADATA.tables["print_progress"]
    connection.execute(update(progress).values(problem=RESTORED))
    begun = select(progress.c.job_id)
    query = select(jobs.c.id).where(jobs.c.ended_at_us.is_(None), jobs.c.id.not_in(begun))
    for job_id in connection.execute(query).scalars().all():
        row = {"job_id": job_id, "done": 0, "answers_used": 0, "problem": RESTORED, "problem_zh": "", "problem_en": ""}
        connection.execute(insert(progress).values(row))
