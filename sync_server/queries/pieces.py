"""One piece: where it is, and everything that ever happened to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

from pydantic import JsonValue
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.rules.routing import operation_numbered
from shared.schemas.door import Door, Piece
from shared.schemas.order import Specification
from shared.schemas.people import Device, Person
from shared.schemas.production import RouteVersion, Station
from shared.schemas.quality import Photo
from shared.schemas.rack import Rack
from shared.schemas.sync import VerdictStatus
from sync_server.queries.label_acts import LabelAct, revocations
from sync_server.queries.orders import PieceLine, piece_line
from sync_server.storage.rows import SessionRows
from sync_server.submission import submission_again
from sync_server.tables import CommandLogRow, EventRow

REFUSED = (VerdictStatus.REJECTED, VerdictStatus.PARKED)
"""What became of a command that left no event behind; one that waits has told of itself by opening a conflict."""


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happened: who, where, on which device, when it happened and when it became known.

    `kind` is an event's, or the type of a command that was refused; `refusal` then says why. `answer` is what somebody
    does about a verdict.
    """

    kind: str
    refusal: str
    operation: str
    operation_en: str
    reason: str
    answer: str
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
    rack: Rack | None
    revoked: list[LabelAct]
    """Its codes that count no more, the latest first."""

    def end_of(self, code: str) -> LabelAct | None:
        """What became of this code; None where it counts, or is none of this piece's."""
        return next((act for act in self.revoked if act.old_code == code), None)


def view_piece(session: Session, piece_id: str) -> PieceDetail | None:
    """One piece, or None."""
    rows = SessionRows(session)
    piece = rows.get(Piece, piece_id)
    door = rows.get(Door, piece.door_id) if piece else None
    if piece is None or door is None:
        return None
    specification = rows.get(Specification, piece.specification_id)
    photos = list(rows.children(Photo, piece_id))
    rack = rows.get(Rack, piece.rack_id) if piece.rack_id else None
    return PieceDetail(
        line=piece_line(rows, piece),
        door=door,
        specification=specification,
        timeline=_timeline(session, rows, piece),
        photos=photos,
        rack=rack,
        revoked=revocations(session, rows, piece_id),
    )


def _timeline(session: Session, rows: SessionRows, piece: Piece) -> list[TimelineEntry]:
    """What happened to it and what was refused, in the order in which it happened."""
    route = rows.get(RouteVersion, piece.route_version_id)
    events = select(EventRow).where(col(EventRow.subject) == piece.id).order_by(col(EventRow.id))
    refused = select(CommandLogRow).where(
        col(CommandLogRow.subject) == piece.id, col(CommandLogRow.status).in_(REFUSED)
    )
    entries = [_entry(rows, route, event, event.kind, event.detail) for event in session.execute(events).scalars()] + [
        _entry(rows, route, sent, sent.type, submission_again(sent).command, str(sent.verdict.get("code") or ""))
        for sent in session.execute(refused).scalars()
    ]
    return sorted(entries, key=attrgetter("event_time_us", "record_time_us"))


def _entry(
    rows: SessionRows,
    route: RouteVersion | None,
    row: EventRow | CommandLogRow,
    kind: str,
    detail: Mapping[str, JsonValue],
    refusal: str = "",
) -> TimelineEntry:
    number = detail.get("operation_number")
    operation = operation_numbered(route, number) if route and isinstance(number, int) else None
    person = rows.get(Person, row.person_id) if row.person_id else None
    station = rows.get(Station, row.station_id) if row.station_id else None
    device = rows.get(Device, row.device_id) if row.device_id else None
    return TimelineEntry(
        kind=kind,
        refusal=refusal,
        operation=operation.name if operation else "",
        operation_en=(operation.name_en or operation.name) if operation else "",
        reason=str(detail.get("reason") or detail.get("rack_code") or ""),
        answer=str(detail.get("answer") or ""),
        person=person.name if person else "",
        station=station.name if station else "",
        station_en=(station.name_en or station.name) if station else "",
        device=device.name if device else "",
        event_time_us=row.event_time_us,
        record_time_us=row.record_time_us,
        was_offline=row.was_offline,
        is_from_device=row.device_id is not None,
    )
