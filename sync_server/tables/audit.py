"""The command log, which never expires and is the audit trail, and the history that it made."""

from pydantic import JsonValue
from sqlalchemy import Column, Index
from sqlmodel import Field

from sync_server.tables.base import JsonOf, ServerTable


class CommandLogRow(ServerTable, table=True):
    """One command from anywhere, with the verdict that was stored in the same transaction as its effect."""

    __table_args__ = (Index("command_log_subject_status", "subject", "status"),)
    origin: str = Field(primary_key=True)
    """`device:<id>/<incarnation>`, `user:<id>`, `enrolment:<id>`, `system`."""
    key: str = Field(primary_key=True)
    n: int | None = None
    type: str
    body: dict[str, JsonValue] = Field(sa_column=Column(JsonOf(dict[str, JsonValue]), nullable=False))
    """The command; for a device's, the whole envelope as it came."""
    hash: str
    subject: str = ""
    """The piece, order or device it was about."""
    status: str
    verdict: dict[str, JsonValue] = Field(sa_column=Column(JsonOf(dict[str, JsonValue]), nullable=False))
    verdict_rev: int = 1
    """Rises when a held command is decided at last; the verdict travels again."""
    person_id: str | None = None
    station_id: str | None = None
    device_id: str | None = None
    event_time_us: int
    event_offset_min: int
    was_offline: bool = False
    record_time_us: int


class EventRow(ServerTable, table=True):
    """One entry of the history of a piece, an order or a device."""

    __table_args__ = (Index("event_subject_record", "subject", "record_time_us", "id"),)
    id: str = Field(primary_key=True)
    subject: str
    kind: str
    detail: dict[str, JsonValue] = Field(sa_column=Column(JsonOf(dict[str, JsonValue]), nullable=False))
    origin: str
    key: str
    person_id: str | None = None
    station_id: str | None = None
    device_id: str | None = None
    event_time_us: int
    event_offset_min: int
    was_offline: bool = False
    record_time_us: int
