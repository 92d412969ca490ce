"""Racks and trips: what carries pieces."""

from typing import Literal

from sqlmodel import SQLModel

from shared.schemas.identifiers import CodeText, Id
from shared.schemas.rack import Rack
from shared.schemas.shipment import Trip


class PutRack(SQLModel):
    """A rack was entered or edited; a new one gets its label."""

    type: Literal["put_rack"] = "put_rack"
    version: Literal[1] = 1
    rack: Rack


class BindPiece(SQLModel):
    """Somebody put a piece on a rack; it is on no other from then on."""

    type: Literal["bind_piece"] = "bind_piece"
    version: Literal[1] = 1
    label_code: CodeText
    """The piece's: a device that does not know the piece yet can bind it all the same."""
    rack_id: Id
    from_rack_id: Id | None = None
    """The rack that it was on as far as the device knew."""


class UnbindPiece(SQLModel):
    """Somebody took a piece off this rack; an emptied rack is one of these for each piece."""

    type: Literal["unbind_piece"] = "unbind_piece"
    version: Literal[1] = 1
    label_code: CodeText
    rack_id: Id


class PutTrip(SQLModel):
    """A trip was planned or changed; the pieces of its stops travel with it."""

    type: Literal["put_trip"] = "put_trip"
    version: Literal[1] = 1
    trip: Trip


class CloseTrip(SQLModel):
    """A trip is over: its addresses leave the driver's phone."""

    type: Literal["close_trip"] = "close_trip"
    version: Literal[1] = 1
    trip_id: Id
