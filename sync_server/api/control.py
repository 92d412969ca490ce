"""/v1/control: what other commands on this machine ask of the running server. Nobody else is answered.

Who asks shows the token that the server has left in its data folder, in a header: it stands in no log. Whoever comes
from another machine, or through a proxy, finds nothing here, token or not.
"""

import asyncio
import hmac
import ipaddress
import os
from collections.abc import Generator
from pathlib import Path

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse
from starlette.types import Message, Send

from sync_server.backup.write import archive_pieces
from sync_server.errors import request_fault
from sync_server.services import Services, services_of

PREFIX = "/v1/control"
FORWARDED = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"})
PATIENCE_S = 60.0
"""How long a backup waits for somebody to take a piece of it before it lets go of its snapshot."""


def control_router(token: str, data_dir: Path) -> APIRouter:
    """What is answered to whoever shows this token; `data_dir` holds the photographs."""

    def refuse_strangers(request: Request) -> None:
        shown = request.headers.get("authorization", "").removeprefix("Bearer ")
        is_ours = hmac.compare_digest(shown.encode(), token.encode())
        if not is_ours or FORWARDED & set(request.headers) or not _is_from_here(request):
            raise request_fault(404, "not_found", "没有这个地址。", "There is nothing here.")

    router = APIRouter(prefix=PREFIX, include_in_schema=False, dependencies=[Depends(refuse_strangers)])

    @router.get("")
    async def status(request: Request) -> dict[str, int]:
        """Which process answers, and in which epoch."""
        return {"pid": os.getpid(), "server_epoch": services_of(request).identity.epoch}

    @router.post("/backup")
    async def backup(request: Request) -> Response:
        """The whole database and its photographs from one snapshot, as an archive."""
        return _InTime(_backup(services_of(request), data_dir))

    return router


class _InTime(StreamingResponse):
    """Pieces that are made on a thread, at the pace of whoever takes them.

    Who takes nothing for `PATIENCE_S` is given up on: a snapshot that is held open keeps the database from clearing up.
    """

    def __init__(self, pieces: Generator[bytes, None, None]) -> None:
        super().__init__(pieces, media_type="application/zip", headers={"Cache-Control": "no-store"})
        self._pieces = pieces

    async def stream_response(self, send: Send) -> None:
        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(PATIENCE_S):
                await send(message)

        try:
            await super().stream_response(send_in_time)
        finally:
            self._pieces.close()


def _backup(services: Services, data_dir: Path) -> Generator[bytes, None, None]:
    with services.database.snapshot() as session:
        yield from archive_pieces(session, data_dir, services.now_us())


def _is_from_here(request: Request) -> bool:
    """Whether both ends of the connection are this machine; also where the server listens on one address only."""
    client = request.client.host if request.client else ""
    server: tuple[str, int] | None = request.scope.get("server")
    try:
        return ipaddress.ip_address(client).is_loopback or (server is not None and client == server[0])
    except ValueError:
        return False
