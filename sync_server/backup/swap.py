"""A SQLite file that takes another one's place: the old one is kept beside it, and no moment is without either."""

import contextlib
import os
import shutil
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from sync_server.backup.files import sync_folder
from sync_server.storage.database import Database

SUFFIXES = ("-wal", "-shm")


def staging_of(file: Path) -> Path:
    """Where the new database is built; what an earlier attempt left there is taken away."""
    staging = file.with_name(f"{file.name}.restoring")
    for suffix in ("", *SUFFIXES):
        Path(f"{staging}{suffix}").unlink(missing_ok=True)
    return staging


def put_in_place(staging: Path, file: Path, stamp: str, *, keeps_old: bool) -> Path | None:
    """Makes `staging` the database; where the old one lies now, if it is kept."""
    with staging.open("rb+") as opened:
        os.fsync(opened.fileno())
    aside = file.with_name(f"{file.name}.before-{stamp}") if keeps_old else None
    if file.exists():
        _empty_wal(file)
        if aside is not None:
            _second_name(file, aside)
        for suffix in SUFFIXES:  # left only by a file that cannot be opened
            with contextlib.suppress(FileNotFoundError):
                Path(f"{file}{suffix}").replace(f"{aside or staging}{suffix}")
    staging.replace(file)
    sync_folder(file.parent)
    return aside


def _empty_wal(file: Path) -> None:
    """What a server that was killed left in the WAL belongs into the file: the last one to close it sees to that."""
    with (
        contextlib.suppress(SQLAlchemyError),
        contextlib.closing(Database(f"sqlite:///{file}")) as database,
        database.engine.connect() as connection,
    ):
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _second_name(file: Path, aside: Path) -> None:
    try:
        os.link(file, aside)
    except OSError:  # a disk that knows no second names
        shutil.copyfile(file, aside)
