"""What a scan at a production or inspection station does to a piece."""

from pydantic import JsonValue

from shared.rules import routing
from shared.rules.decision import Accepted, Change, Context, Decision, EventDraft, EventKind, Flag, Held, Rejected
from shared.rules.facts import Facts
from shared.rules.refusals import NextStep, RefusalCode
from shared.schemas.commands import (
    CompleteOperation,
    InspectionOutcome,
    RecordInspection,
    ReportScan,
    StartOperation,
)
from shared.schemas.door import Hold, Label, LabelState, OperationState, Piece, PieceOperation, PieceState
from shared.schemas.production import RouteOperation, RouteVersion, Strictness

PieceCommand = CompleteOperation | StartOperation | RecordInspection

INSPECTION_FAILED = "inspection_failed"
"""The code of the hold that a failed inspection puts on a piece."""


def complete_operation(facts: Facts, command: CompleteOperation, context: Context) -> Decision:
    """The operation is done, or was already, or waits for what must come before it."""
    target = _target(facts, command)
    if isinstance(target, Rejected):
        return target
    piece, route, operation = target
    if operation.is_inspection:
        return Rejected(
            RefusalCode.INSPECTION_NEEDS_RESULT, {"operation_number": operation.number}, (NextStep.INSPECT,)
        )
    earlier = _earlier_scan(piece, command)
    if earlier is not None:
        return earlier
    return _in_route_order(facts, piece, route, operation) or _advance(
        piece, route, operation, context, EventKind.OPERATION_COMPLETED
    )


def start_operation(facts: Facts, command: StartOperation, context: Context) -> Decision:
    """The operation has begun; its end is a scan of its own."""
    target = _target(facts, command)
    if isinstance(target, Rejected):
        return target
    piece, route, operation = target
    earlier = _earlier_scan(piece, command)
    if earlier is not None:
        return earlier
    begun = routing.recorded(piece, operation.number, command.loop_number)
    if begun is not None and begun.state is OperationState.STARTED:
        return _already(piece, begun)
    waits = _in_route_order(facts, piece, route, operation)
    if waits is not None:
        return waits
    started = _record(operation, command.loop_number, OperationState.STARTED, context)
    changed = _with_operation(piece, started).model_copy(update={"state": PieceState.IN_PROCESS})
    event = EventDraft(EventKind.OPERATION_STARTED, piece.id, {"operation_number": operation.number})
    return Accepted(Change((changed,), (event,)), facts={"operation_number": operation.number})


def record_inspection(facts: Facts, command: RecordInspection, context: Context) -> Decision:
    """A pass ends the inspection; a fail puts the piece on hold, also after a pass: the stricter result counts."""
    target = _target(facts, command)
    if isinstance(target, Rejected):
        return target
    piece, route, operation = target
    if not operation.is_inspection:
        return Rejected(RefusalCode.OPERATION_UNKNOWN, {"operation_number": operation.number})
    if command.outcome is InspectionOutcome.FAIL:
        return _failed(piece, operation, command, context)
    earlier = _earlier_scan(piece, command)
    if earlier is not None:
        return earlier
    return _in_route_order(facts, piece, route, operation) or _advance(
        piece, route, operation, context, EventKind.INSPECTION_PASSED
    )


def report_scan(facts: Facts, command: ReportScan) -> Decision:
    """Says what a scanned code stands for when nothing can be done with it here."""
    if facts.label is None:
        return Rejected(RefusalCode.LABEL_UNKNOWN, {"label_code": command.label_code}, (NextStep.CALL_LEADER,))
    refusal = _label_refusal(facts.label) or _piece_refusal(facts.piece)
    if refusal is not None:
        return refusal
    piece, route, station = facts.piece, facts.route, facts.station
    if facts.label.kind != "D" or piece is None or route is None:
        return Rejected(RefusalCode.LABEL_NOT_A_PIECE, {"label_kind": facts.label.kind}, (NextStep.SCAN_AGAIN,))
    here = routing.operation_at(piece, route, station.work_center_id) if station else None
    done = routing.recorded(piece, here.number, routing.current_loop(piece)) if here else None
    if done is not None and done.state in routing.ENDED:
        return _already(piece, done)
    return _wrong_station(piece, route)


