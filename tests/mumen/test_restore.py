"""Restoring as a person does it: the real command, also under a server that runs and on a disk that is full."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.mumen.site import Site, assert_refused

pytestmark = pytest.mark.slow


def content_of(data_dir: Path) -> dict[str, bytes]:
    """Every file that holds data."""
    found = (file for pattern in ("mumen.db*", "photos/*/*") for file in data_dir.glob(pattern))
    return {str(file.relative_to(data_dir)): file.read_bytes() for file in found}


def test_an_empty_place_is_filled_and_begins_an_epoch(site: Site, backup: Path, tmp_path: Path) -> None:
    elsewhere = Site(tmp_path / "elsewhere")
    done = elsewhere.run("restore", str(backup))
    assert (done.returncode, done.stderr) == (0, "")
    assert "已恢复并核对" in done.stdout
    assert content_of(elsewhere.data_dir).keys() == content_of(site.data_dir).keys()
    assert elsewhere.pieces() == site.pieces()
    with elsewhere.serving():
        assert elsewhere.epoch() > 1_700_000_000


def test_what_it_replaces_is_kept(site: Site, backup: Path) -> None:
    before = site.pieces()
    assert_refused(site.run("restore", str(backup)), "--replace", "already")
    with closing(sqlite3.connect(site.data_dir / "mumen.db")) as connection, connection:
        connection.execute("DELETE FROM piece")
    done = site.run("restore", "--replace", str(backup))
    assert done.returncode == 0
    assert site.pieces() == before
    (aside,) = site.data_dir.glob("mumen.db.before-*")
    assert str(aside) in done.stdout
    with closing(sqlite3.connect(aside)) as connection:
        assert connection.execute("SELECT count(*) FROM piece").fetchone() == (0,)


def test_a_file_that_is_no_database_any_more_is_replaced(site: Site, backup: Path) -> None:
    before = site.pieces()
    (site.data_dir / "mumen.db").write_bytes(b"a cosmic ray" * 1_000)
    assert_refused(site.run("restore", str(backup)), "--replace")
    assert site.run("restore", "--replace", str(backup)).returncode == 0
    assert site.pieces() == before
    (aside,) = site.data_dir.glob("mumen.db.before-*")
    assert aside.read_bytes().startswith(b"a cosmic ray")


def test_the_server_has_to_be_stopped_first(site: Site, backup: Path) -> None:
    with site.serving():
        assert_refused(site.run("restore", "--replace", str(backup)), "mumen serve", "正在运行")
        assert site.epoch() == 1


@pytest.mark.parametrize("damage", ["cut short", "one byte", "no backup"])
def test_a_damaged_backup_changes_nothing(site: Site, backup: Path, damage: str) -> None:
    before, content = content_of(site.data_dir), bytearray(backup.read_bytes())
    if damage == "one byte":
        content[len(content) // 3] ^= 1
    backup.write_bytes({"cut short": content[:-100], "one byte": content, "no backup": b"hello"}[damage])
    assert_refused(site.run("restore", "--replace", str(backup)), "Nothing was changed", "已损坏")
    assert content_of(site.data_dir) == before
    assert_refused(Site(site.data_dir.with_name("new")).run("restore", str(backup)), "damaged")
    assert content_of(site.data_dir.with_name("new")) == {}


def test_a_backup_that_is_not_there_is_named(site: Site, tmp_path: Path) -> None:
    done = site.run("restore", "--replace", str(tmp_path / "none.zip"))
    assert_refused(done, f"There is no file {tmp_path / 'none.zip'}", "没有这个文件")


@pytest.mark.parametrize("room_bytes", [100_000, 1_000_000])
def test_a_full_disk_changes_nothing(site: Site, backup: Path, room_bytes: int) -> None:
    before = content_of(site.data_dir)
    done = site.run_on_a_full_disk("restore", "--replace", str(backup), room_bytes=room_bytes)
    assert_refused(done, "othing was restored", "没有恢复")
    assert content_of(site.data_dir) == before


def test_a_server_that_was_killed_is_no_obstacle(site: Site, backup: Path) -> None:
    with site.serving() as server:
        server.kill()
        server.wait()
    assert (site.data_dir / "mumen.db.lock").exists()
    assert site.run("restore", "--replace", str(backup)).returncode == 0
    with site.serving():
        assert site.epoch() > 1
