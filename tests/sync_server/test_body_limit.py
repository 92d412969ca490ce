"""How much of a request is taken: what is far too large is refused unread, or as soon as that is known."""

import asyncio
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Message

from shared.schemas.sync import HEADER_DEVICE, HEADER_INCARNATION, HEADER_NONCE, HEADER_SIGNATURE
from sync_server.app import BODY_READ_MAX, create_app
from sync_server.devices.requests import BODY_BYTES_MAX
from tests.sync_server.server import Server

CHUNK_BYTES = 64_000
SIGNED: dict[str, str] = dict.fromkeys([HEADER_DEVICE, HEADER_INCARNATION, HEADER_NONCE, HEADER_SIGNATURE], "x")


@pytest.fixture
def app(server: Server) -> FastAPI:
    return create_app(server.services())


@pytest.mark.parametrize("path", ["/v1/sync/push", "/v1/enrol"])
@pytest.mark.parametrize("is_announced", [True, False])
def test_little_of_a_huge_body_is_read(app: FastAPI, path: str, *, is_announced: bool) -> None:
    size = 100 * BODY_READ_MAX
    status, read = asyncio.run(posted(app, path, size, is_announced=is_announced))
    assert status == 413
    assert read <= (0 if is_announced else BODY_READ_MAX + CHUNK_BYTES)


def test_what_is_only_too_large_is_refused_in_words(app: FastAPI) -> None:
    said = TestClient(app).post("/v1/sync/push", content=chunks(BODY_BYTES_MAX + 1), headers=SIGNED)
    assert (said.status_code, said.json()["code"]) == (413, "too_large")
    assert said.json()["facts"] == {"max": BODY_BYTES_MAX}


def chunks(size: int) -> Iterator[bytes]:
    while size > 0:
        yield b" " * min(size, CHUNK_BYTES)
        size -= CHUNK_BYTES


async def posted(app: FastAPI, path: str, size: int, *, is_announced: bool) -> tuple[int, int]:
    """The status of the answer to a body of so many bytes, and how many of them were taken from the wire."""
    taken, sent = 0, list[Message]()

    async def receive() -> Message:
        nonlocal taken
        taken += CHUNK_BYTES
        return {"type": "http.request", "body": b" " * CHUNK_BYTES, "more_body": taken < size}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json"), *((k.lower().encode(), v.encode()) for k, v in SIGNED.items())]
    if is_announced:
        headers.append((b"content-length", str(size).encode()))
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers, "query_string": b""}
    await app(scope, receive, send)
    return sent[0]["status"], taken
