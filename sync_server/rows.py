"""Rows for the rules, read and written within one transaction of the server's database."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from shared.schemas.entities import PARENT_FIELDS, Entity
from sync_server.tables import TABLES

E = TypeVar("E", bound=Entity)

_LOCKED = frozenset({"piece", "order", "counter", "enrolment"})
"""Rows that commands decide on: locked when read, where the database has row locks."""


IDS_A_QUERY = 500


class SessionRows:
    """A `RowSource` over one transaction: what it has read or written is remembered until the transaction ends.

    Writes stay in memory until `write`, which sends them in one statement a table; so a command that fails half-way is
    undone by `rewind` without a savepoint.
    """

    def __init__(self, session: Session) -> None:
        """Reads and writes through this session."""
        self._session = session
        self._seen: dict[tuple[type[Entity], str], Entity | None] = {}
        self._children: dict[tuple[type[Entity], str], list[str]] = {}
        self._dirty: dict[tuple[type[Entity], str], bool] = {}
        """The rows that differ from the database, and whether it has none of them yet."""
        self._undo: list[tuple[tuple[type[Entity], str], Entity | None, bool | None]] = []

    def get(self, kind: type[E], row_id: str) -> E | None:
        """The current row, or None."""
        key = (kind, row_id)
        if key not in self._seen:
            self.prefetch(kind, [row_id])
        return cast("E | None", self._seen[key])

    def prefetch(self, kind: type[E], row_ids: Iterable[str]) -> None:
        """Reads these rows at once, so that `get` finds them; locked in the order of their ids where that is needed."""
        wanted = sorted({row_id for row_id in row_ids if (kind, row_id) not in self._seen})
        table = table_of(kind)
        for chunk in batched(wanted, IDS_A_QUERY):
            query = select(*_columns(kind, table)).where(table.c.id.in_(chunk)).order_by(table.c.id)
            if table.name in _LOCKED:
                query = query.with_for_update()
            found = {row["id"]: row for row in self._session.execute(query).mappings()}
            for row_id in chunk:
                self._seen[kind, row_id] = _to_schema(kind, found[row_id]) if row_id in found else None

    def children(self, kind: type[E], parent_id: str) -> Sequence[E]:
        """The rows whose parent is this one, ordered by id."""
        if (kind, parent_id) not in self._children:
            self.prefetch_children(kind, [parent_id])
        rows = (self.get(kind, row_id) for row_id in self._children[kind, parent_id])
        return [row for row in rows if row is not None]

    def prefetch_children(self, kind: type[E], parent_ids: Iterable[str]) -> None:
        """Reads the children of all these parents at once."""
        wanted = sorted({parent_id for parent_id in parent_ids if (kind, parent_id) not in self._children})
        table, parent_field = table_of(kind), PARENT_FIELDS[kind]
        by_parent: dict[str, list[str]] = {parent_id: [] for parent_id in wanted}
        for chunk in batched(wanted, IDS_A_QUERY):
            query = select(*_columns(kind, table)).where(table.c[parent_field].in_(chunk))
            for found in self._session.execute(query).mappings():
                by_parent[found[parent_field]].append(found["id"])
                if (kind, found["id"]) not in self._seen:
                    self._seen[kind, found["id"]] = _to_schema(kind, found)
        for (dirty_kind, row_id), is_new in self._dirty.items():
            parent_id = getattr(self._seen[kind, row_id], parent_field) if dirty_kind is kind and is_new else None
            if parent_id in by_parent:
                by_parent[parent_id].append(row_id)
        self._children.update({(kind, parent_id): sorted(ids) for parent_id, ids in by_parent.items()})

    def put(self, row: Entity) -> Entity:
        """Takes this version of the row with the next `rev`, and gives it back."""
        kind = type(row)
        key = (kind, row.id)
        before = self.get(kind, row.id)
        after = row.model_copy(update={"rev": before.rev + 1 if before else 1})
        self._undo.append((key, before, self._dirty.get(key)))
        self._dirty.setdefault(key, before is None)
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
            key, before, was_new = self._undo.pop()
            self._seen[key] = before
            if was_new is None:
                del self._dirty[key]
        self._children.clear()

    def write(self) -> None:
        """Sends what was put to the database, one statement a table for new rows and one for changed ones."""
        batches: dict[tuple[type[Entity], bool], list[dict[str, Any]]] = {}
        for (kind, row_id), is_new in self._dirty.items():
            row = self._seen[kind, row_id]
            assert row is not None, "what was put is there"
            values = {("row_" + name): getattr(row, name) for name in kind.model_fields}
            batches.setdefault((kind, is_new), []).append(values)
        for (kind, is_new), values in batches.items():
            table = table_of(kind)
            bound = {name: bindparam("row_" + name, type_=table.c[name].type) for name in kind.model_fields}
            statement = insert(table) if is_new else update(table).where(table.c.id == bindparam("row_id"))
            self._session.execute(statement.values(bound), values)
        self._dirty.clear()
        self._undo.clear()


def batched(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """The items in chunks of at most `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))


def table_of(kind: type[Entity]) -> Table:
    """The SQL table that holds rows of this kind."""
    return cast("Table", cast("Any", TABLES[kind]).__table__)


def _columns(kind: type[Entity], table: Table) -> list[Any]:
    return [table.c[name] for name in kind.model_fields]


def _to_schema(kind: type[E], found: Any) -> E:
    """The row as its schema. It was validated on its way in; enumerations are text in the database."""
    return kind.model_validate(dict(found))
