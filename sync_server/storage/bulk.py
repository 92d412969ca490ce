"""Many rows in one statement, handed to the driver as plain values; the statement itself is compiled only once.

SQLAlchemy's own way works on every row and every statement anew, which was a third of the time of a push. Here JSON
columns take and give JSON text, truth values may come as numbers, and everything else is what the driver makes of it.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    CursorResult,
    Dialect,
    Executable,
    Select,
    String,
    Table,
    any_,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shared.canonical import canonical_json

Row = Mapping[str, Any]
_KEYS = "keys"


def select_by(
    session: Session,
    columns: tuple[ColumnElement[Any], ...],
    key: Column[str],
    values: Collection[str],
    also: Mapping[str, str] | None = None,
    *,
    is_locking: bool = False,
) -> Sequence[Sequence[Any]]:
    """These columns of every row whose key is one of the values, however many; `also` names what else must be equal.

    `is_locking` holds the rows until the transaction ends, locked in the order of the key, where there are row locks.
    """
    if not values:
        return ()
    fixed = also or {}
    connection = session.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    sql, order = _compiled(_select_by(columns, key, tuple(fixed), is_sqlite, is_locking), connection.dialect)
    bound: dict[str, Any] = {_KEYS: canonical_json(list(values)).decode() if is_sqlite else list(values), **fixed}
    if order is None:
        return connection.exec_driver_sql(sql, bound).all()
    return _sqlite_cursor(connection, sql, tuple([bound[name] for name in order])).fetchall()


def insert_all(session: Session, table: Table, rows: Sequence[Row]) -> None:
    """Inserts these rows, which all have the same columns; columns that they lack get the table's defaults."""
    if not rows:
        return
    defaults = _defaults_of(table, frozenset(rows[0]))
    whole = [{**defaults, **row} for row in rows] if defaults else rows
    names = tuple(whole[0])
    _execute(session, whole, _insert_of(table, names), names)


def insert_missing(session: Session, table: Table, rows: Sequence[Row]) -> None:
    """Inserts those of these rows whose key is not there yet, with the table's defaults for what they lack."""
    made: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(made(table).on_conflict_do_nothing(), list(rows))


def update_all(session: Session, table: Table, rows: Sequence[Row], where: Mapping[str, str]) -> int:
    """Sets the columns of these rows, and says how many there were.

    `where` names for each column that picks the row the value that it must have: `{"id": "id", "rev": "rev_before"}`.
    """
    if not rows:
        return 0
    names = tuple(rows[0])
    return _execute(session, rows, _update_of(table, names, tuple(where.items())), names)


@lru_cache(maxsize=256)
def _select_by(
    columns: tuple[ColumnElement[Any], ...],
    key: Column[str],
    also: tuple[str, ...],
    is_sqlite: bool,  # noqa: FBT001 - a part of the cache's key
    is_locking: bool,  # noqa: FBT001 - the same
) -> Select[Any]:
    """One statement for any number of keys, so that it is compiled and planned once."""
    here = [key.table.c[name] == bindparam(name, type_=String()) for name in also]
    if is_sqlite:
        given = func.json_each(bindparam(_KEYS)).table_valued("value")
        return select(*columns).where(*here, key.in_(select(given.c.value)))
    found = select(*columns).where(*here, key == any_(bindparam(_KEYS, type_=ARRAY(String)))).order_by(key)
    return found.with_for_update() if is_locking else found


@lru_cache(maxsize=256)
def _defaults_of(table: Table, names: frozenset[str]) -> Row:
    return {c.name: cast("Any", c.default).arg for c in table.c if c.default is not None and c.name not in names}


@lru_cache(maxsize=256)
def _insert_of(table: Table, names: tuple[str, ...]) -> Executable:
    return insert(table).values({name: bindparam(f"row_{name}", type_=table.c[name].type) for name in names})


@lru_cache(maxsize=256)
def _update_of(table: Table, names: tuple[str, ...], where: tuple[tuple[str, str], ...]) -> Executable:
    set_ = {n: bindparam(f"row_{n}", type_=table.c[n].type) for n in names if n in table.c and (n, n) not in where}
    here = (table.c[column] == bindparam(f"row_{value}", type_=table.c[column].type) for column, value in where)
    return update(table).where(*here).values(set_)


def _execute(session: Session, rows: Sequence[Row], statement: Executable, names: tuple[str, ...]) -> int:
    connection = session.connection()
    sql, order = _compiled(statement, connection.dialect)
    if order is None:
        values = [{f"row_{name}": row[name] for name in names} for row in rows]
        return cast("CursorResult[Any]", connection.exec_driver_sql(sql, values)).rowcount
    ordered = [tuple(map(row.__getitem__, order)) for row in rows]
    return int(_sqlite_cursor(connection, sql, ordered, is_many=True).rowcount)


def _sqlite_cursor(connection: Connection, sql: str, values: Sequence[Any], *, is_many: bool = False) -> Any:
    """The driver's cursor after this statement, without the toolkit's own time around it.

    PostgreSQL goes the long way, on which SQLAlchemy notices connections that are lost.
    """
    driver, error_kind = connection.connection.dbapi_connection, cast("Any", connection.dialect.dbapi).Error
    assert driver is not None, "the session's connection is open"
    cursor: Any = driver.cursor()
    try:
        return cursor.executemany(sql, values) if is_many else cursor.execute(sql, values)
    except error_kind as error:
        raise DBAPIError.instance(sql, None, error, error_kind) from error


@lru_cache(maxsize=256)
def _compiled(statement: Executable, dialect: Dialect) -> tuple[str, list[str] | None]:
    """The driver's text, and the order of its values where it takes them by position."""
    compiled: Any = cast("Any", statement).compile(dialect=dialect)
    order = [name.removeprefix("row_") for name in compiled.positiontup] if compiled.positional else None
    return str(compiled), order
