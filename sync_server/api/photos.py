"""/v1/photos: tus 1.0 for photographs' bytes, and the bytes by their hash: HTTP around `photo_exchange`."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response

from shared.schemas import tus
from shared.schemas.identifiers import PHOTO_BYTES_MAX, PHOTO_CHUNK_BYTES, PHOTO_MEDIA_TYPES
from sync_server.api import description
from sync_server.api.description import faults
from sync_server.api.signed import signed
from sync_server.devices.signatures import SignedRequest
from sync_server.errors import RequestFault, request_fault
from sync_server.photos import exchange as photo_exchange
from sync_server.photos import tus_headers
from sync_server.photos.exchange import PhotoAnswer
from sync_server.services import services_of

router = APIRouter(tags=["photos"], default_response_class=Response)
TUS = {tus.HEADER_RESUMABLE: f"`{tus.TUS_VERSION}`"}
UPLOAD = {404: "No such upload of this device: begin anew", 410: "It has expired, or its bytes are lost: begin anew"}
NO_ROOM = "The server's disk takes nothing: try again after `Retry-After` seconds"
PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The picture", "content": {name: {} for name in PHOTO_MEDIA_TYPES}}
}
ANNOUNCED = TUS | {
    tus.HEADER_LENGTH: f"Bytes, at most {PHOTO_BYTES_MAX}.",
    tus.HEADER_METADATA: f"`{tus.META_SHA256}` (in hex) and `{tus.META_MEDIA_TYPE}`, each in base64.",
}
CHUNK = description.signed(TUS | {tus.HEADER_OFFSET: "Where these bytes begin."}) | {
    "requestBody": {
        "required": True,
        "description": f"At most {PHOTO_CHUNK_BYTES} bytes; `{tus.HEADER_CHECKSUM}` may guard them.",
        "content": {tus.CHUNK_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}
Serve = Callable[[SignedRequest], Coroutine[Any, Any, PhotoAnswer]]


@router.options(tus.PHOTOS_PATH, status_code=204)
@router.options(tus.UPLOADS_PATH + "/{upload_id}", include_in_schema=False)
async def options() -> Response:
    """What this server offers of tus."""
    return Response(status_code=204, headers=tus_headers.capabilities())


@router.post(
    tus.PHOTOS_PATH,
    status_code=201,
    openapi_extra=description.signed(ANNOUNCED),
    responses=faults(400, 401, 403, 412, 413, 415, 503, said={429: "Too many uploads of this device are open"}),
)
async def begin_upload(request: Request) -> Response:
    """A device announces a photo's bytes: `Upload-Length`, and `Upload-Metadata` with `sha256` and `media_type`."""
    services = services_of(request)

    async def serve(sent: SignedRequest) -> PhotoAnswer:
        if sent.method != "POST":
            raise _no_such_method()
        return await photo_exchange.begin_upload(services, sent, request.headers)

    return await _tus(request, serve)


@router.head(
    tus.UPLOADS_PATH + "/{upload_id}",
    openapi_extra=description.signed(TUS),
    responses=faults(401, 412, said=UPLOAD),
)
async def upload_state(request: Request, upload_id: str) -> Response:
    """How far an upload has come."""
    return await _on_upload(request, upload_id)


@router.patch(
    tus.UPLOADS_PATH + "/{upload_id}",
    status_code=204,
    openapi_extra=CHUNK,
    responses=faults(
        400, 401, 412, 413, 415, 429, 460, said=UPLOAD | {409: "Another offset than the upload's", 503: NO_ROOM}
    ),
)
async def append_chunk(request: Request, upload_id: str) -> Response:
    """The next bytes of an upload."""
    return await _on_upload(request, upload_id)


@router.delete(
    tus.UPLOADS_PATH + "/{upload_id}",
    status_code=204,
    openapi_extra=description.signed(TUS),
    responses=faults(401, 412, 503, said=UPLOAD),
)
async def end_upload(request: Request, upload_id: str) -> Response:
    """The device gives an upload up."""
    return await _on_upload(request, upload_id)


@router.post(tus.UPLOADS_PATH + "/{upload_id}", include_in_schema=False)
async def overridden(request: Request, upload_id: str) -> Response:
    """Another method in `X-HTTP-Method-Override`, for a network that lets only GET and POST through."""
    return await _on_upload(request, upload_id)


@router.head(
    tus.PHOTOS_PATH + "/{sha256}",
    openapi_extra=description.signed(),
    responses=faults(401, said={404: "They are not here: send them (again)"}),
)
async def prove(request: Request, sha256: str) -> Response:
    """Whether the bytes of this hash lie on the server; a device may let go of its own only after a 200."""
    return _response(await photo_exchange.prove(services_of(request), await signed(request), sha256))


@router.get(
    tus.PHOTOS_PATH + "/{sha256}",
    openapi_extra=description.signed(),
    responses=PICTURE
    | faults(401, 403, said={404: "Not known to this device, not arrived, or lost; the code says which"}),
)
async def fetch(request: Request, sha256: str) -> Response:
    """The picture, for a device that holds the floor where it was taken."""
    return _response(await photo_exchange.fetch(services_of(request), await signed(request), sha256))


async def _on_upload(request: Request, upload_id: str) -> Response:
    services, headers = services_of(request), request.headers

    async def serve(sent: SignedRequest) -> PhotoAnswer:
        match sent.method:
            case "HEAD":
                return await photo_exchange.upload_state(services, sent, upload_id)
            case "PATCH":
                return await photo_exchange.append_chunk(services, sent, headers, upload_id)
            case "DELETE":
                return await photo_exchange.end_upload(services, sent, upload_id)
            case _:
                raise _no_such_method()

    return await _tus(request, serve)


async def _tus(request: Request, serve: Serve) -> Response:
    """Serves a request of tus: its version first, the method that it means, and the version in every answer."""
    resumable = {tus.HEADER_RESUMABLE: tus.TUS_VERSION}
    try:
        tus_headers.require_version(request.headers)
        answer = await serve(await signed(request, request.headers.get(tus.HEADER_METHOD)))
    except RequestFault as fault:
        raise RequestFault(fault.status, fault.fault, fault.headers | resumable) from fault
    return _response(PhotoAnswer(answer.status, answer.headers | resumable, answer.body))


def _response(answer: PhotoAnswer) -> Response:
    return Response(answer.body, answer.status, answer.headers)


def _no_such_method() -> RequestFault:
    return request_fault(405, "no_such_method", "不支持这个请求。", "There is no such method here.")
