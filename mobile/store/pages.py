"""Pages of the feed on their way into the mirror, each with its cursor in the caller's transaction.

A scope that has to be built anew (another epoch of the server, a cursor that expired, a checksum that does not fit) is
built beside its old copy, page by page and across restarts, and takes its place when it is whole.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Executable, Select, SQLColumnExpression, bindparam, delete, insert, select
from sqlalchemy.dialects import sqlite
from sqlmodel import SQLModel, col

from mobile.store import statements
from mobile.store.database import Store
from mobile.store.statements import is_one_of
from mobile.store.tables import MirrorRow, ScopeCursor, ShadowCursor, ShadowRow
from shared.canonical import checksum_hex, row_checksum, sha256_hex
from shared.schemas.entities import ENTITY_TYPES, PARENT_FIELDS
from shared.schemas.sync import Cursor, FeedRow, RowOp, ScopePage

Key = tuple[str, str]
"""An entity's name and a row's id."""


@dataclass(frozen=True)
class _Copy:
    """One of the two places that hold a scope's rows."""

    rows: type[MirrorRow] | type[ShadowRow]
    cursors: type[ScopeCursor] | type[ShadowCursor]
    put: Executable
    remove: Executable
    cursors_held: Select[str, int, int]
    checksum: Select[str]
    rows_held: Select[str, int, str]
    keep_cursor: Executable
    forget_rows: Executable
    forget_cursor: Executable


def _copy(rows: type[MirrorRow] | type[ShadowRow], cursors: type[ScopeCursor] | type[ShadowCursor]) -> _Copy:
    """Its statements, so that none is made anew for every page."""
    here = (col(getattr(rows, name)) == bindparam(f"of_{name}") for name in ("scope", "entity", "id"))
    return _Copy(
        rows,
        cursors,
        put=_put(rows, ("scope", "entity", "id")),
        remove=delete(rows).where(*here),
        cursors_held=select(col(cursors.scope), col(cursors.epoch), col(cursors.sequence)),
        checksum=select(col(cursors.checksum)).where(col(cursors.scope) == bindparam("scope")),
        rows_held=select(col(rows.id), col(rows.rev), col(rows.row_hash)).where(
            col(rows.scope) == bindparam("scope"),
            col(rows.entity) == bindparam("entity"),
            is_one_of(col(rows.id), "ids"),
        ),
        keep_cursor=_put(cursors, ("scope",)),
        forget_rows=delete(rows).where(col(rows.scope) == bindparam("of_scope")),
        forget_cursor=delete(cursors).where(col(cursors.scope) == bindparam("of_scope")),
    )


def _put(table: type[SQLModel], keys: Sequence[str]) -> Executable:
    """Writes a row over the one that has these keys, or for the first time."""
    statement = sqlite.insert(table).values({name: bindparam(name) for name in table.model_fields})
    changed = {name: statement.excluded[name] for name in table.model_fields if name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=changed)


_MIRROR = _copy(MirrorRow, ScopeCursor)
_SHADOW = _copy(ShadowRow, ShadowCursor)
_REACHED = select(col(ScopeCursor.scope), col(ScopeCursor.epoch), col(ScopeCursor.sequence), col(ScopeCursor.is_whole))
_HELD_SCOPES = select(
    col(ScopeCursor.scope),
    col(ScopeCursor.epoch),
    col(ScopeCursor.sequence),
    col(ScopeCursor.checksum),
    col(ScopeCursor.is_whole),
)


def _take_over(new: type[SQLModel], old: type[SQLModel], scope: SQLColumnExpression[str]) -> Executable:
    """Copies one scope's rows from where they were built."""
    names = list(old.model_fields)
    whole = select(*(col(getattr(new, name)) for name in names)).where(scope == bindparam("of_scope"))
    return insert(old).from_select(names, whole)


_TAKE_OVER = (
    _take_over(ShadowRow, MirrorRow, col(ShadowRow.scope)),
    _take_over(ShadowCursor, ScopeCursor, col(ShadowCursor.scope)),
)


def cursors(store: Store) -> dict[str, Cursor]:
    """What to ask the server with: for each scope how far its newest copy has got."""
    return _cursors(store, _MIRROR) | _cursors(store, _SHADOW)


def reached(store: Store) -> dict[str, Cursor | None]:
    """How far the mirror shows each scope; None where it is between two pages, so that nothing can be said."""
    found = statements.rows(store, _REACHED)
    return {s: Cursor(epoch=e, sequence=n) if is_whole else None for s, e, n, is_whole in found}


def start_anew(store: Store, scopes: Iterable[str]) -> None:
    """Build these scopes from the start; what is held of them is shown meanwhile."""
    for scope in scopes:
        _empty(store, _SHADOW, scope)
        if scope not in _cursors(store, _MIRROR):
            _empty(store, _MIRROR, scope)  # rows of a first page that did not fit
        else:
            _keep_cursor(store, _SHADOW, scope, Cursor(), checksum_hex(0), is_whole=False)


def apply_pages(store: Store, pages: Sequence[ScopePage]) -> list[str]:
    """Takes one pull's rows and cursors into the mirror, in the caller's transaction.

    Scopes that the server no longer grants are purged. Gives the scopes whose checksum did not fit; they are started
    anew, so that the next pulls bring them whole.
    """
    granted = {page.scope for page in pages}
    held, building = _held_scopes(store), _cursors(store, _SHADOW)
    for scope in (held.keys() | building.keys()) - granted:
        _empty(store, _MIRROR, scope)
        _empty(store, _SHADOW, scope)
    news = [page for page in pages if page.scope in building or not _says_nothing(page, held.get(page.scope))]
    wrong = [page.scope for page in news if not _apply_page(store, page)]
    start_anew(store, wrong)
    return wrong


