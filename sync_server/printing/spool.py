"""The spool: what people want printed, sent to each printer in its order, whatever dies in between.

Jobs are rows; a printer belongs to one server's spool at a time, by a lease. What a job has printed is written around
every label (`delivery.py`), so a spool that takes over goes on where the last one was.
"""

import logging
import threading
import time
import uuid
from functools import partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from labels.content import Label
from labels.fonts import fonts_in
from shared.schemas.commands import EndPrinting
from shared.schemas.printing import Printer, PrintJob
from sync_server import intake
from sync_server.errors import NotNow
from sync_server.printing import delivery, progress
from sync_server.printing.addresses import open_address
from sync_server.printing.delivery import Doubt, Outcome, deliver
from sync_server.printing.dialects import dialect_of
from sync_server.printing.progress import JobBook, LeaseLost
from sync_server.queries.labels import labels_of_job
from sync_server.services import Services
from sync_server.storage.rows import SessionRows
from sync_server.submission import system_submission
from sync_server.tables import PrintJobRow, PrintProgressRow

LOG = logging.getLogger(__name__)
POLL_S = 1.0
STOP_WITHIN_S = 8.0
RENEW_EVERY = 5
"""Looks between two renewals of the leases."""

JOBS_LOOKED_AT_MAX = 500


