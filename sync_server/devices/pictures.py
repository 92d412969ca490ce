"""Reads the codes of a photograph for a device whose own reader found none. Nothing of the picture is kept.

Each picture is read by a process of its own, so that this one neither imports the libraries for it nor suffers from
what a picture does to them; few run at once, at a low priority, and none for long.
"""

import logging
import os
import subprocess
import sys
from pathlib import Path

import labels
from shared.schemas.picture import PICTURE_BYTES_MAX, PICTURE_PIXELS_MAX, PICTURE_TYPES, PictureReading, Report
from sync_server.devices.exchange import WireAnswer, answered
from sync_server.devices.requests import authenticated, current_device, one_at_a_time
from sync_server.devices.signatures import SignedRequest
from sync_server.errors import NotNow, RequestFault, request_fault
from sync_server.services import Services

LOG = logging.getLogger(__name__)
KIND = "read-picture"
AT_ONCE_MAX = 2
"""How many pictures a process of the server has read at once."""

PATIENCE_S = 10.0
"""The ladder takes a tenth of a second where there is a code and one or two where there is none."""

READER = [sys.executable, "-m", "labels.reading.aside"]


async def read_codes(services: Services, request: SignedRequest, media_type: str) -> WireAnswer:
    """The codes in this picture. Raises `RequestFault`: 401, 403, 413, 415, 429, 501, 503."""
    device = await authenticated(services, request, PICTURE_BYTES_MAX)
    await services.read(lambda session: current_device(session, device.id, services.identity.epoch))
    if media_type.partition(";")[0].strip().lower() not in PICTURE_TYPES:
        raise _not_a_picture()
    with one_at_a_time(services, device, KIND):
        if sum(kind == KIND for _, kind in services.in_flight) > AT_ONCE_MAX:
            raise _busy()
        reading = await services.aside(lambda: read_aside(request.body, PATIENCE_S))
    return answered(services, device, reading)


def read_aside(content: bytes, patience_s: float) -> PictureReading:
    """What a process of its own reads in this picture; nothing where it is not done in time. Raises `RequestFault`."""
    root = str(Path(labels.__file__).parents[1])
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])}
    try:
        done = subprocess.run(  # noqa: S603 - our own module; the picture goes in as its input
            READER, input=content, env=environment, capture_output=True, check=True, timeout=patience_s
        )
    except subprocess.TimeoutExpired:
        LOG.warning("a picture of %d bytes was given up after %s s", len(content), patience_s)
        return PictureReading()
    except subprocess.CalledProcessError as error:
        LOG.warning(
            "a picture of %d bytes broke its reader: %s", len(content), error.stderr[-500:].decode(errors="replace")
        )
        raise _not_a_picture() from error
    return _reading(done.stdout)


def _reading(report: bytes) -> PictureReading:
    told = Report.model_validate_json(report)
    match told.problem:
        case None:
            return told.reading
        case "too_many_pixels":
            raise request_fault(
                413,
                "too_many_pixels",
                "照片太大,请用小一点的再试。",
                "The picture is too large; try a smaller one.",
                max=PICTURE_PIXELS_MAX,
            )
        case "no_reader":
            raise request_fault(
                501,
                "no_reader",
                "服务器上没有装读码库,请通知管理员。",
                "The server has no library that reads codes; tell your administrator.",
            )
        case "not_a_picture":
            raise _not_a_picture()


def _not_a_picture() -> RequestFault:
    return request_fault(
        415,
        "not_a_picture",
        "只能读 JPEG、PNG、WebP 照片(苹果的 HEIC 不行:相机设置里选“兼容性最佳”)。",
        "Only JPEG, PNG and WebP can be read (not HEIC: choose 'Most Compatible' in the iPhone's camera settings).",
    )


def _busy() -> NotNow:
    return NotNow(
        "busy_reading", "服务器正在读别的照片,请再拍一次。", "The server reads other pictures; take it once more.", 2
    )
