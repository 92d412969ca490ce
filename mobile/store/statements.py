"""Statements that are compiled once, and run by the driver itself.

A scan asks some twenty small questions. What SQLAlchemy does around each of them takes ten times as long as SQLite's
answer, and in a browser's Python that adds up to what a worker feels. So statements are constants of their modules,
whose values are `bindparam`s, and the rows are the driver's own tuples.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Executable, Select, SQLColumnExpression, bindparam, func, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import Boolean

from mobile.store.database import Store

Values = Mapping[str, Any]
NOTHING: Values = {}


class _Compiled(NamedTuple):
    """SQLite's text, the names of its values in order, those that the statement has itself, and what comes back."""

    sql: str
    order: tuple[str, ...]
    own: Mapping[str, Any]
    columns: tuple[str, ...]
    flags: tuple[int, ...]
    """Which columns are booleans: SQLite has none."""


def rows(store: Store, statement: Executable, values: Values = NOTHING) -> list[tuple[Any, ...]]:
    """All rows of a query. Raises sqlalchemy's `DBAPIError`."""
    compiled = _compiled(statement)
    found: list[tuple[Any, ...]] = store.execute(compiled.sql, _ordered(compiled, values)).fetchall()
    return [_with_flags(row, compiled.flags) for row in found] if compiled.flags else found


def row(store: Store, statement: Executable, values: Values = NOTHING) -> tuple[Any, ...] | None:
    """The one row of a query, or None where there is none. Raises sqlalchemy's `DBAPIError`."""
    found = rows(store, statement, values)
    assert len(found) <= 1, "the statement asks for one row"
    return found[0] if found else None


def value(store: Store, statement: Executable, values: Values = NOTHING) -> Any:
    """The one value of a query, or None where there is none. Raises sqlalchemy's `DBAPIError`."""
    found = row(store, statement, values)
    return None if found is None else found[0]


def column(store: Store, statement: Executable, values: Values = NOTHING) -> list[Any]:
    """The first value of every row of a query. Raises sqlalchemy's `DBAPIError`."""
    return [found[0] for found in rows(store, statement, values)]


def named_rows(store: Store, statement: Executable, values: Values = NOTHING) -> list[dict[str, Any]]:
    """All rows of a query, by the names of its columns. Raises sqlalchemy's `DBAPIError`."""
    columns = _compiled(statement).columns
    return [dict(zip(columns, found, strict=True)) for found in rows(store, statement, values)]


def run(store: Store, statement: Executable, values: Values = NOTHING) -> int:
    """Runs a change, in the caller's transaction or in one of its own; how many rows it touched.

    Raises sqlalchemy's `DBAPIError`.
    """
    compiled = _compiled(statement)
    return int(store.execute(compiled.sql, _ordered(compiled, values)).rowcount)


def run_many(store: Store, statement: Executable, many: Sequence[Values]) -> None:
    """Runs a change once for each of these. Raises sqlalchemy's `DBAPIError`."""
    if many:
        compiled = _compiled(statement)
        store.execute_many(compiled.sql, [_ordered(compiled, values) for values in many])


def is_one_of(column: SQLColumnExpression[Any], name: str) -> ColumnElement[bool]:
    """Whether the column is one of any number of values, given as a JSON list in the `bindparam` of this name."""
    given = func.json_each(bindparam(name)).table_valued("value")
    return column.in_(select(given.c.value))


def _ordered(compiled: _Compiled, values: Values) -> tuple[Any, ...]:
    own = compiled.own
    return tuple([values[name] if name in values else own[name] for name in compiled.order])


def _with_flags(found: tuple[Any, ...], flags: tuple[int, ...]) -> tuple[Any, ...]:
    listed = list(found)
    for at in flags:
        if listed[at] is not None:
            listed[at] = bool(listed[at])
    return tuple(listed)


@lru_cache(maxsize=256)
def _compiled(statement: Executable) -> _Compiled:
    compiled: Any = cast("Any", statement).compile(dialect=sqlite.dialect())
    own = {name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required}
    selected = list(statement.selected_columns) if isinstance(statement, Select) else []
    flags = tuple(at for at, one in enumerate(selected) if isinstance(one.type, Boolean))
    return _Compiled(str(compiled), tuple(compiled.positiontup), own, tuple(str(one.key) for one in selected), flags)
