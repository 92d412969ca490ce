"""The device's tables, in a registry of their own. `migrations.py` makes them; a test compares the two.

The mirror holds what the server sent and nothing else; what people do goes into the outbox.
"""

import re

from sqlalchemy import Index, MetaData, text
from sqlalchemy.orm import declared_attr, registry
from sqlmodel import Field, SQLModel

REGISTRY = registry()
METADATA: MetaData = REGISTRY.metadata

PROGRESS = (
    "json_extract(body, '$.route_version_id')",
    """CASE json_extract(body, '$.operations[#-1].state') WHEN 'planned' THEN -1
    WHEN 'started' THEN -2 - json_extract(body, '$.operations[#-1].number')
    ELSE json_extract(body, '$.operations[#-1].number') END""",
    "json_extract(body, '$.operations[#-1].event_time_us')",
)
"""How far a piece has come, as `store/expected.py` asks for it: its route, what is last on record, and since when."""

RACK = "json_extract(body, '$.rack_id')"
"""The rack that a piece is on."""


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
        Index(
            "mirror_row_by_progress", *(text(part) for part in PROGRESS), "id", sqlite_where=text("entity = 'piece'")
        ),
        Index("mirror_row_by_rack", text(RACK), "id", sqlite_where=text(f"entity = 'piece' AND {RACK} IS NOT NULL")),
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
    is_whole: bool = True
    """The last page reached the scope's head: what the mirror shows is of one instant."""


class ShadowRow(DeviceTable, table=True):
    """A row of a scope that is being built anew beside its old copy, which is shown until this one is whole."""

    scope: str = Field(primary_key=True)
    entity: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    rev: int
    parent: str | None = None
    row_hash: str
    body: str


class ShadowCursor(DeviceTable, table=True):
    """How far the new copy of a scope has got; it goes on there after a restart."""

    scope: str = Field(primary_key=True)
    epoch: int
    sequence: int
    checksum: str
    is_whole: bool = True


class Identity(DeviceTable, table=True):
    """Who this device is, or was before it was enrolled anew: what it recorded then is still sent in that name."""

    incarnation: str = Field(primary_key=True)
    device_id: str
    device_name: str
    site_id: str
    nonce: str
    server_epoch: int
    """The server's epoch in which both sides last agreed on what has arrived."""
    number: int
    """Counts the enrolments of this device; the highest is the one that holds."""


class OutboxEntry(DeviceTable, table=True):
    """A command as recorded, what the person was shown, and what the server said to it; kept for two months after."""

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
    """The piece that it is replayed on; of a closed call, the call."""
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
    is_shown: bool = True
    """A scan or an answer of somebody; False for what the device tells the server about itself."""
    answered_at_us: int | None = None
    """The server's time of its verdict: the device's own clock may be years off."""
    is_seen: bool = True
    """False while a verdict that differs from what was shown waits for somebody to read it."""


class PhotoFile(DeviceTable, table=True):
    """A photograph's bytes on this device, a file named by their SHA-256; see `store/photo_files.py`."""

    __table_args__ = (Index("photo_file_by_state", "state", "taken_at_us"),)
    sha256: str = Field(primary_key=True)
    byte_count: int
    media_type: str
    state: str
    """`waiting`, `stored` or `gone`."""
    upload: str | None = None
    """The path of its upload on the server, once one was begun."""
    taken_at_us: int
    epoch: int
    """The server's epoch in which it was settled."""
    settled_at_us: int | None = None
    """When the server proved that it holds it, or when it was found gone; by the server's clock."""


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
