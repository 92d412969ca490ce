"""Serving in this process until SIGINT or SIGTERM.

A stop is graceful: nobody new is let in, whoever waits for news is sent home, requests in flight are answered, and
what is queued for the database is written before it is closed.
"""

import contextlib
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from mumen.serving.sockets import Listening, open_sockets

GRACE_S = 5
"""How long requests that are being answered may still take when the server is told to stop."""


@dataclass(frozen=True)
class Opened:
    """An application that can answer, and what sends home those who wait in it."""

    app: ASGIApp
    release: Callable[[], None]


OpenApp = Callable[[], AbstractContextManager[Opened]]
"""Opens everything that an application needs, and closes it. For a worker it is sent to another process: pickled."""


def serve_here(open_app: OpenApp, listening: Listening) -> None:
    """Serves until told to stop. Raises a `StartFault`."""
    with stopped_by_exception(), open_app() as opened:
        run_uvicorn(opened, listening, open_sockets(listening))


def run_uvicorn(opened: Opened, listening: Listening, sockets: list[socket.socket]) -> None:
    """Serves at these sockets until told to stop."""
    config = uvicorn.Config(
        opened.app,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=GRACE_S,
        ssl_certfile=listening.certificate,
        ssl_keyfile=listening.key,
    )
    with stopped_by_exception():
        _Server(config, opened.release).run(sockets)


@contextmanager
def stopped_by_exception() -> Generator[None, None, None]:
    """Leaves the block quietly at SIGTERM or SIGINT, by an exception, so that everything in it is closed.

    Uvicorn raises the signal again when it has stopped; as it stands SIGTERM would then skip every clean-up.
    """

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    former = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with contextlib.suppress(KeyboardInterrupt):
            yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


class _Server(uvicorn.Server):
    """Uvicorn, but whoever only waits for news does not hold up its end."""

    def __init__(self, config: uvicorn.Config, release: Callable[[], None]) -> None:
        super().__init__(config)
        self._release = release

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._release()
        await super().shutdown(sockets)
