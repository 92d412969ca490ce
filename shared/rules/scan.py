"""What a scanned code at a station means: exactly one command, or the one question that has to be answered first."""

from dataclasses import dataclass

from shared.rules import routing
from shared.rules.facts import RowSource
from shared.schemas.commands import CompleteOperation, FloorScan, ReportScan, StartOperation
from shared.schemas.door import Label, LabelState, Piece, PieceState
from shared.schemas.production import Reporting, RouteOperation, RouteVersion, Station

_CLOSED = frozenset({PieceState.CANCELLED, PieceState.SCRAPPED})
"""Nobody works on it any more; an inspector is told so instead of being asked."""


@dataclass(frozen=True)
class AskForResult:
    """An inspection is due here: the inspector's answer makes it a `RecordInspection`."""

    piece: Piece
    label_code: str
    operation: RouteOperation
    loop_number: int


def resolve_scan(code: str, station: Station, rows: RowSource) -> FloorScan | AskForResult:
    """The command that a scan of this (well-formed) code at this station stands for.

    Whatever cannot be acted on here becomes a `ReportScan`: no scan is without a command.
    """
    label = rows.get(Label, code)
    if label is None or label.state is not LabelState.LIVE:
        return ReportScan(label_code=code)
    piece = rows.get(Piece, label.target_id)
    route = rows.get(RouteVersion, piece.route_version_id) if piece else None
    if piece is None or route is None or piece.state in _CLOSED:
        return ReportScan(label_code=code)
    operation = routing.operation_at(piece, route, station.work_center_id)
    if operation is None:
        return ReportScan(label_code=code)
    loop_number = routing.current_loop(piece)
    if operation.is_inspection:
        if routing.is_ended(piece, operation.number):
            return ReportScan(label_code=code)
        return AskForResult(piece, code, operation, loop_number)
    begun = routing.recorded(piece, operation.number, loop_number)
    starts = operation.reporting is Reporting.START_AND_COMPLETE and begun is None
    kind = StartOperation if starts else CompleteOperation
    return kind(piece_id=piece.id, label_code=code, operation_number=operation.number, loop_number=loop_number)
