"""What a command needs to know. Only `gather` says which rows, so both sides load exactly those.

It pulls them through a source of two methods: some rows are only known by way of others (the route through the piece),
and one walk is easier to keep equal on both sides than a list.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar, assert_never

from shared.label_code import CodeKind
from shared.rules.decision import Context
from shared.rules.order_numbers import order_series
from shared.schemas.commands import (
    AnswerPrintDoubt,
    AnswerVerdict,
    AssignDevice,
    AttachPhoto,
    BindDevice,
    BindPiece,
    CallLeader,
    CancelOrder,
    CancelPrinting,
    CardKind,
    CloseCall,
    CloseTrip,
    Command,
    CompleteOperation,
    ConfirmPhoto,
    EndPrinting,
    EnrolDevice,
    EscalateConflict,
    IdentifyPiece,
    InviteDevice,
    IssueLabels,
    PlaceOrder,
    PrintLabels,
    PutMasterData,
    PutRack,
    PutTrip,
    RecordInspection,
    ReleaseOrder,
    ReleaseQuarantine,
    ReportScan,
    ReprintLabel,
    ResolveConflict,
    RetireOrder,
    ReviseOrder,
    RevokeDevice,
    RevokeLabel,
    ReworkPiece,
    StartOperation,
    UnbindPiece,
)
from shared.schemas.door import Door, Label, Piece
from shared.schemas.entities import Entity
from shared.schemas.identifiers import DEFAULT_OFFSET_MIN
from shared.schemas.order import LineTerms, Order, OrderLine, Specification
from shared.schemas.people import Device, Enrolment, Person
from shared.schemas.printing import Printer, PrintJob
from shared.schemas.production import Counter, DoorModel, RouteVersion, Site, Station
from shared.schemas.quality import Conflict, LeaderCall, Photo
from shared.schemas.rack import Rack
from shared.schemas.shipment import Trip

E = TypeVar("E", bound=Entity)


class RowSource(Protocol):
    """Rows by id and by parent: the device's mirror with its overlay, or the server's tables within a transaction."""

    def get(self, kind: type[E], row_id: str) -> E | None:
        """The current row, or None where this side does not hold it."""
        ...

    def children(self, kind: type[E], parent_id: str) -> Sequence[E]:
        """The rows whose parent field (`PARENT_FIELDS`) names this id, ordered by id."""
        ...


@dataclass(frozen=True)
class Facts:
    """The rows that one command is decided on; what does not concern it stays empty."""

    worker: Person | None = None
    site: Site | None = None
    """Whose calendar day counts."""
    station: Station | None = None
    label: Label | None = None
    piece: Piece | None = None
    route: RouteVersion | None = None
    door: Door | None = None
    order: Order | None = None
    lines: tuple[OrderLine, ...] = ()
    doors: tuple[Door, ...] = ()
    pieces: tuple[Piece, ...] = ()
    labels: tuple[Label, ...] = ()
    specifications: tuple[Specification, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    """What is or was disputed about the piece."""
    conflict: Conflict | None = None
    call: LeaderCall | None = None
    photo: Photo | None = None
    trip: Trip | None = None
    rack: Rack | None = None
    """The rack that the command names."""
    former_rack: Rack | None = None
    """The rack that the piece is on."""
    racks: tuple[Rack, ...] = ()
    """All of the site."""
    person: Person | None = None
    """The person whom the command is about, where that is not who issued it."""
    models: dict[str, DoorModel] = field(default_factory=dict[str, DoorModel])
    counter: Counter | None = None
    enrolment: Enrolment | None = None
    device: Device | None = None
    printer: Printer | None = None
    print_job: PrintJob | None = None
    print_jobs: tuple[PrintJob, ...] = ()
    """All of the order."""
    targets: tuple[Door | Person | Station, ...] = ()
    """What labels are asked for."""
    former_devices: tuple[Device, ...] = ()
    """Those of a device's earlier enrolments that are known here."""


