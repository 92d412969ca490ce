"""A row that changed moves to its scope's head, which is locked until the transaction ends."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from shared.canonical import checksum_hex, row_checksum, sha256_hex
from shared.schemas.entities import ENTITY_NAMES, Entity
from shared.schemas.sync import RowOp
from sync_server.scopes import body_of
from sync_server.storage.bulk import insert_all, insert_missing, select_by, update_all
from sync_server.tables import FeedEntry, ScopeHead, table_of

_FEED = table_of(FeedEntry)

_HEADS = table_of(ScopeHead)

_FORMER = (_FEED.c.entity_id, _FEED.c.rev, _FEED.c.row_hash, _FEED.c.op)

_HEAD = (_HEADS.c.scope, _HEADS.c.epoch, _HEADS.c.head, _HEADS.c.checksum)

Entry = dict[str, Any]
"""The values of a `FeedEntry`."""

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
