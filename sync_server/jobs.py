"""Background work as rows: what is due is claimed, done as a command of the system, and taken off in one transaction.

What reads and deletes files comes before that transaction. Several servers may run this loop: a conditional update
decides which of them has a job; a lease that ran out gives the job of a server that died to the next one.
"""

import logging
import threading
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.schemas.commands import EscalateConflict
from sync_server import intake
from sync_server.errors import NotNow
from sync_server.holds import ESCALATE
from sync_server.housekeeping import HOUSEKEEPING, ensure_housekeeping, keep_house, look_after_files
from sync_server.services import Services
from sync_server.storage.database import Database
from sync_server.submission import system_submission
from sync_server.tables import JobRow

LOG = logging.getLogger(__name__)

LEASE_US = 60 * 1_000_000
JOBS_A_ROUND_MAX = 100
POLL_S = 1.0
RETRY_US = 60 * 1_000_000


@dataclass(frozen=True)
class Due:
    """A job that this server has claimed."""

    kind: str
    key: str


def claim(session: Session, now_us: int) -> list[Due]:
    """Takes what is due and nobody holds, for `LEASE_US`."""
    query = select(col(JobRow.kind), col(JobRow.key)).where(
        col(JobRow.due_at_us) <= now_us, col(JobRow.lease_until_us) <= now_us
    )
    found = session.execute(query.order_by(col(JobRow.due_at_us)).limit(JOBS_A_ROUND_MAX)).all()
    mine: list[Due] = []
    for kind, key in found:
        here = (col(JobRow.kind) == kind, col(JobRow.key) == key, col(JobRow.lease_until_us) <= now_us)
        taken = session.execute(
            update(JobRow).where(*here).values(lease_until_us=now_us + LEASE_US).returning(col(JobRow.key))
        )
        if taken.scalar_one_or_none() is not None:
            mine.append(Due(kind, key))
    return mine


def run(session: Session, services: Services, due: Due) -> None:
    """Takes one job off and does it, unless another server, whose lease ran out over it, has done so meanwhile."""
    here = delete(JobRow).where(col(JobRow.kind) == due.kind, col(JobRow.key) == due.key)
    if session.execute(here.returning(col(JobRow.key))).scalar_one_or_none() is None:
        return
    moment = services.moment()
    if due.kind == ESCALATE:
        command = EscalateConflict(conflict_id=due.key)
        sent = system_submission(f"escalate_conflict/{due.key}", command, moment.record_time_us)
        intake.submit(session, sent, moment)
    elif due.kind == HOUSEKEEPING:
        keep_house(session, moment)
    else:
        LOG.error("nobody knows how to do the job %s %s", due.kind, due.key)


def run_due(database: Database, services: Services) -> int:
    """Claims and does what is due; a job that fails is tried again a minute later. Gives how many were done."""
    now_us = services.now_us()
    done = 0
    for due in database.write(lambda session: claim(session, now_us)).result():
        try:
            if due.kind == HOUSEKEEPING:
                look_after_files(services)
            database.write(lambda session, due=due: run(session, services, due)).result()
        except Exception:  # the boundary: one job's failure must not stop the others
            LOG.exception("the job %s %s failed", due.kind, due.key)
            database.write(lambda session, due=due: _put_off(session, due, services.now_us())).result()
        else:
            done += 1
    return done


class JobRunner:
    """Owns the thread that does what is due, once a second, until it is stopped."""

    def __init__(self, services: Services, pause_s: float = POLL_S) -> None:
        """Nothing runs before `start`."""
        self._services = services
        self._pause_s = pause_s
        self._is_scheduled = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the job at hand."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._pause_s):
            try:
                self._look()
            except NotNow as fault:  # it comes back
                LOG.warning("the jobs could not be looked at: %s", fault.fault.code)
            except Exception:  # the boundary: the next look may go better
                LOG.exception("the jobs could not be looked at")

    def _look(self) -> None:
        database, now_us = self._services.database, self._services.now_us
        if not self._is_scheduled:
            database.write(lambda session: ensure_housekeeping(session, now_us())).result()
            self._is_scheduled = True
        run_due(database, self._services)


def _put_off(session: Session, due: Due, now_us: int) -> None:
    here = (col(JobRow.kind) == due.kind, col(JobRow.key) == due.key)
    later = {"due_at_us": now_us + RETRY_US, "lease_until_us": 0, "failures": JobRow.failures + 1}
    session.execute(update(JobRow).where(*here).values(later))
