"""Tables of printers and print jobs, and of how far each job has got."""

from sqlalchemy import Column, Index
from sqlmodel import Field

from shared.schemas.printing import DoubtAnswer, Printer, PrintItem, PrintJob
from sync_server.tables.base import JsonOf, ServerTable


class PrinterRow(Printer, ServerTable, table=True):
    """A label printer."""

    id: str = Field(primary_key=True)


class PrintJobRow(PrintJob, ServerTable, table=True):
    """What somebody wants printed, its labels within the row."""

    __table_args__ = (Index("print_job_ended", "ended_at_us", "created_at_us"),)
    id: str = Field(primary_key=True)
    order_id: str | None = Field(default=None, index=True)
    items: list[PrintItem] = Field(sa_column=Column(JsonOf(list[PrintItem]), nullable=False))
    answers: list[DoubtAnswer] = Field(sa_column=Column(JsonOf(list[DoubtAnswer]), nullable=False))


class PrintProgressRow(ServerTable, table=True):
    """How far a job has got; written around every label, so that a power cut leaves at most one in doubt."""

    job_id: str = Field(primary_key=True)
    done: int = 0
    doubt_number: int | None = None
    doubt_count: int | None = None
    """The printer's own count before the label in doubt."""
    answers_used: int = 0
    """How many of the answers in the job's row were about earlier doubts."""
    problem: str = ""
    """What keeps it from going on, for people: a code of `printing/status.py`, or one of the spool's own."""
    problem_zh: str = ""
    problem_en: str = ""
    """The sentence of a line that fails."""


class PrinterLeaseRow(ServerTable, table=True):
    """Which server's spool a printer belongs to just now."""

    printer_id: str = Field(primary_key=True)
    holder: str
    lease_until_us: int
