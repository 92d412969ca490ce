"""Requests about photographs' bytes as `sync_server/api/photos.py` routes them, and the folder where the bytes lie."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from shared.schemas import tus
from sync_server.devices.signatures import SignedRequest
from sync_server.photos import exchange
from sync_server.photos.exchange import PhotoAnswer
from sync_server.services import Services

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of one's own below it
UPLOAD = f"{tus.UPLOADS_PATH}/"


def make_folder() -> Path:
    """An empty folder, in memory where the machine has such a place: a disk's flushes would be most of a world's time.

    Whoever made it removes it.
    """
    root = MEMORY if os.access(MEMORY, os.W_OK) else None
    return Path(tempfile.mkdtemp(prefix="mumen-simulated-", dir=root))


async def answer(services: Services, request: SignedRequest, headers: Mapping[str, str]) -> PhotoAnswer:
    """The answer to one request; raises `RequestFault`."""
    upload_id = request.path.removeprefix(UPLOAD)
    match request.method, request.path.startswith(UPLOAD):
        case "POST", False:
            return await exchange.begin_upload(services, request, headers)
        case "HEAD", True:
            return await exchange.upload_state(services, request, upload_id)
        case "PATCH", True:
            return await exchange.append_chunk(services, request, headers, upload_id)
        case "HEAD", False:
            return await exchange.prove(services, request, request.path.rpartition("/")[2])
        case method, _:
            raise AssertionError(f"no device asks {method} {request.path}")
