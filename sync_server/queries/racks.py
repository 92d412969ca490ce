"""Racks as the office sees them: what is on each, since when, and who put it there."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from labels.content import CodeCard
from shared.schemas.door import Door, Label, LabelState, Piece
from shared.schemas.people import Person
from shared.schemas.rack import Rack
from sync_server.queries.orders import PieceLine, piece_line
from sync_server.storage.rows import SessionRows
from sync_server.tables import PieceRow


@dataclass(frozen=True)
class RackLine:
    """A rack, how many pieces are on it, and since when the one is that came first."""

    rack: Rack
    pieces: int
    since_us: int | None


@dataclass(frozen=True)
class OnRack:
    """A piece on a rack."""

    line: PieceLine
    door: Door
    person: str
    """Who put it there."""


@dataclass(frozen=True)
class RackView:
    """A rack with its live code and what is on it, by order, door and piece."""

    rack: Rack
    code: str
    pieces: list[OnRack]


def list_racks(session: Session, site_id: str) -> list[RackLine]:
    """The racks of a site, by code; those that are not used any more come last."""
    query = select(col(PieceRow.rack_id), func.count(), func.min(col(PieceRow.rack_changed_us)))
    counted = query.where(col(PieceRow.rack_id).is_not(None)).group_by(col(PieceRow.rack_id))
    found = {rack_id: (count, since_us) for rack_id, count, since_us in session.execute(counted)}
    racks = SessionRows(session).children(Rack, site_id)
    lines = [RackLine(rack, *found.get(rack.id, (0, None))) for rack in racks]
    return sorted(lines, key=lambda line: (not line.rack.is_active, line.rack.code))


def view_rack(session: Session, rack_id: str) -> RackView | None:
    """One rack, or None."""
    rows = SessionRows(session)
    rack = rows.get(Rack, rack_id)
    if rack is None:
        return None
    ids = session.execute(select(col(PieceRow.id)).where(col(PieceRow.rack_id) == rack_id)).scalars().all()
    rows.prefetch(Piece, ids)
    found = [_on_rack(rows, piece) for piece_id in ids if (piece := rows.get(Piece, piece_id))]
    place = sorted(found, key=lambda one: (one.door.order_number, one.door.number, one.line.piece.number))
    return RackView(rack, rack_code(rows, rack), place)


def rack_code(rows: SessionRows, rack: Rack) -> str:
    """The text of its live label."""
    return next(label.id for label in rows.children(Label, rack.id) if label.state is LabelState.LIVE)


def rack_labels(session: Session, site_id: str) -> list[CodeCard]:
    """A label for each rack of a site that is in use, by code."""
    rows = SessionRows(session)
    return [
        card_of(line.rack, rack_code(rows, line.rack)) for line in list_racks(session, site_id) if line.rack.is_active
    ]


def card_of(rack: Rack, code: str) -> CodeCard:
    """What is printed on its label."""
    return CodeCard(code, rack.code, rack.name)


def _on_rack(rows: SessionRows, piece: Piece) -> OnRack:
    door = rows.get(Door, piece.door_id)
    assert door is not None, "a piece always belongs to a door"
    person = rows.get(Person, piece.rack_changed_by) if piece.rack_changed_by else None
    return OnRack(piece_line(rows, piece), door, person.name if person else "")
