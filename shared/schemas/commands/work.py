"""Work on a piece at a station, and what is found there."""

from enum import StrEnum
from typing import Literal

from pydantic import Field
from sqlmodel import SQLModel

from shared.schemas.identifiers import PHOTO_BYTES_MAX, PHOTOS_A_COMMAND_MAX, CodeText, HexDigest, Id, ShortText
from shared.schemas.quality import PhotoKind


def _is_absent(value: object) -> bool:
    return value is None


class CompleteOperation(SQLModel):
    """A worker scanned a piece at a station: this operation, in this loop, is done."""

    type: Literal["complete_operation"] = "complete_operation"
    version: Literal[1] = 1
    piece_id: Id
    label_code: CodeText
    operation_number: int = Field(ge=0, le=10_000)
    loop_number: int = Field(default=0, ge=0, le=100)
    rack_id: Id | None = Field(default=None, exclude_if=_is_absent)
    """The rack that was scanned for it, where the piece itself was not; a scan of the piece does not name it."""


class StartOperation(SQLModel):
    """A worker began an operation that is reported at both ends."""

    type: Literal["start_operation"] = "start_operation"
    version: Literal[1] = 1
    piece_id: Id
    label_code: CodeText
    operation_number: int = Field(ge=0, le=10_000)
    loop_number: int = Field(default=0, ge=0, le=100)
    rack_id: Id | None = Field(default=None, exclude_if=_is_absent)
    """The rack that was scanned for it, where the piece itself was not; a scan of the piece does not name it."""


class InspectionOutcome(StrEnum):
    """What an inspector found."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    FAIL = "fail"


class RecordInspection(SQLModel):
    """An inspector's result for one piece at an inspection operation; a fail puts the piece on hold."""

    type: Literal["record_inspection"] = "record_inspection"
    version: Literal[2] = 2
    piece_id: Id
    label_code: CodeText
    operation_number: int = Field(ge=0, le=10_000)
    loop_number: int = Field(default=0, ge=0, le=100)
    outcome: InspectionOutcome
    defect_code: ShortText = ""
    """A stable code of what is wrong; empty for a pass, and where an older app only had words."""
    reason: ShortText = ""
    photo_ids: list[Id] = Field(default_factory=list[Id], max_length=PHOTOS_A_COMMAND_MAX)
    """The photos that show it; each comes with an `AttachPhoto` of its own."""


class ReportScan(SQLModel):
    """A well-formed code was scanned that stands for nothing the device could act on; the server says what it is."""

    type: Literal["report_scan"] = "report_scan"
    version: Literal[1] = 1
    label_code: CodeText


class ReworkPiece(SQLModel):
    """A team leader sends a piece back along its route: a new loop from one operation to another, both included."""

    type: Literal["rework_piece"] = "rework_piece"
    version: Literal[1] = 1
    piece_id: Id
    from_number: int = Field(ge=0, le=10_000)
    to_number: int = Field(ge=0, le=10_000)
    loop_number: int = Field(default=0, ge=0, le=100)
    """The loop that the leader saw; the new one is the next."""
    reason: ShortText = ""


class IdentifyPiece(SQLModel):
    """A piece without a readable label was recognised by what it is; a leader who stood there agrees."""

    type: Literal["identify_piece"] = "identify_piece"
    version: Literal[1] = 1
    piece_id: Id
    label_code: CodeText
    confirmed_by: Id


class AttachPhoto(SQLModel):
    """A picture was taken; its bytes follow by themselves."""

    type: Literal["attach_photo"] = "attach_photo"
    version: Literal[1] = 1
    photo_id: Id
    piece_id: Id
    kind: PhotoKind = PhotoKind.PHOTO
    sha256: HexDigest
    byte_count: int = Field(ge=1, le=PHOTO_BYTES_MAX)
    media_type: ShortText = "image/jpeg"


class ConfirmPhoto(SQLModel):
    """The bytes of this hash lie on the server, checked. Issued by the server."""

    type: Literal["confirm_photo"] = "confirm_photo"
    version: Literal[1] = 1
    photo_id: Id
