"""What goes out of the gate: a trip of a truck with its stops. Only its driver's devices see who lives where."""

from enum import StrEnum

from sqlmodel import Field, SQLModel

from shared.schemas.identifiers import STOP_PIECES_MAX, TRIP_STOPS_MAX, Id, LongText, ShortText


class TripState(StrEnum):
    """A trip's life; a closed one is no longer on any phone."""

    PLANNED = "planned"
    CLOSED = "closed"


class TripStop(SQLModel):
    """One consignee: the only place from which a name, a phone number and an address travel to a device."""

    number: int = Field(ge=1)
    consignee_name: ShortText
    consignee_phone: ShortText = ""
    address: LongText = ""
    piece_ids: list[Id] = Field(default_factory=list[Id], max_length=STOP_PIECES_MAX)


class Trip(SQLModel):
    """A truck's way on one day. It travels in the scope `trip:<id>`."""

    id: Id
    rev: int = 0
    site_id: Id
    number: ShortText
    driver_id: Id
    planned_on: ShortText = ""
    """ISO date."""
    state: TripState = TripState.PLANNED
    stops: list[TripStop] = Field(default_factory=list[TripStop], max_length=TRIP_STOPS_MAX)