def _target(facts: Facts, command: PieceCommand) -> tuple[Piece, RouteVersion, RouteOperation] | Rejected:
    """The piece, its route and the operation that the command means, or why there is no such thing."""
    if facts.label is None:
        return Rejected(RefusalCode.LABEL_UNKNOWN, {"label_code": command.label_code}, (NextStep.CALL_LEADER,))
    refusal = _label_refusal(facts.label) or _piece_refusal(facts.piece)
    if refusal is not None:
        return refusal
    piece, route = facts.piece, facts.route
    if piece is None or route is None or facts.label.target_id != piece.id:
        return Rejected(RefusalCode.PIECE_UNKNOWN, {"piece_id": command.piece_id})
    operation = routing.operation_numbered(route, command.operation_number)
    if operation is None:
        return Rejected(RefusalCode.OPERATION_UNKNOWN, {"operation_number": command.operation_number})
    if facts.station is None:
        return Rejected(RefusalCode.STATION_UNKNOWN, next_steps=(NextStep.PICK_STATION, NextStep.CALL_LEADER))
    if facts.station.work_center_id != operation.work_center_id:
        return _wrong_station(piece, route)
    return piece, route, operation


def _label_refusal(label: Label) -> Rejected | None:
    if label.state is LabelState.REVOKED:
        return Rejected(RefusalCode.LABEL_REVOKED, {"label_code": label.id}, (NextStep.CALL_LEADER,))
    if label.state is LabelState.REPLACED:
        replaced: dict[str, JsonValue] = {"label_code": label.id, "replaced_by": label.replaced_by}
        return Rejected(RefusalCode.LABEL_REPLACED, replaced, (NextStep.USE_NEW_LABEL, NextStep.CALL_LEADER))
    return None


def _piece_refusal(piece: Piece | None) -> Rejected | None:
    if piece is None:
        return None
    if piece.state is PieceState.CANCELLED:
        return Rejected(RefusalCode.PIECE_CANCELLED, {"piece_id": piece.id}, (NextStep.PUT_ASIDE, NextStep.CALL_LEADER))
    if piece.state is PieceState.SCRAPPED:
        return Rejected(RefusalCode.PIECE_SCRAPPED, {"piece_id": piece.id}, (NextStep.PUT_ASIDE, NextStep.CALL_LEADER))
    return None


def _wrong_station(piece: Piece, route: RouteVersion) -> Rejected:
    """This piece has nothing to do here; says where it should be."""
    due = routing.next_operation(piece, route)
    if due is None:
        return Rejected(RefusalCode.NOT_AT_THIS_STATION, {"is_finished": True}, (NextStep.CALL_LEADER,))
    expected: dict[str, JsonValue] = {"operation_number": due.number, "work_center_id": due.work_center_id}
    return Rejected(RefusalCode.NOT_AT_THIS_STATION, expected, (NextStep.GO_TO_STATION,))


def _earlier_scan(piece: Piece, command: PieceCommand) -> Decision | None:
    """The answer for an operation that has ended before, or that belongs to a rework loop which is over."""
    if command.loop_number < routing.current_loop(piece):
        event = EventDraft(EventKind.OPERATION_REPEATED, piece.id, {"operation_number": command.operation_number})
        return Accepted(Change(events=(event,)), Flag.LATE, {"code": RefusalCode.OLD_LOOP})
    done = routing.recorded(piece, command.operation_number, command.loop_number)
    if done is not None and done.state is OperationState.COMPLETED:
        return _already(piece, done)
    return None


