"""Where a piece is on its route: pure functions of the piece and its route version.

A rework lists the operations that are to be done again with the next loop number; the newest record of an operation
says where it stands.
"""

from shared.schemas.door import OperationState, Piece, PieceOperation
from shared.schemas.production import RouteOperation, RouteVersion

ENDED = frozenset({OperationState.COMPLETED, OperationState.INFERRED})


def current_loop(piece: Piece) -> int:
    """The rework loop the piece is in; 0 until something was reworked."""
    return max((operation.loop_number for operation in piece.operations), default=0)


def recorded(piece: Piece, number: int, loop_number: int) -> PieceOperation | None:
    """What is on record for this operation in this loop."""
    found = [o for o in piece.operations if o.number == number and o.loop_number == loop_number]
    return found[0] if found else None


def latest(piece: Piece, number: int) -> PieceOperation | None:
    """What is on record for this operation in the newest loop that has it."""
    found = [o for o in piece.operations if o.number == number]
    return max(found, key=lambda o: o.loop_number) if found else None


def is_ended(piece: Piece, number: int) -> bool:
    """Whether the operation has ended and was not reopened by a rework."""
    record = latest(piece, number)
    return record is not None and record.state in ENDED


def operation_numbered(route: RouteVersion, number: int) -> RouteOperation | None:
    """The route's operation of this number."""
    return next((o for o in route.operations if o.number == number), None)


def missing_before(piece: Piece, route: RouteVersion, number: int) -> tuple[RouteOperation, ...]:
    """The operations that come before `number` and have not ended, in route order."""
    return tuple(o for o in route.operations if o.number < number and not is_ended(piece, o.number))


def first_operation(route: RouteVersion) -> RouteOperation | None:
    """What a piece begins with, whatever was done on it since; None on an empty route."""
    return route.operations[0] if route.operations else None


def next_operation(piece: Piece, route: RouteVersion) -> RouteOperation | None:
    """The first operation that has not ended; None at the end of the route."""
    return next((o for o in route.operations if not is_ended(piece, o.number)), None)


def operation_at(piece: Piece, route: RouteVersion, work_center_id: str) -> RouteOperation | None:
    """The operation that a scan at this work center means.

    The first that has not ended there, else the last one there (the scan is then a repetition); None where the route
    does not pass this work center.
    """
    here = [o for o in route.operations if o.work_center_id == work_center_id]
    still_open = [o for o in here if not is_ended(piece, o.number)]
    if still_open:
        return still_open[0]
    return here[-1] if here else None


def is_superseded(piece: Piece, number: int, loop_number: int) -> bool:
    """Whether a scan of this loop came too late to count: a rework has begun at or before this operation since."""
    newer = [o.number for o in piece.operations if o.loop_number > loop_number]
    return bool(newer) and number >= min(newer)
