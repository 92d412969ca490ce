"""The command line as a person starts it: real processes, real sockets, a real database."""

import re
import signal
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.browsing.serving import free_port
from mumen.cli import COMMANDS, main
from tests.mumen.process import body_of, finished, lines_until, running


def test_serve_answers_and_prints_its_addresses(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, "serve", "--port", str(port)) as server:
        printed = "".join([*lines_until(server, "/docs"), *lines_until(server, "Nobody is in this database")])
        assert b'"ok"' in body_of(f"http://127.0.0.1:{port}/healthz")
    assert "这个数据库里还没有人" in printed
    assert f"http://localhost:{port}/docs" in printed
    assert "mumen build-app" in printed


def test_a_taken_port_is_said_in_both_languages(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        done = finished(tmp_path, "serve", "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert "已被占用" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("journal_mode", ["delete", "wal"])
def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path, journal_mode: str) -> None:
    file = tmp_path / "mumen.db"
    with sqlite3.connect(file) as connection:
        connection.execute(f"PRAGMA journal_mode={journal_mode}")
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999_from_the_future')")
    connection.close()
    before = file.read_bytes()
    done = finished(tmp_path, "serve", "--port", str(free_port()))
    assert done.returncode == 1
    assert "newer than this program" in done.stderr
    assert "数据库由更新的程序写过" in done.stderr
    assert "Traceback" not in done.stderr
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_a_newer_version_is_also_seen_in_what_a_killed_program_left_in_the_wal(tmp_path: Path) -> None:
    alive = sqlite3.connect(tmp_path / "alive.db")
    alive.execute("PRAGMA journal_mode=WAL")
    alive.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    alive.execute("INSERT INTO alembic_version VALUES ('9999_from_the_future')")
    alive.commit()
    for suffix in ("", "-wal"):
        (tmp_path / f"mumen.db{suffix}").write_bytes((tmp_path / f"alive.db{suffix}").read_bytes())
    alive.close()
    before = (tmp_path / "mumen.db").read_bytes()
    assert "newer than this program" in finished(tmp_path, "demo").stderr
    assert (tmp_path / "mumen.db").read_bytes() == before


@pytest.fixture
def _heeds_ctrl_c() -> Iterator[None]:
    """Who runs tests in a shell's background lets them ignore Ctrl-C, and so would what they start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_heeds_ctrl_c")
@pytest.mark.parametrize(("command", "until", "code"), [("serve", "/docs", 0), ("demo", "demo orders", 130)])
def test_ctrl_c_ends_it_quietly(tmp_path: Path, command: str, until: str, code: int) -> None:
    port = free_port()
    with running(tmp_path, command, "--port", str(port)) as process:
        list(lines_until(process, until))
        if command == "serve":
            body_of(f"http://127.0.0.1:{port}/healthz")
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=20)
    assert process.returncode == code
    assert "Traceback" not in rest
    assert "KeyboardInterrupt" not in rest


def test_the_demo_counts_while_it_works(tmp_path: Path) -> None:
    told = finished(tmp_path, "demo").stdout
    counts = [int(count) for count in re.findall(r"demo orders (\d+)/40", told)]
    assert counts == sorted(counts)
    assert len(counts) >= 5
    assert counts[-1] == 40


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    assert all(command.name in told for command in COMMANDS)
