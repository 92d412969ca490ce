"""The command line as a person starts it: real processes, real sockets, a real database."""

import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from mumen.settings import SettingWrong, read_settings

MUMEN = [sys.executable, "-m", "mumen.cli"]


def environment(data_dir: Path, port: int) -> dict[str, str]:
    return os.environ | {"MUMEN_DATA_DIR": str(data_dir), "MUMEN_PORT": str(port), "MUMEN_BUILD_DIR": str(data_dir)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(data_dir: Path, port: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MUMEN, *arguments],
        env=environment(data_dir, port),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def answer(port: int) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as response:
        return bytes(response.read())


def test_serve_answers_and_prints_its_addresses(tmp_path: Path) -> None:
    port = free_port()
    with subprocess.Popen(
        [*MUMEN, "serve"], env=environment(tmp_path, port), stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            body = b""
            for _ in range(100):
                try:
                    body = answer(port)
                    break
                except OSError:
                    time.sleep(0.2)
            assert b'"ok"' in body
        finally:
            server.terminate()
        printed = server.stdout.read() if server.stdout else ""
    assert re.search(rf"http://localhost:{port}/docs", printed)
    assert "mumen build-app" in printed


def test_a_taken_port_is_said_in_both_languages(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        done = run(tmp_path, port, "serve")
    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert "已被占用" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "mumen.db") as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999_from_the_future')")
    connection.close()
    done = run(tmp_path, free_port(), "serve")
    assert done.returncode == 1
    assert "newer than this program" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_lists_the_commands(tmp_path: Path) -> None:
    assert "serve" in run(tmp_path, 8080, "--help").stdout


@pytest.mark.parametrize("wrong", [{"MUMEN_PORT": "0"}, {"MUMEN_PORT": "http"}, {"MUMEN_PUBLIC_URL": "mumen.lan"}])
def test_a_wrong_setting_is_named(wrong: dict[str, str]) -> None:
    with pytest.raises(SettingWrong, match=next(iter(wrong))):
        read_settings(wrong)


def test_the_public_url_follows_the_port() -> None:
    assert read_settings({}, port=9000).public_url == "http://localhost:9000"
