"""The device's file, on a real disk."""

import sqlite3
from pathlib import Path

import pytest

from mobile.store.database import MIGRATIONS, NewerStoreError, open_database
from mobile.store.mirror import MirrorRows
from shared.schemas.production import Site


def test_a_new_file_is_migrated_and_durable(tmp_path: Path) -> None:
    connection = open_database(str(tmp_path / "mumen.db"))
    assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert MirrorRows(connection).get(Site, "nowhere") is None
    connection.close()


def test_a_reopened_file_keeps_its_rows(tmp_path: Path) -> None:
    path = str(tmp_path / "mumen.db")
    first = open_database(path)
    first.execute("INSERT INTO mirror_row VALUES ('catalog', 'site', 'S1', 1, NULL, 'h', '{}')")
    first.close()
    second = open_database(path)
    assert second.execute("SELECT id FROM mirror_row").fetchall() == [("S1",)]
    second.close()


def test_a_newer_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = str(tmp_path / "mumen.db")
    newer = sqlite3.connect(path)
    newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    newer.close()
    with pytest.raises(NewerStoreError):
        open_database(path)
    with_newer = sqlite3.connect(path)
    assert with_newer.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)
    with_newer.close()