def gather(command: Command, context: Context, rows: RowSource) -> Facts:
    """The facts for this command, read through `rows`."""
    worker = rows.get(Person, context.worker_id) if context.worker_id else None
    match command:
        case CompleteOperation() | StartOperation() | RecordInspection():
            return _piece_facts(command.piece_id, command.label_code, worker, context, rows)
        case ReworkPiece():
            return _piece_facts(command.piece_id, None, worker, context, rows)
        case ResolveConflict() | EscalateConflict():
            conflict = rows.get(Conflict, command.conflict_id)
            piece = rows.get(Piece, conflict.piece_id) if conflict else None
            return Facts(worker=worker, conflict=conflict, piece=piece)
        case AttachPhoto():
            piece = rows.get(Piece, command.piece_id)
            return Facts(worker=worker, piece=piece, photo=rows.get(Photo, command.photo_id))
        case ConfirmPhoto():
            photo = rows.get(Photo, command.photo_id)
            return Facts(worker=worker, photo=photo, piece=rows.get(Piece, photo.piece_id) if photo else None)
        case ReportScan():
            return _scan_facts(command.label_code, worker, context, rows)
        case PlaceOrder():
            site = rows.get(Site, worker.site_id) if worker else None
            series = order_series(context.record_time_us, site.utc_offset_min if site else DEFAULT_OFFSET_MIN)
            counter = rows.get(Counter, series) or Counter(id=series)
            order = rows.get(Order, command.order_id)
            return Facts(worker=worker, order=order, counter=counter, models=_models(command.lines, rows))
        case ReviseOrder():
            lines = tuple(rows.children(OrderLine, command.order_id))
            order = rows.get(Order, command.order_id)
            return Facts(worker=worker, order=order, lines=lines, models=_models(command.lines, rows))
        case ReleaseOrder():
            found = _order_facts(command.order_id, worker, rows)
            return replace(found, site=rows.get(Site, found.order.site_id) if found.order else None)
        case CancelOrder() | RetireOrder():
            return _order_facts(command.order_id, worker, rows)
        case InviteDevice():
            return Facts(worker=worker, enrolment=rows.get(Enrolment, command.enrolment_id))
        case EnrolDevice():
            enrolment, device = rows.get(Enrolment, command.enrolment_id), rows.get(Device, command.device_id)
            former = (rows.get(Device, one.device_id) for one in command.former)
            known = tuple(one for one in former if one is not None)
            return Facts(worker=worker, enrolment=enrolment, device=device, former_devices=known)
        case AnswerVerdict():
            return _answer_facts(command, worker, context, rows)
        case CloseCall():
            return Facts(worker=worker, call=rows.get(LeaderCall, command.call_id))
        case CallLeader():
            return Facts(
                worker=worker,
                piece=rows.get(Piece, command.piece_id) if command.piece_id else None,
                device=rows.get(Device, context.device_id) if context.device_id else None,
            )
        case IdentifyPiece():
            return Facts(
                worker=worker,
                label=rows.get(Label, command.label_code),
                piece=rows.get(Piece, command.piece_id),
                person=rows.get(Person, command.confirmed_by),
            )
        case PutMasterData():
            return Facts(worker=worker)
        case BindDevice():
            return Facts(
                worker=worker,
                device=rows.get(Device, context.device_id) if context.device_id else None,
                station=rows.get(Station, command.station_id) if command.station_id else None,
            )
        case AssignDevice():
            person = rows.get(Person, command.person_id) if command.person_id else None
            return Facts(worker=worker, device=rows.get(Device, command.device_id), person=person)
        case ReprintLabel() | RevokeLabel():
            return _label_facts(command, worker, rows)
        case IssueLabels():
            return _card_facts(command, worker, rows)
        case PrintLabels():
            return _printing_facts(command, worker, rows)
        case CancelPrinting() | AnswerPrintDoubt() | EndPrinting():
            return Facts(worker=worker, print_job=rows.get(PrintJob, command.job_id))
        case RevokeDevice() | ReleaseQuarantine():
            return Facts(worker=worker, device=rows.get(Device, command.device_id))
        case PutRack():
            racks = tuple(rows.children(Rack, command.rack.site_id))
            return Facts(worker=worker, rack=rows.get(Rack, command.rack.id), racks=racks)
        case BindPiece() | UnbindPiece():
            return _rack_facts(command, worker, rows)
        case PutTrip() | CloseTrip():
            return _trip_facts(command, worker, rows)
        case _:
            assert_never(command)


def _piece_facts(
    piece_id: str, label_code: str | None, worker: Person | None, context: Context, rows: RowSource
) -> Facts:
    piece = rows.get(Piece, piece_id)
    return Facts(
        worker=worker,
        station=rows.get(Station, context.station_id) if context.station_id else None,
        label=rows.get(Label, label_code) if label_code else None,
        piece=piece,
        route=rows.get(RouteVersion, piece.route_version_id) if piece else None,
        door=rows.get(Door, piece.door_id) if piece else None,
        conflicts=tuple(rows.children(Conflict, piece_id)) if piece else (),
        former_rack=_rack_of(piece, rows),
    )


def _label_facts(command: ReprintLabel | RevokeLabel, worker: Person | None, rows: RowSource) -> Facts:
    label = rows.get(Label, command.label_code)
    piece = rows.get(Piece, label.target_id) if label and label.kind == CodeKind.PIECE else None
    found = Facts(worker=worker, label=label, piece=piece)
    if not isinstance(command, ReprintLabel) or command.printer_id is None:
        return found
    return replace(
        found,
        door=rows.get(Door, piece.door_id) if piece else None,
        printer=rows.get(Printer, command.printer_id),
    )