class Spool:
    """Owns one thread that looks for jobs, and one for each printer that has some."""

    def __init__(self, services: Services, fonts_dir: Path | None, data_dir: Path, pause_s: float = POLL_S) -> None:
        """Nothing is printed before `start`. Files that stand for printers lie below `data_dir`."""
        self._services = services
        self._fonts_dir = fonts_dir
        self._data_dir = data_dir
        self._pause_s = pause_s
        self._holder = uuid.uuid4().hex
        self._stopping = threading.Event()
        self._serving: dict[str, threading.Thread] = {}
        self._thread = threading.Thread(target=self._run, name="spool", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends between two labels, and gives the printers back."""
        self._stopping.set()
        self._thread.join()
        end = time.monotonic() + STOP_WITHIN_S
        for thread in self._serving.values():
            thread.join(max(0.0, end - time.monotonic()))
        if any(thread.is_alive() for thread in self._serving.values()):
            return  # it is talking to a printer that does not answer: nobody else may touch that until the lease ends
        try:
            self._services.database.write(lambda session: progress.release(session, self._holder)).result()
        except NotNow as fault:  # the lease runs out by itself
            LOG.warning("the printers could not be given back: %s", fault.fault.code)

    def _run(self) -> None:
        looks = 0
        while not self._stopping.is_set():
            try:
                self._look(is_renewing=looks % RENEW_EVERY == 0)
            except NotNow as fault:  # it comes back
                LOG.warning("the spool could not look for jobs: %s", fault.fault.code)
            except Exception:  # the boundary: the next look may go better
                LOG.exception("the spool could not look for jobs")
            looks += 1
            self._stopping.wait(self._pause_s)

    def _look(self, *, is_renewing: bool) -> None:
        database, now_us = self._services.database, self._services.now_us()
        self._serving = {printer_id: one for printer_id, one in self._serving.items() if one.is_alive()}
        if is_renewing and self._serving:
            database.write(lambda session: progress.renew(session, self._holder, now_us)).result()
        for printer_id in database.read(printers_with_work) - self._serving.keys():
            if database.write(partial(progress.claim_printer, printer_id, self._holder, now_us)).result():
                thread = threading.Thread(
                    target=self._serve, args=(printer_id,), name=f"printer-{printer_id}", daemon=True
                )
                self._serving[printer_id] = thread
                thread.start()

    def _serve(self, printer_id: str) -> None:
        """Does all that waits for one printer, then gives it back."""
        database = self._services.database
        try:
            while not self._stopping.is_set():
                job = database.read(lambda session: next(iter(ready_jobs(session, printer_id)), None))
                if job is None:
                    break
                self._do(job)
            database.write(lambda session: progress.release(session, self._holder, printer_id)).result()
        except LeaseLost:
            LOG.warning("another server has taken over the printer %s", printer_id)
        except NotNow as fault:
            LOG.warning("the printer %s has to wait: %s", printer_id, fault.fault.code)

    def _do(self, job: PrintJob) -> None:
        if job.is_cancelled:
            self._end(job)
            return
        try:
            outcome = self._deliver(job)
        except (LeaseLost, NotNow):
            raise
        except Exception as error:  # the boundary: one job's failure must not stop the others
            LOG.exception("the print job %s failed", job.id)
            self._note(job, problem=_failure(error))
            return
        if outcome is Outcome.IN_DOUBT:
            self._note(job, problem=progress.IN_DOUBT, answers_used=self._answers(job))
        elif outcome is Outcome.DONE or not self._stopping.is_set():
            self._end(job)

    def _deliver(self, job: PrintJob) -> Outcome:
        database, fonts = self._services.database, fonts_in(self._fonts_dir)
        if fonts is None:
            self._note(job, problem=progress.NO_FONTS)
            while fonts_in(self._fonts_dir) is None and not self._stopping.wait(self._pause_s):
                if self._is_cancelled(job):
                    return Outcome.STOPPED
            return self._deliver(job) if not self._stopping.is_set() else Outcome.STOPPED
        # A third of a resting server's memory, and many a process never prints: imported by the first that does.
        from sync_server.printing.pages import LabelPages  # noqa: PLC0415

        printer, labels = database.read(lambda session: _what_to_print(session, job))
        database.write(lambda session: _settle_answer(session, job)).result()
        row = database.read(lambda session: progress.progress_of(session, job.id))
        doubt = Doubt(row.doubt_number, row.doubt_count) if row.doubt_number is not None else None
        book = JobBook(database, job.id, printer.id, self._holder, self._stopping.is_set, row.done, doubt)
        way = delivery.Printer(
            lambda: open_address(printer.address, self._data_dir),
            dialect_of(printer.address, printer.language, self._data_dir),
            self._sleep,
        )
        return deliver(book, way, LabelPages(labels, fonts, printer))

    def _sleep(self, seconds: float) -> None:
        self._stopping.wait(seconds)

    def _answers(self, job: PrintJob) -> int:
        return len(self._services.database.read(lambda session: _job_now(session, job)).answers)

    def _is_cancelled(self, job: PrintJob) -> bool:
        return self._services.database.read(lambda session: _job_now(session, job)).is_cancelled

    def _note(self, job: PrintJob, **values: object) -> None:
        def noted(session: Session) -> None:
            progress.ensure_held(session, job.printer_id, self._holder)
            row = progress.progress_of(session, job.id)
            for name, value in ({"problem_zh": "", "problem_en": ""} | values).items():
                setattr(row, name, value)
            session.add(row)

        self._services.database.write(noted).result()

    def _end(self, job: PrintJob) -> None:
        """Takes the job off, together with what is known of it: a label in doubt counts as one that came out."""

        def ended(session: Session) -> None:
            progress.ensure_held(session, job.printer_id, self._holder)
            row, moment = progress.progress_of(session, job.id), self._services.moment()
            command = EndPrinting(job_id=job.id, printed=row.done + (row.doubt_number is not None))
            intake.submit(session, system_submission(f"end_printing/{job.id}", command, moment.record_time_us), moment)
            if row in session:
                session.delete(row)

        self._services.database.write(ended).result()


def printers_with_work(session: Session) -> set[str]:
    """The printers that have something to do that can be done."""
    query = select(col(PrintJobRow.printer_id)).where(col(PrintJobRow.ended_at_us).is_(None)).distinct()
    waiting = session.execute(query).scalars().all()
    return {printer_id for printer_id in waiting if ready_jobs(session, printer_id)}


def ready_jobs(session: Session, printer_id: str) -> list[PrintJob]:
    """The jobs of a printer that can go on, the oldest first; one that waits for a person holds up no other."""
    query = (
        select(col(PrintJobRow.id))
        .where(col(PrintJobRow.printer_id) == printer_id, col(PrintJobRow.ended_at_us).is_(None))
        .order_by(col(PrintJobRow.created_at_us), col(PrintJobRow.id))
        .limit(JOBS_LOOKED_AT_MAX)
    )
    rows = SessionRows(session)
    job_ids = session.execute(query).scalars().all()
    rows.prefetch(PrintJob, job_ids)
    found = [job for job_id in job_ids if (job := rows.get(PrintJob, job_id)) is not None]
    printer = rows.get(Printer, printer_id)
    is_open = printer is not None and printer.is_active
    return [job for job in found if job.is_cancelled or (is_open and _can_go_on(session, job))]


def _can_go_on(session: Session, job: PrintJob) -> bool:
    row = session.get(PrintProgressRow, job.id)
    if row is None:
        return True
    if row.problem == progress.IN_DOUBT:
        return len(job.answers) > row.answers_used
    return row.problem not in progress.WAITS_FOR_A_PERSON


def _job_now(session: Session, job: PrintJob) -> PrintJob:
    now = SessionRows(session).get(PrintJob, job.id)
    assert now is not None, "no job is ever taken away"
    return now


def _what_to_print(session: Session, job: PrintJob) -> tuple[Printer, list[Label | None]]:
    printer = SessionRows(session).get(Printer, job.printer_id)
    assert printer is not None, "the rules queue for known printers only, and none is ever taken away"
    return printer, labels_of_job(session, job, printer)


def _settle_answer(session: Session, job: PrintJob) -> None:
    """What somebody said of the label in doubt, taken over."""
    row = session.get(PrintProgressRow, job.id)
    if row is None or row.problem != progress.IN_DOUBT or len(job.answers) <= row.answers_used:
        return
    answer = job.answers[-1]
    if answer.number == row.doubt_number:
        row.done += answer.has_come_out
        row.doubt_number = row.doubt_count = None
    row.answers_used, row.problem = len(job.answers), ""


def _failure(error: Exception) -> str:
    from labels.reading.release import Unreadable  # noqa: PLC0415 - as heavy as what has just failed

    return progress.UNREADABLE if isinstance(error, Unreadable) else progress.FAILED
