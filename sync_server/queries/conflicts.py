"""What a person has to decide: scans that wait for others, and inspectors who disagree."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.rules.conflicts import choices
from shared.rules.routing import operation_numbered
from shared.schemas.door import Door, Piece
from shared.schemas.people import Person
from shared.schemas.production import RouteVersion, Station
from shared.schemas.quality import Conflict, ConflictState, Resolution
from shared.words import Phrase
from sync_server.storage.rows import SessionRows
from sync_server.tables import ConflictRow

SETTLED_SHOWN = 50


@dataclass(frozen=True)
class ConflictLine:
    """A conflict with the names behind its ids."""

    conflict: Conflict
    piece: Piece
    door: Door
    operation: Phrase
    missing: tuple[Phrase, ...]
    """The operations that a held scan waits for."""
    station: Phrase | None
    """Where the held scan was made."""
    people: tuple[str, ...]
    """Who scanned; for a contradiction first who passed the piece, then who failed it."""
    resolved_by: str
    choices: tuple[Resolution, ...]


def find_conflicts(session: Session, state: ConflictState) -> list[ConflictLine]:
    """Those in this state: what is due first comes first; of the settled ones only the latest."""
    query = select(col(ConflictRow.id)).where(col(ConflictRow.state) == state)
    if state is ConflictState.RESOLVED:
        query = query.order_by(col(ConflictRow.resolved_at_us).desc(), col(ConflictRow.id)).limit(SETTLED_SHOWN)
    else:
        query = query.order_by(col(ConflictRow.due_at_us), col(ConflictRow.opened_at_us), col(ConflictRow.id))
    rows = SessionRows(session)
    found = [rows.get(Conflict, conflict_id) for conflict_id in session.execute(query).scalars()]
    return [line for conflict in found if conflict is not None and (line := _line(rows, conflict)) is not None]


def count_conflicts(session: Session) -> dict[ConflictState, int]:
    """How many are in each state."""
    query = select(col(ConflictRow.state), func.count()).group_by(col(ConflictRow.state))
    found = {ConflictState(state): count for state, count in session.execute(query)}
    return {state: found.get(state, 0) for state in ConflictState}


def _line(rows: SessionRows, conflict: Conflict) -> ConflictLine | None:
    piece = rows.get(Piece, conflict.piece_id)
    door = rows.get(Door, piece.door_id) if piece else None
    if piece is None or door is None:
        return None
    route = rows.get(RouteVersion, piece.route_version_id)
    station_id, missing = conflict.facts.get("station_id"), conflict.facts.get("missing")
    station = rows.get(Station, station_id) if isinstance(station_id, str) else None
    return ConflictLine(
        conflict=conflict,
        piece=piece,
        door=door,
        operation=_operation(route, conflict.operation_number),
        missing=tuple(_operation(route, n) for n in missing if isinstance(n, int)) if isinstance(missing, list) else (),
        station=Phrase(station.name, station.name_en or station.name) if station else None,
        people=tuple(_name(rows, person_id) for person_id in conflict.people),
        resolved_by=_name(rows, conflict.resolved_by) if conflict.resolved_by else "",
        choices=choices(conflict) if conflict.state is not ConflictState.RESOLVED else (),
    )


def _operation(route: RouteVersion | None, number: int) -> Phrase:
    found = operation_numbered(route, number) if route else None
    return Phrase(found.name, found.name_en or found.name) if found else Phrase(str(number), str(number))


def _name(rows: SessionRows, person_id: str) -> str:
    person = rows.get(Person, person_id)
    return person.name if person else "—"
