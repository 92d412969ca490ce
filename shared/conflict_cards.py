"""A conflict as the person who decides it sees it, on a tablet and in the office: names for ids, and what happened."""

from dataclasses import dataclass

from shared.rules.conflicts import choices
from shared.rules.facts import RowSource
from shared.rules.routing import operation_numbered
from shared.schemas.door import Door, Piece
from shared.schemas.people import Person
from shared.schemas.production import RouteVersion, Station
from shared.schemas.quality import Conflict, ConflictKind, ConflictState, Resolution
from shared.words import BECAUSE, CONTRADICTED, TOO_EARLY, Phrase, reason_words

NOBODY = "—"


@dataclass(frozen=True)
class ConflictCard:
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

    @property
    def is_contradiction(self) -> bool:
        """Whether `said` names the people already."""
        return self.conflict.kind is ConflictKind.CONTRADICTION

    @property
    def said(self) -> Phrase:
        """What happened."""
        if not self.is_contradiction:
            missing = Phrase("、".join(one.zh for one in self.missing), ", ".join(one.en for one in self.missing))
            return TOO_EARLY.filled(operation=self.operation, missing=missing)
        passed_by, failed_by = (*self.people, NOBODY, NOBODY)[:2]
        said = CONTRADICTED.filled(operation=self.operation, passed_by=passed_by, failed_by=failed_by)
        reason = self.conflict.facts.get("reason")
        if not reason:
            return said
        because = BECAUSE.filled(reason=reason_words(str(reason)))
        return Phrase(f"{said.zh}{because.zh}", f"{said.en} {because.en}")


def card_of(conflict: Conflict, rows: RowSource) -> ConflictCard | None:
    """The conflict's card; None while its piece or its door is not here."""
    piece = rows.get(Piece, conflict.piece_id)
    door = rows.get(Door, piece.door_id) if piece else None
    if piece is None or door is None:
        return None
    route = rows.get(RouteVersion, piece.route_version_id)
    station_id, missing = conflict.facts.get("station_id"), conflict.facts.get("missing")
    station = rows.get(Station, station_id) if isinstance(station_id, str) else None
    return ConflictCard(
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


def _name(rows: RowSource, person_id: str) -> str:
    person = rows.get(Person, person_id)
    return person.name if person else NOBODY
