"""Tables of orders and of the doors, pieces and labels that they become."""

from pydantic import JsonValue
from sqlalchemy import Column, Index, text
from sqlmodel import Field

from shared.schemas.door import Door, Hold, Label, Piece, PieceOperation
from shared.schemas.order import Order, OrderLine, Specification
from shared.schemas.quality import Conflict, LeaderCall, Photo
from shared.schemas.shipment import Trip, TripStop
from sync_server.tables.base import JsonOf, ServerTable

_LIVE = text("state = 'live'")


class OrderRow(Order, ServerTable, table=True):
    """An order."""

    __table_args__ = (
        Index("order_state", "state"),
        Index("order_placed", "placed_at_us"),
        Index("order_ended", "ended_at_us"),
    )
    id: str = Field(primary_key=True)
    number: str = Field(unique=True)
    customer_phone: str = Field(default="", index=True)


class OrderLineRow(OrderLine, ServerTable, table=True):
    """A line of an order."""

    id: str = Field(primary_key=True)
    order_id: str = Field(index=True)


class SpecificationRow(Specification, ServerTable, table=True):
    """What is to be made, fixed at release."""

    id: str = Field(primary_key=True)


class DoorRow(Door, ServerTable, table=True):
    """A door."""

    id: str = Field(primary_key=True)
    order_id: str = Field(index=True)


class PieceRow(Piece, ServerTable, table=True):
    """A piece, with its holds and its operations."""

    __table_args__ = (Index("piece_state", "state"),)
    id: str = Field(primary_key=True)
    door_id: str = Field(index=True)
    rack_id: str | None = Field(default=None, index=True)
    holds: list[Hold] = Field(sa_column=Column(JsonOf(list[Hold]), nullable=False))
    operations: list[PieceOperation] = Field(sa_column=Column(JsonOf(list[PieceOperation]), nullable=False))
    lots: list[str] = Field(sa_column=Column(JsonOf(list[str]), nullable=False))


class PhotoRow(Photo, ServerTable, table=True):
    """A photograph's row; its bytes are a file."""

    id: str = Field(primary_key=True)
    piece_id: str = Field(index=True)
    sha256: str = Field(index=True)


class ConflictRow(Conflict, ServerTable, table=True):
    """Something that devices disagree about, or that waits."""

    __table_args__ = (Index("conflict_state", "state", "due_at_us"),)
    id: str = Field(primary_key=True)
    piece_id: str = Field(index=True)
    people: list[str] = Field(sa_column=Column(JsonOf(list[str]), nullable=False))
    facts: dict[str, JsonValue] = Field(sa_column=Column(JsonOf(dict[str, JsonValue]), nullable=False))


class LeaderCallRow(LeaderCall, ServerTable, table=True):
    """Somebody who calls for a leader."""

    __table_args__ = (Index("leader_call_closed", "closed_at_us", "called_at_us"),)
    id: str = Field(primary_key=True)
    piece_id: str = Field(default="", index=True)


class TripRow(Trip, ServerTable, table=True):
    """A truck's way on one day, its stops within the row."""

    id: str = Field(primary_key=True)
    driver_id: str = Field(index=True)
    stops: list[TripStop] = Field(sa_column=Column(JsonOf(list[TripStop]), nullable=False))


class LabelRow(Label, ServerTable, table=True):
    """A label; its id is its code. Two clerks who print the first one of a thing at the same time make one."""

    __table_args__ = (
        Index("label_one_live", "target_id", "kind", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )
    id: str = Field(primary_key=True)
    target_id: str = Field(index=True)
