"""How far a job has got, in the database: the `Book` of a delivery, and which server's spool has a printer."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from sync_server.printing.delivery import Doubt
from sync_server.printing.lines import PrinterFault
from sync_server.printing.status import Problem
from sync_server.storage.database import Database
from sync_server.tables import PrinterLeaseRow, PrintJobRow, PrintProgressRow

LEASE_US = 30 * 1_000_000
"""A spool that dies leaves its printers to the next one after this; one that lives renews it every few seconds."""

IN_DOUBT, RESTORED, NO_FONTS, UNREADABLE, FAILED, UNREACHABLE = (
    "in_doubt",
    "restored",
    "no_fonts",
    "unreadable",
    "failed",
    "unreachable",
)
"""Why a job does not go on, beside what a printer says of itself (`Problem`)."""

WAITS_FOR_A_PERSON = frozenset({RESTORED, UNREADABLE, FAILED})
"""What no time mends: the job can only be cancelled, and what is missing printed anew."""


class LeaseLost(Exception):  # noqa: N818 - named as the other faults are
    """Another server's spool has this printer by now: this one must not touch it any more."""


def claim_printer(printer_id: str, holder: str, now_us: int, session: Session) -> bool:
    """Takes the printer for `LEASE_US` where nobody else has it."""
    here = col(PrinterLeaseRow.printer_id) == printer_id
    if session.get(PrinterLeaseRow, printer_id) is None:
        session.add(PrinterLeaseRow(printer_id=printer_id, holder=holder, lease_until_us=now_us + LEASE_US))
        session.flush()
        return True
    free = or_(col(PrinterLeaseRow.lease_until_us) <= now_us, col(PrinterLeaseRow.holder) == holder)
    claim = update(PrinterLeaseRow).where(here, free).values(holder=holder, lease_until_us=now_us + LEASE_US)
    taken = session.execute(claim.returning(col(PrinterLeaseRow.printer_id)))
    return taken.scalar_one_or_none() is not None


def renew(session: Session, holder: str, now_us: int) -> None:
    """Keeps every printer that this spool has."""
    ours = col(PrinterLeaseRow.holder) == holder
    session.execute(update(PrinterLeaseRow).where(ours).values(lease_until_us=now_us + LEASE_US))


def release(session: Session, holder: str, printer_id: str | None = None) -> None:
    """Gives one printer back, or all of them."""
    ours = delete(PrinterLeaseRow).where(col(PrinterLeaseRow.holder) == holder)
    session.execute(ours if printer_id is None else ours.where(col(PrinterLeaseRow.printer_id) == printer_id))


def ensure_held(session: Session, printer_id: str, holder: str) -> None:
    """Raises `LeaseLost` where this spool does not have the printer (any more); else nobody takes it meanwhile."""
    here = update(PrinterLeaseRow).where(
        col(PrinterLeaseRow.printer_id) == printer_id, col(PrinterLeaseRow.holder) == holder
    )
    held = session.execute(here.values(holder=holder).returning(col(PrinterLeaseRow.printer_id)))
    if held.scalar_one_or_none() is None:
        raise LeaseLost


def progress_of(session: Session, job_id: str) -> PrintProgressRow:
    """How far the job has got; at its beginning where nobody has begun it."""
    return session.get(PrintProgressRow, job_id) or PrintProgressRow(job_id=job_id)


@dataclass
class JobBook:
    """A delivery's `Book` of one job. Every change is committed when the call returns. Raises `LeaseLost`."""

    database: Database
    job_id: str
    printer_id: str
    holder: str
    is_stopping: Callable[[], bool]
    done: int
    doubt: Doubt | None
    _said: object = None

    def about_to_send(self, doubt: Doubt) -> None:
        """From here on nobody knows whether this label has come out."""
        self._keep(doubt_number=doubt.number, doubt_count=doubt.count_before)
        self.doubt = doubt

    def printed(self) -> None:
        """The label in doubt has come out."""
        self._keep(done=self.done + 1, doubt_number=None, doubt_count=None)
        self.done, self.doubt = self.done + 1, None

    def not_printed(self) -> None:
        """The label in doubt has not come out."""
        self._keep(doubt_number=None, doubt_count=None)
        self.doubt = None

    def passed_over(self) -> None:
        """The next label is not to be printed any more."""
        self._keep(done=self.done + 1)
        self.done += 1

    def waits_for(self, problem: Problem | PrinterFault | None) -> None:
        """What keeps the printer from going on; written where it is something else than before."""
        is_fault = isinstance(problem, PrinterFault)
        said = (problem.message, problem.message_en) if is_fault else ("", "")
        code = UNREACHABLE if is_fault else problem.value if problem is not None else ""
        if (code, *said) != self._said:
            self._keep(problem=code, problem_zh=said[0], problem_en=said[1])
            self._said = (code, *said)

    def is_stopped(self) -> bool:
        """Whether somebody has cancelled the job, or the server stops."""
        return self.is_stopping() or self._is_cancelled()

    def _is_cancelled(self) -> bool:
        # Asked before every label: a job's two thousand labels stand in the same row.
        cancelled = select(col(PrintJobRow.is_cancelled)).where(col(PrintJobRow.id) == self.job_id)
        return self.database.read(lambda session: session.execute(cancelled).scalar_one_or_none()) is not False

    def _keep(self, **values: object) -> None:
        def kept(session: Session) -> None:
            ensure_held(session, self.printer_id, self.holder)
            row = progress_of(session, self.job_id)
            for name, value in values.items():
                setattr(row, name, value)
            session.add(row)

        self.database.write(kept).result()
