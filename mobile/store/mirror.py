"""The mirror: rows as the server sent them, read by the rules, changed only by pages of the feed."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col

from mobile.store.database import Store
from mobile.store.tables import MirrorRow, ScopeCursor
from shared.canonical import checksum_hex, row_checksum, sha256_hex
from shared.schemas.entities import ENTITY_NAMES, ENTITY_TYPES, PARENT_FIELDS, Entity
from shared.schemas.people import Person
from shared.schemas.production import RouteVersion, Site, Station, WorkCenter
from shared.schemas.sync import Cursor, FeedRow, RowOp, ScopePage

E = TypeVar("E", bound=Entity)

KEPT_KINDS = (Person, RouteVersion, Site, Station, WorkCenter)
"""Few rows, read at every scan, changed hardly ever: kept in memory between two pulls."""

_ONE = (
    select(col(MirrorRow.body))
    .where(col(MirrorRow.entity) == bindparam("entity"), col(MirrorRow.id) == bindparam("id"))
    .order_by(col(MirrorRow.rev).desc())
    .limit(1)
)
_CHILDREN = (
    select(col(MirrorRow.body), func.max(col(MirrorRow.rev)))
    .where(col(MirrorRow.entity) == bindparam("entity"), col(MirrorRow.parent) == bindparam("parent"))
    .group_by(col(MirrorRow.id))
    .order_by(col(MirrorRow.id))
)
_ALL = (
    select(col(MirrorRow.body), func.max(col(MirrorRow.rev)))
    .where(col(MirrorRow.entity) == bindparam("entity"))
    .group_by(col(MirrorRow.id))
    .order_by(col(MirrorRow.id))
)
IDS_A_QUERY = 500


class MirrorRows:
    """Reads what the server last sent; a row held through two scopes counts once, in its newest revision."""

    def __init__(self, store: Store) -> None:
        """Read this store; an open transaction is seen."""
        self._store = store
        self._kept: dict[tuple[type[Entity], str], Entity | None] = {}

    def forget(self) -> None:
        """The mirror has changed: read everything anew."""
        self._kept.clear()

    def get(self, kind: type[E], row_id: str) -> E | None:
        """The current row, or None where this device does not hold it."""
        is_kept = kind in KEPT_KINDS
        if is_kept and (kind, row_id) in self._kept:
            return cast("E | None", self._kept[kind, row_id])
        asked = {"entity": ENTITY_NAMES[kind], "id": row_id}
        body = self._store.connection.execute(_ONE, asked).scalar_one_or_none()
        row = kind.model_validate_json(body) if body is not None else None
        if is_kept:
            self._kept[kind, row_id] = row
        return row

    def children(self, kind: type[E], parent_id: str) -> Sequence[E]:
        """The rows of this parent, ordered by id."""
        asked = {"entity": ENTITY_NAMES[kind], "parent": parent_id}
        return [kind.model_validate_json(body) for body, _ in self._store.connection.execute(_CHILDREN, asked)]

    def all(self, kind: type[E]) -> list[E]:
        """Every row of this kind, ordered by id."""
        found = self._store.connection.execute(_ALL, {"entity": ENTITY_NAMES[kind]})
        return [kind.model_validate_json(body) for body, _ in found]


def cursors(store: Store) -> dict[str, Cursor]:
    """How far each scope has got."""
    query = select(col(ScopeCursor.scope), col(ScopeCursor.epoch), col(ScopeCursor.sequence))
    return {s: Cursor(epoch=e, sequence=n) for s, e, n in store.connection.execute(query)}


def apply_pages(store: Store, pages: Sequence[ScopePage]) -> list[str]:
    """Takes one pull's rows and cursors into the mirror, in the caller's transaction.

    Scopes that the server no longer grants are purged. Gives the scopes whose checksum did not fit: those are emptied,
    so that the next pull brings them whole.
    """
    granted = {page.scope for page in pages}
    for scope in cursors(store).keys() - granted:
        _empty(store, scope)
    wrong = [page.scope for page in pages if not _apply_page(store, page)]
    for scope in wrong:
        _empty(store, scope)
    return wrong


def _apply_page(store: Store, page: ScopePage) -> bool:
    """Whether the scope now holds what the server says, as far as that can be told."""
    if page.is_reset:
        _empty(store, page.scope)
    query = select(col(ScopeCursor.checksum)).where(col(ScopeCursor.scope) == page.scope)
    held = store.connection.execute(query).scalar_one_or_none()
    total = int(held, 16) if held is not None else 0
    before = _held(store, page.scope, page.rows) if held is not None else {}
    newest: dict[tuple[str, str], FeedRow] = {}
    for row in page.rows:
        key = (row.entity, row.id)
        if row.op is RowOp.PUT and sha256_hex(row.body.encode()) != row.row_hash:
            return False
        if row.op is RowOp.PUT and key in before and before[key][0] >= row.rev:
            continue
        newest[key] = row
    for key, row in newest.items():
        if key in before:
            total -= row_checksum(*key, *before[key])
        if row.op is RowOp.PUT:
            total += row_checksum(*key, row.rev, row.row_hash)
    _write(store, page.scope, newest.values())
    checksum = checksum_hex(total)
    values = {"epoch": page.next.epoch, "sequence": page.next.sequence, "checksum": checksum}
    statement = insert(ScopeCursor).values(scope=page.scope, **values)
    store.connection.execute(statement.on_conflict_do_update(index_elements=["scope"], set_=values))
    is_whole = not page.has_more and page.next.sequence == page.head
    return checksum == page.checksum if is_whole else True


def _held(store: Store, scope: str, rows: Sequence[FeedRow]) -> dict[tuple[str, str], tuple[int, str]]:
    """Revision and hash of those of these rows that the scope holds."""
    ids: dict[str, list[str]] = {}
    for row in rows:
        ids.setdefault(row.entity, []).append(row.id)
    found: dict[tuple[str, str], tuple[int, str]] = {}
    for entity, wanted in ids.items():
        for start in range(0, len(wanted), IDS_A_QUERY):
            query = select(col(MirrorRow.id), col(MirrorRow.rev), col(MirrorRow.row_hash)).where(
                col(MirrorRow.scope) == scope,
                col(MirrorRow.entity) == entity,
                col(MirrorRow.id).in_(wanted[start : start + IDS_A_QUERY]),
            )
            found |= {(entity, row_id): (rev, h) for row_id, rev, h in store.connection.execute(query)}
    return found


def _write(store: Store, scope: str, rows: Iterable[FeedRow]) -> None:
    puts: list[dict[str, Any]] = []
    for row in rows:
        if row.op is RowOp.REMOVE:
            here = (col(MirrorRow.scope) == scope, col(MirrorRow.entity) == row.entity, col(MirrorRow.id) == row.id)
            store.connection.execute(delete(MirrorRow).where(*here))
        else:
            kept = {"entity": row.entity, "id": row.id, "rev": row.rev, "row_hash": row.row_hash, "body": row.body}
            puts.append({"scope": scope, "parent": _parent(row), **kept})
    if puts:
        statement = insert(MirrorRow)
        changed = {name: statement.excluded[name] for name in ("rev", "parent", "row_hash", "body")}
        keys = ["scope", "entity", "id"]
        store.connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), puts)


def _parent(row: FeedRow) -> str | None:
    """The parent's id in the row's body; an entity that this app does not know yet is kept without one."""
    kind = ENTITY_TYPES.get(row.entity)
    field = PARENT_FIELDS.get(kind) if kind else None
    if field is None:
        return None
    value = json.loads(row.body).get(field)
    return value if isinstance(value, str) else None


def _empty(store: Store, scope: str) -> None:
    store.connection.execute(delete(MirrorRow).where(col(MirrorRow.scope) == scope))
    store.connection.execute(delete(ScopeCursor).where(col(ScopeCursor.scope) == scope))
