"""The server's tables, and which of them holds which kind of row."""

from shared.schemas.door import Door, Label, Piece
from shared.schemas.entities import Entity
from shared.schemas.order import Order, OrderLine, Specification
from shared.schemas.people import Device, Enrolment, Person
from shared.schemas.printing import Printer, PrintJob
from shared.schemas.production import Counter, DoorModel, RouteVersion, Site, Station, WorkCenter
from shared.schemas.quality import Conflict, LeaderCall, Photo
from shared.schemas.rack import Rack
from shared.schemas.shipment import Trip
from sync_server.tables.audit import CommandLogRow, EventRow
from sync_server.tables.base import METADATA, ServerTable, make_portable, table_of
from sync_server.tables.factory import (
    CounterRow,
    DeviceRow,
    DoorModelRow,
    EnrolmentRow,
    PersonRow,
    RackRow,
    RouteVersionRow,
    SiteRow,
    StationRow,
    WorkCenterRow,
)
from sync_server.tables.orders import (
    ConflictRow,
    DoorRow,
    LabelRow,
    LeaderCallRow,
    OrderLineRow,
    OrderRow,
    PhotoRow,
    PieceRow,
    SpecificationRow,
    TripRow,
)
from sync_server.tables.photos import BlobRow, UploadRow
from sync_server.tables.printing import PrinterLeaseRow, PrinterRow, PrintJobRow, PrintProgressRow
from sync_server.tables.sync import (
    FeedEntry,
    JobRow,
    OfficeSession,
    QuarantineRow,
    ScopeHead,
    ServerMeta,
    SignInAttempt,
)

make_portable(METADATA)

TABLES: dict[type[Entity], type[ServerTable]] = {
    Site: SiteRow,
    WorkCenter: WorkCenterRow,
    Station: StationRow,
    RouteVersion: RouteVersionRow,
    DoorModel: DoorModelRow,
    Person: PersonRow,
    Device: DeviceRow,
    Enrolment: EnrolmentRow,
    Counter: CounterRow,
    Order: OrderRow,
    OrderLine: OrderLineRow,
    Specification: SpecificationRow,
    Door: DoorRow,
    Piece: PieceRow,
    Label: LabelRow,
    Photo: PhotoRow,
    Conflict: ConflictRow,
    LeaderCall: LeaderCallRow,
    Trip: TripRow,
    Rack: RackRow,
    Printer: PrinterRow,
    PrintJob: PrintJobRow,
}
"""The table of each kind of row; verdicts live in the command log."""

__all__ = [
    "METADATA",
    "TABLES",
    "BlobRow",
    "CommandLogRow",
    "ConflictRow",
    "CounterRow",
    "DeviceRow",
    "DoorModelRow",
    "DoorRow",
    "EnrolmentRow",
    "EventRow",
    "FeedEntry",
    "JobRow",
    "LabelRow",
    "LeaderCallRow",
    "OfficeSession",
    "OrderLineRow",
    "OrderRow",
    "PersonRow",
    "PhotoRow",
    "PieceRow",
    "PrintJobRow",
    "PrintProgressRow",
    "PrinterLeaseRow",
    "PrinterRow",
    "QuarantineRow",
    "RackRow",
    "RouteVersionRow",
    "ScopeHead",
    "ServerMeta",
    "ServerTable",
    "SignInAttempt",
    "SiteRow",
    "SpecificationRow",
    "StationRow",
    "TripRow",
    "UploadRow",
    "WorkCenterRow",
    "table_of",
]
