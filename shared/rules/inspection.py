"""An inspector's result: a pass ends the inspection, a fail puts the piece on hold, both are a conflict."""

from pydantic import JsonValue

from shared.rules import routing
from shared.rules.advance import advance
from shared.rules.decision import Accepted, Change, Context, Decision, EventDraft, EventKind, Flag, Rejected
from shared.rules.facts import Facts
from shared.rules.refusals import RefusalCode
from shared.rules.targets import earlier_scan, find_target, old_loop, out_of_route_order
from shared.schemas.commands import InspectionOutcome, RecordInspection
from shared.schemas.door import Hold, OperationState, Piece
from shared.schemas.production import RouteOperation
from shared.schemas.quality import Conflict, ConflictKind, ConflictState

INSPECTION_FAILED = "inspection_failed"
"""The code of the hold that a failed inspection puts on a piece."""


def record_inspection(facts: Facts, command: RecordInspection, context: Context) -> Decision:
    """A pass ends the inspection; a fail puts the piece on hold, also after a pass: the stricter result counts.

    A pass and a fail of the same loop contradict each other, whichever came first: the piece ends up on hold and with
    the pass on record, and a person decides.
    """
    target = find_target(facts, command)
    if isinstance(target, Rejected):
        return target
    piece, route, operation = target
    if not operation.is_inspection:
        return Rejected(RefusalCode.OPERATION_UNKNOWN, {"operation_number": operation.number})
    if routing.is_superseded(piece, operation.number, command.loop_number):
        return old_loop(piece, operation.number)
    if command.outcome is InspectionOutcome.FAIL:
        return _failed(facts, piece, operation, command, context)
    earlier = earlier_scan(piece, command)
    if earlier is not None:
        return earlier
    waits = out_of_route_order(facts, piece, route, operation, context)
    if waits is not None:
        return waits
    passed = advance(piece, route, operation, context, EventKind.INSPECTION_PASSED)
    failed_by = _failed_hold(piece, operation.number)
    if failed_by is None:
        return passed
    (changed, *_), worker = passed.change.puts, context.worker_id
    assert isinstance(changed, Piece), "a passed inspection changes its piece"
    return _contradicted(facts, changed, operation, (worker, failed_by.by), context, passed.change.events)


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
