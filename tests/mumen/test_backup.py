"""Backing up as a person does it: the real command, beside a real server and without one."""

import re
import stat
import subprocess
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

from mumen.serving.control import FILE, find_control, is_answering
from tests.mumen.process import MUMEN, eventually
from tests.mumen.site import Site, assert_refused, tables_in

pytestmark = pytest.mark.slow


def test_a_running_server_and_a_resting_one_give_the_same(site: Site, tmp_path: Path) -> None:
    with site.serving():
        done = site.run("backup", "--out", str(tmp_path / "running.zip"))
        assert (done.returncode, done.stderr) == (0, "")
        assert "已备份并核对" in done.stdout
        assert "1 张照片 photos" in done.stdout
    assert site.run("backup", "--out", str(tmp_path / "resting.zip")).returncode == 0
    running, resting = (tables_in(tmp_path / name) for name in ("running.zip", "resting.zip"))
    for one in (running, resting):
        one.pop("job")  # a server plans its housekeeping in the first second
    assert running == resting
    assert running["piece"]["rows"] == site.pieces()


def test_the_server_knows_which_database_it_serves(site: Site, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere" / "factory.db"
    moved.parent.mkdir()
    (site.data_dir / "mumen.db").rename(moved)
    serving = Site(site.data_dir, f"sqlite:///{moved}")
    with serving.serving():
        done = site.run("backup", "--out", str(tmp_path / "a.zip"))  # as a timer would, without that setting
    assert (done.returncode, done.stderr) == (0, "")
    with closing(connect(moved)) as connection:
        pieces = connection.execute("SELECT count(*) FROM piece").fetchone()[0]
    assert tables_in(tmp_path / "a.zip")["piece"]["rows"] == pieces > 0


def test_a_server_that_speaks_https_is_asked_too(site: Site, tmp_path: Path) -> None:
    command = [*MUMEN, "serve", "--lan", "--public-url", f"https://mumen.test:{site.port}"]
    with subprocess.Popen(command, env=site.environment, stdout=subprocess.DEVNULL) as server:
        try:
            eventually(lambda: (control := find_control(site.data_dir)) and is_answering(control))
            done = site.run("backup", "--out", str(tmp_path / "a.zip"))
        finally:
            server.terminate()
    assert (done.returncode, done.stderr) == (0, "")
    assert tables_in(tmp_path / "a.zip")["piece"]["rows"] == site.pieces()


def test_it_goes_below_the_data_folder_where_nothing_else_is_said(site: Site) -> None:
    assert site.run("backup").returncode == 0
    (file,) = (site.data_dir / "backups").iterdir()
    assert re.fullmatch(r"mumen-\d{8}-\d{6}\.zip", file.name)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_full_disk_is_said_and_nothing_is_left(site: Site, backup: Path, tmp_path: Path) -> None:
    half = backup.stat().st_size // 2
    assert half > 40_000  # SQLite needs some room of its own to read

    out = tmp_path / "out" / "a.zip"
    done = site.run_on_a_full_disk("backup", "--out", str(out), room_bytes=half)
    assert_refused(done, "磁盘空间不够", "The disk is full", "--out")
    assert list(out.parent.iterdir()) == []


def test_nothing_cannot_be_backed_up(tmp_path: Path) -> None:
    site = Site(tmp_path / "empty")
    assert_refused(site.run("backup"), "nothing to back up", "没有可备份的")
    assert not (tmp_path / "empty" / "mumen.db").exists()


def test_a_folder_that_cannot_be_is_named(site: Site, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert_refused(site.run("backup", "--out", str(tmp_path / "file" / "a.zip")), "cannot be written", "写不了")


def test_a_photograph_that_is_missing_is_counted(site: Site, tmp_path: Path) -> None:
    (photo,) = (site.data_dir / "photos").glob("*/*")
    photo.unlink()
    done = site.run("backup", "--out", str(tmp_path / "a.zip"))
    assert done.returncode == 0
    assert "1 张照片的文件不在磁盘上" in done.stderr
    assert "files of 1 photographs" in done.stderr


def test_what_a_server_that_was_killed_had_announced_is_not_believed(site: Site, tmp_path: Path) -> None:
    with site.serving() as server:
        server.kill()
        server.wait()
    assert (site.data_dir / FILE).exists()
    assert site.run("backup", "--out", str(tmp_path / "a.zip")).returncode == 0
    with site.serving():
        assert site.run("backup", "--out", str(tmp_path / "b.zip")).returncode == 0