def _already(piece: Piece, done: PieceOperation) -> Accepted:
    """Both scans stay on record; the first one counts."""
    event = EventDraft(EventKind.OPERATION_REPEATED, piece.id, {"operation_number": done.number})
    first: dict[str, JsonValue] = {
        "operation_number": done.number,
        "worker_id": done.worker_ids[0] if done.worker_ids else None,
        "station_id": done.station_id,
        "event_time_us": done.event_time_us,
        "event_offset_min": done.event_offset_min,
    }
    return Accepted(Change(events=(event,)), Flag.ALREADY, first)


def _in_route_order(facts: Facts, piece: Piece, route: RouteVersion, operation: RouteOperation) -> Decision | None:
    """A refusal or a hold where this operation's turn has not come; None where it may go on."""
    if piece.holds:
        hold: dict[str, JsonValue] = {"hold": piece.holds[0].code, "reason": piece.holds[0].reason}
        return Rejected(RefusalCode.PIECE_ON_HOLD, hold, (NextStep.PUT_ASIDE, NextStep.CALL_LEADER))
    missing = routing.missing_before(piece, route, operation.number)
    numbers = tuple(o.number for o in missing)
    first: dict[str, JsonValue] = {"operation_number": operation.number}
    if missing:
        first |= {"missing": list(numbers), "work_center_id": missing[0].work_center_id}
    if any(o.is_inspection for o in missing):
        return Held(numbers, RefusalCode.INSPECTION_MISSING, first, (NextStep.INSPECT, NextStep.CALL_LEADER))
    is_strict = facts.station is not None and facts.station.strictness is Strictness.ENFORCE
    if missing and is_strict:
        return Held(numbers, RefusalCode.EARLIER_OPERATION_MISSING, first, (NextStep.CARRY_ON, NextStep.CALL_LEADER))
    return None


def _advance(
    piece: Piece, route: RouteVersion, operation: RouteOperation, context: Context, kind: EventKind
) -> Accepted:
    """Ends the operation, inferring what was skipped before it."""
    loop_number = routing.current_loop(piece)
    skipped = routing.missing_before(piece, route, operation.number)
    records = [_record(o, loop_number, OperationState.INFERRED, context) for o in skipped]
    records.append(_record(operation, loop_number, OperationState.COMPLETED, context))
    changed = piece
    for record in records:
        changed = _with_operation(changed, record)
    changed = changed.model_copy(update={"state": _state_after(changed, route)})
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


def _failed(piece: Piece, operation: RouteOperation, command: RecordInspection, context: Context) -> Accepted:
    hold = Hold(code=INSPECTION_FAILED, reason=command.reason, since_us=context.event_time_us)
    others = [h for h in piece.holds if h.code != INSPECTION_FAILED]
    changed = piece.model_copy(update={"holds": [*others, hold]})
    detail: dict[str, JsonValue] = {"operation_number": operation.number, "reason": command.reason}
    return Accepted(Change((changed,), (EventDraft(EventKind.INSPECTION_FAILED, piece.id, detail),)), facts=detail)


def _record(operation: RouteOperation, loop_number: int, state: OperationState, context: Context) -> PieceOperation:
    is_seen = state is not OperationState.INFERRED
    return PieceOperation(
        number=operation.number,
        loop_number=loop_number,
        state=state,
        worker_ids=[context.worker_id] if is_seen and context.worker_id else [],
        station_id=context.station_id if is_seen else None,
        event_time_us=context.event_time_us,
        event_offset_min=context.event_offset_min,
    )


def _with_operation(piece: Piece, record: PieceOperation) -> Piece:
    key = (record.number, record.loop_number)
    others = [o for o in piece.operations if (o.number, o.loop_number) != key]
    operations = sorted([*others, record], key=lambda o: (o.loop_number, o.number))
    return piece.model_copy(update={"operations": operations})


def _state_after(piece: Piece, route: RouteVersion) -> PieceState:
    due = routing.next_operation(piece, route)
    if due is None:
        return PieceState.PASSED
    return PieceState.AWAITING_INSPECTION if due.is_inspection else PieceState.IN_PROCESS
