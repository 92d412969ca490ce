"""Print jobs as the office sees them: how far each has got, and what keeps it from going on; and the printers."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.label_code import SELF_TEST_CODE
from shared.rules.printing import printed_codes
from shared.schemas.order import Order
from shared.schemas.people import Person
from shared.schemas.printing import Printer, PrintJob
from sync_server.printing import progress
from sync_server.queries.label_names import LabelName, label_name
from sync_server.queries.labels import labels_of
from sync_server.queries.orders import OrderView
from sync_server.storage.rows import SessionRows
from sync_server.tables import PrinterRow, PrintJobRow, PrintProgressRow

ENDED_SHOWN = 30
OPEN_SHOWN = 200


class JobState(StrEnum):
    """What a job does just now."""

    QUEUED = "queued"
    PRINTING = "printing"
    WAITS = "waits"
    """Something is to be done at the printer; then it goes on by itself."""
    IN_DOUBT = "in_doubt"
    STUCK = "stuck"
    """It does not go on by itself: it is to be cancelled, and what is missing printed anew."""
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    DONE = "done"


@dataclass(frozen=True)
class JobLine:
    """A job with what is known of it."""

    job: PrintJob
    printer: str
    order_number: str
    kind: str
    """The letter of its labels' codes, where they are not an order's pieces; empty for one that tries a printer."""
    person: str
    state: JobState
    done: int
    problem: str
    problem_zh: str
    problem_en: str
    doubt_number: int | None
    doubt_label: LabelName | None
    """The label that a person is asked about."""

    @property
    def is_open(self) -> bool:
        """Whether it can still be cancelled."""
        return self.job.ended_at_us is None and not self.job.is_cancelled


@dataclass(frozen=True)
class WaitingJob:
    """A job, and how many labels its printer has to print before it."""

    line: JobLine
    labels_before: int


@dataclass(frozen=True)
class ToPrint:
    """An order's labels: all that can be printed, and those that no job has printed or is about to."""

    codes: list[str]
    unprinted: list[str]


def list_jobs(session: Session) -> list[JobLine]:
    """What is under way, the oldest first, then what has ended, the newest first."""
    jobs = col(PrintJobRow.ended_at_us)
    open_jobs = select(col(PrintJobRow.id)).where(jobs.is_(None)).order_by(col(PrintJobRow.created_at_us))
    ended = select(col(PrintJobRow.id)).where(jobs.is_not(None)).order_by(jobs.desc(), col(PrintJobRow.id).desc())
    job_ids = [
        *session.execute(open_jobs.limit(OPEN_SHOWN)).scalars(),
        *session.execute(ended.limit(ENDED_SHOWN)).scalars(),
    ]
    rows = SessionRows(session)
    rows.prefetch(PrintJob, job_ids)
    return [_line(session, rows, job) for job_id in job_ids if (job := rows.get(PrintJob, job_id)) is not None]


def view_job(session: Session, job_id: str) -> WaitingJob | None:
    """One job, or None."""
    rows = SessionRows(session)
    job = rows.get(PrintJob, job_id)
    if job is None:
        return None
    earlier = select(col(PrintJobRow.id)).where(
        col(PrintJobRow.ended_at_us).is_(None),
        col(PrintJobRow.printer_id) == job.printer_id,
        col(PrintJobRow.created_at_us) < job.created_at_us,
    )
    lines = [_line(session, rows, one) for i in session.execute(earlier).scalars() if (one := rows.get(PrintJob, i))]
    before = sum(len(line.job.items) - line.done for line in lines if line.is_open)
    return WaitingJob(_line(session, rows, job), before)


def list_printers(session: Session, *, is_active_only: bool = True) -> list[Printer]:
    """The printers by name."""
    query = select(col(PrinterRow.id)).order_by(col(PrinterRow.name), col(PrinterRow.id))
    rows = SessionRows(session)
    found = [rows.get(Printer, printer_id) for printer_id in session.execute(query).scalars().all()]
    return [printer for printer in found if printer is not None and (printer.is_active or not is_active_only)]


def labels_to_print(session: Session, view: OrderView) -> ToPrint:
    """What of this order a label printer can be given."""
    printed = printed_codes(SessionRows(session).children(PrintJob, view.order.id))
    codes = [label.code for label in labels_of(view)]
    return ToPrint(codes, [code for code in codes if code not in printed])


def _line(session: Session, rows: SessionRows, job: PrintJob) -> JobLine:
    row = session.get(PrintProgressRow, job.id)
    printer = rows.get(Printer, job.printer_id)
    order = rows.get(Order, job.order_id) if job.order_id else None
    person = rows.get(Person, job.created_by) if job.created_by else None
    state = _state(job, row, is_off=printer is not None and not printer.is_active)
    name = printer.name if printer else ""
    asked = row.doubt_number if row is not None and state is JobState.IN_DOUBT else None
    return JobLine(
        job=job,
        printer=name,
        order_number=order.number if order else "",
        kind=_kind(job),
        person=person.name if person else "",
        state=state,
        done=job.printed if job.ended_at_us is not None else row.done if row else 0,
        problem=row.problem if row else "",
        problem_zh=row.problem_zh if row else "",
        problem_en=row.problem_en if row else "",
        doubt_number=row.doubt_number if row else None,
        doubt_label=label_name(session, job, asked, name) if asked is not None else None,
    )


def _kind(job: PrintJob) -> str:
    first = job.items[0].label_code
    return "" if job.order_id or first == SELF_TEST_CODE else first[0]


def _state(job: PrintJob, row: PrintProgressRow | None, *, is_off: bool) -> JobState:
    if job.is_cancelled:
        return JobState.CANCELLING if job.ended_at_us is None else JobState.CANCELLED
    if job.ended_at_us is not None:
        return JobState.DONE
    if is_off:
        return JobState.STUCK
    if row is None:
        return JobState.QUEUED
    if row.problem == progress.IN_DOUBT:
        return JobState.IN_DOUBT if len(job.answers) == row.answers_used else JobState.QUEUED
    if row.problem in progress.WAITS_FOR_A_PERSON:
        return JobState.STUCK
    return JobState.WAITS if row.problem else JobState.PRINTING
