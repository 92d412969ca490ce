"""What stands on the labels of packages, shipments, stations, badges and locations, and what of these there is."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from labels.content import CodeCard, PackageLabel, ShipmentLabel, size_text
from shared.rules.progress import GONE
from shared.schemas.commands import CardKind
from shared.schemas.door import Door, Label, LabelState, Piece
from shared.schemas.order import Specification
from shared.schemas.people import Person
from shared.schemas.production import Station
from shared.schemas.shipment import Trip, TripState, TripStop
from shared.words import PIECE_KINDS
from sync_server.storage.rows import SessionRows
from sync_server.tables import LabelRow, PersonRow, StationRow, TripRow

Card = CodeCard | PackageLabel | ShipmentLabel


@dataclass(frozen=True)
class CardLine:
    """Something that has or can have a label: its two lines of text, and its code where it has one."""

    target_id: str
    title: str
    note: str
    code: str
    copies: int


def list_cards(session: Session, kind: CardKind, site_id: str, of: str) -> list[CardLine]:
    """What can be printed; `of` is the order of packages, and the trip of shipments."""
    rows = SessionRows(session)
    match kind:
        case CardKind.WORKER:
            people = select(col(PersonRow.id), col(PersonRow.name), col(PersonRow.number)).order_by(
                col(PersonRow.number)
            )
            here = people.where(col(PersonRow.site_id) == site_id, col(PersonRow.is_active))
            found = [(target, name, number) for target, name, number in session.execute(here)]
        case CardKind.STATION:
            stations = select(col(StationRow.id), col(StationRow.name), col(StationRow.code)).order_by(
                col(StationRow.code)
            )
            here = stations.where(col(StationRow.site_id) == site_id)
            found = [(target, name, code) for target, name, code in session.execute(here)]
        case CardKind.LOCATION:
            found = [(target, f"{number:03d}", "") for target, number in _locations(session, site_id).items()]
        case CardKind.PACKAGE:
            doors = sorted(rows.children(Door, of), key=lambda door: door.number)
            found = [(door.id, f"{door.number}/{door.of}", door.room) for door in doors if door.state not in GONE]
        case CardKind.SHIPMENT:
            trip = rows.get(Trip, of)
            found = [
                (door.id, f"{door.order_number} {door.number}/{door.of}", f"{stop.number}. {stop.consignee_name}")
                for stop in (trip.stops if trip else ())
                for door in _doors_of(rows, stop)
            ]
    live = live_labels(session, kind, [target for target, _, _ in found])
    return [
        CardLine(target, title, note, label.id if label else "", label.copies if label else 0)
        for target, title, note in found
        for label in [live.get(target)]
    ]


def list_trips(session: Session, site_id: str) -> list[Trip]:
    """The trips that have not ended, by day and number."""
    query = select(col(TripRow.id)).where(col(TripRow.site_id) == site_id, col(TripRow.state) != TripState.CLOSED)
    ordered = query.order_by(col(TripRow.planned_on), col(TripRow.number))
    rows = SessionRows(session)
    return [trip for trip_id in session.execute(ordered).scalars().all() if (trip := rows.get(Trip, trip_id))]


def live_labels(session: Session, kind: CardKind, target_ids: Sequence[str]) -> dict[str, Label]:
    """The live label of this kind of each of these that has one."""
    rows = SessionRows(session)
    rows.prefetch_children(Label, list(target_ids))
    return {
        target_id: label
        for target_id in target_ids
        for label in rows.children(Label, target_id)
        if label.kind == kind and label.state is LabelState.LIVE
    }


def cards_of(session: Session, codes: Iterable[str]) -> dict[str, Card]:
    """What stands on each of these labels; what is dead, or stands for nothing any more, is left out."""
    rows = SessionRows(session)
    codes = list(codes)
    rows.prefetch(Label, codes)
    return {code: card for code in codes if (card := _card(session, rows, code)) is not None}


def _card(session: Session, rows: SessionRows, code: str) -> Card | None:
    label = rows.get(Label, code)
    if label is None or label.state is not LabelState.LIVE or label.kind not in set(CardKind):
        return None
    match CardKind(label.kind):
        case CardKind.WORKER:
            person = rows.get(Person, label.target_id)
            return CodeCard(code, person.name, person.number) if person and person.is_active else None
        case CardKind.STATION:
            station = rows.get(Station, label.target_id)
            return CodeCard(code, station.name, station.code) if station else None
        case CardKind.LOCATION:
            return CodeCard(code, f"{_locations(session, label.site_id)[label.target_id]:03d}", "库位")
        case CardKind.PACKAGE:
            return _package(rows, code, label.target_id)
        case CardKind.SHIPMENT:
            return _shipment(rows, code, label.target_id)


def _locations(session: Session, site_id: str) -> dict[str, int]:
    """The numbers of a site's locations, in the order in which they were asked for: their ids begin with that time."""
    query = select(col(LabelRow.target_id)).where(
        col(LabelRow.kind) == CardKind.LOCATION, col(LabelRow.site_id) == site_id
    )
    targets = session.execute(query.distinct().order_by(col(LabelRow.target_id))).scalars()
    return {target_id: number for number, target_id in enumerate(targets, start=1)}


def _package(rows: SessionRows, code: str, door_id: str) -> PackageLabel | None:
    door = rows.get(Door, door_id)
    pieces = [piece for piece in rows.children(Piece, door_id) if piece.state not in GONE]
    if door is None or not pieces:
        return None
    made = rows.get(Specification, door.specification_id)
    size = size_text(made.height_tenth_mm, made.width_tenth_mm, made.thickness_tenth_mm) if made else ""
    kinds = Counter(piece.kind for piece in pieces)
    contents = [f"{PIECE_KINDS[kind].zh} ×{count}" for kind, count in kinds.items()]
    return PackageLabel(
        code, door.order_number, door.number, door.of, tuple(filter(None, (door.room, size, *contents)))
    )


def _shipment(rows: SessionRows, code: str, door_id: str) -> ShipmentLabel | None:
    """The door as a package of the stop where it goes; None where it is on no trip (any more)."""
    door = rows.get(Door, door_id)
    carried = [piece for piece in rows.children(Piece, door_id) if piece.trip_id]
    trip = rows.get(Trip, carried[0].trip_id) if carried and carried[0].trip_id else None
    stop = next((stop for stop in trip.stops if carried[0].id in stop.piece_ids), None) if trip else None
    if door is None or trip is None or stop is None:
        return None
    doors = [one.id for one in _doors_of(rows, stop)]
    return ShipmentLabel(
        code,
        door.order_number,
        doors.index(door.id) + 1,
        len(doors),
        stop.consignee_name,
        stop.address,
        stop.consignee_phone,
        f"{trip.number} · {len(carried)} 件",
    )


def _doors_of(rows: SessionRows, stop: TripStop) -> list[Door]:
    """The doors whose pieces go to this stop, by order and number."""
    pieces = (rows.get(Piece, piece_id) for piece_id in stop.piece_ids)
    door_ids = dict.fromkeys(piece.door_id for piece in pieces if piece is not None)
    doors = (rows.get(Door, door_id) for door_id in door_ids)
    return sorted((door for door in doors if door), key=lambda door: (door.order_number, door.number))
