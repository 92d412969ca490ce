"""Every change of state as a typed intent: one discriminated union, the language of the single write path.

To add a command: CONTRIBUTING.md, "A command in five steps".
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter
from sqlmodel import SQLModel

from shared.label_code import CodeKind
from shared.schemas.identifiers import (
    ORDER_LINES_MAX,
    PHOTO_BYTES_MAX,
    PHOTOS_A_COMMAND_MAX,
    CodeText,
    HexDigest,
    Id,
    ShortText,
    TimeUs,
)
from shared.schemas.order import LineTerms, OrderTerms
from shared.schemas.people import Person
from shared.schemas.printing import JOB_LABELS_MAX, Printer
from shared.schemas.production import DoorModel, RouteVersion, Site, Station, WorkCenter
from shared.schemas.quality import PhotoKind, Resolution
from shared.schemas.rack import Rack
from shared.schemas.shipment import Trip
from shared.schemas.sync import FORMER_MAX, FormerDevice


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


class PlaceOrder(SQLModel):
    """An order was taken, by hand or from a channel; it may still be incomplete."""

    type: Literal["place_order"] = "place_order"
    version: Literal[1] = 1
    order_id: Id
    terms: OrderTerms
    lines: list[LineTerms] = Field(max_length=ORDER_LINES_MAX)


class ReviseOrder(SQLModel):
    """A draft was edited; `seen_rev` is the revision of the order that the editor saw."""

    type: Literal["revise_order"] = "revise_order"
    version: Literal[1] = 1
    order_id: Id
    seen_rev: int
    terms: OrderTerms
    lines: list[LineTerms] = Field(max_length=ORDER_LINES_MAX)


class ReleaseOrder(SQLModel):
    """An order is to be made: its doors, pieces, routes and labels come into being."""

    type: Literal["release_order"] = "release_order"
    version: Literal[1] = 1
    order_id: Id


class CancelOrder(SQLModel):
    """An order will not be made (any further)."""

    type: Literal["cancel_order"] = "cancel_order"
    version: Literal[1] = 1
    order_id: Id
    reason: ShortText = ""


class PutMasterData(SQLModel):
    """Sites, work centers, stations, routes, models, people and printers were entered or edited."""

    type: Literal["put_master_data"] = "put_master_data"
    version: Literal[1] = 1
    sites: list[Site] = Field(default_factory=list[Site])
    work_centers: list[WorkCenter] = Field(default_factory=list[WorkCenter])
    stations: list[Station] = Field(default_factory=list[Station])
    route_versions: list[RouteVersion] = Field(default_factory=list[RouteVersion])
    door_models: list[DoorModel] = Field(default_factory=list[DoorModel])
    people: list[Person] = Field(default_factory=list[Person])
    printers: list[Printer] = Field(default_factory=list[Printer])


class InviteDevice(SQLModel):
    """The office lets one more device in, by a code that is good once until `expires_at_us`."""

    type: Literal["invite_device"] = "invite_device"
    version: Literal[1] = 1
    enrolment_id: Id
    site_id: Id
    device_name: ShortText
    token_hash: HexDigest
    expires_at_us: TimeUs


class EnrolDevice(SQLModel):
    """A device showed the one-time code and its public key."""

    type: Literal["enrol_device"] = "enrol_device"
    version: Literal[1] = 1
    enrolment_id: Id
    device_id: Id
    incarnation: ShortText
    public_key: str = Field(max_length=400)
    former: list[FormerDevice] = Field(default_factory=list[FormerDevice], max_length=FORMER_MAX)
    """Its earlier enrolments, of which the server may not know (any more)."""


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


class ResolveConflict(SQLModel):
    """A person decides what devices could not."""

    type: Literal["resolve_conflict"] = "resolve_conflict"
    version: Literal[1] = 1
    conflict_id: Id
    resolution: Resolution
    note: ShortText = ""


class EscalateConflict(SQLModel):
    """A conflict's deadline passed and it did not resolve itself: it goes to a person. Issued by the timer."""

    type: Literal["escalate_conflict"] = "escalate_conflict"
    version: Literal[1] = 1
    conflict_id: Id


