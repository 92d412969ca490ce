"""What a device asks about photographs' bytes and what it is answered, whatever carries it; as `exchange` for commands.

An upload is by tus 1.0. What the headers of tus say is not signed; it need not be: bytes count only under their hash,
and a device reaches only uploads of its own.
"""

import logging
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from shared.schemas import tus
from shared.schemas.identifiers import PHOTO_MEDIA_TYPES
from shared.schemas.people import Device
from shared.schemas.sync import HEADER_NEXT_NONCE, HEADER_TIME_US
from sync_server import photo_rows
from sync_server.devices.requests import authenticated, current_device, one_at_a_time
from sync_server.devices.signatures import SignedRequest, make_nonce
from sync_server.errors import RequestFault, request_fault
from sync_server.photos import tus_headers, uploads
from sync_server.photos.tus_headers import Headers
from sync_server.scopes import scopes_for
from sync_server.services import Services
from sync_server.storage.blobs import PartLost
from sync_server.tables import UploadRow

LOG = logging.getLogger(__name__)
DISK_RETRY_S = 60
FLOOR = "floor:"
NO_SNIFFING = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
"""Beside bytes that somebody sent: a browser shows a picture or nothing."""


@dataclass(frozen=True)
class PhotoAnswer:
    """An answer that is not a fault."""

    status: int
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""


async def begin_upload(services: Services, request: SignedRequest, headers: Headers) -> PhotoAnswer:
    """POST: a device announces bytes and gets an address to send them to.

    A revoked device may deliver what a command of its own in quarantine names, and nothing else.
    """
    device = await authenticated(services, request)
    sent = tus_headers.described(headers)
    await services.read(
        lambda session: current_device(
            session,
            device.id,
            services.identity.epoch,
            may_be_revoked=photo_rows.is_in_quarantine(session, device.id, sent.sha256),
        )
    )
    upload_id, now_us = services.mint.new_id(), services.now_us()
    replaced = await services.write(lambda session: uploads.begin(session, device.id, sent, upload_id, now_us))
    for former in replaced:
        await _discard(services, former)
    expires = tus_headers.expires_text(now_us + uploads.UPLOAD_VALID_US)
    location = {"Location": f"{tus.UPLOADS_PATH}/{upload_id}", tus.HEADER_EXPIRES: expires}
    return _answered(services, device, 201, location)


async def upload_state(services: Services, request: SignedRequest, upload_id: str) -> PhotoAnswer:
    """HEAD on an upload: how far it has come."""
    device = await authenticated(services, request)
    upload = await _find(services, device, upload_id)
    if not _is_whole(upload) and await services.aside(lambda: services.blobs.part_size(upload_id)) < upload.offset:
        await _drop(services, upload_id)
        raise uploads.lost()
    said = {
        tus.HEADER_OFFSET: str(upload.offset),
        tus.HEADER_LENGTH: str(upload.byte_count),
        tus.HEADER_METADATA: upload.described_as,
        tus.HEADER_EXPIRES: tus_headers.expires_text(upload.expires_at_us),
    }
    return _answered(services, device, 200, said)


async def append_chunk(services: Services, request: SignedRequest, headers: Headers, upload_id: str) -> PhotoAnswer:
    """PATCH: the next bytes of an upload; the last ones are answered when the whole is checked and linked.

    Raises 409 for another offset than the upload's, 460 where chunk or whole do not fit their hash.
    """
    device = await authenticated(services, request)
    offset = tus_headers.chunk_offset(headers, request.body)
    with one_at_a_time(services, device, "photo"):
        upload = await _find(services, device, upload_id)
        if offset != upload.offset:
            raise _wrong_offset(upload.offset)
        end = offset + len(request.body)
        if end > upload.byte_count:
            raise request_fault(
                413, "beyond_length", "照片数据过长,请重新拍一张。", "More than was announced.", max=upload.byte_count
            )
        if request.body:
            await _take(services, upload, request.body, end)
    expires = tus_headers.expires_text(services.now_us() + uploads.UPLOAD_VALID_US)
    return _answered(services, device, 204, {tus.HEADER_OFFSET: str(end), tus.HEADER_EXPIRES: expires})


async def end_upload(services: Services, request: SignedRequest, upload_id: str) -> PhotoAnswer:
    """DELETE: the device does not want to go on; what has been linked stays."""
    device = await authenticated(services, request)
    await _find(services, device, upload_id)
    await _drop(services, upload_id)
    return _answered(services, device, 204)


async def prove(services: Services, request: SignedRequest, sha256: str) -> PhotoAnswer:
    """HEAD on a hash: 200 is the server's word that the bytes lie here; it has just read and hashed them.

    What the database does not know of (it is an older copy) is linked on the way. Raises 404.
    """
    device = await authenticated(services, request)
    content = await _read(services, sha256)
    known = await services.read(lambda session: photo_rows.find_blob(session, sha256))
    is_noted = known is not None and known.stored_at_us is not None
    if content is None:
        if is_noted:
            await services.write(lambda session: photo_rows.note_lost(session, sha256))
        raise _not_here()
    if not is_noted:
        media_type = known.media_type if known else ""
        await services.write(lambda session: uploads.link(session, services, sha256, len(content), media_type))
    return _answered(services, device, 200, {"Content-Length": str(len(content))})


