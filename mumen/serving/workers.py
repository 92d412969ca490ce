"""Several processes that serve at the same sockets; one that dies is started again."""

import multiprocessing
import multiprocessing.connection
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import SpawnProcess

from sqlalchemy.exc import SQLAlchemyError

from mumen.serving.process import GRACE_S, OpenApp, run_uvicorn, stopped_by_exception
from mumen.serving.sockets import Listening, open_sockets
from mumen.settings import SettingWrong
from mumen.voice import warn
from sync_server.errors import NotNow, StartFault

WORKERS_MAX = 64
KILL_AFTER_S = GRACE_S + 10
"""When a worker that does not end is ended."""

RESTART_PAUSE_S = 2.0
"""A worker that died is started again at once, but one that had just been started only after this."""


def parse_workers(text: str, database_url: str) -> int:
    """How many processes are to serve this database. Raises a `StartFault`."""
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= WORKERS_MAX):
        raise SettingWrong(
            "--workers",
            f"要是 1 到 {WORKERS_MAX} 之间的数字，现在是 {text!r}。",
            f"must be a number from 1 to {WORKERS_MAX}, not {text!r}.",
        )
    if int(text) > 1 and database_url.startswith("sqlite"):
        raise StartFault(
            "SQLite 数据库只能由一个进程使用：请去掉 --workers，或用 MUMEN_DATABASE_URL 换成 PostgreSQL。",
            "A SQLite database belongs to one process. Leave --workers out, or change to PostgreSQL with "
            "MUMEN_DATABASE_URL.",
        )
    return int(text)


def serve_with_workers(open_app: OpenApp, listening: Listening, count: int) -> None:
    """Serves by so many processes until SIGINT or SIGTERM. Raises a `StartFault`."""
    workers = _Workers(open_app, listening, open_sockets(listening), count)
    with stopped_by_exception():
        try:
            workers.watch()
        finally:
            workers.stop()


@dataclass
class _Worker:
    process: SpawnProcess
    started_s: float


@dataclass
class _Workers:
    """Owns the worker processes."""

    open_app: OpenApp
    listening: Listening
    sockets: list[socket.socket]
    count: int
    running: list[_Worker] = field(default_factory=list[_Worker])

    def watch(self) -> None:
        """Starts them, and again whichever dies; ends with the exception that ends this process."""
        for _ in range(self.count):
            self.running.append(self._start())
        while True:
            multiprocessing.connection.wait([worker.process.sentinel for worker in self.running])
            for place, worker in enumerate(self.running):
                if not worker.process.is_alive():
                    self._say_why(worker)
                    self.running[place] = self._start()

    def stop(self) -> None:
        """Tells all to stop, and waits until they have."""
        end = time.monotonic() + KILL_AFTER_S
        for worker in self.running:
            worker.process.terminate()
        for worker in self.running:
            worker.process.join(max(0.0, end - time.monotonic()))
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()

    def _start(self) -> _Worker:
        arguments = (self.open_app, self.listening, self.sockets)
        spawn = multiprocessing.get_context("spawn")
        process = spawn.Process(target=_work, args=arguments, name="worker", daemon=True)
        with _deaf_to_ctrl_c():
            process.start()
        return _Worker(process, time.monotonic())

    def _say_why(self, worker: _Worker) -> None:
        pid, code = worker.process.pid, worker.process.exitcode
        warn(f"工作进程 {pid} 停了（{code}），正在重新启动。\nWorker {pid} ended ({code}); starting another.")
        if time.monotonic() - worker.started_s < RESTART_PAUSE_S:
            time.sleep(RESTART_PAUSE_S)


def _work(open_app: OpenApp, listening: Listening, sockets: list[socket.socket]) -> None:
    """What a worker does, from its start to its end."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        with stopped_by_exception(), open_app() as opened:
            run_uvicorn(opened, listening, sockets)
    except (StartFault, NotNow, SQLAlchemyError) as fault:
        warn(str(fault).partition("\n[SQL")[0])
        sys.exit(1)


@contextmanager
def _deaf_to_ctrl_c() -> Generator[None, None, None]:
    """What is started within never hears of Ctrl-C, which a terminal sends to all: its parent tells it when to stop."""
    if sys.platform == "win32":
        yield
        return
    former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


def _end_with_parent() -> None:
    """A worker whose parent was killed would go on listening, and nobody could start the server anew."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
