"""A piece's way along its route: what an ended operation changes, and what is inferred before it."""

from pydantic import JsonValue

from shared.rules import routing
from shared.rules.decision import Accepted, Change, Context, EventDraft, EventKind, Flag
from shared.schemas.door import OperationState, Piece, PieceOperation, PieceState
from shared.schemas.production import RouteOperation, RouteVersion


def advance(
    piece: Piece, route: RouteVersion, operation: RouteOperation, context: Context, kind: EventKind
) -> Accepted:
    """Ends the operation, inferring what was skipped before it."""
    loop_number = routing.current_loop(piece)
    skipped = routing.missing_before(piece, route, operation.number)
    records = [record(o, loop_number, OperationState.INFERRED, context) for o in skipped]
    records.append(record(operation, loop_number, OperationState.COMPLETED, context))
    changed = piece
    for one in records:
        changed = with_operation(changed, one)
    changed = changed.model_copy(update={"state": state_after(changed, route)})
    due = routing.next_operation(changed, route)
    inferred = [EventDraft(EventKind.OPERATION_INFERRED, piece.id, {"operation_number": o.number}) for o in skipped]
    event = EventDraft(kind, piece.id, {"operation_number": operation.number, "loop_number": loop_number})
    said: dict[str, JsonValue] = {
        "operation_number": operation.number,
        "inferred": [o.number for o in skipped],
        "next_operation_number": due.number if due else None,
    }
    flag = Flag.LATE if skipped else Flag.NONE
    return Accepted(Change((changed,), (*inferred, event)), flag, said)


def record(operation: RouteOperation, loop_number: int, state: OperationState, context: Context) -> PieceOperation:
    """What goes on record for an operation; who did it and where only where somebody was seen to do it."""
    is_seen = state in {OperationState.STARTED, OperationState.COMPLETED}
    return PieceOperation(
        number=operation.number,
        loop_number=loop_number,
        state=state,
        worker_ids=[context.worker_id] if is_seen and context.worker_id else [],
        station_id=context.station_id if is_seen else None,
        event_time_us=context.event_time_us,
        event_offset_min=context.event_offset_min,
    )


def with_operation(piece: Piece, new: PieceOperation) -> Piece:
    """The piece with this on record, in the place of what stood there for the same operation and loop."""
    key = (new.number, new.loop_number)
    others = [o for o in piece.operations if (o.number, o.loop_number) != key]
    operations = sorted([*others, new], key=lambda o: (o.loop_number, o.number))
    return piece.model_copy(update={"operations": operations})


def state_after(piece: Piece, route: RouteVersion) -> PieceState:
    """The state of a piece that has come so far."""
    due = routing.next_operation(piece, route)
    if due is None:
        return PieceState.PASSED
    return PieceState.AWAITING_INSPECTION if due.is_inspection else PieceState.IN_PROCESS
