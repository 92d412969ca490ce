"""The device's tables, in a registry of their own. `migrations.py` makes them; a test compares the two.

The mirror holds what the server sent and nothing else; what people do goes into the outbox.
"""

import re

from sqlalchemy import Index, MetaData
from sqlalchemy.orm import declared_attr, registry
from sqlmodel import Field, SQLModel

REGISTRY = registry()
METADATA: MetaData = REGISTRY.metadata


class DeviceTable(SQLModel, registry=REGISTRY):
    """The base of every table on the device; `MirrorRow` is kept in the table `mirror_row`."""

    # SQLModel declares a class variable where SQLAlchemy passes the class: the two ignores below.
    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805  # pyright: ignore[reportIncompatibleVariableOverride]
        return "_".join(word.lower() for word in re.findall(r"[A-Z][a-z]*", cls.__name__))


class MirrorRow(DeviceTable, table=True):
    """A row of a scope as the server last sent it; `body` is its JSON text, byte for byte."""

    __table_args__ = (
        Index("mirror_row_by_id", "entity", "id"),
        Index("mirror_row_by_parent", "entity", "parent", "id"),
    )
    scope: str = Field(primary_key=True)
    entity: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    rev: int
    parent: str | None = None
    row_hash: str
    body: str


class ScopeCursor(DeviceTable, table=True):
    """How far the mirror of a scope has got, and the checksum of the rows that it holds (16 hex digits)."""

    scope: str = Field(primary_key=True)
    epoch: int
    sequence: int
    checksum: str


class OutboxEntry(DeviceTable, table=True):
    """A command as recorded, what the person was shown, and what the server said to it. Never deleted."""

    __table_args__ = (
        Index("outbox_entry_by_piece", "piece_id", "is_overlaid"),
        Index("outbox_entry_waiting", "incarnation", "is_waiting", "n"),
        Index("outbox_entry_by_time", "event_time_us"),
    )
    incarnation: str = Field(primary_key=True)
    n: int = Field(primary_key=True)
    envelope: str
    """The envelope's canonical JSON; its SHA-256 is what the next one names."""
    piece_id: str | None = None
    event_time_us: int
    is_waiting: bool = True
    """The server has not answered it yet."""
    is_repeat: bool = False
    """By the rules on this device it changed nothing."""
    is_overlaid: bool = True
    """Its effect is not in the mirror yet, so that reading the piece replays it."""
    outcome: str
    """What the person was shown, as JSON."""
    verdict: str | None = None
    """The server's verdict, as JSON."""
    is_seen: bool = True
    """False while a verdict that differs from what was shown waits for somebody to read it."""


class ScanLogEntry(DeviceTable, table=True):
    """A code that became no command: another system's, a damaged one, or one asked about and not answered."""

    id: int | None = Field(default=None, primary_key=True)
    text: str
    problem: str
    event_time_us: int
    station_id: str | None = None
    worker_id: str | None = None


class Setting(DeviceTable, table=True):
    """A fact about this device; `store/settings.py` names them."""

    name: str = Field(primary_key=True)
    value: str


class PinTry(DeviceTable, table=True):
    """How often a person's PIN was wrong in a row on this device."""

    person_id: str = Field(primary_key=True)
    wrong: int
    locked_until_us: int = 0