class VerdictAnswer(StrEnum):
    """What somebody does about a verdict that they had not expected."""

    UNDERSTOOD = "understood"
    REDO = "redo"
    """They scan the piece again."""
    CALL_LEADER = "call_leader"


class AnswerVerdict(SQLModel):
    """Somebody read a verdict that differs from what the device had said, and says what they do about it."""

    type: Literal["answer_verdict"] = "answer_verdict"
    version: Literal[1] = 1
    incarnation: ShortText
    answered_n: int = Field(ge=1)
    answer: VerdictAnswer = VerdictAnswer.UNDERSTOOD
    piece_id: Id | None = None
    """What the answered command was about, as far as the device knows; an older app says nothing of it."""
    label_code: CodeText | None = None
    code: ShortText = ""
    """What the verdict said: a stable code from `rules/refusals.py`."""


class CloseCall(SQLModel):
    """A leader has seen to what somebody called for."""

    type: Literal["close_call"] = "close_call"
    version: Literal[1] = 1
    call_id: Id


class CallLeader(SQLModel):
    """Somebody stands before something that only a leader can settle, and says so without having scanned anything."""

    type: Literal["call_leader"] = "call_leader"
    version: Literal[1] = 1
    code: ShortText
    """Why: a stable code of `shared.words.CALL_REASONS`."""
    piece_id: Id | None = None
    label_code: CodeText | None = None


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


class BindDevice(SQLModel):
    """This device stands at a station from now on, or at none. Whose phone it is, the office says (`AssignDevice`)."""

    type: Literal["bind_device"] = "bind_device"
    version: Literal[1] = 1
    station_id: Id | None = None


class AssignDevice(SQLModel):
    """A device is this person's own phone from now on, or nobody's; it follows what it may hold."""

    type: Literal["assign_device"] = "assign_device"
    version: Literal[1] = 1
    device_id: Id
    person_id: Id | None = None


class ReprintLabel(SQLModel):
    """One more copy of a label is printed; copies are counted, and each has a reason."""

    type: Literal["reprint_label"] = "reprint_label"
    version: Literal[1] = 1
    label_code: CodeText
    reason: ShortText = Field(min_length=1)
    printer_id: Id | None = None
    job_id: Id | None = None
    """Where it is printed, and under which id it waits there; without both it is only counted."""


class RevokeLabel(SQLModel):
    """A code must not be scanned any more (on the wrong piece, lost, copied): what it stands on gets a new one."""

    type: Literal["revoke_label"] = "revoke_label"
    version: Literal[1] = 1
    label_code: CodeText
    reason: ShortText = Field(min_length=1)


class CardKind(StrEnum):
    """What has a label beside the pieces, by the letter of its code; a package and a shipment are one door's."""

    PACKAGE = CodeKind.PACKAGE.value
    SHIPMENT = CodeKind.SHIPMENT.value
    STATION = CodeKind.STATION.value
    WORKER = CodeKind.WORKER.value
    LOCATION = CodeKind.LOCATION.value


class IssueLabels(SQLModel):
    """Doors, stations, people or locations are to have a label of this kind, to be printed; what has one keeps it."""

    type: Literal["issue_labels"] = "issue_labels"
    version: Literal[1] = 1
    kind: CardKind
    target_ids: list[Id] = Field(min_length=1, max_length=JOB_LABELS_MAX)


class PrintLabels(SQLModel):
    """Labels of an order's pieces go to a label printer, or other labels by their codes; neither tries the printer."""

    type: Literal["print_labels"] = "print_labels"
    version: Literal[1] = 1
    job_id: Id
    printer_id: Id
    order_id: Id | None = None
    label_codes: list[CodeText] = Field(default_factory=list[CodeText], max_length=JOB_LABELS_MAX)
    """Only these; none of them means all."""
    reason: ShortText = ""
    """Why some of them are printed once more; without one, no label comes twice."""


class CancelPrinting(SQLModel):
    """What has not come out yet of this job is not wanted any more."""

    type: Literal["cancel_printing"] = "cancel_printing"
    version: Literal[1] = 1
    job_id: Id


