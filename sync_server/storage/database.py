"""The server's database: one writer thread with group commit on SQLite, a pool of writers on PostgreSQL.

A job is a function of a session. It runs in one transaction; its result is handed out only after the commit. A disk
that is full and a database that is away become `NotNow` faults: nothing of that transaction was kept.
"""

import contextlib
import importlib
import logging
import queue
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from sync_server.errors import Busy, DatabaseAway, Overtaken, SqliteUnsafe
from sync_server.storage.faults import as_not_now, postgres_state

LOG = logging.getLogger(__name__)
T = TypeVar("T")

WRITES_QUEUED_MAX = 2_000
GROUP_MAX = 64
"""Jobs committed together: one flush to the disk for all of them."""

FOR_US_ALONE = 0o600
"""The mode of a new database: it holds customers, passwords' hashes and the secret that signs nonces."""

POSTGRES_WRITERS = 8
POSTGRES_CONNECT_TIMEOUT_S = 10
APPLICATION_NAME = "mumen"
"""How PostgreSQL knows us; by it a restore sees that a server runs, on whatever machine."""

RETRIES_MAX = 8
OVERTAKEN = "40001"
RETRYABLE = frozenset({OVERTAKEN, "40P01", "23505"})
"""PostgreSQL's serialization failure, deadlock, and a key that somebody else has just used: the job is run again."""


@dataclass
class _Job:
    run: Callable[[Session], Any]
    future: Future[Any]


class _File:
    """Notices that a file which was there was deleted or put in another's place."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._identity: tuple[int, int] | None = None
        self._is_told = False

    def is_gone(self) -> bool:
        """Whether the file that was here first is here no more."""
        try:
            found = self._path.stat()
        except OSError:
            is_gone = self._identity is not None
        else:
            identity = found.st_dev, found.st_ino
            self._identity = self._identity or identity
            is_gone = identity != self._identity
        if is_gone and not self._is_told:
            self._is_told = True
            LOG.critical("%s was taken away while it was in use: stop the server and put it back", self._path)
        return is_gone


class Database:
    """Owns the engine and the writers; `write`, `read` and `snapshot` are the only ways in."""

    def __init__(self, url: str) -> None:
        """Opens `sqlite:///path` or `postgresql+psycopg://...`; nothing is created before the first job."""
        self.is_sqlite = url.startswith("sqlite")
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgres_engine(url)
        self._pool = ThreadPoolExecutor(POSTGRES_WRITERS, "write") if not self.is_sqlite else None
        self._room = threading.BoundedSemaphore(WRITES_QUEUED_MAX)
        self._jobs: queue.Queue[_Job | None] = queue.Queue(WRITES_QUEUED_MAX)
        self._writer: threading.Thread | None = None
        self._file = _File(Path(url.removeprefix("sqlite:///"))) if self.is_sqlite else None
        if self.is_sqlite:
            self._writer = threading.Thread(target=self._write_groups, name="writer", daemon=True)
            self._writer.start()

    def write(self, job: Callable[[Session], T]) -> Future[T]:
        """Runs the job in a transaction; the future has its result after the commit.

        Raises `Busy` on a full queue. The future raises what the job raises, or a `NotNow`.
        """
        if self._pool is not None:
            return self._submit(self._pool, job)
        future: Future[T] = Future()
        try:
            self._jobs.put_nowait(_Job(job, future))
        except queue.Full:
            raise Busy from None
        return future

    def read(self, job: Callable[[Session], T]) -> T:
        """Runs the job on a snapshot of its own and gives its result. Raises what the job raises, or a `NotNow`."""
        with self.snapshot() as session:
            return job(session)

    @contextmanager
    def snapshot(self) -> Generator[Session, None, None]:
        """A session whose every query sees the same instant. Raises what the block raises, or a `NotNow`."""
        try:
            self._refuse_without_file()
            with Session(self.engine) as session:
                if not self.is_sqlite:
                    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
                yield session
        except SQLAlchemyError as error:
            if (fault := as_not_now(error)) is not None:
                raise fault from error
            raise

    def close(self) -> None:
        """Finishes what is queued and lets go of the files."""
        if self._writer is not None:
            self._jobs.put(None)
            self._writer.join()
        if self._pool is not None:
            self._pool.shutdown()
        self.engine.dispose()

    def _refuse_without_file(self) -> None:
        """Raises `DatabaseAway` where SQLite's file was taken away: what is written then is gone at the next stop."""
        if self._file is not None and self._file.is_gone():
            raise DatabaseAway

    def _submit(self, pool: ThreadPoolExecutor, job: Callable[[Session], T]) -> Future[T]:
        """Puts the job before the pool of writers, whose own queue has no end."""
        if not self._room.acquire(blocking=False):
            raise Busy
        future = pool.submit(self._write_once, job)
        future.add_done_callback(lambda _: self._room.release())
        return future

    def _write_once(self, job: Callable[[Session], T]) -> T:
        for attempt in range(RETRIES_MAX):
            try:
                with Session(self.engine, expire_on_commit=False) as session, session.begin():
                    return job(session)
            except (SQLAlchemyError, Overtaken) as error:
                state = postgres_state(error) if isinstance(error, SQLAlchemyError) else OVERTAKEN
                if attempt == RETRIES_MAX - 1 or state not in RETRYABLE:
                    if (fault := as_not_now(error)) is not None:
                        raise fault from error
                    raise
                time.sleep(random.uniform(0.5, 1.5) * 0.002 * 2**attempt)  # noqa: S311 - spreads retries
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
        outcomes: list[tuple[Any, Exception | None]] = []
        # Whoever was cancelled meanwhile (the server is stopping) wants no result and may not be given one.
        group = [job for job in group if job.future.set_running_or_notify_cancel()]
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                outcomes += [_run_in_savepoint(session, job.run) for job in group]
            self._refuse_without_file()
        except Exception as error:  # noqa: BLE001 - the commit failed: nobody may believe in a result
            outcomes = [(None, as_not_now(error) or error)] * len(group)
        for job, (result, error) in zip(group, outcomes, strict=True):
            if error is not None:
                job.future.set_exception(error)
            else:
                job.future.set_result(result)


