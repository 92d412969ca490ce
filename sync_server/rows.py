"""Rows for the rules, read and written within one transaction of the server's database."""

from collections.abc import Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from shared.schemas.entities import PARENT_FIELDS, Entity
from sync_server.tables import TABLES

E = TypeVar("E", bound=Entity)

_LOCKED = frozenset({"piece", "order", "counter", "enrolment"})
"""Rows that commands decide on: locked when read, where the database has row locks."""


class SessionRows:
    """A `RowSource` over one transaction: what it has read or written is remembered until the transaction ends."""

    def __init__(self, session: Session) -> None:
        """Reads and writes through this session."""
        self._session = session
        self._seen: dict[tuple[type[Entity], str], Entity | None] = {}
        self._children: dict[tuple[type[Entity], str], list[str]] = {}

    def get(self, kind: type[E], row_id: str) -> E | None:
        """The current row, or None."""
        key = (kind, row_id)
        if key not in self._seen:
            table = table_of(kind)
            query = select(*_columns(kind, table)).where(table.c.id == row_id)
            if table.name in _LOCKED:
                query = query.with_for_update()
            found = self._session.execute(query).mappings().first()
            self._seen[key] = _to_schema(kind, found) if found is not None else None
        return cast("E | None", self._seen[key])

    def children(self, kind: type[E], parent_id: str) -> Sequence[E]:
        """The rows whose parent is this one, ordered by id."""
        key = (kind, parent_id)
        if key not in self._children:
            table = table_of(kind)
            query = select(*_columns(kind, table)).where(table.c[PARENT_FIELDS[kind]] == parent_id).order_by(table.c.id)
            found = [_to_schema(kind, row) for row in self._session.execute(query).mappings()]
            for row in found:
                self._seen.setdefault((kind, row.id), row)
            self._children[key] = [row.id for row in found]
        rows = (self.get(kind, row_id) for row_id in self._children[key])
        return [row for row in rows if row is not None]

    def put(self, row: Entity) -> Entity:
        """Writes this version of the row with the next `rev`, and gives it back."""
        kind = type(row)
        table = table_of(kind)
        before = self.get(kind, row.id)
        after = row.model_copy(update={"rev": before.rev + 1 if before else 1})
        values = {column.name: getattr(after, column.name) for column in _columns(kind, table)}
        if before is None:
            self._session.execute(insert(table).values(values))
        else:
            self._session.execute(update(table).where(table.c.id == row.id).values(values))
        self._seen[(kind, row.id)] = after
        if before is None and kind in PARENT_FIELDS:
            self._children.pop((kind, getattr(after, PARENT_FIELDS[kind])), None)
        return after


def table_of(kind: type[Entity]) -> Table:
    """The SQL table that holds rows of this kind."""
    return cast("Table", cast("Any", TABLES[kind]).__table__)


def _columns(kind: type[Entity], table: Table) -> list[Any]:
    return [table.c[name] for name in kind.model_fields]


def _to_schema(kind: type[E], found: Any) -> E:
    """The row as its schema. It was validated on its way in; enumerations are text in the database."""
    return kind.model_validate(dict(found))
