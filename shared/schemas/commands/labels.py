"""Labels and the printing of them."""

from enum import StrEnum
from typing import Literal

from pydantic import Field
from sqlmodel import SQLModel

from shared.label_code import CodeKind
from shared.schemas.identifiers import CodeText, Id, ShortText
from shared.schemas.printing import JOB_LABELS_MAX


class ReprintLabel(SQLModel):
    """One more copy of a label is printed; copies are counted, and each has a reason."""

    type: Literal["reprint_label"] = "reprint_label"
    version: Literal[1] = 1
    label_code: CodeText
    reason: ShortText = Field(min_length=1)
    printer_id: Id | None = None
    job_id: Id | None = None
    """Where it is printed, and under which id it waits there; without both it is only counted."""
    copies_before: int | None = Field(default=None, ge=0)
    """How many there were when this was asked for, where that is known: what was answered meanwhile counts once."""


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
