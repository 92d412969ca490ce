"""The outbox: what people did, numbered, chained, and durable before anybody is told.

Nothing unanswered is ever deleted; what was answered stays for two months (`answered.py`).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pydantic import TypeAdapter
from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlmodel import col

from mobile.outcome import Outcome, Waiting
from mobile.store import statements
from mobile.store.database import Store
from mobile.store.statements import is_one_of
from mobile.store.tables import OutboxEntry
from shared.canonical import canonical_json, sha256_hex
from shared.schemas.commands import CloseCall, Command, ResolveConflict
from shared.schemas.identifiers import OUTBOX_BATCH_BYTES_MAX, OUTBOX_BATCH_MAX
from shared.schemas.quality import Resolution
from shared.schemas.sync import FIRST_PREVIOUS_HASH, Envelope, Verdict
from shared.schemas.upcast import read_command

OUTCOME: TypeAdapter[Outcome] = TypeAdapter(Outcome)
TABLE = cast("Table", cast("Any", OutboxEntry).__table__)
_COLUMNS = tuple(col(getattr(OutboxEntry, name)) for name in OutboxEntry.model_fields)
ONE = (TABLE.c.incarnation == bindparam("of_incarnation"), TABLE.c.n == bindparam("of_n"))
"""The entry of this incarnation and number."""

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
_DONE_ABOUT = (
    select(col(OutboxEntry.envelope), col(OutboxEntry.is_waiting))
    .where(
        is_one_of(col(OutboxEntry.piece_id), "ids"),
        col(OutboxEntry.is_overlaid),
        func.json_extract(col(OutboxEntry.envelope), "$.command.type") == bindparam("type"),
    )
    .order_by(col(OutboxEntry.event_time_us), col(OutboxEntry.n))
)
_PUT_ON_RACK = select(col(OutboxEntry.piece_id)).where(
    col(OutboxEntry.is_overlaid),
    col(OutboxEntry.piece_id).is_not(None),
    func.json_extract(col(OutboxEntry.envelope), "$.command.type") == "bind_piece",
    func.json_extract(col(OutboxEntry.envelope), "$.command.rack_id") == bindparam("rack_id"),
)
_UNANSWERED = (
    select(col(OutboxEntry.envelope))
    .where(col(OutboxEntry.incarnation) == bindparam("incarnation"), col(OutboxEntry.is_waiting))
    .order_by(col(OutboxEntry.n))
)
_NEXT = _UNANSWERED.limit(OUTBOX_BATCH_MAX)
_ENVELOPE = select(TABLE.c.envelope).where(*ONE)
_OF_NUMBERS = select(TABLE.c.n, TABLE.c.envelope).where(
    TABLE.c.incarnation == bindparam("incarnation"), is_one_of(TABLE.c.n, "numbers")
)
_GIVEN = ("incarnation", "n", "envelope", "piece_id", "event_time_us", "is_repeat", "is_overlaid", "is_shown")
_APPEND = insert(TABLE).values(is_waiting=True, is_seen=True, outcome="", **{name: bindparam(name) for name in _GIVEN})
_SEE = update(TABLE).where(*ONE).values(is_seen=True)
_SHOW = update(TABLE).where(*ONE).values(outcome=bindparam("outcome"))
_WAITING = select(
    func.count().filter(~col(OutboxEntry.is_repeat)),
    func.count().filter(col(OutboxEntry.is_repeat)),
    func.min(col(OutboxEntry.event_time_us)),
).where(col(OutboxEntry.is_waiting), col(OutboxEntry.is_shown))
_LATEST = (
    select(*_COLUMNS)
    .where(col(OutboxEntry.is_shown))
    .order_by(col(OutboxEntry.event_time_us).desc(), col(OutboxEntry.n).desc())
    .limit(bindparam("most"))
)
_UNSEEN = select(*_COLUMNS).where(~col(OutboxEntry.is_seen)).order_by(col(OutboxEntry.n))
_ANY_WAITING = _UNANSWERED.with_only_columns(col(OutboxEntry.n)).limit(1)
_INCARNATIONS = select(col(OutboxEntry.incarnation)).where(col(OutboxEntry.is_waiting)).distinct()


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
    found = statements.row(store, _LAST, {"incarnation": incarnation})
    n = found[0] + 1 if found else 1
    previous = sha256_hex(found[1].encode()) if found else FIRST_PREVIOUS_HASH
    numbered = envelope.model_copy(update={"n": n, "prev_hash": previous})
    values = {
        "incarnation": incarnation,
        "n": n,
        "envelope": canonical_json(numbered.model_dump(mode="json")).decode(),
        "piece_id": piece_id,
        "event_time_us": envelope.event_time_us,
        "is_repeat": is_repeat,
        "is_overlaid": piece_id is not None,
        "is_shown": is_shown,
    }
    statements.run(store, _APPEND, values)
    return n


def show(store: Store, incarnation: str, n: int, outcome: Outcome) -> None:
    """Keep what the person is about to be shown."""
    text = OUTCOME.dump_json(outcome).decode()
    statements.run(store, _SHOW, {"of_incarnation": incarnation, "of_n": n, "outcome": text})


def may_be_ours(store: Store, incarnation: str, n: int, digest: str) -> bool:
    """Whether we may have recorded the command of this number and hash; what we have forgotten we may."""
    newest = statements.row(store, _LAST, {"incarnation": incarnation})
    if newest is not None and newest[0] < n:
        return False
    text = statements.value(store, _ENVELOPE, {"of_incarnation": incarnation, "of_n": n})
    return not digest or text is None or sha256_hex(text.encode()) == digest


def hashes(store: Store, incarnation: str, numbers: Sequence[int]) -> dict[int, str]:
    """The SHA-256 of what was recorded under these numbers, as far as it is still here."""
    found = statements.rows(store, _OF_NUMBERS, {"incarnation": incarnation, "numbers": json.dumps(numbers)})
    return {n: sha256_hex(text.encode()) for n, text in found}


def overlaid(store: Store, piece_id: str) -> list[Envelope]:
    """The commands on this piece whose effect the mirror does not show yet, in the order they were recorded."""
    found = statements.column(store, _OVERLAID, {"piece_id": piece_id})
    return [Envelope.model_validate_json(text) for text in found]


def decided(store: Store, piece_ids: Iterable[str]) -> dict[str, tuple[Resolution, bool]]:
    """By conflict: what was decided here about these pieces and the mirror does not show yet; whether it is sent."""
    found: dict[str, tuple[Resolution, bool]] = {}
    for command, is_sent in _done_about(store, "resolve_conflict", piece_ids):
        assert isinstance(command, ResolveConflict), "the query asks for nothing else"
        found.setdefault(command.conflict_id, (command.resolution, is_sent))
    return found


def closed(store: Store, call_ids: Iterable[str]) -> dict[str, bool]:
    """Which of these calls were closed here, while the mirror still has them open, and whether that is sent."""
    found: dict[str, bool] = {}
    for command, is_sent in _done_about(store, "close_call", call_ids):
        assert isinstance(command, CloseCall), "the query asks for nothing else"
        found.setdefault(command.call_id, is_sent)
    return found


def put_on_rack(store: Store, rack_id: str) -> list[str]:
    """The ids of the pieces that were put on this rack here, while the mirror does not show it yet."""
    return statements.column(store, _PUT_ON_RACK, {"rack_id": rack_id})


def batch(store: Store, incarnation: str) -> list[str]:
    """The envelopes to send next, as their canonical JSON: the unanswered ones, as many as one push takes."""
    return next(batches(statements.column(store, _NEXT, {"incarnation": incarnation})), list[str]())


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


def waiting(store: Store) -> Waiting:
    """What the server has not answered yet."""
    found = statements.row(store, _WAITING)
    assert found is not None, "a count always has a row"
    return Waiting(*found)


def latest(store: Store, limit: int) -> list[Recorded]:
    """The newest entries, newest first."""
    return [_recorded(row) for row in statements.named_rows(store, _LATEST, {"most": limit})]


def unseen(store: Store) -> list[Recorded]:
    """The entries whose verdict nobody has read yet, oldest first."""
    return [_recorded(row) for row in statements.named_rows(store, _UNSEEN)]


def mark_seen(store: Store, incarnation: str, n: int) -> None:
    """Somebody has read the verdict of this entry; in the caller's transaction."""
    statements.run(store, _SEE, {"of_incarnation": incarnation, "of_n": n})


