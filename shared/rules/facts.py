"""What a command needs to know. Only `gather` says which rows, so both sides load exactly those.

The architecture's `needs(command)` became a function that pulls through a two-method source: some rows are only known
by way of others (the route through the piece), and one walk is easier to keep equal on both sides than a list.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, assert_never

from shared.rules.decision import Context
from shared.schemas.commands import (
    CancelOrder,
    Command,
    CompleteOperation,
    EnrolDevice,
    InviteDevice,
    PlaceOrder,
    PutMasterData,
    RecordInspection,
    ReleaseOrder,
    ReportScan,
    ReviseOrder,
    StartOperation,
)
from shared.schemas.door import Door, Label, Piece
from shared.schemas.entities import Entity
from shared.schemas.order import LineTerms, Order, OrderLine
from shared.schemas.people import Device, Enrolment, Person
from shared.schemas.production import Counter, DoorModel, RouteVersion, Site, Station

US_PER_DAY = 86_400_000_000

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
    models: dict[str, DoorModel] = field(default_factory=dict[str, DoorModel])
    counter: Counter | None = None
    enrolment: Enrolment | None = None
    device: Device | None = None


def order_series(now_us: int, utc_offset_min: int) -> str:
    """The id of the counter that numbers this factory day's orders, e.g. `order/20261123`."""
    days = (now_us + utc_offset_min * 60_000_000) // US_PER_DAY
    return f"order/{_civil_date(days)}"


def _civil_date(days: int) -> str:
    """YYYYMMDD of a count of days since 1970-01-01 (Howard Hinnant's civil_from_days)."""
    z = days + 719_468
    era, day_of_era = divmod(z, 146_097)
    year_of_era = (day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month_index = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month_index + 2) // 5 + 1
    month = month_index + 3 if month_index < 10 else month_index - 9
    return f"{year_of_era + era * 400 + (month <= 2):04d}{month:02d}{day:02d}"


def gather(command: Command, context: Context, rows: RowSource) -> Facts:
    """The facts for this command, read through `rows`."""
    worker = rows.get(Person, context.worker_id) if context.worker_id else None
    match command:
        case CompleteOperation() | StartOperation() | RecordInspection():
            return _piece_facts(command.piece_id, command.label_code, worker, context, rows)
        case ReportScan():
            return _scan_facts(command.label_code, worker, context, rows)
        case PlaceOrder():
            site = rows.get(Site, worker.site_id) if worker else None
            series = order_series(context.record_time_us, site.utc_offset_min if site else 480)
            counter = rows.get(Counter, series) or Counter(id=series)
            order = rows.get(Order, command.order_id)
            return Facts(worker=worker, order=order, counter=counter, models=_models(command.lines, rows))
        case ReviseOrder():
            lines = tuple(rows.children(OrderLine, command.order_id))
            order = rows.get(Order, command.order_id)
            return Facts(worker=worker, order=order, lines=lines, models=_models(command.lines, rows))
        case ReleaseOrder() | CancelOrder():
            return _order_facts(command.order_id, worker, rows)
        case InviteDevice():
            return Facts(worker=worker, enrolment=rows.get(Enrolment, command.enrolment_id))
        case EnrolDevice():
            enrolment, device = rows.get(Enrolment, command.enrolment_id), rows.get(Device, command.device_id)
            return Facts(worker=worker, enrolment=enrolment, device=device)
        case PutMasterData():
            return Facts(worker=worker)
        case _:
            assert_never(command)


def _piece_facts(piece_id: str, label_code: str, worker: Person | None, context: Context, rows: RowSource) -> Facts:
    piece = rows.get(Piece, piece_id)
    return Facts(
        worker=worker,
        station=rows.get(Station, context.station_id) if context.station_id else None,
        label=rows.get(Label, label_code),
        piece=piece,
        route=rows.get(RouteVersion, piece.route_version_id) if piece else None,
        door=rows.get(Door, piece.door_id) if piece else None,
    )


def _scan_facts(label_code: str, worker: Person | None, context: Context, rows: RowSource) -> Facts:
    label = rows.get(Label, label_code)
    if label is None or label.kind != "D":
        station = rows.get(Station, context.station_id) if context.station_id else None
        return Facts(worker=worker, station=station, label=label)
    return _piece_facts(label.target_id, label_code, worker, context, rows)


def _order_facts(order_id: str, worker: Person | None, rows: RowSource) -> Facts:
    lines = tuple(rows.children(OrderLine, order_id))
    doors = tuple(rows.children(Door, order_id))
    pieces = tuple(piece for door in doors for piece in rows.children(Piece, door.id))
    return Facts(
        worker=worker,
        order=rows.get(Order, order_id),
        lines=lines,
        doors=doors,
        pieces=pieces,
        labels=tuple(label for piece in pieces for label in rows.children(Label, piece.id)),
        models=_models(lines, rows),
    )


def _models(lines: Sequence[LineTerms], rows: RowSource) -> dict[str, DoorModel]:
    wanted = sorted({line.model_id for line in lines if line.model_id})
    found = (rows.get(DoorModel, model_id) for model_id in wanted)
    return {model.id: model for model in found if model is not None}
