"""How a kind of row stands in its table: what is read and written as it is, and what as JSON text or by its value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar, cast

from pydantic import BaseModel
from sqlalchemy import Boolean, ColumnElement, Table, Text
from sqlalchemy import cast as sql_cast

from shared.schemas.entities import Entity
from sync_server.tables import TABLES, table_of
from sync_server.tables.base import JsonOf

E = TypeVar("E", bound=Entity)
M = TypeVar("M", bound=BaseModel)
Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class Columns(Generic[E]):
    """The columns of one kind, in the order of its fields."""

    kind: type[E]
    names: tuple[str, ...]
    selected: tuple[ColumnElement[Any], ...]
    """What to ask the database for."""
    _readers: Mapping[str, Convert]
    _writers: Mapping[str, Convert]

    def read(self, found: Sequence[Any]) -> E:
        """The row in what the database gave. It is not validated again: it was on its way in."""
        values = dict(zip(self.names, found, strict=True))
        for name, convert in self._readers.items():
            values[name] = convert(values[name])
        return built(self.kind, values)

    def pick(self, found: Sequence[Any], name: str) -> Any:
        """One column of what the database gave, where it is a plain one."""
        return found[self.names.index(name)]

    def values(self, row: Entity, names: Sequence[str]) -> dict[str, Any]:
        """What the driver is given for these columns."""
        values = {name: getattr(row, name) for name in names}
        for name in self._writers.keys() & values.keys():
            values[name] = self._writers[name](values[name])
        return values

    def changed(self, before: Entity, after: Entity) -> tuple[str, ...]:
        """The columns in which the two differ; `rev` always does."""
        old, new = before.__dict__, after.__dict__
        return tuple(name for name in self.names if old[name] != new[name])


def built(kind: type[M], values: dict[str, Any]) -> M:
    """The object of these values, which are every field of it and were validated before."""
    row: M = cast("Any", kind).__new__(kind)
    object.__setattr__(row, "__dict__", values)
    object.__setattr__(row, "__pydantic_fields_set__", set(values))
    return row


def columns_of(kind: type[E]) -> Columns[E]:
    """The columns of this kind."""
    found: Columns[Any] | None = _KNOWN.get(kind)
    if found is None:
        found = _KNOWN[kind] = _look_at(kind)
    return found


_KNOWN: dict[type[Entity], Columns[Any]] = {}


def _look_at(kind: type[Entity]) -> Columns[Any]:
    table = entity_table(kind)
    readers: dict[str, Convert] = {}
    writers: dict[str, Convert] = {}
    selected: list[ColumnElement[Any]] = []
    for name, field in kind.model_fields.items():
        column = table.c[name]
        if isinstance(column.type, JsonOf):
            readers[name], writers[name] = column.type.from_text, column.type.to_text
            selected.append(sql_cast(column, Text))
            continue
        selected.append(column)
        if isinstance(column.type, Boolean):
            readers[name] = bool
        members = _enumeration(field.annotation)
        if members is not None:
            readers[name], writers[name] = members.__getitem__, _value
    return Columns(kind, tuple(kind.model_fields), tuple(selected), readers, writers)


def entity_table(kind: type[Entity]) -> Table:
    """The SQL table that holds rows of this kind."""
    return table_of(TABLES[kind])


def _enumeration(annotation: Any) -> Mapping[str | None, Enum | None] | None:
    """The enumeration's members by what stands for them in the table, for a field that holds one."""
    kinds = [one for one in getattr(annotation, "__args__", (annotation,)) if isinstance(one, type)]
    found = next((one for one in kinds if issubclass(one, Enum)), None)
    return {None: None, **{member.value: member for member in found}} if found is not None else None


def _value(member: Enum | None) -> Any:
    return None if member is None else member.value
