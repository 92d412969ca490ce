"""What a device has not seen: the feed keeps the last version of every row of a scope, in the order of change.

A changed row moves to its scope's new head, so a pull from 0 is a snapshot, and it can be resumed at any page. A row
that leaves a scope leaves a tombstone there until the horizon passes it; an older cursor than that starts anew.
The scopes' counters are locked last in the transaction: sequences have no gaps and follow the order of commits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from shared.canonical import checksum_hex, row_checksum, sha256_hex
from shared.schemas.entities import ENTITY_NAMES, Entity
from shared.schemas.sync import Cursor, FeedRow, RowOp, ScopePage
from sync_server.scopes import body_of
from sync_server.storage.bulk import insert_all, insert_missing, select_by, update_all
from sync_server.storage.columns import built
from sync_server.tables import FeedEntry, ScopeHead, table_of

_FEED = table_of(FeedEntry)
_HEADS = table_of(ScopeHead)
_FORMER = (_FEED.c.entity_id, _FEED.c.rev, _FEED.c.row_hash, _FEED.c.op)
_SENT = (
    _FEED.c.sequence,
    _FEED.c.op,
    _FEED.c.entity,
    _FEED.c.entity_id,
    _FEED.c.rev,
    _FEED.c.row_hash,
    _FEED.c.body,
)
_SENT_NAMES = tuple(FeedRow.model_fields)
"""The fields of a `FeedRow`, in the order of `_SENT`."""

_OPS = {op.value: op for op in RowOp}
_HEAD = (_HEADS.c.scope, _HEADS.c.epoch, _HEADS.c.head, _HEADS.c.checksum)
_HORIZON = (_HEADS.c.scope, _HEADS.c.epoch, _HEADS.c.horizon)
_PAGE = (
    select(*_SENT)
    .where(
        _FEED.c.scope == bindparam("scope"),
        _FEED.c.sequence > bindparam("start"),
        _FEED.c.sequence <= bindparam("head"),
    )
    .order_by(_FEED.c.sequence)
    .limit(bindparam("limit"))
)

Entry = dict[str, Any]
"""The values of a `FeedEntry`."""

BURIED_MAX = 20_000
"""Rows that one run of the housekeeping buries; the rest follow the next day."""

LEFT_SCOPE = "left_scope"
"""Why a tombstone stands there: the row lives on, but not in this scope."""


@dataclass(frozen=True)
class FeedChange:
    """A row that changed, and the scope in which it travels, or which it has left."""

    scope: str
    row: Entity
    is_removed: bool = False


@dataclass(frozen=True)
class Former:
    """A row's version in a scope before this transaction."""

    scope: str
    entity: str
    row_id: str
    rev: int
    row_hash: str
    op: str


@dataclass
class Head:
    """A scope's counter, locked until the transaction ends; `total` is the checksum as a number."""

    scope: str
    epoch: int
    head: int
    total: int


Key = tuple[str, str, str]
"""A scope, an entity's name and a row's id."""


def former_versions(session: Session, changes: Iterable[FeedChange]) -> dict[Key, Former]:
    """The versions of these rows that stand in their scopes, locked."""
    ids: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        ids.setdefault((change.scope, ENTITY_NAMES[type(change.row)]), []).append(change.row.id)
    found: dict[Key, Former] = {}
    for (scope, entity), wanted in sorted(ids.items()):
        here = {"scope": scope, "entity": entity}
        for row in select_by(session, _FORMER, _FEED.c.entity_id, wanted, here, is_locking=True):
            found[scope, entity, row[0]] = Former(scope, entity, *row)
    return found


def lock_heads(session: Session, scopes: Iterable[str], epoch: int) -> dict[str, Head]:
    """The counters of these scopes, locked in ascending order until the transaction ends; missing ones are made."""
    wanted = sorted(set(scopes))
    heads = _locked(session, wanted)
    missing = [scope for scope in wanted if scope not in heads]
    if missing:
        fresh = [
            {"scope": scope, "epoch": epoch, "head": 0, "checksum": checksum_hex(0), "horizon": 0} for scope in missing
        ]
        insert_missing(session, _HEADS, fresh)
        heads = _locked(session, wanted)
    return heads


def place(
    heads: Mapping[str, Head],
    changes: Sequence[FeedChange],
    before: Mapping[Key, Former],
    record_time_us: int,
) -> list[Entry]:
    """The changes as entries at the heads of their scopes, which move on, as do the scopes' checksums."""
    for former in before.values():
        if former.op == RowOp.PUT:
            share = row_checksum(former.entity, former.row_id, former.rev, former.row_hash)
            heads[former.scope].total -= share
    entries: list[Entry] = []
    for change in sorted(changes, key=lambda c: c.scope):
        head = heads[change.scope]
        head.head += 1
        entry: Entry = _entry(change) | {"sequence": head.head, "record_time_us": record_time_us}
        if not change.is_removed:
            head.total += row_checksum(entry["entity"], entry["entity_id"], entry["rev"], entry["row_hash"])
        entries.append(entry)
    return entries


def write(session: Session, heads: Mapping[str, Head], entries: Iterable[Entry], before: Mapping[Key, Former]) -> None:
    """Writes entries where they stand for the first time, over those that stood there before, and the heads."""
    fresh: list[Entry] = []
    moved: list[Entry] = []
    for entry in entries:
        is_known = (entry["scope"], entry["entity"], entry["entity_id"]) in before
        (moved if is_known else fresh).append(entry)
    insert_all(session, _FEED, fresh)
    update_all(session, _FEED, moved, {"scope": "scope", "entity": "entity", "entity_id": "entity_id"})
    reached = [
        {"scope": head.scope, "head": head.head, "checksum": checksum_hex(head.total)} for head in heads.values()
    ]
    update_all(session, _HEADS, reached, {"scope": "scope"})


