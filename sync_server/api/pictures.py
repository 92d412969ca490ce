"""POST /v1/read-picture: HTTP around `devices.pictures`."""

from fastapi import APIRouter, Request, Response

from shared.schemas.picture import (
    PICTURE_BYTES_MAX,
    PICTURE_PIXELS_MAX,
    PICTURE_TYPES,
    READ_PICTURE_PATH,
    PictureReading,
)
from sync_server.api import description
from sync_server.api.description import faults
from sync_server.api.signed import signed
from sync_server.devices.pictures import read_codes
from sync_server.services import services_of

router = APIRouter(tags=["pictures"])
PICTURE = {
    "requestBody": {
        "required": True,
        "description": f"At most {PICTURE_BYTES_MAX} bytes and {PICTURE_PIXELS_MAX} pixels.",
        "content": {name: {"schema": {"type": "string", "format": "binary"}} for name in PICTURE_TYPES},
    }
}


@router.post(
    READ_PICTURE_PATH,
    response_model=PictureReading,
    openapi_extra=description.signed() | PICTURE,
    responses=faults(401, 403, 413, 415, 429, 501, said={503: "Other pictures are being read: try again"}),
)
async def read_picture(request: Request) -> Response:
    """A device asks what codes are in a picture; nothing of it is kept."""
    sent, media_type = await signed(request), request.headers.get("content-type", "")
    answer = await read_codes(services_of(request), sent, media_type)
    return Response(answer.body, media_type="application/json", headers=answer.headers)
