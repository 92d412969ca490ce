"""The outbox: what people did, numbered, chained, and durable before anybody is told.

Nothing unanswered is ever deleted; what was answered stays for two months.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from pydantic import TypeAdapter
from sqlalchemy import Table, bindparam, delete, func, insert, literal_column, select, tuple_, update
from sqlmodel import col

from mobile.outcome import Outcome, Waiting
from mobile.store.bulk import execute_many, is_one_of
from mobile.store.database import Store
from mobile.store.pages import reached
from mobile.store.tables import OutboxEntry, ScanLogEntry
from shared.canonical import canonical_json, sha256_hex
from shared.schemas.identifiers import DAY_US, OUTBOX_BATCH_BYTES_MAX, OUTBOX_BATCH_MAX
from shared.schemas.sync import (
    FIRST_PREVIOUS_HASH,
    WITHOUT_EFFECT,
    Cursor,
    Envelope,
    Verdict,
    VerdictStatus,
)

OUTCOME: TypeAdapter[Outcome] = TypeAdapter(Outcome)
KEPT_US = 60 * DAY_US
"""An answered command stays this long by the server's clock, so that a server that was restored can ask for it again:
a factory closes for a month. An unverified figure of the design."""

_COLUMNS = tuple(col(getattr(OutboxEntry, name)) for name in OutboxEntry.model_fields)

_TABLE = cast("Table", cast("Any", OutboxEntry).__table__)
_ONE = (_TABLE.c.incarnation == bindparam("of_incarnation"), _TABLE.c.n == bindparam("of_n"))
_ANSWER = (
    update(_TABLE)
    .where(*_ONE)
    .values({n: bindparam(n) for n in ("verdict", "is_waiting", "is_overlaid", "is_seen", "answered_at_us")})
)
_LAST = (
    select(col(OutboxEntry.n), col(OutboxEntry.envelope))
    .where(col(OutboxEntry.incarnation) == bindparam("incarnation"))
    .order_by(col(OutboxEntry.n).desc())
    .limit(1)
)
_OVERLAID = (
    select(col(OutboxEntry.envelope))
    .where(col(OutboxEntry.piece_id) == bindparam("piece_id"), col(OutboxEntry.is_overlaid))
    .order_by(col(OutboxEntry.event_time_us), col(OutboxEntry.n))
)
_UNANSWERED = (
    select(col(OutboxEntry.envelope))
    .where(col(OutboxEntry.incarnation) == bindparam("incarnation"), col(OutboxEntry.is_waiting))
    .order_by(col(OutboxEntry.n))
)
_ANSWERED_AND_OVERLAID = select(col(OutboxEntry.incarnation), col(OutboxEntry.n), col(OutboxEntry.verdict)).where(
    col(OutboxEntry.is_overlaid), ~col(OutboxEntry.is_waiting), col(OutboxEntry.verdict).is_not(None)
)
_NEWEST = (
    select(col(OutboxEntry.incarnation), func.max(col(OutboxEntry.n))).group_by(col(OutboxEntry.incarnation)).subquery()
)
_FORGET = delete(OutboxEntry).where(
    ~col(OutboxEntry.is_waiting),
    ~col(OutboxEntry.is_overlaid),
    col(OutboxEntry.is_seen),
    col(OutboxEntry.answered_at_us) < bindparam("before_us"),
    ~tuple_(col(OutboxEntry.incarnation), col(OutboxEntry.n)).in_(select(_NEWEST)),
)
_NEXT = _UNANSWERED.limit(OUTBOX_BATCH_MAX)
_APPEND = insert(_TABLE)
_SHOW = update(_TABLE).where(*_ONE).values(outcome=bindparam("outcome"))
_DROP = update(_TABLE).where(*_ONE).values(is_overlaid=literal_column("0"))


class _Answerable(NamedTuple):
    """What is read of an entry that the server has answered, and written back."""

    verdict: str | None
    is_waiting: bool
    is_overlaid: bool
    is_seen: bool
    is_shown: bool
    outcome: str


_ANSWERABLE = select(_TABLE.c.n, *(_TABLE.c[name] for name in _Answerable._fields)).where(
    _TABLE.c.incarnation == bindparam("incarnation"), is_one_of(_TABLE.c.n, "numbers")
)


@dataclass(frozen=True)
class Recorded:
    """An entry of the outbox as it is read back."""

    incarnation: str
    n: int
    envelope: Envelope
    outcome: Outcome
    verdict: Verdict | None
    is_seen: bool


def append(
    store: Store,
    incarnation: str,
    envelope: Envelope,
    piece_id: str | None,
    *,
    is_repeat: bool = False,
    is_shown: bool = True,
) -> int:
    """Number, chain and keep a command, in the caller's transaction; `n` and `prev_hash` of `envelope` are set here.

    The outcome is set by `show`, in the same transaction, where it is one that somebody is shown.
    """
    found = store.connection.execute(_LAST, {"incarnation": incarnation}).one_or_none()
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
        "is_overlaid": piece_id is not None,
        "outcome": "",
        "is_shown": is_shown,
        "is_seen": True,
    }
    store.connection.execute(_APPEND, values)
    return n


def show(store: Store, incarnation: str, n: int, outcome: Outcome) -> None:
    """Keep what the person is about to be shown."""
    text = OUTCOME.dump_json(outcome).decode()
    store.connection.execute(_SHOW, {"of_incarnation": incarnation, "of_n": n, "outcome": text})


def overlaid(store: Store, piece_id: str) -> list[Envelope]:
    """The commands on this piece whose effect the mirror does not show yet, in the order they were recorded."""
    found = store.connection.execute(_OVERLAID, {"piece_id": piece_id}).scalars()
    return [Envelope.model_validate_json(text) for text in found]


def batch(store: Store, incarnation: str) -> list[str]:
    """The envelopes to send next, as their canonical JSON: the unanswered ones, as many as one push takes."""
    return next(batches(store.connection.execute(_NEXT, {"incarnation": incarnation}).scalars()), list[str]())


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
    values = {"is_waiting": True, "is_overlaid": col(OutboxEntry.piece_id).is_not(None)}
    store.connection.execute(update(OutboxEntry).where(*here).values(values))


def take_verdicts(store: Store, incarnation: str, verdicts: Sequence[Verdict]) -> bool:
    """Keep what the server said; whether anything was new. In the caller's transaction."""
    entries = _answerable(store, incarnation, [verdict.n for verdict in verdicts])
    taken: list[dict[str, Any]] = []
    has_news = False
    for verdict in verdicts:
        found = entries.get(verdict.n)
        if found is None:
            continue
        text = verdict.model_dump_json()
        if found.verdict == text and not found.is_waiting:
            continue
        is_new = found.verdict is None or _gist(Verdict.model_validate_json(found.verdict)) != _gist(verdict)
        entries[verdict.n] = found = _Answerable(
            verdict=text,
            is_waiting=False,
            is_overlaid=found.is_overlaid and verdict.status not in WITHOUT_EFFECT,
            is_seen=(not found.is_shown or not _is_surprising(verdict, found.outcome)) if is_new else found.is_seen,
            is_shown=found.is_shown,
            outcome=found.outcome,
        )
        key = {"of_incarnation": incarnation, "of_n": verdict.n, "answered_at_us": verdict.record_time_us}
        taken.append(found._asdict() | key)
        has_news |= is_new
    execute_many(store, _ANSWER, taken)
    return has_news


