"""What a scan at a production station does to a piece."""

from shared.label_code import CodeKind
from shared.rules import routing
from shared.rules.advance import advance, record, with_operation
from shared.rules.decision import Accepted, Change, Context, Decision, EventDraft, EventKind, Rejected
from shared.rules.facts import Facts
from shared.rules.racks import was_elsewhere
from shared.rules.refusals import NextStep, RefusalCode
from shared.rules.targets import (
    already,
    earlier_scan,
    find_target,
    label_refusal,
    out_of_route_order,
    piece_refusal,
    wrong_station,
)
from shared.schemas.commands import CompleteOperation, ReportScan, StartOperation
from shared.schemas.door import OperationState, PieceState


def complete_operation(facts: Facts, command: CompleteOperation, context: Context) -> Decision:
    """The operation is done, or was already, or waits for what must come before it."""
    target = find_target(facts, command)
    if isinstance(target, Rejected):
        return target
    piece, route, operation = target
    if operation.is_inspection:
        return Rejected(
            RefusalCode.INSPECTION_NEEDS_RESULT, {"operation_number": operation.number}, (NextStep.INSPECT,)
        )
    earlier = earlier_scan(piece, command)
    if earlier is not None:
        return earlier
    elsewhere = was_elsewhere(facts, piece, command.rack_id, context)
    if elsewhere is not None:
        return elsewhere
    return out_of_route_order(facts, piece, route, operation, context) or advance(
        piece, route, operation, context, EventKind.OPERATION_COMPLETED
    )


def start_operation(facts: Facts, command: StartOperation, context: Context) -> Decision:
    """The operation has begun; its end is a scan of its own."""
    target = find_target(facts, command)
    if isinstance(target, Rejected):
        return target
    piece, route, operation = target
    earlier = earlier_scan(piece, command)
    if earlier is not None:
        return earlier
    loop_number = routing.current_loop(piece)
    begun = routing.recorded(piece, operation.number, loop_number)
    if begun is not None and begun.state is OperationState.STARTED:
        return already(piece, begun)
    waits = was_elsewhere(facts, piece, command.rack_id, context) or out_of_route_order(
        facts, piece, route, operation, context
    )
    if waits is not None:
        return waits
    started = record(operation, loop_number, OperationState.STARTED, context)
    changed = with_operation(piece, started).model_copy(update={"state": PieceState.IN_PROCESS})
    event = EventDraft(EventKind.OPERATION_STARTED, piece.id, {"operation_number": operation.number})
    return Accepted(Change((changed,), (event,)), facts={"operation_number": operation.number})


def report_scan(facts: Facts, command: ReportScan) -> Decision:
    """Says what a scanned code stands for when nothing can be done with it here."""
    if facts.label is None:
        return Rejected(RefusalCode.LABEL_UNKNOWN, {"label_code": command.label_code}, (NextStep.CALL_LEADER,))
    refusal = label_refusal(facts.label) or piece_refusal(facts.piece)
    if refusal is not None:
        return refusal
    piece, route, station = facts.piece, facts.route, facts.station
    if facts.label.kind != CodeKind.PIECE or piece is None or route is None:
        return Rejected(RefusalCode.LABEL_NOT_A_PIECE, {"label_kind": facts.label.kind}, (NextStep.SCAN_AGAIN,))
    here = routing.operation_at(piece, route, station.work_center_id) if station else None
    done = routing.recorded(piece, here.number, routing.current_loop(piece)) if here else None
    if done is not None and done.state in routing.ENDED:
        return already(piece, done)
    return wrong_station(piece, route)
