"""Who owns a SQLite database: one process at a time, by a lock that the system lets go of when the process ends.

PostgreSQL has no such owner: any number of servers may stand before it.
"""

import os
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.engine import make_url

from sync_server.errors import StartFault

SUFFIX = ".lock"

if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


class Owned(StartFault):
    """Another process has the database."""


def sqlite_file(database_url: str) -> Path | None:
    """The database's file; None for PostgreSQL."""
    url = make_url(database_url)
    return Path(url.database or "").absolute() if url.drivername == "sqlite" else None


@contextmanager
def sole_owner(database_url: str) -> Generator[None, None, None]:
    """No other server uses the SQLite file, and nobody restores it, meanwhile. Raises `Owned`."""
    file = sqlite_file(database_url)
    with ExitStack() as held:
        if file is not None:
            _hold(held, file)
        yield


def _hold(held: ExitStack, file: Path) -> None:
    path = file.with_name(f"{file.name}{SUFFIX}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = held.enter_context(path.open("ab"))
    except OSError:
        return  # where no lock can be made, no database can be opened either, and that will say why
    if not _is_ours(lock, path):
        raise Owned(
            f"另一个 mumen 正在使用数据库 {file}：请先停掉它，或用 --data-dir 换一个文件夹。"
            "SQLite 数据库只能由一个进程使用。",
            f"Another mumen uses the database {file}. Stop it, or choose another folder with --data-dir. A SQLite "
            "database belongs to one process.",
        )
    held.callback(_remove, path)


def _is_ours(lock: BinaryIO, path: Path) -> bool:
    try:
        _lock(lock)
        # Whoever had the lock before may have removed the file since we opened it: then others lock another one.
        return os.path.samestat(path.stat(), os.fstat(lock.fileno()))
    except OSError:
        return False


def _remove(path: Path) -> None:
    with suppress(OSError):  # Windows removes no file that is open
        path.unlink()
