"""The outbox: what people did, numbered, chained, and durable before anybody is told. Nothing in it is ever deleted."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter
from sqlalchemy import func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col

from mobile.outcome import Outcome, Waiting
from mobile.store.database import Store
from mobile.store.mirror import cursors
from mobile.store.tables import OutboxEntry, ScanLogEntry
from shared.canonical import canonical_json, sha256_hex
from shared.schemas.identifiers import OUTBOX_BATCH_BYTES_MAX, OUTBOX_BATCH_MAX
from shared.schemas.sync import FIRST_PREVIOUS_HASH, Cursor, Envelope, Verdict, VerdictStatus

OUTCOME: TypeAdapter[Outcome] = TypeAdapter(Outcome)

_COLUMNS = tuple(col(getattr(OutboxEntry, name)) for name in OutboxEntry.model_fields)
_REFUSED = frozenset({VerdictStatus.REJECTED, VerdictStatus.PARKED, VerdictStatus.HELD})
"""Verdicts without an effect (yet): the mirror tells the truth as it is."""


@dataclass(frozen=True)
class Recorded:
    """An entry of the outbox as it is read back."""

    n: int
    envelope: Envelope
    outcome: Outcome
    verdict: Verdict | None
    is_seen: bool


def append(store: Store, incarnation: str, envelope: Envelope, piece_id: str | None, *, is_repeat: bool) -> int:
    """Number, chain and keep a command, in the caller's transaction; `n` and `prev_hash` of `envelope` are set here.

    The outcome is set by `show`, in the same transaction.
    """
    last = (
        select(col(OutboxEntry.n), col(OutboxEntry.envelope))
        .where(col(OutboxEntry.incarnation) == incarnation)
        .order_by(col(OutboxEntry.n).desc())
        .limit(1)
    )
    found = store.connection.execute(last).one_or_none()
    n = found[0] + 1 if found else 1
    previous = sha256_hex(found[1].encode()) if found else FIRST_PREVIOUS_HASH
    numbered = envelope.model_copy(update={"n": n, "prev_hash": previous})
    values = {
        "incarnation": incarnation,
        "n": n,
        "envelope": canonical_json(numbered.model_dump(mode="json")).decode(),
        "piece_id": piece_id,
        "event_time_us": envelope.event_time_us,
        "is_waiting": True,
        "is_repeat": is_repeat,
        "is_overlaid": True,
        "outcome": "",
        "is_seen": True,
    }
    store.connection.execute(insert(OutboxEntry).values(values))
    return n


def show(store: Store, incarnation: str, n: int, outcome: Outcome) -> None:
    """Keep what the person is about to be shown."""
    here = (col(OutboxEntry.incarnation) == incarnation, col(OutboxEntry.n) == n)
    text = OUTCOME.dump_json(outcome).decode()
    store.connection.execute(update(OutboxEntry).where(*here).values(outcome=text))


def overlaid(store: Store, piece_id: str) -> list[Envelope]:
    """The commands on this piece whose effect the mirror does not show yet, in the order they were recorded."""
    query = (
        select(col(OutboxEntry.envelope))
        .where(col(OutboxEntry.piece_id) == piece_id, col(OutboxEntry.is_overlaid))
        .order_by(col(OutboxEntry.event_time_us), col(OutboxEntry.n))
    )
    return [Envelope.model_validate_json(text) for text in store.connection.execute(query).scalars()]


def batch(store: Store, incarnation: str) -> list[str]:
    """The envelopes to send next, as their canonical JSON: the unanswered ones, as many as one push takes."""
    query = (
        select(col(OutboxEntry.envelope))
        .where(col(OutboxEntry.incarnation) == incarnation, col(OutboxEntry.is_waiting))
        .order_by(col(OutboxEntry.n))
        .limit(OUTBOX_BATCH_MAX)
    )
    return next(batches(store.connection.execute(query).scalars()), list[str]())


def batches(envelopes: Iterable[str]) -> Iterator[list[str]]:
    """These envelopes in parcels, each no more than one push takes."""
    parcel: list[str] = []
    size = 0
    for text in envelopes:
        size += len(text.encode())
        if parcel and (size > OUTBOX_BATCH_BYTES_MAX or len(parcel) == OUTBOX_BATCH_MAX):
            yield parcel
            parcel, size = [], len(text.encode())
        parcel.append(text)
    if parcel:
        yield parcel


def send_again_from(store: Store, incarnation: str, n: int) -> None:
    """The server is missing numbers from `n` on (it was restored from an older copy): they wait again."""
    here = (col(OutboxEntry.incarnation) == incarnation, col(OutboxEntry.n) >= n)
    store.connection.execute(update(OutboxEntry).where(*here).values(is_waiting=True, is_overlaid=True))


def take_verdicts(store: Store, incarnation: str, verdicts: Sequence[Verdict]) -> bool:
    """Keep what the server said; whether anything was new. In the caller's transaction."""
    has_news = False
    for verdict in verdicts:
        here = (col(OutboxEntry.incarnation) == incarnation, col(OutboxEntry.n) == verdict.n)
        query = select(col(OutboxEntry.verdict), col(OutboxEntry.outcome)).where(*here)
        found = store.connection.execute(query).one_or_none()
        if found is None:
            continue
        stored: str | None = found[0]
        before = Verdict.model_validate_json(stored) if stored is not None else None
        if before is not None and _gist(before) == _gist(verdict):
            store.connection.execute(update(OutboxEntry).where(*here).values(is_waiting=False))
            continue
        has_news = True
        shown = OUTCOME.validate_json(found[1])
        values: dict[str, object] = {"verdict": verdict.model_dump_json(), "is_waiting": False}
        values["is_seen"] = not _is_surprising(verdict, shown)
        if verdict.status in _REFUSED:
            values["is_overlaid"] = False
        store.connection.execute(update(OutboxEntry).where(*here).values(values))
    return has_news