def _run_in_savepoint(session: Session, run: Callable[[Session], Any]) -> tuple[Any, Exception | None]:
    """The job's result, or why it has none; raises that where the whole transaction is lost with it.

    A full disk can cost SQLite the transaction and not only the savepoint. Then what follows would be committed one by
    one, and what came before would be believed to be there.
    """
    raw: Any = session.connection().connection.dbapi_connection
    try:
        with session.begin_nested():
            return run(session), None
    except Exception as error:
        if not raw.in_transaction:
            raise
        session.expunge_all()
        return None, as_not_now(error) or error


def safe_sqlite() -> ModuleType:
    """The first SQLite library here that is free of the WAL-reset race (3.51.3, 3.50.7, 3.44.6 and later)."""
    candidates = [sqlite3]
    with contextlib.suppress(ImportError):
        candidates.append(importlib.import_module("pysqlite3"))
    for module in candidates:
        if is_free_of_wal_reset_race(module.sqlite_version_info):
            return module
    raise SqliteUnsafe(
        f"SQLite {sqlite3.sqlite_version} 有已知缺陷，可能损坏数据库：请安装 pysqlite3 0.6 以上，或改用 PostgreSQL。",
        f"SQLite {sqlite3.sqlite_version} can damage a database under load. Install pysqlite3 0.6 or newer, or set "
        "MUMEN_DATABASE_URL to a PostgreSQL.",
    )


def is_free_of_wal_reset_race(version: tuple[int, ...]) -> bool:
    """Whether this SQLite has the repair of the race that 3.7.0 brought in."""
    if version >= (3, 51, 3):
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in ((3, 50, 7), (3, 44, 6)))


def _postgres_engine(url: str) -> Engine:
    arguments = {"connect_timeout": POSTGRES_CONNECT_TIMEOUT_S, "application_name": APPLICATION_NAME}
    return create_engine(url, pool_size=POSTGRES_WRITERS + 4, connect_args=arguments)


def _sqlite_engine(url: str) -> Engine:
    path = url.removeprefix("sqlite:///")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, module=safe_sqlite(), connect_args={"timeout": 10, "check_same_thread": False})

    @event.listens_for(engine, "do_connect")
    def _create(*_of: Any) -> None:
        Path(path).touch(FOR_US_ALONE)  # what SQLite makes beside it has the same mode

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
