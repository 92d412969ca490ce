"""What every server table stands on: an own registry, JSON columns of typed values, portable column types."""

import re
from typing import Any, cast

from pydantic import TypeAdapter
from sqlalchemy import JSON, BigInteger, Dialect, Enum, Integer, MetaData, String, Table, TypeDecorator
from sqlalchemy.orm import declared_attr, registry
from sqlmodel import SQLModel

REGISTRY = registry()
METADATA: MetaData = REGISTRY.metadata


class ServerTable(SQLModel, registry=REGISTRY):
    """The base of every server table; the device's tables have a registry of their own.

    SQLModel does not validate `table=True` classes: build them from validated objects only. `PieceRow` is kept in the
    table `piece`.
    """

    # SQLModel declares a class variable where SQLAlchemy passes the class: the two ignores below.
    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805  # pyright: ignore[reportIncompatibleVariableOverride]
        words = re.findall(r"[A-Z][a-z]*", cls.__name__)
        return "_".join(word.lower() for word in words if word != "Row")


def table_of(kind: type[ServerTable]) -> Table:
    """The SQL table behind a class; SQLModel does not declare it."""
    return cast("Table", cast("Any", kind).__table__)


class JsonOf(TypeDecorator[Any]):
    """A column that holds a typed value (a list of models, a mapping) as JSON."""

    impl = JSON
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        """Holds values of `kind`, any type that pydantic can read and write."""
        super().__init__()
        self.kind = kind
        self._adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def to_text(self, value: Any) -> str:
        """The value as the JSON text that the column holds."""
        return self._adapter.dump_json(value).decode()

    def from_text(self, text: str | None) -> Any:
        """The typed value of the column's JSON text."""
        return None if text is None else self._adapter.validator.validate_json(text)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """The value as plain JSON."""
        del dialect
        return None if value is None else self._adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """The typed value."""
        del dialect
        return None if value is None else self._adapter.validate_python(value)


def make_portable(metadata: MetaData) -> None:
    """Enumerations become text and integers 64 bits wide, so that SQLite and PostgreSQL hold the same."""
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, Enum):
                column.type = String()
            elif isinstance(column.type, Integer):
                column.type = BigInteger()
