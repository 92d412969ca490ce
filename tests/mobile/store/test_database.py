"""The device's file, on a real disk."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import inspect

from mobile.store import settings
from mobile.store.database import NewerStoreError, Store
from mobile.store.migrations import MIGRATIONS
from mobile.store.tables import METADATA


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "mumen.db")


def test_a_new_file_is_migrated_and_durable(path: str) -> None:
    store = Store(path)
    pragmas = {name: store.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in
               ("user_version", "synchronous", "journal_mode", "locking_mode")}  # fmt: skip
    assert pragmas == {
        "user_version": len(MIGRATIONS),
        "synchronous": 2,
        "journal_mode": "wal",
        "locking_mode": "exclusive",
    }
    store.close()


def test_the_migrations_make_what_the_tables_say(path: str) -> None:
    store = Store(path)
    made = inspect(store.connection)
    assert set(made.get_table_names()) == set(METADATA.tables)
    for name, table in METADATA.tables.items():
        columns = {c["name"]: (str(c["type"]), c["nullable"]) for c in made.get_columns(name)}
        assert columns == {c.name: (str(c.type), c.nullable) for c in table.columns}
        # SQLAlchemy reads no index of expressions back.
        indexes = store.connection.exec_driver_sql(f"PRAGMA index_list({name})").all()
        assert {i[1] for i in indexes if i[3] == "c"} == {i.name for i in table.indexes}
        assert made.get_pk_constraint(name)["constrained_columns"] == [c.name for c in table.primary_key]
    store.close()


def test_a_reopened_file_keeps_what_was_committed(path: str) -> None:
    first = Store(path)
    settings.set_setting(first, settings.STATION_ID, "开料平板")
    first.close()
    second = Store(path)
    assert settings.get_setting(second, settings.STATION_ID) == "开料平板"
    second.close()


def test_a_failed_transaction_leaves_nothing(path: str) -> None:
    store = Store(path)

    def write_and_fail() -> None:
        with store.transaction():
            settings.set_setting(store, settings.STATION_ID, "开料平板")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert settings.get_setting(store, settings.STATION_ID) is None
    with store.transaction():
        settings.set_setting(store, settings.STATION_ID, "压贴平板")
    assert settings.get_setting(store, settings.STATION_ID) == "压贴平板"
    store.close()


def test_a_newer_file_is_refused_and_left_as_it_is(path: str) -> None:
    newer = sqlite3.connect(path)
    newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    newer.close()
    with pytest.raises(NewerStoreError):
        Store(path)
    again = sqlite3.connect(path)
    assert again.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)
    again.close()