async def fetch(services: Services, request: SignedRequest, sha256: str) -> PhotoAnswer:
    """GET on a hash: the picture, for a device that holds the floor where it was taken. Raises 403 and 404.

    A signature tells of a customer, and a floor knows of none: it is shown in the office only.
    """
    device = await authenticated(services, request)

    def announced(session: Session) -> photo_rows.Announced | None:
        granted = scopes_for(session, current_device(session, device.id, services.identity.epoch))
        floors = [scope.removeprefix(FLOOR) for scope in granted if scope.startswith(FLOOR)]
        return photo_rows.announced(session, sha256, floors)

    found = await services.read(announced)
    if found is None or found.is_signature:
        raise request_fault(404, "photo_unknown", "没有这张照片。", "There is no such photo.")
    content = await _read(services, sha256)
    if content is None:
        raise _lost_or_not_here(is_stored=found.is_stored)
    kept = {"Cache-Control": "private, max-age=31536000, immutable", **picture_headers(found.media_type)}
    return PhotoAnswer(200, _answered(services, device, 200).headers | kept, content)


async def _read(services: Services, sha256: str) -> bytes | None:
    return await services.aside(lambda: services.blobs.read(sha256)) if tus_headers.is_sha256(sha256) else None


def picture_headers(media_type: str) -> dict[str, str]:
    """The headers under which a browser shows a picture, and nothing but a picture."""
    shown = media_type if media_type in PHOTO_MEDIA_TYPES else "application/octet-stream"
    return {"Content-Type": shown, **NO_SNIFFING}


async def _take(services: Services, upload: UploadRow, chunk: bytes, end: int) -> None:
    """Keeps the chunk; with the last one the whole is checked and linked."""
    try:
        await services.aside(lambda: services.blobs.append(upload.id, upload.offset, chunk))
        if end == upload.byte_count:
            await _complete(services, upload)
            return
    except (PartLost, FileNotFoundError) as error:
        await _drop(services, upload.id)
        raise uploads.lost() from error
    except OSError as error:
        LOG.exception("a photo of %s could not be kept", upload.device_id)
        raise _disk_full() from error
    if not await services.write(lambda session: uploads.advance(session, upload, end, services.now_us())):
        raise _wrong_offset(end)


async def _complete(services: Services, upload: UploadRow) -> None:
    if not await services.aside(lambda: services.blobs.finish(upload.id, upload.sha256)):
        await _drop(services, upload.id)
        raise request_fault(
            tus.CHECKSUM_MISMATCH,
            "photo_differs",
            "照片数据不符,正在重新上传。",
            "The whole does not fit its SHA-256; begin anew.",
        )

    def link(session: Session) -> None:
        uploads.link(session, services, upload.sha256, upload.byte_count, upload.media_type)
        uploads.advance(session, upload, upload.byte_count, services.now_us())

    await services.write(link)


async def _find(services: Services, device: Device, upload_id: str) -> UploadRow:
    return await services.read(lambda session: uploads.find(session, device.id, upload_id, services.now_us()))


async def _drop(services: Services, upload_id: str) -> None:
    await services.write(lambda session: uploads.drop(session, upload_id))
    await _discard(services, upload_id)


async def _discard(services: Services, upload_id: str) -> None:
    await services.aside(lambda: services.blobs.discard(upload_id))


def _is_whole(upload: UploadRow) -> bool:
    return upload.offset == upload.byte_count


def _wrong_offset(offset: int) -> RequestFault:
    return request_fault(
        409, "wrong_offset", "上传位置不符,正在重新核对。", "Not the upload's offset; ask by HEAD.", offset=offset
    )


def _not_here() -> RequestFault:
    return request_fault(404, "photo_not_here", "照片还没有传到服务器。", "The photo's bytes are not here.")


def _lost_or_not_here(*, is_stored: bool) -> RequestFault:
    if not is_stored:
        return _not_here()
    return request_fault(
        404,
        "photo_lost",
        "照片文件丢失或损坏,请从备份恢复,或重新拍一张。",
        "The photo's file is missing or damaged; restore it from a backup, or take it again.",
    )


def _disk_full() -> RequestFault:
    fault = request_fault(
        503,
        "server_disk",
        "服务器磁盘写不进,请联系管理员;照片都在本机。",
        "The server's disk takes nothing; the photo is kept on the device.",
    )
    return RequestFault(fault.status, fault.fault, {"Retry-After": str(DISK_RETRY_S)})


def _answered(services: Services, device: Device, status: int, headers: dict[str, str] | None = None) -> PhotoAnswer:
    now_us = services.now_us()
    nonce = make_nonce(services.identity.nonce_secret, device.id, now_us)
    always = {HEADER_NEXT_NONCE: nonce, HEADER_TIME_US: str(now_us), "Cache-Control": "no-store"}
    return PhotoAnswer(status, always | (headers or {}))
