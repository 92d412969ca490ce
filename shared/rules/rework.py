"""How a piece is sent back along its route."""

from pydantic import JsonValue

from shared.rules import routing
from shared.rules.advance import record, state_after, with_operation
from shared.rules.conflicts import settled
from shared.rules.decision import Accepted, Change, Context, Decision, EventDraft, EventKind, Flag, Rejected
from shared.rules.facts import Facts
from shared.rules.inspection import INSPECTION_FAILED
from shared.rules.refusals import RefusalCode
from shared.rules.targets import piece_refusal
from shared.schemas.commands import ReworkPiece
from shared.schemas.door import OperationState
from shared.schemas.quality import ConflictKind, ConflictState, Resolution


def rework_piece(facts: Facts, command: ReworkPiece, context: Context) -> Decision:
    """Operations are to be done again, in a new loop; what held the piece because of a failed inspection is lifted."""
    piece, route = facts.piece, facts.route
    refusal = piece_refusal(piece)
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
        changed = with_operation(changed, record(operation, loop_number + 1, OperationState.PLANNED, context))
    changed = changed.model_copy(update={"state": state_after(changed, route)})
    decided = [
        settled(conflict, Resolution.UPHOLD, context)
        for conflict in facts.conflicts
        if conflict.kind is ConflictKind.CONTRADICTION and conflict.state is not ConflictState.RESOLVED
    ]
    detail: dict[str, JsonValue] = {
        "operation_number": again[0].number,
        "loop_number": loop_number + 1,
        "reason": command.reason,
    }
    event = EventDraft(EventKind.REWORK_STARTED, piece.id, detail)
    return Accepted(Change((changed, *decided), (event,)), facts=detail)