class AnswerPrintDoubt(SQLModel):
    """Somebody looked whether a label came out, where the printer could not tell."""

    type: Literal["answer_print_doubt"] = "answer_print_doubt"
    version: Literal[1] = 1
    job_id: Id
    number: int = Field(ge=1, le=JOB_LABELS_MAX)
    answered_before: int = Field(default=0, ge=0)
    """How many answers the job had when this question was asked: the same label may come into doubt again."""
    has_come_out: bool


class EndPrinting(SQLModel):
    """A job is done, or was left off for good after so many labels. Issued by the spool."""

    type: Literal["end_printing"] = "end_printing"
    version: Literal[1] = 1
    job_id: Id
    printed: int = Field(ge=0, le=JOB_LABELS_MAX)


class RevokeDevice(SQLModel):
    """A device is shut out: it pulls nothing any more, and what it still delivers goes into quarantine."""

    type: Literal["revoke_device"] = "revoke_device"
    version: Literal[1] = 1
    device_id: Id
    reason: ShortText = ""


class ReleaseQuarantine(SQLModel):
    """A team leader vouches for what a revoked or copied device delivered: it is processed now, in its order."""

    type: Literal["release_quarantine"] = "release_quarantine"
    version: Literal[1] = 1
    device_id: Id
    incarnation: ShortText


class PutTrip(SQLModel):
    """A trip was planned or changed; the pieces of its stops travel with it."""

    type: Literal["put_trip"] = "put_trip"
    version: Literal[1] = 1
    trip: Trip


class CloseTrip(SQLModel):
    """A trip is over: its addresses leave the driver's phone."""

    type: Literal["close_trip"] = "close_trip"
    version: Literal[1] = 1
    trip_id: Id


class PutRack(SQLModel):
    """A rack was entered or edited; a new one gets its label."""

    type: Literal["put_rack"] = "put_rack"
    version: Literal[1] = 1
    rack: Rack


class BindPiece(SQLModel):
    """Somebody put a piece on a rack; it is on no other from then on."""

    type: Literal["bind_piece"] = "bind_piece"
    version: Literal[1] = 1
    label_code: CodeText
    """The piece's: a device that does not know the piece yet can bind it all the same."""
    rack_id: Id
    from_rack_id: Id | None = None
    """The rack that it was on as far as the device knew."""


class UnbindPiece(SQLModel):
    """Somebody took a piece off this rack; an emptied rack is one of these for each piece."""

    type: Literal["unbind_piece"] = "unbind_piece"
    version: Literal[1] = 1
    label_code: CodeText
    rack_id: Id


class RetireOrder(SQLModel):
    """An order ended long ago: its doors stay on the server and leave the tablets. Issued by the timer."""

    type: Literal["retire_order"] = "retire_order"
    version: Literal[1] = 1
    order_id: Id


Command = Annotated[
    CompleteOperation
    | StartOperation
    | RecordInspection
    | ReportScan
    | PlaceOrder
    | ReviseOrder
    | ReleaseOrder
    | CancelOrder
    | PutMasterData
    | InviteDevice
    | EnrolDevice
    | ReworkPiece
    | ResolveConflict
    | EscalateConflict
    | AnswerVerdict
    | CloseCall
    | CallLeader
    | IdentifyPiece
    | AttachPhoto
    | ConfirmPhoto
    | BindDevice
    | AssignDevice
    | ReprintLabel
    | RevokeLabel
    | IssueLabels
    | PrintLabels
    | CancelPrinting
    | AnswerPrintDoubt
    | EndPrinting
    | RevokeDevice
    | ReleaseQuarantine
    | PutTrip
    | CloseTrip
    | PutRack
    | BindPiece
    | UnbindPiece
    | RetireOrder,
    Field(discriminator="type"),
]

COMMAND: TypeAdapter[Command] = TypeAdapter(Command)
"""Validates one command from its JSON form."""

FloorScan = CompleteOperation | StartOperation | RecordInspection | ReportScan
"""What a scan at a station can become."""

FloorCommand = FloorScan | AttachPhoto | ResolveConflict | CloseCall | ReprintLabel | BindPiece | UnbindPiece
"""What is recorded at a station and answered there on the screen."""
