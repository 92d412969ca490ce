"""Who may change an order's family at a time: whoever holds the lock of its row.

Doors and orders follow from their pieces, so two pieces of one door must not be decided on at once. An order's row is
locked before any of its pieces is read; several orders in the order of their ids. SQLite has one writer and no need.
"""

from collections.abc import Iterable

from pydantic import JsonValue
from sqlalchemy import select, union
from sqlalchemy.orm import Session
from sqlmodel import col

from sync_server.tables import ConflictRow, DoorRow, LabelRow, OrderRow, PieceRow, TripRow

Body = dict[str, JsonValue]


def lock_families(session: Session, commands: Iterable[Body]) -> None:
    """Locks the orders that these commands are about, for this transaction."""
    if session.get_bind().dialect.name == "sqlite":
        return
    bodies = list(commands)
    pieces = _texts(bodies, "piece_id") | _pieces_of_trips(session, bodies)
    orders = _texts(bodies, "order_id")
    labels, conflicts = _texts(bodies, "label_code"), _texts(bodies, "conflict_id")
    by_piece = union(
        select(col(PieceRow.id)).where(col(PieceRow.id).in_(pieces)),
        select(col(LabelRow.target_id)).where(col(LabelRow.id).in_(labels)),
        select(col(ConflictRow.piece_id)).where(col(ConflictRow.id).in_(conflicts)),
    ).subquery()
    of_pieces = (
        select(col(DoorRow.order_id))
        .join(PieceRow, col(PieceRow.door_id) == col(DoorRow.id))
        .where(col(PieceRow.id).in_(select(by_piece.c[0])))
    )
    found = set(session.execute(of_pieces).scalars()) | orders
    if found:
        query = select(col(OrderRow.id)).where(col(OrderRow.id).in_(found)).order_by(col(OrderRow.id))
        session.execute(query.with_for_update()).all()


def _texts(bodies: Iterable[Body], field: str) -> set[str]:
    return {value for body in bodies if isinstance(value := body.get(field), str)}


def _pieces_of_trips(session: Session, bodies: Iterable[Body]) -> set[str]:
    """The pieces on a trip before and after a command about it."""
    named: set[str] = set()
    trip_ids: set[str] = _texts(bodies, "trip_id")
    for body in bodies:
        trip = body.get("trip")
        if not isinstance(trip, dict):
            continue
        trip_ids |= _texts([trip], "id")
        stops = trip.get("stops")
        for stop in stops if isinstance(stops, list) else []:
            ids = stop.get("piece_ids") if isinstance(stop, dict) else None
            named |= {one for one in ids if isinstance(one, str)} if isinstance(ids, list) else set()
    for trip_id in sorted(trip_ids):
        known = session.get(TripRow, trip_id, with_for_update=True)
        named |= {piece_id for stop in known.stops for piece_id in stop.piece_ids} if known else set()
    return named
