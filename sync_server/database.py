"""The server's database: one writer thread with group commit on SQLite, a pool of writers on PostgreSQL.

A job is a function of a session. It runs in one transaction; its result is handed out only after the commit.
"""

import contextlib
import importlib
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from sync_server.errors import Busy, SqliteUnsafe

T = TypeVar("T")

WRITES_QUEUED_MAX = 2_000
GROUP_MAX = 64
"""Jobs committed together: one flush to the disk for all of them."""

POSTGRES_WRITERS = 8
RETRIES_MAX = 8
RETRYABLE = frozenset({"40001", "40P01"})
"""PostgreSQL's serialization failure and deadlock: the whole job is run again."""


@dataclass
class _Job:
    run: Callable[[Session], Any]
    future: Future[Any]


class Database:
    """Owns the engine and the writers; `write` and `read` are the only ways in."""

    def __init__(self, url: str) -> None:
        """Opens `sqlite:///path` or `postgresql+psycopg://...`; nothing is created before the first job."""
        self.is_sqlite = url.startswith("sqlite")
        self.engine = _sqlite_engine(url) if self.is_sqlite else create_engine(url, pool_size=POSTGRES_WRITERS + 4)
        self._pool = ThreadPoolExecutor(POSTGRES_WRITERS, "write") if not self.is_sqlite else None
        self._jobs: queue.Queue[_Job | None] = queue.Queue(WRITES_QUEUED_MAX)
        self._writer: threading.Thread | None = None
        if self.is_sqlite:
            self._writer = threading.Thread(target=self._write_groups, name="writer", daemon=True)
            self._writer.start()

    def write(self, job: Callable[[Session], T]) -> Future[T]:
        """Runs the job in a transaction; the future has its result after the commit. Raises `Busy` on a full queue."""
        if self._pool is not None:
            return self._pool.submit(self._write_once, job)
        future: Future[T] = Future()
        try:
            self._jobs.put_nowait(_Job(job, future))
        except queue.Full:
            raise Busy from None
        return future

    def read(self, job: Callable[[Session], T]) -> T:
        """Runs the job on a snapshot of its own and gives its result."""
        with Session(self.engine) as session:
            return job(session)

    def close(self) -> None:
        """Finishes what is queued and lets go of the files."""
        if self._writer is not None:
            self._jobs.put(None)
            self._writer.join()
        if self._pool is not None:
            self._pool.shutdown()
        self.engine.dispose()

    def _write_once(self, job: Callable[[Session], T]) -> T:
        for attempt in range(RETRIES_MAX):
            try:
                with Session(self.engine, expire_on_commit=False) as session, session.begin():
                    return job(session)
            except DBAPIError as error:
                is_last = attempt == RETRIES_MAX - 1
                if is_last or getattr(error.orig, "sqlstate", None) not in RETRYABLE:
                    raise
                time.sleep(0.002 * 2**attempt)
        raise AssertionError("the last attempt either returns or raises")

    def _write_groups(self) -> None:
        while True:
            job = self._jobs.get()
            if job is None:
                return
            group = [job]
            while len(group) < GROUP_MAX:
                try:
                    following = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    self._jobs.put(None)
                    break
                group.append(following)
            self._commit_group(group)

    def _commit_group(self, group: list[_Job]) -> None:
        """One transaction for the group, one savepoint a job: a job that fails takes no other down."""
        outcomes: list[tuple[_Job, Any, BaseException | None]] = []
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                for job in group:
                    try:
                        with session.begin_nested():
                            outcomes.append((job, job.run(session), None))
                    except Exception as error:  # noqa: BLE001 - the boundary: the caller gets it from its future
                        session.expunge_all()
                        outcomes.append((job, None, error))
        except Exception as error:  # noqa: BLE001 - the commit failed: nobody may believe in a result
            outcomes = [(job, None, error) for job in group]
        for job, result, error in outcomes:
            if error is not None:
                job.future.set_exception(error)
            else:
                job.future.set_result(result)


def safe_sqlite() -> ModuleType:
    """The first SQLite library here that is free of the WAL-reset race (3.51.3, 3.50.7, 3.44.6 and later)."""
    candidates = [sqlite3]
    with contextlib.suppress(ImportError):
        candidates.append(importlib.import_module("pysqlite3"))
    for module in candidates:
        if is_free_of_wal_reset_race(module.sqlite_version_info):
            return module
    raise SqliteUnsafe(
        f"SQLite {sqlite3.sqlite_version} can damage a database under load. Install pysqlite3 0.6 or newer, or set "
        "MUMEN_DATABASE_URL to a PostgreSQL. / 这个版本的 SQLite 有已知缺陷:请安装 pysqlite3,或改用 PostgreSQL。"
    )


def is_free_of_wal_reset_race(version: tuple[int, ...]) -> bool:
    """Whether this SQLite has the repair of the race that 3.7.0 brought in."""
    if version >= (3, 51, 3):
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in ((3, 50, 7), (3, 44, 6)))


def _sqlite_engine(url: str) -> Engine:
    path = url.removeprefix("sqlite:///")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, module=safe_sqlite(), connect_args={"timeout": 10, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        is_writer = threading.current_thread().name == "writer"
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")

    return engine
