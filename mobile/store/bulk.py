"""Many rows in one statement, handed to SQLite as plain values; the statement itself is compiled only once."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Executable, SQLColumnExpression, bindparam, func, select
from sqlalchemy.dialects import sqlite

from mobile.store.database import Store


def execute_many(store: Store, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """Runs the statement once for each row, whose values it names as `bindparam`s."""
    if rows:
        sql, names = _compiled(statement)
        store.connection.exec_driver_sql(sql, [tuple(map(row.__getitem__, names)) for row in rows])


def is_one_of(column: SQLColumnExpression[Any], name: str) -> ColumnElement[bool]:
    """Whether the column is one of any number of values, given as a JSON list in the `bindparam` of this name."""
    given = func.json_each(bindparam(name)).table_valued("value")
    return column.in_(select(given.c.value))


@lru_cache(maxsize=64)
def _compiled(statement: Executable) -> tuple[str, list[str]]:
    """SQLite's text, and the order in which it takes the values."""
    compiled: Any = cast("Any", statement).compile(dialect=sqlite.dialect())
    return str(compiled), list(compiled.positiontup)