def read_pages(session: Session, after: Mapping[str, Cursor], limit: int, epoch: int) -> list[ScopePage]:
    """The next rows of these scopes after their cursors, `limit` of them and at least one a scope where there are any.

    A scope begins from the start where its cursor is of another epoch.
    """
    heads = {row[0]: row for row in select_by(session, _HEAD, _HEADS.c.scope, list(after))}
    pages: list[ScopePage] = []
    for scope, cursor in after.items():
        head = heads.get(scope, (scope, epoch, 0, checksum_hex(0)))
        pages.append(_page(session, head, cursor, limit))
        limit = max(1, limit - len(pages[-1].rows))
    return pages


def _page(session: Session, head: Sequence[Any], after: Cursor, limit: int) -> ScopePage:
    scope, epoch, last, checksum = head
    is_reset = after.epoch != epoch and after.sequence > 0
    start = 0 if after.epoch != epoch else after.sequence
    asked = {"scope": scope, "start": start, "head": last, "limit": limit + 1}
    found = session.connection().execute(_PAGE, asked).all() if start < last else ()
    has_more = len(found) > limit
    rows = [_as_row(entry) for entry in found[:limit]]
    return ScopePage(
        scope=scope,
        rows=rows,
        next=Cursor(epoch=epoch, sequence=rows[-1].sequence if has_more else last),
        head=last,
        checksum=checksum,
        has_more=has_more,
        is_reset=is_reset,
    )


def expired(session: Session, cursors: Mapping[str, Cursor]) -> list[str]:
    """The scopes whose cursor is older than the horizon: what was removed since then is no longer known."""
    found = select_by(session, _HORIZON, _HEADS.c.scope, cursors.keys())
    return sorted(
        scope
        for scope, epoch, horizon in found
        if cursors[scope].epoch == epoch and 0 < cursors[scope].sequence < horizon
    )


def compact(session: Session, before_us: int) -> int:
    """Forgets tombstones that were written before this time, and moves the horizon past them; how many they were."""
    old = (_FEED.c.op == RowOp.REMOVE.value, _FEED.c.record_time_us < before_us)
    gone = session.execute(delete(_FEED).where(*old).returning(_FEED.c.scope, _FEED.c.sequence)).all()
    horizons: dict[str, int] = {}
    for scope, sequence in gone:
        horizons[scope] = max(horizons.get(scope, 0), sequence)
    for scope in sorted(horizons):
        moved = update(_HEADS).where(_HEADS.c.scope == scope, _HEADS.c.horizon < horizons[scope])
        session.execute(moved.values(horizon=horizons[scope]))
    return len(gone)


def bury(session: Session, entity: str, before_us: int, epoch: int, now_us: int) -> int:
    """Turns rows of this kind that were written before this time into tombstones; how many they were."""
    old = (_FEED.c.entity == entity, _FEED.c.op == RowOp.PUT.value, _FEED.c.record_time_us < before_us)
    found = session.execute(select(_FEED).where(*old).order_by(_FEED.c.sequence).limit(BURIED_MAX)).mappings().all()
    heads = lock_heads(session, {row["scope"] for row in found}, epoch)
    buried: list[Entry] = []
    known: dict[Key, Former] = {}
    for row in found:
        head = heads[row["scope"]]
        head.head += 1
        head.total -= row_checksum(row["entity"], row["entity_id"], row["rev"], row["row_hash"])
        gone = {"op": RowOp.REMOVE.value, "row_hash": "", "body": LEFT_SCOPE, "record_time_us": now_us}
        buried.append({**row, **gone, "sequence": head.head})
        key = (row["scope"], row["entity"], row["entity_id"])
        known[key] = Former(*key, row["rev"], row["row_hash"], row["op"])
    write(session, heads, buried, known)
    return len(found)


def heads_of(session: Session, scopes: Iterable[str]) -> dict[str, Cursor]:
    """How far each of these scopes is."""
    found = select_by(session, _HEAD, _HEADS.c.scope, list(scopes))
    return {scope: Cursor(epoch=epoch, sequence=head) for scope, epoch, head, _ in found}


def _locked(session: Session, scopes: Sequence[str]) -> dict[str, Head]:
    found = select_by(session, _HEAD, _HEADS.c.scope, scopes, is_locking=True)
    return {row[0]: Head(row[0], row[1], row[2], int(row[3], 16)) for row in found}


def _entry(change: FeedChange) -> Entry:
    """The values of a `FeedEntry` but for its sequence, which is given under the scope's lock."""
    body = LEFT_SCOPE if change.is_removed else body_of(change.row)
    return {
        "scope": change.scope,
        "entity": ENTITY_NAMES[type(change.row)],
        "entity_id": change.row.id,
        "op": (RowOp.REMOVE if change.is_removed else RowOp.PUT).value,
        "rev": change.row.rev,
        "row_hash": "" if change.is_removed else sha256_hex(body.encode()),
        "body": body,
    }


def _as_row(entry: Sequence[Any]) -> FeedRow:
    values = dict(zip(_SENT_NAMES, entry, strict=True))
    values["op"] = _OPS[values["op"]]
    return built(FeedRow, values)
