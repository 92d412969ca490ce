"""What the feed forgets: tombstones that every device has seen, and rows that nobody needs any more."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from shared.canonical import row_checksum
from shared.schemas.sync import RowOp
from sync_server.feed.writing import LEFT_SCOPE, Entry, Former, Key, lock_heads, write
from sync_server.tables import FeedEntry, ScopeHead, table_of

_FEED = table_of(FeedEntry)
_HEADS = table_of(ScopeHead)
BURIED_MAX = 20_000
"""Rows that one run of the housekeeping buries; the rest follow the next day."""


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
