"""Label printers, and what is to be printed on them. How far a job has got is the spool's own."""

from enum import StrEnum

from sqlmodel import Field, SQLModel

from shared.schemas.identifiers import CodeText, Id, ShortText, TimeUs

JOB_LABELS_MAX = 2_000


class PrinterLanguage(StrEnum):
    """What a label printer is spoken to in."""

    ZPL = "zpl"
    TSPL = "tspl"


class LabelSize(StrEnum):
    """The labels on a printer's roll, in millimetres."""

    SIZE_60X40 = "60x40"
    SIZE_80X50 = "80x50"
    SIZE_100X70 = "100x70"


class PrintHead(StrEnum):
    """Its dots to the inch."""

    DPI_203 = "203"
    DPI_300 = "300"


class Printer(SQLModel):
    """A label printer; `address` as `sync_server/printing/lines.py` reads it."""

    id: Id
    rev: int = 0
    site_id: Id
    name: ShortText = Field(min_length=1)
    address: ShortText = Field(min_length=1)
    language: PrinterLanguage = PrinterLanguage.ZPL
    print_head: PrintHead = PrintHead.DPI_203
    label_size: LabelSize = LabelSize.SIZE_60X40
    is_active: bool = True


class PrintItem(SQLModel):
    """One label of a job: which copy of its code it is, is fixed when the job is made."""

    label_code: CodeText
    copy_number: int = 1


class DoubtAnswer(SQLModel):
    """Somebody looked at the printer: the label of this place in the job (from 1) has come out, or it has not."""

    number: int
    has_come_out: bool


class PrintJob(SQLModel):
    """Labels that somebody wants from one printer, in this order."""

    id: Id
    rev: int = 0
    site_id: Id
    printer_id: Id
    order_id: Id | None = None
    """None for a label that only tries the printer."""
    items: list[PrintItem] = Field(default_factory=list[PrintItem], max_length=JOB_LABELS_MAX)
    created_at_us: TimeUs
    created_by: Id | None = None
    is_cancelled: bool = False
    answers: list[DoubtAnswer] = Field(default_factory=list[DoubtAnswer])
    ended_at_us: TimeUs | None = None
    printed: int = 0
    """How many labels, from the first, have come out or were passed over; known once it has ended."""
