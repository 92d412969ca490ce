"""What a device has not seen: the feed keeps the last version of every row of a scope, in the order of change.

A changed row moves to its scope's new head, so a pull from 0 is a snapshot, and it can be resumed at any page.
The scope's counter row is locked last in the transaction: sequences have no gaps and follow the order of commits.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.canonical import checksum_hex, row_checksum, sha256_hex
from shared.schemas.entities import ENTITY_NAMES, Entity
from shared.schemas.sync import Cursor, FeedRow, RowOp, ScopePage
from sync_server.rows import IDS_A_QUERY, batched
from sync_server.scopes import body_of
from sync_server.tables import FeedEntry, ScopeHead

_FEED = cast("Table", cast("Any", FeedEntry).__table__)


@dataclass(frozen=True)
class FeedPut:
    """A row that changed, and the scope in which it travels."""

    scope: str
    row: Entity


def publish(session: Session, puts: Iterable[FeedPut], touched: Iterable[str], epoch: int) -> dict[str, Cursor]:
    """Writes the rows into their scopes and gives the head of each of them, and of each touched one; call it last."""
    by_scope: dict[str, dict[tuple[str, str], Entity]] = {scope: {} for scope in touched}
    for put in puts:
        by_scope.setdefault(put.scope, {})[ENTITY_NAMES[type(put.row)], put.row.id] = put.row
    return {scope: _publish_scope(session, scope, by_scope[scope], epoch) for scope in sorted(by_scope)}


def read_page(session: Session, scope: str, after: Cursor, limit: int, epoch: int) -> ScopePage:
    """The next rows of a scope after this cursor; from the start where the cursor is of another epoch."""
    head = session.get(ScopeHead, scope)
    if head is None:
        return ScopePage(scope=scope, next=Cursor(epoch=epoch), head=0, checksum=checksum_hex(0))
    is_reset = after.epoch != head.epoch and after.sequence > 0
    start = 0 if after.epoch != head.epoch else after.sequence
    query = select(FeedEntry).where(col(FeedEntry.scope) == scope, col(FeedEntry.sequence) > start)
    found = session.execute(query.order_by(col(FeedEntry.sequence)).limit(limit + 1)).scalars().all()
    has_more = len(found) > limit
    rows = [_as_row(entry) for entry in found[:limit]]
    reached = rows[-1].sequence if has_more else head.head
    return ScopePage(
        scope=scope,
        rows=rows,
        next=Cursor(epoch=head.epoch, sequence=reached),
        head=head.head,
        checksum=head.checksum,
        has_more=has_more,
        is_reset=is_reset,
    )


def _publish_scope(session: Session, scope: str, rows: dict[tuple[str, str], Entity], epoch: int) -> Cursor:
    before = _replaced(session, scope, rows)
    entries = [_entry(scope, entity, row) for (entity, _), row in rows.items()]
    head = _locked_head(session, scope, epoch)
    total = int(head.checksum, 16)
    total -= sum(row_checksum(entity, row_id, rev, row_hash) for entity, row_id, rev, row_hash in before)
    for entry in entries:
        head.head += 1
        entry["sequence"] = head.head
        total += row_checksum(entry["entity"], entry["entity_id"], entry["rev"], entry["row_hash"])
    head.checksum = checksum_hex(total)
    if entries:
        session.execute(insert(_FEED), entries)
    session.flush()
    return Cursor(epoch=head.epoch, sequence=head.head)


def _replaced(session: Session, scope: str, rows: dict[tuple[str, str], Entity]) -> list[tuple[str, str, int, str]]:
    """Takes the rows' former versions out of the scope and gives them back."""
    ids: dict[str, list[str]] = {}
    for entity, row_id in rows:
        ids.setdefault(entity, []).append(row_id)
    found: list[tuple[str, str, int, str]] = []
    for entity, wanted in ids.items():
        for chunk in batched(wanted, IDS_A_QUERY):
            here = (
                col(FeedEntry.scope) == scope,
                col(FeedEntry.entity) == entity,
                col(FeedEntry.entity_id).in_(chunk),
            )
            query = select(col(FeedEntry.entity_id), col(FeedEntry.rev), col(FeedEntry.row_hash)).where(*here)
            found += [(entity, row_id, rev, row_hash) for row_id, rev, row_hash in session.execute(query)]
            session.execute(delete(FeedEntry).where(*here).execution_options(synchronize_session=False))
    return found


def _locked_head(session: Session, scope: str, epoch: int) -> ScopeHead:
    query = select(ScopeHead).where(col(ScopeHead.scope) == scope).with_for_update()
    head = session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if head is None:
        head = ScopeHead(scope=scope, epoch=epoch, head=0, checksum=checksum_hex(0))
        session.add(head)
        session.flush()
    return head


def _entry(scope: str, entity: str, row: Entity) -> dict[str, Any]:
    """The values of a `FeedEntry`; its sequence is set under the scope's lock."""
    body = body_of(row)
    return {
        "scope": scope,
        "entity": entity,
        "entity_id": row.id,
        "op": RowOp.PUT.value,
        "rev": row.rev,
        "row_hash": sha256_hex(body.encode()),
        "body": body,
    }


def _as_row(entry: FeedEntry) -> FeedRow:
    return FeedRow(
        sequence=entry.sequence,
        op=RowOp(entry.op),
        entity=entry.entity,
        id=entry.entity_id,
        rev=entry.rev,
        row_hash=entry.row_hash,
        body=entry.body,
    )
