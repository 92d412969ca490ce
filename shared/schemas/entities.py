"""Every kind of row that a command can change, by the name under which it travels."""

from shared.schemas.door import Door, Label, Piece
from shared.schemas.order import Order, OrderLine, Specification
from shared.schemas.people import Device, Enrolment, Person
from shared.schemas.printing import Printer, PrintJob
from shared.schemas.production import Counter, DoorModel, RouteVersion, Site, Station, WorkCenter
from shared.schemas.quality import Conflict, LeaderCall, Photo
from shared.schemas.rack import Rack
from shared.schemas.shipment import Trip
from shared.schemas.sync import VerdictRow

Entity = (
    Site
    | WorkCenter
    | Station
    | RouteVersion
    | DoorModel
    | Person
    | Device
    | Enrolment
    | Counter
    | Order
    | OrderLine
    | Specification
    | Door
    | Piece
    | Label
    | Photo
    | Conflict
    | LeaderCall
    | Trip
    | Rack
    | Printer
    | PrintJob
    | VerdictRow
)

ENTITY_TYPES: dict[str, type[Entity]] = {
    "site": Site,
    "work_center": WorkCenter,
    "station": Station,
    "route_version": RouteVersion,
    "door_model": DoorModel,
    "person": Person,
    "device": Device,
    "enrolment": Enrolment,
    "counter": Counter,
    "order": Order,
    "order_line": OrderLine,
    "specification": Specification,
    "door": Door,
    "piece": Piece,
    "label": Label,
    "photo": Photo,
    "conflict": Conflict,
    "leader_call": LeaderCall,
    "trip": Trip,
    "rack": Rack,
    "printer": Printer,
    "print_job": PrintJob,
    "verdict": VerdictRow,
}

ENTITY_NAMES: dict[type[Entity], str] = {kind: name for name, kind in ENTITY_TYPES.items()}

PARENT_FIELDS: dict[type[Entity], str] = {
    OrderLine: "order_id",
    Door: "order_id",
    Piece: "door_id",
    Label: "target_id",
    Station: "work_center_id",
    WorkCenter: "site_id",
    Person: "site_id",
    Photo: "piece_id",
    Conflict: "piece_id",
    LeaderCall: "piece_id",
    Trip: "driver_id",
    Rack: "site_id",
    PrintJob: "order_id",
}
"""The field by which a row's children are found: `RowSource.children(Piece, door_id)`."""


def parent_of(row: Entity) -> str | None:
    """The id of the row's parent, or None for a kind that has none."""
    field = PARENT_FIELDS.get(type(row))
    if field is None:
        return None
    value = getattr(row, field)
    assert value is None or isinstance(value, str), "a parent field holds an id, or nothing"
    return value
