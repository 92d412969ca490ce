"""One piece: where it is, and everything that ever happened to it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.label_code import CodeKind
from shared.rules.routing import operation_numbered
from shared.schemas.door import Door, Label, Piece
from shared.schemas.order import Specification
from shared.schemas.people import Device, Person
from shared.schemas.production import RouteVersion, Station
from shared.schemas.quality import Photo
from sync_server.queries.orders import PieceLine, piece_line
from sync_server.storage.rows import SessionRows
from sync_server.tables import EventRow


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happened: who, where, on which device, when it happened and when it became known."""

    kind: str
    operation: str
    operation_en: str
    reason: str
    person: str
    station: str
    station_en: str
    device: str
    event_time_us: int
    record_time_us: int
    was_offline: bool
    is_from_device: bool


@dataclass(frozen=True)
class PieceDetail:
    """A piece with its door, its specification and its history, oldest first."""

    line: PieceLine
    door: Door
    specification: Specification | None
    timeline: list[TimelineEntry]
    photos: list[Photo]


def find_piece_by_code(session: Session, code: str) -> str | None:
    """The id of the piece that this label stands on."""
    label = SessionRows(session).get(Label, code)
    return label.target_id if label is not None and label.kind == CodeKind.PIECE else None


def view_piece(session: Session, piece_id: str) -> PieceDetail | None:
    """One piece, or None."""
    rows = SessionRows(session)
    piece = rows.get(Piece, piece_id)
    door = rows.get(Door, piece.door_id) if piece else None
    if piece is None or door is None:
        return None
    specification = rows.get(Specification, piece.specification_id)
    photos = list(rows.children(Photo, piece_id))
    return PieceDetail(piece_line(rows, piece), door, specification, _timeline(session, rows, piece), photos)


def _timeline(session: Session, rows: SessionRows, piece: Piece) -> list[TimelineEntry]:
    route = rows.get(RouteVersion, piece.route_version_id)
    query = select(EventRow).where(col(EventRow.subject) == piece.id)
    found = session.execute(query.order_by(col(EventRow.event_time_us), col(EventRow.id))).scalars()
    entries: list[TimelineEntry] = []
    for event in found:
        number = event.detail.get("operation_number")
        operation = operation_numbered(route, number) if route and isinstance(number, int) else None
        person = rows.get(Person, event.person_id) if event.person_id else None
        station = rows.get(Station, event.station_id) if event.station_id else None
        device = rows.get(Device, event.device_id) if event.device_id else None
        entries.append(
            TimelineEntry(
                kind=event.kind,
                operation=operation.name if operation else "",
                operation_en=(operation.name_en or operation.name) if operation else "",
                reason=str(event.detail.get("reason") or ""),
                person=person.name if person else "",
                station=station.name if station else "",
                station_en=(station.name_en or station.name) if station else "",
                device=device.name if device else "",
                event_time_us=event.event_time_us,
                record_time_us=event.record_time_us,
                was_offline=event.was_offline,
                is_from_device=event.device_id is not None,
            )
        )
    return entries