def _held_scopes(store: Store) -> dict[str, tuple[Cursor, str] | None]:
    """Cursor and checksum of the scopes of the mirror; None for one that it does not hold whole."""
    found = statements.rows(store, _HELD_SCOPES)
    return {s: (Cursor(epoch=e, sequence=n), checksum) if whole else None for s, e, n, checksum, whole in found}


def _says_nothing(page: ScopePage, held: tuple[Cursor, str] | None) -> bool:
    """Whether the mirror holds all of this already: most scopes of most pulls."""
    is_at_head = not page.rows and not page.is_reset and page.next.sequence == page.head
    return is_at_head and (page.next, page.checksum) == held


def _apply_page(store: Store, page: ScopePage) -> bool:
    """Whether the scope now holds what the server says, as far as that can be told."""
    if page.is_reset:
        start_anew(store, [page.scope])
    copy = _SHADOW if page.scope in _cursors(store, _SHADOW) else _MIRROR
    checksum = _take_rows(store, copy, page)
    if checksum is None:
        return False
    is_whole = not page.has_more and page.next.sequence == page.head
    if is_whole and checksum != page.checksum:
        return False
    _keep_cursor(store, copy, page.scope, page.next, checksum, is_whole=is_whole)
    if is_whole and copy is _SHADOW:
        _swap(store, page.scope)
    return True


def _take_rows(store: Store, copy: _Copy, page: ScopePage) -> str | None:
    """Writes the rows; the copy's checksum after that, or None where a row is not what its hash says."""
    held = statements.value(store, copy.checksum, {"scope": page.scope})
    total = int(held, 16) if held is not None else 0
    before = _held(store, copy, page.scope, page.rows) if held is not None else {}
    newest: dict[Key, FeedRow] = {}
    for row in page.rows:
        key = (row.entity, row.id)
        if row.op is RowOp.PUT and sha256_hex(row.body.encode()) != row.row_hash:
            return None
        if key in before and before[key][0] > row.rev:
            continue
        newest[key] = row
    for key, row in newest.items():
        if key in before:
            total -= row_checksum(*key, *before[key])
        if row.op is RowOp.PUT:
            total += row_checksum(*key, row.rev, row.row_hash)
    _write(store, copy, page.scope, newest.values())
    return checksum_hex(total)


def _held(store: Store, copy: _Copy, scope: str, rows: Sequence[FeedRow]) -> dict[Key, tuple[int, str]]:
    """Revision and hash of those of these rows that the copy holds."""
    ids: dict[str, list[str]] = {}
    for row in rows:
        ids.setdefault(row.entity, []).append(row.id)
    found: dict[Key, tuple[int, str]] = {}
    for entity, wanted in ids.items():
        asked = {"scope": scope, "entity": entity, "ids": json.dumps(wanted)}
        held = statements.rows(store, copy.rows_held, asked)
        found |= {(entity, row_id): (rev, row_hash) for row_id, rev, row_hash in held}
    return found


def _write(store: Store, copy: _Copy, scope: str, rows: Iterable[FeedRow]) -> None:
    puts: list[dict[str, Any]] = []
    removed: list[dict[str, Any]] = []
    for row in rows:
        if row.op is RowOp.REMOVE:
            removed.append({"of_scope": scope, "of_entity": row.entity, "of_id": row.id})
        else:
            kept = {"entity": row.entity, "id": row.id, "rev": row.rev, "row_hash": row.row_hash, "body": row.body}
            puts.append({"scope": scope, "parent": _parent(row), **kept})
    statements.run_many(store, copy.put, puts)
    statements.run_many(store, copy.remove, removed)


def _parent(row: FeedRow) -> str | None:
    """The parent's id in the row's body; an entity that this app does not know yet is kept without one."""
    kind = ENTITY_TYPES.get(row.entity)
    field = PARENT_FIELDS.get(kind) if kind else None
    if field is None:
        return None
    value = from_json(row.body).get(field)
    return value if isinstance(value, str) else None


def _swap(store: Store, scope: str) -> None:
    """The new copy takes the old one's place."""
    _empty(store, _MIRROR, scope)
    for take_over in _TAKE_OVER:
        statements.run(store, take_over, {"of_scope": scope})
    _empty(store, _SHADOW, scope)


def _cursors(store: Store, copy: _Copy) -> dict[str, Cursor]:
    return {s: Cursor(epoch=e, sequence=n) for s, e, n in statements.rows(store, copy.cursors_held)}


def _keep_cursor(store: Store, copy: _Copy, scope: str, cursor: Cursor, checksum: str, *, is_whole: bool) -> None:
    reached = {"epoch": cursor.epoch, "sequence": cursor.sequence, "checksum": checksum, "is_whole": is_whole}
    statements.run(store, copy.keep_cursor, {"scope": scope, **reached})


def _empty(store: Store, copy: _Copy, scope: str) -> None:
    statements.run(store, copy.forget_rows, {"of_scope": scope})
    statements.run(store, copy.forget_cursor, {"of_scope": scope})
