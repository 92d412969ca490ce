"""A place where Mumen runs as a person runs it: a data folder, a database and a port."""

import json
import re
import resource
import sqlite3
import subprocess
import urllib.request
import zipfile
from collections.abc import Generator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from benchmarks.browsing.serving import free_port
from mumen.cli import main
from tests.mumen.process import MUMEN, environment, eventually

CHINESE = re.compile("[\u4e00-\u9fff]")
STOP_S = 30


@dataclass
class Site:
    """Commands and a server over one data folder."""

    data_dir: Path
    database_url: str | None = None
    port: int = field(default_factory=free_port)

    @property
    def environment(self) -> dict[str, str]:
        url = {"MUMEN_DATABASE_URL": self.database_url} if self.database_url else {}
        return environment(self.data_dir) | {"MUMEN_PORT": str(self.port)} | url

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command that ends by itself, in this process: starting one takes its time."""
        settings = {"--data-dir": str(self.data_dir), "--build-dir": str(self.data_dir / "build")}
        if self.database_url:
            settings["--database-url"] = self.database_url
        flags = [part for setting in settings.items() for part in setting]
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main([*arguments, *flags])
        return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())

    def run_on_a_full_disk(self, *arguments: str, room_bytes: int) -> subprocess.CompletedProcess[str]:
        """A command as a process that can let no file grow beyond that.

        Its lines are not counted: the file in which that is kept would not fit either.
        """
        unseen = {name: value for name, value in self.environment.items() if not name.startswith("COVERAGE_")}

        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room_bytes, room_bytes))

        command = [*MUMEN, *arguments]
        return subprocess.run(
            command, env=unseen, capture_output=True, text=True, timeout=60, check=False, preexec_fn=limit
        )

    @contextmanager
    def serving(self, *arguments: str) -> Generator[subprocess.Popen[str], None, None]:
        """A server while the block runs; unless the block kills it, its stop is clean."""
        command = [*MUMEN, "serve", *arguments]
        with subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL, text=True) as server:
            try:
                eventually(self.epoch)
                yield server
            finally:
                if server.poll() is None:
                    server.terminate()
                    assert server.wait(STOP_S) == 0

    def epoch(self) -> int:
        """What the server that answers here says of its epoch."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
            return int(json.loads(answer.read())["server_epoch"])

    def pieces(self) -> int:
        """How many pieces the SQLite file holds."""
        with closing(sqlite3.connect(self.data_dir / "mumen.db")) as connection:
            return int(connection.execute("SELECT count(*) FROM piece").fetchone()[0])


def assert_refused(done: subprocess.CompletedProcess[str], *said: str) -> None:
    """The command said why in both languages, and did nothing."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert CHINESE.search(done.stderr)
    assert "Traceback" not in done.stderr
    for text in said:
        assert text in done.stderr


def tables_in(path: Path) -> dict[str, dict[str, object]]:
    """What a backup says of its tables."""
    with zipfile.ZipFile(path) as archive:
        return dict(json.loads(archive.read("mumen-backup.json"))["tables"])