def all_waiting(store: Store, incarnation: str) -> list[str]:
    """Every unanswered envelope of an incarnation, however many."""
    return statements.column(store, _UNANSWERED, {"incarnation": incarnation})


def has_waiting(store: Store, incarnation: str) -> bool:
    """Whether anything recorded under this incarnation has no answer yet."""
    return statements.row(store, _ANY_WAITING, {"incarnation": incarnation}) is not None


def incarnations(store: Store) -> list[str]:
    """The incarnations under which something waits."""
    return statements.column(store, _INCARNATIONS)


def _done_about(store: Store, kind: str, ids: Iterable[str]) -> Iterator[tuple[Command, bool]]:
    """The commands of this type about these that the mirror does not show yet, and whether each is sent."""
    asked = {"type": kind, "ids": json.dumps(list(ids))}
    for text, is_waiting in statements.rows(store, _DONE_ABOUT, asked):
        yield read_command(Envelope.model_validate_json(text).command), not is_waiting


def _recorded(row: object) -> Recorded:
    entry = OutboxEntry.model_validate(row)
    verdict = Verdict.model_validate_json(entry.verdict) if entry.verdict else None
    envelope = Envelope.model_validate(json.loads(entry.envelope))
    return Recorded(entry.incarnation, entry.n, envelope, OUTCOME.validate_json(entry.outcome), verdict, entry.is_seen)
