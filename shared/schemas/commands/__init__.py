"""Every change of state as a typed intent: one discriminated union, the language of the single write path.

To add a command: CONTRIBUTING.md, "A command in five steps".
"""

from typing import Annotated

from pydantic import Field, TypeAdapter

from shared.schemas.commands.conflicts import (
    AnswerVerdict,
    CallLeader,
    CloseCall,
    EscalateConflict,
    ResolveConflict,
    VerdictAnswer,
)
from shared.schemas.commands.devices import (
    AssignDevice,
    BindDevice,
    EnrolDevice,
    InviteDevice,
    ReleaseQuarantine,
    RevokeDevice,
)
from shared.schemas.commands.labels import (
    AnswerPrintDoubt,
    CancelPrinting,
    CardKind,
    EndPrinting,
    IssueLabels,
    PrintLabels,
    ReprintLabel,
    RevokeLabel,
)
from shared.schemas.commands.orders import (
    CancelOrder,
    PlaceOrder,
    PutMasterData,
    ReleaseOrder,
    RetireOrder,
    ReviseOrder,
)
from shared.schemas.commands.transport import BindPiece, CloseTrip, PutRack, PutTrip, UnbindPiece
from shared.schemas.commands.work import (
    AttachPhoto,
    CompleteOperation,
    ConfirmPhoto,
    IdentifyPiece,
    InspectionOutcome,
    RecordInspection,
    ReportScan,
    ReworkPiece,
    StartOperation,
)

__all__ = [
    "COMMAND",
    "AnswerPrintDoubt",
    "AnswerVerdict",
    "AssignDevice",
    "AttachPhoto",
    "BindDevice",
    "BindPiece",
    "CallLeader",
    "CancelOrder",
    "CancelPrinting",
    "CardKind",
    "CloseCall",
    "CloseTrip",
    "Command",
    "CompleteOperation",
    "ConfirmPhoto",
    "EndPrinting",
    "EnrolDevice",
    "EscalateConflict",
    "FloorCommand",
    "FloorScan",
    "IdentifyPiece",
    "InspectionOutcome",
    "InviteDevice",
    "IssueLabels",
    "PlaceOrder",
    "PrintLabels",
    "PutMasterData",
    "PutRack",
    "PutTrip",
    "RecordInspection",
    "ReleaseOrder",
    "ReleaseQuarantine",
    "ReportScan",
    "ReprintLabel",
    "ResolveConflict",
    "RetireOrder",
    "ReviseOrder",
    "RevokeDevice",
    "RevokeLabel",
    "ReworkPiece",
    "StartOperation",
    "UnbindPiece",
    "VerdictAnswer",
]

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
