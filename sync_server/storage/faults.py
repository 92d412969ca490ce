"""Which errors of the database mean that nothing was kept and that it may go better later.

SQLite: 13 FULL, 10 IOERR, 8 READONLY, 14 CANTOPEN, 5 BUSY (https://sqlite.org/rescode.html, primary codes).
PostgreSQL: SQLSTATE classes 08 connection, 53 resources, 57 operator intervention
(https://www.postgresql.org/docs/current/errcodes-appendix.html).
"""

import logging
from collections.abc import Callable, Iterator

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from sync_server.errors import Busy, DatabaseAway, NotNow, Overtaken, StorageFull

LOG = logging.getLogger(__name__)

DISK_FULL = "53100"
READ_ONLY = "25006"
"""A statement that writes, on a standby: the address leads to the wrong one of two servers, or not yet to the new."""

_SQLITE: dict[int, Callable[[], NotNow]] = {
    5: Busy,
    8: DatabaseAway,
    10: DatabaseAway,
    13: StorageFull,
    14: DatabaseAway,
}
_CONTENTION = frozenset({"40001", "40P01"})
_AWAY_CLASSES = frozenset({"08", "53", "57"})


def as_not_now(error: Exception) -> NotNow | None:
    """The fault that this error is to the caller; None for one that trying again does not mend."""
    # A full disk costs SQLite the transaction, so that going back to the savepoint fails in its turn: what happened
    # first is the reason.
    fault = next((found for one in _with_reasons(error) if (found := _fault(one))), None)
    if fault is not None:
        # The statement's parameters are people's names and numbers: only the driver's own words go into the log.
        LOG.error("%s: %s", fault.fault.code, getattr(error, "orig", None) or type(error).__name__)
    return fault


def postgres_state(error: Exception) -> str | None:
    """PostgreSQL's SQLSTATE, if the error has one."""
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    return state if isinstance(state, str) else None


def _with_reasons(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__context__


def _fault(error: BaseException) -> NotNow | None:
    if isinstance(error, NotNow):
        return error
    if isinstance(error, PoolTimeout | Overtaken):
        return Busy()
    if not isinstance(error, DBAPIError):
        return None
    code = getattr(error.orig, "sqlite_errorcode", None)
    if isinstance(code, int):
        kind = _SQLITE.get(code & 0xFF)
        return kind() if kind else None
    state = postgres_state(error)
    if state in _CONTENTION:
        return Busy()
    if state == DISK_FULL:
        return StorageFull()
    if state == READ_ONLY or error.connection_invalidated or (state or "")[:2] in _AWAY_CLASSES:
        return DatabaseAway()
    # Without a state there was no server to give one.
    return DatabaseAway() if state is None and isinstance(error, OperationalError) else None
