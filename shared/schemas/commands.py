"""Every change of state as a typed intent: one discriminated union, the language of the single write path.

To add a command: CONTRIBUTING.md, "A command in five steps".
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter
from sqlmodel import SQLModel

from shared.schemas.identifiers import (
    ORDER_LINES_MAX,
    CodeText,
    HexDigest,
    Id,
    ShortText,
    TimeUs,
)
from shared.schemas.order import LineTerms, OrderTerms
from shared.schemas.people import Person
from shared.schemas.production import DoorModel, RouteVersion, Site, Station, WorkCenter


class CompleteOperation(SQLModel):
    """A worker scanned a piece at a station: this operation, in this loop, is done."""

    type: Literal["complete_operation"] = "complete_operation"
    version: Literal[1] = 1
    piece_id: Id
    label_code: CodeText
    operation_number: int = Field(ge=0, le=10_000)
    loop_number: int = Field(default=0, ge=0, le=100)


class StartOperation(SQLModel):
    """A worker began an operation that is reported at both ends."""

    type: Literal["start_operation"] = "start_operation"
    version: Literal[1] = 1
    piece_id: Id
    label_code: CodeText
    operation_number: int = Field(ge=0, le=10_000)
    loop_number: int = Field(default=0, ge=0, le=100)


class InspectionOutcome(StrEnum):
    """What an inspector found."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    FAIL = "fail"


class RecordInspection(SQLModel):
    """An inspector's result for one piece at an inspection operation; a fail puts the piece on hold."""

    type: Literal["record_inspection"] = "record_inspection"
    version: Literal[1] = 1
    piece_id: Id
    label_code: CodeText
    operation_number: int = Field(ge=0, le=10_000)
    loop_number: int = Field(default=0, ge=0, le=100)
    outcome: InspectionOutcome
    reason: ShortText = ""


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
    """Sites, work centers, stations, routes, models and people were entered or edited."""

    type: Literal["put_master_data"] = "put_master_data"
    version: Literal[1] = 1
    sites: list[Site] = Field(default_factory=list[Site])
    work_centers: list[WorkCenter] = Field(default_factory=list[WorkCenter])
    stations: list[Station] = Field(default_factory=list[Station])
    route_versions: list[RouteVersion] = Field(default_factory=list[RouteVersion])
    door_models: list[DoorModel] = Field(default_factory=list[DoorModel])
    people: list[Person] = Field(default_factory=list[Person])


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
    | EnrolDevice,
    Field(discriminator="type"),
]

COMMAND: TypeAdapter[Command] = TypeAdapter(Command)
"""Validates one command from its JSON form."""

FloorScan = CompleteOperation | StartOperation | RecordInspection | ReportScan
"""What a scan at a station can become."""
