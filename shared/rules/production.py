"""What a scan at a production or inspection station does to a piece, and how a piece is sent back along its route."""

from pydantic import JsonValue

from shared.label_code import CodeKind
from shared.rules import routing
from shared.rules.decision import Accepted, Change, Context, Decision, EventDraft, EventKind, Flag, Held, Rejected
from shared.rules.facts import Facts
from shared.rules.refusals import NextStep, RefusalCode
from shared.schemas.commands import (
    CompleteOperation,
    InspectionOutcome,
    RecordInspection,
    ReportScan,
    ReworkPiece,
    StartOperation,
)
from shared.schemas.door import Hold, Label, LabelState, OperationState, Piece, PieceOperation, PieceState
from shared.schemas.production import RouteOperation, RouteVersion, Strictness
from shared.schemas.quality import Conflict, ConflictKind, ConflictState, Resolution

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
    return _in_route_order(facts, piece, route, operation, context) or _advance(
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
    loop_number = routing.current_loop(piece)
    begun = routing.recorded(piece, operation.number, loop_number)
    if begun is not None and begun.state is OperationState.STARTED:
        return _already(piece, begun)
    waits = _in_route_order(facts, piece, route, operation, context)
    if waits is not None:
        return waits
    started = _record(operation, loop_number, OperationState.STARTED, context)
    changed = _with_operation(piece, started).model_copy(update={"state": PieceState.IN_PROCESS})
    event = EventDraft(EventKind.OPERATION_STARTED, piece.id, {"operation_number": operation.number})
    return Accepted(Change((changed,), (event,)), facts={"operation_number": operation.number})


def record_inspection(facts: Facts, command: RecordInspection, context: Context) -> Decision:
    """A pass ends the inspection; a fail puts the piece on hold, also after a pass: the stricter result counts.

    A pass and a fail of the same loop contradict each other, whichever came first: the piece ends up on hold and with
    the pass on record, and a person decides.
    """
    target = _target(facts, command)
    if isinstance(target, Rejected):
        return target
    piece, route, operation = target
    if not operation.is_inspection:
        return Rejected(RefusalCode.OPERATION_UNKNOWN, {"operation_number": operation.number})
    if routing.is_superseded(piece, operation.number, command.loop_number):
        return _old_loop(piece, operation.number)
    if command.outcome is InspectionOutcome.FAIL:
        return _failed(facts, piece, operation, command, context)
    earlier = _earlier_scan(piece, command)
    if earlier is not None:
        return earlier
    waits = _in_route_order(facts, piece, route, operation, context)
    if waits is not None:
        return waits
    passed = _advance(piece, route, operation, context, EventKind.INSPECTION_PASSED)
    failed_by = _failed_hold(piece, operation.number)
    if failed_by is None:
        return passed
    (changed, *_), worker = passed.change.puts, context.worker_id
    assert isinstance(changed, Piece), "a passed inspection changes its piece"
    return _contradicted(facts, changed, operation, (worker, failed_by.by), context, passed.change.events)


def rework_piece(facts: Facts, command: ReworkPiece, context: Context) -> Decision:
    """Operations are to be done again, in a new loop; what held the piece because of a failed inspection is lifted."""
    piece, route = facts.piece, facts.route
    refusal = _piece_refusal(piece)
    if refusal is not None:
        return refusal
    if piece is None or route is None:
        return Rejected(RefusalCode.PIECE_UNKNOWN, {"piece_id": command.piece_id})
    loop_number = routing.current_loop(piece)
    if command.loop_number < loop_number:
        return Accepted(Change(), Flag.ALREADY, {"loop_number": loop_number})
    again = [o for o in route.operations if command.from_number <= o.number <= command.to_number]
    if not again:
        return Rejected(RefusalCode.OPERATION_UNKNOWN, {"operation_number": command.from_number})
    changed = piece.model_copy(update={"holds": [h for h in piece.holds if h.code != INSPECTION_FAILED]})
    for operation in again:
        changed = _with_operation(changed, _record(operation, loop_number + 1, OperationState.PLANNED, context))
    changed = changed.model_copy(update={"state": _state_after(changed, route)})
    settled = [
        _settled(conflict, Resolution.UPHOLD, context)
        for conflict in facts.conflicts
        if conflict.kind is ConflictKind.CONTRADICTION and conflict.state is not ConflictState.RESOLVED
    ]
    detail: dict[str, JsonValue] = {
        "operation_number": again[0].number,
        "loop_number": loop_number + 1,
        "reason": command.reason,
    }
    event = EventDraft(EventKind.REWORK_STARTED, piece.id, detail)
    return Accepted(Change((changed, *settled), (event,)), facts=detail)


def report_scan(facts: Facts, command: ReportScan) -> Decision:
    """Says what a scanned code stands for when nothing can be done with it here."""
    if facts.label is None:
        return Rejected(RefusalCode.LABEL_UNKNOWN, {"label_code": command.label_code}, (NextStep.CALL_LEADER,))
    refusal = _label_refusal(facts.label) or _piece_refusal(facts.piece)
    if refusal is not None:
        return refusal
    piece, route, station = facts.piece, facts.route, facts.station
    if facts.label.kind != CodeKind.PIECE or piece is None or route is None:
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
    if routing.is_superseded(piece, command.operation_number, command.loop_number):
        return _old_loop(piece, command.operation_number)
    done = routing.latest(piece, command.operation_number)
    if done is not None and done.state is OperationState.COMPLETED:
        return _already(piece, done)
    return None


def _old_loop(piece: Piece, number: int) -> Accepted:
    """It happened, and stays in the history; where the piece is now is not its business any more."""
    event = EventDraft(EventKind.OLD_LOOP_SCANNED, piece.id, {"operation_number": number})
    return Accepted(Change(events=(event,)), Flag.LATE, {"operation_number": number, "code": RefusalCode.OLD_LOOP})


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


def _in_route_order(
    facts: Facts, piece: Piece, route: RouteVersion, operation: RouteOperation, context: Context
) -> Decision | None:
    """A refusal or a hold where this operation's turn has not come; None where it may go on.

    What came before the operation that put the piece on hold has happened and is recorded, hold or not.
    """
    hold = next((h for h in piece.holds if operation.number > h.operation_number or not h.operation_number), None)
    if hold is not None:
        held: dict[str, JsonValue] = {"hold": hold.code, "reason": hold.reason}
        return Rejected(RefusalCode.PIECE_ON_HOLD, held, (NextStep.PUT_ASIDE, NextStep.CALL_LEADER))
    missing = routing.missing_before(piece, route, operation.number)
    numbers = tuple(o.number for o in missing)
    first: dict[str, JsonValue] = {"operation_number": operation.number}
    if missing:
        first |= {"missing": list(numbers), "work_center_id": missing[0].work_center_id}
    if any(o.is_inspection for o in missing):
        return Held(numbers, RefusalCode.INSPECTION_MISSING, first, (NextStep.INSPECT, NextStep.CALL_LEADER))
    is_strict = facts.station is not None and facts.station.strictness is Strictness.ENFORCE
    if missing and is_strict and not context.accepts_gap:
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


def _failed(
    facts: Facts, piece: Piece, operation: RouteOperation, command: RecordInspection, context: Context
) -> Accepted:
    """The piece is on hold. Of several fails the one that happened first gives the reason, however they come in."""
    hold = Hold(
        code=INSPECTION_FAILED,
        reason=command.reason,
        since_us=context.event_time_us,
        by=context.worker_id,
        operation_number=operation.number,
        loop_number=routing.current_loop(piece),
    )
    others = [h for h in piece.holds if h.code != INSPECTION_FAILED]
    fails = [hold, *(h for h in piece.holds if h.code == INSPECTION_FAILED)]
    first = min(fails, key=lambda h: (h.since_us, h.by or "", h.reason))
    changed = piece.model_copy(update={"holds": [*others, first]})
    detail: dict[str, JsonValue] = {
        "operation_number": operation.number,
        "reason": command.reason,
        "defect_code": command.defect_code,
    }
    event = EventDraft(EventKind.INSPECTION_FAILED, piece.id, detail)
    passed = routing.recorded(piece, operation.number, routing.current_loop(piece))
    if passed is not None and passed.state is OperationState.COMPLETED:
        passed_by = passed.worker_ids[0] if passed.worker_ids else None
        return _contradicted(facts, changed, operation, (passed_by, context.worker_id), context, (event,))
    return Accepted(Change((changed,), (event,)), facts=detail)


def _failed_hold(piece: Piece, number: int) -> Hold | None:
    """The hold of a failed inspection at this operation, in the loop that the piece is in."""
    loop_number = routing.current_loop(piece)
    here = (h for h in piece.holds if h.code == INSPECTION_FAILED and h.operation_number == number)
    return next((h for h in here if h.loop_number == loop_number), None)


def _contradicted(
    facts: Facts,
    changed: Piece,
    operation: RouteOperation,
    people: tuple[str | None, str | None],
    context: Context,
    events: tuple[EventDraft, ...],
) -> Accepted:
    """One card for each inspection of each loop, naming who passed the piece and who failed it."""
    loop_number = routing.current_loop(changed)
    said: dict[str, JsonValue] = {
        "operation_number": operation.number,
        "code": RefusalCode.CONTRADICTED,
        "passed_by": people[0],
        "failed_by": people[1],
        "reason": next((h.reason for h in changed.holds if h.code == INSPECTION_FAILED), ""),
    }
    event = EventDraft(EventKind.INSPECTION_CONTRADICTED, changed.id, said)
    known = (c for c in facts.conflicts if c.kind is ConflictKind.CONTRADICTION)
    if any((c.operation_number, c.loop_number) == (operation.number, loop_number) for c in known):
        return Accepted(Change((changed,), (*events, event)), Flag.LATE, said)
    conflict = Conflict(
        id=context.mint.new_id(),
        site_id=changed.site_id,
        kind=ConflictKind.CONTRADICTION,
        state=ConflictState.OPEN,
        piece_id=changed.id,
        operation_number=operation.number,
        loop_number=loop_number,
        code=RefusalCode.CONTRADICTED,
        people=[person for person in people if person],
        facts=said,
        opened_at_us=context.record_time_us,
    )
    return Accepted(Change((changed, conflict), (*events, event)), Flag.LATE, said)


def _settled(conflict: Conflict, resolution: Resolution, context: Context) -> Conflict:
    return conflict.model_copy(
        update={
            "state": ConflictState.RESOLVED,
            "resolution": resolution,
            "resolved_by": context.worker_id,
            "resolved_at_us": context.record_time_us,
        }
    )


def _record(operation: RouteOperation, loop_number: int, state: OperationState, context: Context) -> PieceOperation:
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
