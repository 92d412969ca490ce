"""A server for tests of serving itself: `python -m tests.mumen.slow_server PORT WORKERS LOG`."""

import asyncio
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from mumen.serving.process import Opened, serve_here
from mumen.serving.sockets import Listening
from mumen.serving.workers import serve_with_workers

SLOW_S = 1.5
"""How long a request takes that somebody is still waiting for when the server is told to stop."""


@contextmanager
def open_slow(log: Path) -> Generator[Opened, None, None]:
    """Answers with its process id: at once, after a while, or when it is released; notes its end."""
    released = asyncio.Event()

    async def pid(_request: Request) -> Response:
        return PlainTextResponse(str(os.getpid()))

    async def slow(_request: Request) -> Response:
        await asyncio.sleep(SLOW_S)
        return PlainTextResponse(str(os.getpid()))

    async def wait(_request: Request) -> Response:
        await released.wait()
        return PlainTextResponse("sent home")

    yield Opened(Starlette(routes=[Route("/", pid), Route("/slow", slow), Route("/wait", wait)]), released.set)
    with log.open("a") as file:
        file.write(f"closed {os.getpid()}\n")


if __name__ == "__main__":
    port, workers, log = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    listening, open_app = Listening("127.0.0.1", port), partial(open_slow, log)
    if workers > 1:
        serve_with_workers(open_app, listening, workers)
    else:
        serve_here(open_app, listening)