def drop_visible(store: Store) -> None:
    """Take out of the overlay what the mirror shows by now; call it in the transaction that moved the cursors."""
    shown = reached(store)
    visible: list[dict[str, Any]] = []
    for incarnation, n, text in store.connection.execute(_ANSWERED_AND_OVERLAID):
        assert text is not None, "the query asks for verdicts only"
        needed = Verdict.model_validate_json(text).visible_at
        if all(scope not in shown or _has_reached(shown[scope], cursor) for scope, cursor in needed.items()):
            visible.append({"of_incarnation": incarnation, "of_n": n})
    execute_many(store, _DROP, visible)


def waiting(store: Store) -> Waiting:
    """What the server has not answered yet."""
    query = select(
        func.count().filter(~col(OutboxEntry.is_repeat)),
        func.count().filter(col(OutboxEntry.is_repeat)),
        func.min(col(OutboxEntry.event_time_us)),
    ).where(col(OutboxEntry.is_waiting), col(OutboxEntry.is_shown))
    effects, repeats, oldest_us = store.connection.execute(query).one()
    return Waiting(effects, repeats, oldest_us)


def latest(store: Store, limit: int) -> list[Recorded]:
    """The newest entries, newest first."""
    query = (
        select(*_COLUMNS)
        .where(col(OutboxEntry.is_shown))
        .order_by(col(OutboxEntry.event_time_us).desc(), col(OutboxEntry.n).desc())
    )
    return [_recorded(row) for row in store.connection.execute(query.limit(limit)).mappings()]


