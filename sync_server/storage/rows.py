"""Rows for the rules, read and written within one transaction of the server's database."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy.orm import Session

from shared.schemas.entities import PARENT_FIELDS, Entity
from sync_server.errors import Overtaken
from sync_server.storage.bulk import insert_all, select_by, update_all
from sync_server.storage.columns import columns_of, entity_table

E = TypeVar("E", bound=Entity)

_LOCKED = frozenset({"piece", "order", "counter", "enrolment", "trip", "conflict", "leader_call"})
"""Rows that commands decide on: locked when a unit of work reads them, where the database has row locks."""

_REV_BEFORE = "rev_before"
_UNREAD = object()


class SessionRows:
    """A `RowSource` over one transaction: what it has read or written is remembered until the transaction ends.

    Writes stay in memory until `write`, which sends them in one statement a table; so a command that fails half-way is
    undone by `rewind` without a savepoint.
    """

    def __init__(self, session: Session, *, is_locking: bool = False) -> None:
        """Reads and writes through this session; `is_locking` is for those who decide on what they read.

        Whoever only shows rows takes no locks: a page would wait behind the scans of its order, and fail after them.
        """
        self._session = session
        self._locked = _LOCKED if is_locking else frozenset[str]()
        self._seen: dict[tuple[type[Entity], str], Entity | None] = {}
        self._children: dict[tuple[type[Entity], str], list[str]] = {}
        self._dirty: dict[tuple[type[Entity], str], Entity | None] = {}
        """The rows that differ from the database, as it has them, if it does."""
        self._undo: list[tuple[tuple[type[Entity], str], Entity | None, bool]] = []

    def get(self, kind: type[E], row_id: str) -> E | None:
        """The current row, or None."""
        found = self._seen.get((kind, row_id), _UNREAD)
        if found is _UNREAD:
            self.prefetch(kind, [row_id])
            found = self._seen[kind, row_id]
        return cast("E | None", found)

    def prefetch(self, kind: type[E], row_ids: Iterable[str]) -> None:
        """Reads these rows at once, so that `get` finds them; what is locked is locked in the order of the ids."""
        wanted = {row_id for row_id in row_ids if (kind, row_id) not in self._seen}
        table, columns = entity_table(kind), columns_of(kind)
        self._seen.update(dict.fromkeys((kind, row_id) for row_id in wanted))
        for found in select_by(
            self._session, columns.selected, table.c.id, wanted, is_locking=table.name in self._locked
        ):
            row = columns.read(found)
            self._seen[kind, row.id] = row

    def children(self, kind: type[E], parent_id: str) -> Sequence[E]:
        """The rows whose parent is this one, ordered by id."""
        if (kind, parent_id) not in self._children:
            self.prefetch_children(kind, [parent_id])
        seen = self._seen
        rows = [seen[kind, row_id] for row_id in self._children[kind, parent_id]]
        return cast("list[E]", [row for row in rows if row is not None])

    def prefetch_children(self, kind: type[E], parent_ids: Iterable[str]) -> None:
        """Reads the children of all these parents at once."""
        wanted = {parent_id for parent_id in parent_ids if (kind, parent_id) not in self._children}
        columns, parent_field = columns_of(kind), PARENT_FIELDS[kind]
        by_parent: dict[str, list[str]] = {parent_id: [] for parent_id in wanted}
        for found in select_by(self._session, columns.selected, entity_table(kind).c[parent_field], wanted):
            row_id, parent_id = columns.pick(found, "id"), columns.pick(found, parent_field)
            by_parent[parent_id].append(row_id)
            if (kind, row_id) not in self._seen:
                self._seen[kind, row_id] = columns.read(found)
        for (dirty_kind, row_id), before in self._dirty.items():
            is_ours = dirty_kind is kind and before is None
            parent_id = getattr(self._seen[kind, row_id], parent_field) if is_ours else None
            if parent_id in by_parent:
                by_parent[parent_id].append(row_id)
        self._children.update({(kind, parent_id): sorted(ids) for parent_id, ids in by_parent.items()})

    def put(self, row: Entity) -> Entity:
        """Takes this version of the row with the next `rev`, and gives it back."""
        kind = type(row)
        key = (kind, row.id)
        before = self.get(kind, row.id)
        after = row.model_copy(update={"rev": before.rev + 1 if before else 1})
        self._undo.append((key, before, key in self._dirty))
        self._dirty.setdefault(key, before)
        self._seen[key] = after
        if before is None and kind in PARENT_FIELDS:
            self._children.pop((kind, getattr(after, PARENT_FIELDS[kind])), None)
        return after

    def mark(self) -> int:
        """A point to which `rewind` can go back."""
        return len(self._undo)

    def rewind(self, mark: int) -> None:
        """Forgets every `put` since the mark."""
        while len(self._undo) > mark:
            key, before, was_dirty = self._undo.pop()
            self._seen[key] = before
            if not was_dirty:
                del self._dirty[key]
        self._children.clear()

    def write(self) -> None:
        """Sends what was put to the database: new rows in one statement a table, and of changed ones what changed.

        Raises `Overtaken` where somebody else has changed one of the rows since it was read: then the whole transaction
        is to be run again.
        """
        fresh: dict[type[Entity], list[dict[str, Any]]] = {}
        changed: dict[tuple[type[Entity], tuple[str, ...]], list[dict[str, Any]]] = {}
        for (kind, row_id), before in self._dirty.items():
            row = self._seen[kind, row_id]
            assert row is not None, "what was put is there"
            columns = columns_of(kind)
            if before is None:
                fresh.setdefault(kind, []).append(columns.values(row, columns.names))
                continue
            names = columns.changed(before, row)
            values = columns.values(row, names) | {"id": row_id, _REV_BEFORE: before.rev}
            changed.setdefault((kind, names), []).append(values)
        for (kind, _), rows in changed.items():
            if update_all(self._session, entity_table(kind), rows, {"id": "id", "rev": _REV_BEFORE}) != len(rows):
                raise Overtaken(entity_table(kind).name)
        for kind, rows in fresh.items():  # last: a new label takes the place of one that has just been revoked
            insert_all(self._session, entity_table(kind), rows)
        self._dirty.clear()
        self._undo.clear()
