"""A SQLite database belongs to one server at a time, whatever becomes of the last one."""

import subprocess
from pathlib import Path
from typing import BinaryIO

import pytest

from benchmarks.browsing.serving import free_port
from mumen.serving import owner
from mumen.serving.owner import Owned, sole_owner
from tests.mumen.process import MUMEN, body_of, environment, finished, running


def url_in(folder: Path) -> str:
    return f"sqlite:///{folder / 'mumen.db'}"


def test_nobody_else_gets_in_until_the_owner_has_gone(tmp_path: Path) -> None:
    with sole_owner(url_in(tmp_path)), pytest.raises(Owned, match="另一个 mumen"), sole_owner(url_in(tmp_path)):
        pass
    with sole_owner(url_in(tmp_path)):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_lock_that_its_last_owner_removed_meanwhile_lets_nobody_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lock_too_late(file: BinaryIO) -> None:
        Path(file.name).unlink()

    monkeypatch.setattr(owner, "_lock", lock_too_late)
    with pytest.raises(Owned), sole_owner(url_in(tmp_path)):
        pass


def test_postgres_has_no_owner() -> None:
    url = "postgresql+psycopg://nobody@nowhere/none"
    with sole_owner(url), sole_owner(url):
        pass


def test_a_second_server_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, "serve", "--port", str(port)):
        body_of(f"http://127.0.0.1:{port}/healthz")
        second = finished(tmp_path, "serve", "--port", str(free_port()))
        assert second.returncode == 1
        assert str(tmp_path / "mumen.db") in second.stderr
        assert "Another mumen" in second.stderr
        assert "另一个 mumen" in second.stderr
        body_of(f"http://127.0.0.1:{port}/healthz")


def test_one_that_was_killed_leaves_no_lock_behind(tmp_path: Path) -> None:
    port = free_port()
    command = [*MUMEN, "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment(tmp_path), stdout=subprocess.DEVNULL) as server:
        body_of(f"http://127.0.0.1:{port}/healthz")
        server.kill()
    with running(tmp_path, "serve", "--port", str(port)):
        assert b'"ok"' in body_of(f"http://127.0.0.1:{port}/healthz")
