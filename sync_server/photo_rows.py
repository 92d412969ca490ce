"""Photographs' bytes by their SHA-256: which are here, and which only the word of them has come."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.schemas.quality import PhotoKind
from sync_server.storage.bulk import insert_missing
from sync_server.tables import BlobRow, PhotoRow, QuarantineRow, table_of

_BLOBS = table_of(BlobRow)
MISSING_A_RUN_MAX = 1_000


@dataclass(frozen=True)
class Announced:
    """A photo that somebody asks for by its hash: of what type it is, and whether its bytes are said to be here."""

    media_type: str
    is_stored: bool
    is_signature: bool
    """Somebody announced these bytes as a signature: they tell of a customer, whatever else they were called."""


def is_stored(session: Session, sha256: str) -> bool:
    """Whether the bytes lie here. Locks their row, so that word and bytes that come at once do not miss each other."""
    return _locked(session, sha256).stored_at_us is not None


def note_stored(session: Session, sha256: str, byte_count: int, media_type: str, now_us: int) -> None:
    """The bytes are here and checked. Until the transaction ends nobody else's word of them is taken."""
    blob = _locked(session, sha256)
    blob.byte_count, blob.media_type, blob.stored_at_us = byte_count, media_type, blob.stored_at_us or now_us
    session.flush()


def waiting_for(session: Session, sha256: str) -> dict[str, str]:
    """The photos that have announced these bytes and not been confirmed, in the order of their ids; of which pieces."""
    query = select(col(PhotoRow.id), col(PhotoRow.piece_id)).where(
        col(PhotoRow.sha256) == sha256, ~col(PhotoRow.is_stored)
    )
    return {row[0]: row[1] for row in session.execute(query.order_by(col(PhotoRow.id)))}


def note_lost(session: Session, sha256: str) -> None:
    """The bytes are not here any more, or damaged; whoever sends them again is welcome."""
    session.execute(update(BlobRow).where(col(BlobRow.sha256) == sha256).values(stored_at_us=None))


def find_blob(session: Session, sha256: str) -> BlobRow | None:
    """What is known of these bytes."""
    return session.get(BlobRow, sha256)


def announced(session: Session, sha256: str, site_ids: Iterable[str] | None = None) -> Announced | None:
    """A photo of these bytes, at one of these sites (anywhere for None); None where nobody announced one."""
    named = col(PhotoRow.sha256) == sha256
    query = select(col(PhotoRow.media_type), col(PhotoRow.is_stored)).where(named)
    if site_ids is not None:
        query = query.where(col(PhotoRow.site_id).in_(list(site_ids)))
    found = session.execute(query.order_by(col(PhotoRow.is_stored).desc(), col(PhotoRow.id)).limit(1)).one_or_none()
    if found is None:
        return None
    signature = select(col(PhotoRow.id)).where(named, col(PhotoRow.kind) == PhotoKind.SIGNATURE).limit(1)
    return Announced(found[0], found[1], session.execute(signature).scalar_one_or_none() is not None)


def missing(session: Session) -> list[tuple[str, str]]:
    """Hash and media type of photos whose bytes have not come, newest first."""
    query = select(col(PhotoRow.sha256), col(PhotoRow.media_type)).where(~col(PhotoRow.is_stored))
    found = session.execute(query.order_by(col(PhotoRow.id).desc()).limit(MISSING_A_RUN_MAX))
    return list({sha256: (sha256, media_type) for sha256, media_type in found}.values())


def is_in_quarantine(session: Session, device_id: str, sha256: str) -> bool:
    """Whether a command that this device delivered into quarantine names these bytes."""
    named = col(QuarantineRow.body)["command"]["sha256"].as_string()
    query = select(col(QuarantineRow.n)).where(col(QuarantineRow.device_id) == device_id, named == sha256)
    return session.execute(query.limit(1)).scalar_one_or_none() is not None


def _locked(session: Session, sha256: str) -> BlobRow:
    insert_missing(session, _BLOBS, [{"sha256": sha256, "byte_count": 0, "media_type": ""}])
    query = select(BlobRow).where(col(BlobRow.sha256) == sha256).with_for_update()
    return session.execute(query.execution_options(populate_existing=True)).scalar_one()
