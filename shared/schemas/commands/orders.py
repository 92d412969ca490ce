"""Orders and what they are made of."""

from typing import Literal

from pydantic import Field
from sqlmodel import SQLModel

from shared.schemas.identifiers import ORDER_LINES_MAX, Id, ShortText
from shared.schemas.order import LineTerms, OrderTerms
from shared.schemas.people import Person
from shared.schemas.printing import Printer
from shared.schemas.production import DoorModel, RouteVersion, Site, Station, WorkCenter


class PlaceOrder(SQLModel):
    """An order was taken, by hand or from a channel; it may still be incomplete."""

    type: Literal["place_order"] = "place_order"
    version: Literal[1] = 1
    order_id: Id
    terms: OrderTerms
    lines: list[LineTerms] = Field(max_length=ORDER_LINES_MAX)


class ReviseOrder(SQLModel):
    """A draft was edited; `seen_rev` is the revision of the order that the editor saw."""

    type: Literal["revise_order"] = "revise_order"
    version: Literal[1] = 1
    order_id: Id
    seen_rev: int
    terms: OrderTerms
    lines: list[LineTerms] = Field(max_length=ORDER_LINES_MAX)


class ReleaseOrder(SQLModel):
    """An order is to be made: its doors, pieces, routes and labels come into being."""

    type: Literal["release_order"] = "release_order"
    version: Literal[1] = 1
    order_id: Id


class CancelOrder(SQLModel):
    """An order will not be made (any further)."""

    type: Literal["cancel_order"] = "cancel_order"
    version: Literal[1] = 1
    order_id: Id
    reason: ShortText = ""


class RetireOrder(SQLModel):
    """An order ended long ago: its doors stay on the server and leave the tablets. Issued by the timer."""

    type: Literal["retire_order"] = "retire_order"
    version: Literal[1] = 1
    order_id: Id


class PutMasterData(SQLModel):
    """Sites, work centers, stations, routes, models, people and printers were entered or edited."""

    type: Literal["put_master_data"] = "put_master_data"
    version: Literal[1] = 1
    sites: list[Site] = Field(default_factory=list[Site])
    work_centers: list[WorkCenter] = Field(default_factory=list[WorkCenter])
    stations: list[Station] = Field(default_factory=list[Station])
    route_versions: list[RouteVersion] = Field(default_factory=list[RouteVersion])
    door_models: list[DoorModel] = Field(default_factory=list[DoorModel])
    people: list[Person] = Field(default_factory=list[Person])
    printers: list[Printer] = Field(default_factory=list[Printer])