def unseen(store: Store) -> list[Recorded]:
    """The entries whose verdict nobody has read yet, oldest first."""
    query = select(*_COLUMNS).where(~col(OutboxEntry.is_seen))
    return [_recorded(row) for row in store.connection.execute(query.order_by(col(OutboxEntry.n))).mappings()]


def mark_seen(store: Store) -> None:
    """Somebody has read the verdicts."""
    with store.transaction() as connection:
        connection.execute(update(OutboxEntry).where(~col(OutboxEntry.is_seen)).values(is_seen=True))


def forget_old(store: Store, server_time_us: int) -> None:
    """Lets go of what was answered `KEPT_US` ago by the server's clock and what nobody waits for any more.

    The newest entry of an incarnation stays: the next one is numbered and chained after it.
    """
    store.connection.execute(_FORGET, {"before_us": server_time_us - KEPT_US})


def all_waiting(store: Store, incarnation: str) -> list[str]:
    """Every unanswered envelope of an incarnation, however many."""
    return list(store.connection.execute(_UNANSWERED, {"incarnation": incarnation}).scalars())


def has_waiting(store: Store, incarnation: str) -> bool:
    """Whether anything recorded under this incarnation has no answer yet."""
    query = select(col(OutboxEntry.n)).where(col(OutboxEntry.incarnation) == incarnation, col(OutboxEntry.is_waiting))
    return store.connection.execute(query.limit(1)).scalar_one_or_none() is not None


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
    return Recorded(entry.incarnation, entry.n, envelope, OUTCOME.validate_json(entry.outcome), verdict, entry.is_seen)


def _answerable(store: Store, incarnation: str, numbers: Sequence[int]) -> dict[int, _Answerable]:
    asked = {"incarnation": incarnation, "numbers": json.dumps(numbers)}
    return {row[0]: _Answerable._make(row[1:]) for row in store.connection.execute(_ANSWERABLE, asked)}


def _gist(verdict: Verdict) -> tuple[VerdictStatus, str]:
    return verdict.status, verdict.code


def _is_surprising(verdict: Verdict, outcome: str) -> bool:
    """Whether the person believes something else: a refusal or a hold that was not shown as one."""
    return verdict.status in WITHOUT_EFFECT and verdict.code != OUTCOME.validate_json(outcome).code


def _has_reached(cursor: Cursor | None, needed: Cursor) -> bool:
    """Whether what the mirror shows of this scope is of that instant or later; a later epoch's copy was built whole."""
    if cursor is None:
        return False
    return (cursor.epoch, cursor.sequence) >= (needed.epoch, needed.sequence)
