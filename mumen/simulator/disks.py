"""Disks that can crash before or after a commit, be full, be copied, and be put back to an older day."""

import sqlite3
from typing import Any

from sqlalchemy import Engine, StaticPool, create_engine, make_url

_URL = make_url("sqlite://")
_DIALECT = create_engine(_URL, module=sqlite3).dialect
_COMPILED: dict[Any, Any] = {}
"""Statements by what SQLAlchemy knows them by. To compile them anew for every restart was half of a world's time."""


class Crash(Exception):  # noqa: N818 - an event of the world
    """The plug was pulled at a commit. What unwinds afterwards finds the disk as the crash left it."""


class Disk:
    """One SQLite file in memory: what was committed survives a crash, what was not is gone."""

    def __init__(self, content: bytes) -> None:
        """A disk with this content (`serialize` of a database)."""
        self.connection = _connect(self)
        if content:
            self.connection.deserialize(content)
        self.commits = 0
        self.is_full = False
        self._crash_in: tuple[int, bool] | None = None

    def crash_at_commit(self, number: int, *, is_after: bool) -> None:
        """Pull the plug at one of the next commits (1 is the next), before it or after it."""
        self._crash_in = (self.commits + number, is_after)

    def recover(self) -> None:
        """What a restart finds: the last committed state."""
        self._crash_in = None
        if self.connection.in_transaction:
            self.connection.rollback()

    def engine(self) -> Engine:
        """A way to the disk for SQLAlchemy, which knows the statements that any other one has compiled."""

        def connect() -> Any:
            return self.connection

        return Engine(StaticPool(connect), _DIALECT, _URL, execution_options={"compiled_cache": _COMPILED})

    def image(self) -> bytes:
        """A copy of what is committed."""
        assert not self.connection.in_transaction, "an image is taken between transactions"
        # What still stands in the write-ahead log is committed, but `serialize` gives the file alone.
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self.connection.serialize()

    def fill(self) -> None:
        """No more room: SQLite itself refuses to grow."""
        self.is_full = True
        pages = self.connection.execute("PRAGMA page_count").fetchone()[0]
        self.connection.execute(f"PRAGMA max_page_count = {pages}")

    def make_room(self) -> None:
        """Room again."""
        self.is_full = False
        self.connection.execute("PRAGMA max_page_count = 1073741823")

    def about_to_commit(self) -> None:
        """Called by the connection before each COMMIT."""
        if self._crash_in == (self.commits + 1, False):
            raise Crash

    def has_committed(self) -> None:
        """Called by the connection after each COMMIT."""
        self.commits += 1
        if self._crash_in == (self.commits, True):
            raise Crash


def _connect(disk: Disk) -> sqlite3.Connection:
    """A connection whose commits the disk hears of."""

    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, parameters: Any = (), /) -> "Cursor":
            if sql != "COMMIT":
                super().execute(sql, parameters)
                return self
            disk.about_to_commit()
            super().execute(sql)
            disk.has_committed()
            return self

    class Connection(sqlite3.Connection):
        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

        def commit(self) -> None:
            if self.in_transaction:
                disk.about_to_commit()
                super().commit()
                disk.has_committed()

        def close(self) -> None:
            """Stays open: the file outlives whoever reads it."""

    return sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None, factory=Connection)