def drop_visible(store: Store) -> None:
    """Take out of the overlay what the mirror shows by now; call it in the transaction that moved the cursors."""
    query = select(col(OutboxEntry.incarnation), col(OutboxEntry.n), col(OutboxEntry.verdict)).where(
        col(OutboxEntry.is_overlaid), col(OutboxEntry.verdict).is_not(None)
    )
    reached = cursors(store)
    for incarnation, n, text in store.connection.execute(query).all():
        assert text is not None, "the query asks for verdicts only"
        needed = Verdict.model_validate_json(text).visible_at
        if all(_has_reached(reached.get(scope), cursor) for scope, cursor in needed.items()):
            here = (col(OutboxEntry.incarnation) == incarnation, col(OutboxEntry.n) == n)
            store.connection.execute(update(OutboxEntry).where(*here).values(is_overlaid=False))


def waiting(store: Store) -> Waiting:
    """What the server has not answered yet."""
    query = select(
        func.count().filter(~col(OutboxEntry.is_repeat)),
        func.count().filter(col(OutboxEntry.is_repeat)),
        func.min(col(OutboxEntry.event_time_us)),
    ).where(col(OutboxEntry.is_waiting))
    effects, repeats, oldest_us = store.connection.execute(query).one()
    return Waiting(effects, repeats, oldest_us)


def latest(store: Store, limit: int) -> list[Recorded]:
    """The newest entries, newest first."""
    query = select(*_COLUMNS).order_by(col(OutboxEntry.event_time_us).desc(), col(OutboxEntry.n).desc())
    return [_recorded(row) for row in store.connection.execute(query.limit(limit)).mappings()]


def unseen(store: Store) -> list[Recorded]:
    """The entries whose verdict nobody has read yet, oldest first."""
    query = select(*_COLUMNS).where(~col(OutboxEntry.is_seen))
    return [_recorded(row) for row in store.connection.execute(query.order_by(col(OutboxEntry.n))).mappings()]


def mark_seen(store: Store) -> None:
    """Somebody has read the verdicts."""
    with store.transaction() as connection:
        connection.execute(update(OutboxEntry).where(~col(OutboxEntry.is_seen)).values(is_seen=True))


def all_waiting(store: Store, incarnation: str) -> list[str]:
    """Every unanswered envelope of an incarnation, however many."""
    query = (
        select(col(OutboxEntry.envelope))
        .where(col(OutboxEntry.incarnation) == incarnation, col(OutboxEntry.is_waiting))
        .order_by(col(OutboxEntry.n))
    )
    return list(store.connection.execute(query).scalars())


def incarnations(store: Store) -> list[str]:
    """The incarnations under which something waits."""
    query = select(col(OutboxEntry.incarnation)).where(col(OutboxEntry.is_waiting)).distinct()
    return list(store.connection.execute(query).scalars())


def log_scan(
    store: Store, text: str, problem: str, event_time_us: int, station_id: str | None, worker_id: str | None
) -> None:
    """Keep a code that became no command."""
    values = {
        "text": text[:500],
        "problem": problem,
        "event_time_us": event_time_us,
        "station_id": station_id,
        "worker_id": worker_id,
    }
    with store.transaction() as connection:
        connection.execute(insert(ScanLogEntry).values(values))


def _recorded(row: object) -> Recorded:
    entry = OutboxEntry.model_validate(row)
    verdict = Verdict.model_validate_json(entry.verdict) if entry.verdict else None
    envelope = Envelope.model_validate(json.loads(entry.envelope))
    return Recorded(entry.n, envelope, OUTCOME.validate_json(entry.outcome), verdict, entry.is_seen)


def _gist(verdict: Verdict) -> tuple[VerdictStatus, str]:
    return verdict.status, verdict.code


def _is_surprising(verdict: Verdict, shown: Outcome) -> bool:
    """Whether the person believes something else: a refusal or a hold that was not shown as one."""
    return verdict.status in _REFUSED and verdict.code != shown.code


def _has_reached(cursor: Cursor | None, needed: Cursor) -> bool:
    if cursor is None or cursor.epoch != needed.epoch:
        # Another epoch's pages were taken whole, and a scope that is gone hides nothing.
        return cursor is None or cursor.epoch > needed.epoch
    return cursor.sequence >= needed.sequence
