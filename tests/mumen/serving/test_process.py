"""How the server starts, shares its sockets and stops: real processes, real signals."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.browsing.serving import free_port
from tests.mumen.process import eventually
from tests.mumen.slow_server import SLOW_S

pytestmark = pytest.mark.slow
WAIT_S = 40.0


@contextmanager
def serving(port: int, workers: int, log: Path) -> Generator[subprocess.Popen[str], None, None]:
    arguments = [sys.executable, "-m", "tests.mumen.slow_server", str(port), str(workers), str(log)]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True, start_new_session=True) as server:
        try:
            eventually(lambda: get(port))
            yield server
        finally:
            server.kill()


def get(port: int, path: str = "/") -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=WAIT_S) as answer:
        return str(answer.read().decode())


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def pids(port: int, count: int) -> set[int]:
    """The ids of the workers; asked until so many have answered."""
    found: set[int] = set()

    def ask() -> bool:
        with ThreadPoolExecutor(8) as pool:
            found.update(int(pid) for pid in pool.map(get, [port] * 8, ["/slow"] * 8))
        return len(found) >= count

    eventually(ask)
    return found


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_answers_what_is_in_flight_and_sends_home_who_waits(tmp_path: Path, workers: int, number: int) -> None:
    port, log = free_port(), tmp_path / "log"
    with serving(port, workers, log) as server, ThreadPoolExecutor(2) as pool:
        assert len(pids(port, workers)) == workers
        in_flight, waiting = pool.submit(get, port, "/slow"), pool.submit(get, port, "/wait")
        time.sleep(SLOW_S / 3)
        if number == signal.SIGINT:
            os.killpg(server.pid, number)  # Ctrl-C in a terminal reaches the workers too
        else:
            server.send_signal(number)
        began = time.monotonic()
        assert waiting.result(WAIT_S) == "sent home"
        assert time.monotonic() - began < SLOW_S
        assert in_flight.result(WAIT_S).isdecimal()
        assert server.wait(WAIT_S) == 0
        assert server.stderr is not None
        assert server.stderr.read() == ""
    assert log.read_text().count("closed") == workers
    with pytest.raises(OSError, match="refused"):
        get(port)


def test_a_worker_that_is_killed_is_started_again(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    with serving(port, 2, log) as server:
        before = pids(port, 2)
        assert len(before) == 2
        victim = before.pop()
        os.kill(victim, signal.SIGKILL)
        after = pids(port, 2)
        assert before < after
        assert victim not in after
        server.terminate()
        assert server.wait(WAIT_S) == 0
        assert not any(is_alive(pid) for pid in after)
        assert server.stderr is not None
        said = server.stderr.read()
    assert "正在重新启动" in said
    assert f"Worker {victim} ended (-9); starting another" in said


def test_workers_do_not_outlive_a_parent_that_was_killed(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    with serving(port, 2, log) as server:
        workers = pids(port, 2)
        server.kill()
        eventually(lambda: not any(is_alive(pid) for pid in workers))
    assert log.read_text().count("closed") == 2
