"""Opening the device's file: one owner, nothing acknowledged before it is on the disk, no step back in version."""

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, StaticPool, create_engine
from sqlalchemy.exc import DBAPIError

from mobile.store.migrations import MIGRATIONS

STORAGE_FULL = "storage_full"
"""The code of the fault that a write found no room."""


class NewerStoreError(Exception):
    """The file was written by a newer app; an older one must not touch it."""


class Store:
    """The device's SQLite file over its one connection. Reads see the open transaction, if there is one."""

    def __init__(self, path: str, engine: Engine | None = None) -> None:
        """Open, lock and migrate the file; `engine` is another way to it, where the disk is a simulated one.

        Raises `NewerStoreError`, or sqlalchemy's `OperationalError`.
        """
        # One connection for all: a second one would meet the first one's exclusive lock.
        self._engine = engine or create_engine(
            f"sqlite:///{path}",
            poolclass=StaticPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"check_same_thread": False},
        )
        self._depth = 0
        try:
            self.connection: Connection = self._engine.connect()
            self._driver: Any = self.connection.connection.dbapi_connection
            for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL"):
                self.execute(f"PRAGMA {pragma}")
            self._migrate()
        except BaseException:
            self._engine.dispose()
            raise

    @contextmanager
    def transaction(self) -> Generator[Connection, None, None]:
        """Everything inside happens or nothing does; it is on the disk when this ends. One inside another joins it."""
        if self._depth == 0:
            self.execute("BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield self.connection
        except BaseException:
            self._depth -= 1
            if self._depth == 0:
                self._roll_back()
            raise
        self._depth -= 1
        if self._depth == 0:
            try:
                self.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Runs a statement without the toolkit around it and gives the driver's cursor (`statements.py`).

        Raises sqlalchemy's `DBAPIError`.
        """
        try:
            return self._driver.cursor().execute(sql, values)
        except sqlite3.Error as error:
            raise DBAPIError.instance(sql, None, error, sqlite3.Error) from error

    def execute_many(self, sql: str, many: Sequence[Sequence[Any]]) -> None:
        """Runs a statement once for each of these. Raises sqlalchemy's `DBAPIError`."""
        try:
            self._driver.cursor().executemany(sql, many)
        except sqlite3.Error as error:
            raise DBAPIError.instance(sql, None, error, sqlite3.Error) from error

    def close(self) -> None:
        """Give the file back."""
        self.connection.close()
        self._engine.dispose()

    def _roll_back(self) -> None:
        """SQLite may have rolled back by itself already (a full disk)."""
        if self._driver.in_transaction:
            self.execute("ROLLBACK")

    def _migrate(self) -> None:
        version = int(self.execute("PRAGMA user_version").fetchone()[0])
        if version > len(MIGRATIONS):
            raise NewerStoreError(version)
        for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
            with self.transaction():
                for statement in statements:
                    self.execute(statement)
                self.execute(f"PRAGMA user_version = {number}")
