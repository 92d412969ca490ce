"""The writers: bounded, and never believed where nothing was kept."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from sync_server.errors import Busy, DatabaseAway, StorageFull
from sync_server.migrations import migrate
from sync_server.storage import database as database_module
from sync_server.storage.database import Database
from sync_server.tables import ServerMeta

WAIT_S = 20


@pytest.fixture
def narrow(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A database whose queue of writes holds two."""
    monkeypatch.setattr(database_module, "WRITES_QUEUED_MAX", 2)
    monkeypatch.setattr(database_module, "POSTGRES_WRITERS", 1)
    database = Database(database_url)
    migrate(database.engine)
    yield database
    database.close()


@pytest.fixture
def sqlite_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('data') / 'mumen.db'}")
    migrate(database.engine)
    yield database
    database.close()


def keys(database: Database) -> set[str]:
    return set(database.read(lambda session: session.execute(select(col(ServerMeta.key))).scalars().all()))


class Gate:
    """A job that keeps a writer busy until it is let go."""

    def __init__(self) -> None:
        self.began, self.may_end = threading.Event(), threading.Event()

    def __call__(self, _session: Session) -> None:
        self.began.set()
        assert self.may_end.wait(WAIT_S)

    def let_go(self) -> None:
        self.may_end.set()


def held_up(database: Database) -> Gate:
    """One writer is at work on something that takes its time."""
    gate = Gate()
    database.write(gate)
    assert gate.began.wait(WAIT_S)
    return gate


def add(database: Database, key: str) -> Future[None]:
    return database.write(lambda session: session.add(ServerMeta(key=key, value="x")))


def test_a_full_queue_is_busy_and_recovers(narrow: Database) -> None:
    gate = held_up(narrow)
    room = 2 if narrow.is_sqlite else 1  # a pool's places are taken until the work is done
    taken = [add(narrow, f"{number}") for number in range(room)]
    with pytest.raises(Busy) as refused:
        add(narrow, "too many")
    assert refused.value.status == 503
    assert refused.value.headers["Retry-After"] == "1"
    gate.let_go()
    for one in taken:
        one.result(WAIT_S)
    add(narrow, "later").result(WAIT_S)
    assert keys(narrow) == {*(f"{number}" for number in range(len(taken))), "later"}


def test_somebody_who_no_longer_waits_does_not_stop_the_writer(database: Database) -> None:
    gates = [held_up(database) for _ in range(1 if database.is_sqlite else database_module.POSTGRES_WRITERS)]
    abandoned = add(database, "abandoned")
    assert abandoned.cancel()
    for gate in gates:
        gate.let_go()
    add(database, "after").result(WAIT_S)
    assert keys(database) == {"after"}


class TestAFullDisk:
    def test_is_said_and_nothing_is_believed(self, sqlite_database: Database) -> None:
        allow_pages(sqlite_database, more=0)
        with pytest.raises(StorageFull) as full:
            sqlite_database.write(lambda s: s.add(ServerMeta(key="large", value="x" * 100_000))).result(WAIT_S)
        assert full.value.status == 503
        assert "磁盘已满" in full.value.fault.message
        assert int(full.value.headers["Retry-After"]) > 0
        assert keys(sqlite_database) == set()

    def test_recovers_when_there_is_room_again(self, sqlite_database: Database) -> None:
        allow_pages(sqlite_database, more=0)
        large = sqlite_database.write(lambda s: s.add(ServerMeta(key="large", value="x" * 100_000)))
        assert isinstance(large.exception(WAIT_S), StorageFull)
        allow_pages(sqlite_database, more=1_000)
        sqlite_database.write(lambda s: s.add(ServerMeta(key="large", value="x" * 100_000))).result(WAIT_S)
        assert keys(sqlite_database) == {"large"}

    def test_that_costs_a_transaction_takes_back_everybody_in_it(self, sqlite_database: Database) -> None:
        gate = held_up(sqlite_database)

        def lose_everything(session: Session) -> None:
            # What SQLite does by itself when it can no longer write: not the savepoint, the transaction is gone.
            session.connection().exec_driver_sql("ROLLBACK")
            session.execute(text("INSERT INTO nowhere VALUES (1)"))

        group = [add(sqlite_database, "before"), sqlite_database.write(lose_everything), add(sqlite_database, "after")]
        gate.let_go()
        assert all(one.exception(WAIT_S) is not None for one in group)
        assert keys(sqlite_database) == set()
        add(sqlite_database, "later").result(WAIT_S)
        assert keys(sqlite_database) == {"later"}


def test_a_postgres_that_is_not_there_is_away(tmp_path_factory: pytest.TempPathFactory) -> None:
    nowhere = tmp_path_factory.mktemp("nowhere")
    database = Database(f"postgresql+psycopg://postgres@/postgres?host={nowhere}")
    with pytest.raises(DatabaseAway):
        keys(database)
    assert isinstance(add(database, "x").exception(WAIT_S), DatabaseAway)
    database.close()


def test_a_mistake_in_a_statement_is_no_reason_to_come_back(database: Database) -> None:
    failed = database.write(lambda session: session.execute(text("SELECT 1 FROM nowhere"))).exception(WAIT_S)
    assert failed is not None
    assert not isinstance(failed, Busy | DatabaseAway | StorageFull)


def allow_pages(database: Database, more: int) -> None:
    """From now on the file may have this many pages more than it has."""
    engine = database.engine
    engine.dispose()
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one() + more
    engine.dispose()

    def limit(raw: Any, _record: Any) -> None:
        raw.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(engine, "connect", limit)


def test_a_file_that_was_taken_away_is_noticed_before_anybody_is_told_that_something_is_kept(
    sqlite_database: Database,
) -> None:
    path = Path(str(sqlite_database.engine.url.database))
    sqlite_database.write(lambda session: session.add(ServerMeta(key="before", value="1"))).result(WAIT_S)
    assert "before" in keys(sqlite_database)
    path.rename(path.with_name("elsewhere.db"))
    with pytest.raises(DatabaseAway):
        sqlite_database.write(lambda session: session.add(ServerMeta(key="after", value="1"))).result(WAIT_S)
    with pytest.raises(DatabaseAway):
        keys(sqlite_database)


def test_a_new_database_is_for_us_alone_to_read(sqlite_database: Database) -> None:
    sqlite_database.write(lambda s: s.add(ServerMeta(key="secret", value="x"))).result(WAIT_S)
    path = Path(str(sqlite_database.engine.url.database))
    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.glob(f"{path.name}*")}
    assert set(modes.values()) == {0o600}
    assert len(modes) > 1  # what SQLite makes beside it too


def test_a_file_in_its_place_is_another_one(sqlite_database: Database) -> None:
    path = Path(str(sqlite_database.engine.url.database))
    assert keys(sqlite_database) == set()
    path.rename(path.with_name("elsewhere.db"))
    path.write_bytes(b"")
    with pytest.raises(DatabaseAway):
        keys(sqlite_database)
