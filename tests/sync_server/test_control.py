"""What the running server does for this machine's other commands, and how it lets go of whoever breaks off."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy.pool import QueuePool
from starlette.types import Message

from sync_server.api import control
from sync_server.api.control import control_router
from sync_server.app import create_app
from sync_server.backup.read import check_archive
from sync_server.errors import DatabaseAway
from tests.sync_server.server import Server

TOKEN = "nobody-guesses-it"
HERE, ELSEWHERE = "127.0.0.1", "203.0.113.7"
Send = Callable[[Message], Awaitable[None]]


@pytest.fixture
def app(server: Server, tmp_path: Path) -> FastAPI:
    app = create_app(server.services())
    app.include_router(control_router(TOKEN, tmp_path))
    return app


async def ask(app: FastAPI, send: Send, client: str = HERE, token: str = TOKEN) -> None:
    """Asks for a backup; whoever asks stays connected as long as `send` raises nothing."""
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/control/backup",
        "query_string": b"",
        "headers": [(b"authorization", f"Bearer {token}".encode())],
        "client": (client, 50_000),
        "server": ("192.168.1.20", 8080),
    }

    async def receive() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    await app(scope, receive, send)


async def answered(app: FastAPI, client: str = HERE, token: str = TOKEN) -> tuple[int, bytes]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await ask(app, send, client, token)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


def open_connections(server: Server) -> int:
    pool = server.database.engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


def test_the_answer_is_a_whole_backup(app: FastAPI, server: Server, tmp_path: Path) -> None:
    status, content = asyncio.run(answered(app))
    (tmp_path / "a.zip").write_bytes(content)
    assert status == 200
    assert check_archive(tmp_path / "a.zip").tables["person"].rows == len(server.factory.people)
    assert open_connections(server) == 0


@pytest.mark.parametrize(("client", "token"), [(ELSEWHERE, TOKEN), (HERE, "x"), (HERE, ""), ("", TOKEN)])
def test_strangers_find_nothing(app: FastAPI, client: str, token: str) -> None:
    status, content = asyncio.run(answered(app, client, token))
    assert status == 404
    assert b"not_found" in content


def test_this_machine_by_the_address_that_it_listens_on_is_no_stranger(app: FastAPI) -> None:
    assert asyncio.run(answered(app, "192.168.1.20"))[0] == 200


def test_whoever_goes_away_lets_go_of_the_snapshot(app: FastAPI, server: Server) -> None:
    taken = 0

    async def send(message: Message) -> None:
        nonlocal taken
        taken += len(message.get("body", b""))
        if taken:
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        asyncio.run(ask(app, send))
    assert taken
    assert open_connections(server) == 0


def test_whoever_takes_nothing_is_given_up_on(app: FastAPI, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "PATIENCE_S", 0.3)

    async def send(message: Message) -> None:
        if message.get("body"):
            await asyncio.sleep(60)

    began = time.monotonic()
    with pytest.raises(TimeoutError):
        asyncio.run(ask(app, send))
    assert time.monotonic() - began < 20
    assert open_connections(server) == 0


def test_a_server_that_is_stopped_meanwhile_lets_go_too(app: FastAPI, server: Server) -> None:
    async def stop() -> None:
        began = asyncio.Event()

        async def send(message: Message) -> None:
            if message.get("body"):
                began.set()
                await asyncio.sleep(60)

        task = asyncio.create_task(ask(app, send))
        await began.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stop())
    assert open_connections(server) == 0


def test_a_database_that_fails_breaks_the_answer_off(
    app: FastAPI, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise DatabaseAway

    monkeypatch.setattr(server.database, "snapshot", fail)
    with pytest.raises(RuntimeError, match="already started"):
        asyncio.run(answered(app))
