"""Uploads on their way as rows: who sends what, how far it has come, until when; and what follows when it is whole."""

from functools import partial

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from sync_server import intake, photo_rows
from sync_server.errors import Overtaken, RequestFault, request_fault
from sync_server.locks import lock_families
from sync_server.photos.tus_headers import Described
from sync_server.publishing import finish
from sync_server.services import Services
from sync_server.tables import DeviceRow, UploadRow
from sync_server.unit import Unit

UPLOAD_VALID_US = 24 * 3_600 * 1_000_000
"""From the last chunk on; then the device begins anew."""

UPLOADS_OPEN_MAX = 8
"""For each device. It sends one photo at a time; the others are some that it gave up."""

OPEN_RETRY_S = 60
STRAY_AFTER_US = UPLOAD_VALID_US


def begin(session: Session, device_id: str, sent: Described, upload_id: str, now_us: int) -> list[str]:
    """Makes the upload; gives the ids of those that it takes the place of: earlier tries with the same bytes.

    Raises 429 where the device has too many open.
    """
    session.execute(select(col(DeviceRow.id)).where(col(DeviceRow.id) == device_id).with_for_update()).one()
    mine = col(UploadRow.device_id) == device_id
    before = delete(UploadRow).where(mine, col(UploadRow.sha256) == sent.sha256).returning(col(UploadRow.id))
    replaced = list(session.execute(before).scalars())
    is_open = (col(UploadRow.offset) < col(UploadRow.byte_count), col(UploadRow.expires_at_us) > now_us)
    if session.execute(select(func.count()).select_from(UploadRow).where(mine, *is_open)).scalar_one() >= (
        UPLOADS_OPEN_MAX
    ):
        fault = request_fault(
            429,
            "too_many_uploads",
            "这台设备未传完的照片太多,稍后再传。",
            "Too many uploads are open.",
            max=UPLOADS_OPEN_MAX,
        )
        raise RequestFault(fault.status, fault.fault, {"Retry-After": str(OPEN_RETRY_S)})
    session.add(
        UploadRow(
            id=upload_id,
            device_id=device_id,
            sha256=sent.sha256,
            media_type=sent.media_type,
            byte_count=sent.byte_count,
            described_as=sent.text,
            expires_at_us=now_us + UPLOAD_VALID_US,
        )
    )
    session.flush()
    return replaced


def find(session: Session, device_id: str, upload_id: str, now_us: int) -> UploadRow:
    """The device's upload. Raises 404 where there is none of this id, 410 where it has expired."""
    upload = session.get(UploadRow, upload_id)
    if upload is None or upload.device_id != device_id:
        raise request_fault(404, "upload_unknown", "没有这个上传,正在重新开始。", "No such upload; begin anew.")
    if upload.expires_at_us <= now_us:
        raise lost()
    return upload


def lost() -> RequestFault:
    """The upload cannot go on."""
    return request_fault(410, "upload_expired", "上传已过期,正在重新开始。", "The upload has expired; begin anew.")


def advance(session: Session, upload: UploadRow, offset: int, now_us: int) -> bool:
    """Moves the upload on to this offset; False where somebody else has moved it meanwhile."""
    here = (col(UploadRow.id) == upload.id, col(UploadRow.offset) == upload.offset)
    moved = update(UploadRow).where(*here).values(offset=offset, expires_at_us=now_us + UPLOAD_VALID_US)
    result = session.execute(moved)
    assert isinstance(result, CursorResult), "an update always says how many rows it met"
    return result.rowcount == 1


def drop(session: Session, upload_id: str) -> None:
    """Forgets the upload."""
    session.execute(delete(UploadRow).where(col(UploadRow.id) == upload_id))


def link(session: Session, services: Services, sha256: str, byte_count: int, media_type: str) -> None:
    """The bytes lie here, checked: every photo that announced them is confirmed, and its devices are told.

    Orders come before the bytes' own row, as where a photo is announced. Raises `Overtaken` where one was announced
    meanwhile whose order is not locked.
    """
    moment = services.moment()
    locked = set(photo_rows.waiting_for(session, sha256).values())
    lock_families(session, [{"piece_id": piece_id} for piece_id in locked])
    photo_rows.note_stored(session, sha256, byte_count, media_type, moment.record_time_us)
    announced = photo_rows.waiting_for(session, sha256)
    if not locked.issuperset(announced.values()):
        raise Overtaken(sha256)
    unit = Unit(session, moment)
    for photo_id in announced:
        intake.confirm(unit, photo_id)
    finish(unit)


def clear_expired(services: Services) -> int:
    """Clears away uploads past their time, and files that no upload knows; how many uploads they were.

    A file goes after its upload's row: what a crash leaves between the two is cleared away as a stray.
    """
    now_us, database, blobs = services.now_us(), services.database, services.blobs
    expired = delete(UploadRow).where(col(UploadRow.expires_at_us) <= now_us).returning(col(UploadRow.id))
    gone = database.write(lambda session: list(session.execute(expired).scalars())).result()
    for upload_id in gone:
        blobs.discard(upload_id)
    known = database.read(lambda session: list(session.execute(select(col(UploadRow.id))).scalars()))
    blobs.clear_strays(known, now_us - STRAY_AFTER_US)
    return len(gone)


def find_again(services: Services) -> int:
    """Links what was announced and lies here all the same (the database is an older copy); how many they were.

    Files are read and hashed while nobody waits; each that is here is a small transaction.
    """
    found = 0
    for sha256, media_type in services.database.read(photo_rows.missing):
        content = services.blobs.read(sha256)
        if content is not None:
            services.database.write(partial(_link_found, services, sha256, len(content), media_type)).result()
            found += 1
    return found


def _link_found(services: Services, sha256: str, byte_count: int, media_type: str, session: Session) -> None:
    link(session, services, sha256, byte_count, media_type)