def _printing_facts(command: PrintLabels, worker: Person | None, rows: RowSource) -> Facts:
    by_code = (rows.get(Label, code) for code in (() if command.order_id else command.label_codes))
    others = Facts(worker=worker, labels=tuple(label for label in by_code if label is not None))
    found = _order_facts(command.order_id, worker, rows) if command.order_id else others
    return replace(
        found,
        printer=rows.get(Printer, command.printer_id),
        print_job=rows.get(PrintJob, command.job_id),
        print_jobs=tuple(rows.children(PrintJob, command.order_id)) if command.order_id else (),
    )


def _answer_facts(command: AnswerVerdict, worker: Person | None, context: Context, rows: RowSource) -> Facts:
    """The piece that somebody was told about, by its label where the device does not know it."""
    label = rows.get(Label, command.label_code) if command.label_code else None
    target_id = label.target_id if label is not None and label.kind == CodeKind.PIECE else ""
    piece = rows.get(Piece, command.piece_id or target_id)
    return Facts(
        worker=worker,
        piece=piece,
        conflicts=tuple(rows.children(Conflict, piece.id)) if piece else (),
        device=rows.get(Device, context.device_id) if context.device_id else None,
    )


def _card_facts(command: IssueLabels, worker: Person | None, rows: RowSource) -> Facts:
    """What the labels are for, and those that there are."""
    kinds: dict[CardKind, type[Door | Person | Station]] = {
        CardKind.PACKAGE: Door,
        CardKind.SHIPMENT: Door,
        CardKind.STATION: Station,
        CardKind.WORKER: Person,
    }
    kind = kinds.get(command.kind)
    found = [rows.get(kind, target_id) for target_id in command.target_ids] if kind else []
    return Facts(
        worker=worker,
        targets=tuple(target for target in found if target is not None),
        labels=tuple(label for target_id in command.target_ids for label in rows.children(Label, target_id)),
    )


def _rack_facts(command: BindPiece | UnbindPiece, worker: Person | None, rows: RowSource) -> Facts:
    label = rows.get(Label, command.label_code)
    piece = rows.get(Piece, label.target_id) if label and label.kind == CodeKind.PIECE else None
    return Facts(
        worker=worker,
        label=label,
        piece=piece,
        rack=rows.get(Rack, command.rack_id),
        former_rack=_rack_of(piece, rows),
    )


def _rack_of(piece: Piece | None, rows: RowSource) -> Rack | None:
    """The rack that the piece is on."""
    return rows.get(Rack, piece.rack_id) if piece and piece.rack_id else None


def _trip_facts(command: PutTrip | CloseTrip, worker: Person | None, rows: RowSource) -> Facts:
    """The trip as it was, and every piece that is on it or is to be."""
    planned = command.trip if isinstance(command, PutTrip) else None
    trip = rows.get(Trip, planned.id if planned else command.trip_id if isinstance(command, CloseTrip) else "")
    wanted = {piece_id for one in (trip, planned) if one for stop in one.stops for piece_id in stop.piece_ids}
    found = (rows.get(Piece, piece_id) for piece_id in sorted(wanted))
    return Facts(
        worker=worker,
        trip=trip,
        pieces=tuple(piece for piece in found if piece is not None),
        person=rows.get(Person, planned.driver_id) if planned else None,
    )


def _scan_facts(label_code: str, worker: Person | None, context: Context, rows: RowSource) -> Facts:
    label = rows.get(Label, label_code)
    if label is None or label.kind != CodeKind.PIECE:
        station = rows.get(Station, context.station_id) if context.station_id else None
        return Facts(worker=worker, station=station, label=label)
    return _piece_facts(label.target_id, label_code, worker, context, rows)


def _order_facts(order_id: str, worker: Person | None, rows: RowSource) -> Facts:
    order = rows.get(Order, order_id)
    lines = tuple(rows.children(OrderLine, order_id))
    doors = tuple(rows.children(Door, order_id))
    pieces = tuple(piece for door in doors for piece in rows.children(Piece, door.id))
    specification_ids = sorted({door.specification_id for door in doors})
    found = (rows.get(Specification, specification_id) for specification_id in specification_ids)
    return Facts(
        worker=worker,
        order=order,
        lines=lines,
        doors=doors,
        pieces=pieces,
        labels=tuple(label for piece in pieces for label in rows.children(Label, piece.id)),
        specifications=tuple(specification for specification in found if specification is not None),
        models=_models(lines, rows),
    )


def _models(lines: Sequence[LineTerms], rows: RowSource) -> dict[str, DoorModel]:
    wanted = sorted({line.model_id for line in lines if line.model_id})
    found = (rows.get(DoorModel, model_id) for model_id in wanted)
    return {model.id: model for model in found if model is not None}
