"""Half-sent bodies over a real socket: they are given up on, and nobody else waits for them."""

import json
import socket
import threading
import time
from collections.abc import Generator

import pytest
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from sync_server.errors import RequestFault
from sync_server.slow_bodies import SlowBodies

PATIENCE_S = 2.0


def an_app() -> FastAPI:
    app = FastAPI()
    app.add_middleware(SlowBodies, patience_s=PATIENCE_S)

    @app.post("/count")
    async def count(request: Request) -> int:
        return len(await request.body())

    @app.exception_handler(RequestFault)
    async def answer(_request: Request, fault: RequestFault) -> JSONResponse:
        return JSONResponse(fault.fault.model_dump(mode="json"), fault.status, headers=fault.headers)

    return app


@pytest.fixture
def port() -> Generator[int, None, None]:
    with socket.socket() as here:
        here.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(an_app(), log_level="warning"))
        thread = threading.Thread(target=server.run, args=([here],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield here.getsockname()[1]
        server.should_exit = True
        thread.join()


def post(port: int, pieces: list[bytes], pause_s: float, announced: int) -> tuple[int, str]:
    """The status and the body of the answer to a body that comes in pieces, read until the server hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        head = f"POST /count HTTP/1.1\r\nHost: here\r\nContent-Length: {announced}\r\nConnection: close\r\n\r\n"
        line.sendall(head.encode())
        for piece in pieces:
            line.sendall(piece)
            time.sleep(pause_s)
        said = b""
        while more := line.recv(4096):
            said += more
    top, _, body = said.partition(b"\r\n\r\n")
    return int(top.split()[1]), body.decode()


def test_half_a_body_is_answered_and_the_line_is_closed(port: int) -> None:
    status, body = post(port, [b"x" * 5], 0, announced=10)
    assert (status, json.loads(body)["code"]) == (408, "too_slow")


def test_a_body_that_takes_longer_but_comes_piece_by_piece_is_taken(port: int) -> None:
    assert post(port, [b"x"] * 5, PATIENCE_S / 4, announced=5) == (200, "5")
