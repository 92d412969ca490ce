"""A picture of a piece, from the camera to the outbox: first its bytes on the disk, then the word of it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy.exc import OperationalError

from mobile.answers import view_of
from mobile.outcome import Outcome, PieceView, Tone
from mobile.platform import StorageUnavailable
from mobile.store import photo_files
from mobile.submit import Desk, submit
from mobile.work.scanning import NOBODY_SIGNED_IN
from shared.canonical import sha256_hex
from shared.rules.refusals import NextStep
from shared.schemas.commands import AttachPhoto
from shared.schemas.door import Piece
from shared.schemas.identifiers import PHOTO_BYTES_MAX
from shared.schemas.quality import PhotoKind

PHOTO_NOT_KEPT = "photo_not_kept"
PHOTO_UNREADABLE = "photo_unreadable"
PHOTO_TOO_LARGE = "photo_too_large"


@dataclass(frozen=True)
class Picture:
    """What the camera gave."""

    content: bytes
    media_type: str
    kind: PhotoKind


async def keep_picture(
    desk: Desk,
    piece_id: str,
    picture: Picture,
    keep_file: Callable[[str, bytes], Awaitable[None]],
    files: asyncio.Lock,
) -> Outcome:
    """Keeps a picture of a piece, durably before this returns; `files` is held from the file to its command."""
    problem = _problem(desk, piece_id, picture.content)
    if problem is not None:
        return problem
    sha256 = sha256_hex(picture.content)
    async with files:
        try:
            await keep_file(sha256, picture.content)
        except StorageUnavailable:
            return _not_kept(desk, piece_id)
        command = AttachPhoto(
            photo_id=desk.mint.new_id(),
            piece_id=piece_id,
            kind=picture.kind,
            sha256=sha256,
            byte_count=len(picture.content),
            media_type=picture.media_type,
        )
        return _attach(desk, command)


def _problem(desk: Desk, piece_id: str, content: bytes) -> Outcome | None:
    """What keeps a picture of this piece from being kept, before anything is written; None where nothing does."""
    if desk.station is None or desk.worker is None:
        return Outcome(Tone.STOP, NOBODY_SIGNED_IN, {}, (NextStep.SIGN_IN_AGAIN,))
    if not content:
        return Outcome(Tone.STOP, PHOTO_UNREADABLE, piece=_view(desk, piece_id))
    if len(content) > PHOTO_BYTES_MAX:
        return Outcome(Tone.STOP, PHOTO_TOO_LARGE, piece=_view(desk, piece_id))
    return None


def _attach(desk: Desk, command: AttachPhoto) -> Outcome:
    """Records the word about a picture whose file is on the disk already, and that its bytes are to be sent."""
    try:
        with desk.store.transaction():
            outcome = submit(desk, command, desk.rows())
            photo_files.add(desk.store, command.sha256, command.byte_count, command.media_type, desk.now_us())
    except OperationalError:
        return _not_kept(desk, command.piece_id)
    return outcome


def _not_kept(desk: Desk, piece_id: str) -> Outcome:
    """There was no room for the picture, or for the word about it."""
    return Outcome(Tone.STOP, PHOTO_NOT_KEPT, {}, (NextStep.CALL_LEADER,), piece=_view(desk, piece_id))


def _view(desk: Desk, piece_id: str) -> PieceView | None:
    """What the piece looks like on the screen, as far as this device knows it."""
    rows = desk.rows()
    piece = rows.get(Piece, piece_id)
    return view_of(piece, rows) if piece is not None else None
