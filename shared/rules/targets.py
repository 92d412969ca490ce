"""Which piece, route and operation a scan means, and what stands in its way before anything changes."""

from typing import NamedTuple

from pydantic import JsonValue

from shared.rules import routing
from shared.rules.decision import Accepted, Change, Context, Decision, EventDraft, EventKind, Flag, Held, Rejected
from shared.rules.facts import Facts
from shared.rules.refusals import NextStep, RefusalCode
from shared.schemas.commands import CompleteOperation, RecordInspection, StartOperation
from shared.schemas.door import Label, LabelState, OperationState, Piece, PieceOperation, PieceState
from shared.schemas.production import RouteOperation, RouteVersion, Strictness

PieceCommand = CompleteOperation | StartOperation | RecordInspection


class Target(NamedTuple):
    """What a command is about, all of it known here."""

    piece: Piece
    route: RouteVersion
    operation: RouteOperation


def find_target(facts: Facts, command: PieceCommand) -> Target | Rejected:
    """The piece, its route and the operation that the command means, or why there is no such thing."""
    if facts.label is None:
        return Rejected(RefusalCode.LABEL_UNKNOWN, {"label_code": command.label_code}, (NextStep.CALL_LEADER,))
    refusal = label_refusal(facts.label) or piece_refusal(facts.piece)
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
        return wrong_station(piece, route)
    return Target(piece, route, operation)


def label_refusal(label: Label) -> Rejected | None:
    """Why nothing is done by this label any more; None where it is live."""
    if label.state is LabelState.LIVE:
        return None
    dead: dict[str, JsonValue] = {"label_code": label.id}
    if label.replaced_by is not None:
        dead |= {"replaced_by": label.replaced_by, "revoked_at_us": label.revoked_at_us}
    if label.state is LabelState.REVOKED and label.replaced_by is None:
        return Rejected(RefusalCode.LABEL_REVOKED, dead, (NextStep.CALL_LEADER,))
    code = RefusalCode.LABEL_REVOKED if label.state is LabelState.REVOKED else RefusalCode.LABEL_REPLACED
    return Rejected(code, dead, (NextStep.USE_NEW_LABEL, NextStep.CALL_LEADER))


def piece_refusal(piece: Piece | None) -> Rejected | None:
    """Why nobody works on this piece any more; None where somebody may, or where it is not known."""
    if piece is None:
        return None
    if piece.state is PieceState.CANCELLED:
        return Rejected(RefusalCode.PIECE_CANCELLED, {"piece_id": piece.id}, (NextStep.PUT_ASIDE, NextStep.CALL_LEADER))
    if piece.state is PieceState.SCRAPPED:
        return Rejected(RefusalCode.PIECE_SCRAPPED, {"piece_id": piece.id}, (NextStep.PUT_ASIDE, NextStep.CALL_LEADER))
    return None


def wrong_station(piece: Piece, route: RouteVersion) -> Rejected:
    """This piece has nothing to do here; says where it should be."""
    due = routing.next_operation(piece, route)
    if due is None:
        return Rejected(RefusalCode.NOT_AT_THIS_STATION, {"is_finished": True}, (NextStep.CALL_LEADER,))
    expected: dict[str, JsonValue] = {"operation_number": due.number, "work_center_id": due.work_center_id}
    return Rejected(RefusalCode.NOT_AT_THIS_STATION, expected, (NextStep.GO_TO_STATION,))


def earlier_scan(piece: Piece, command: PieceCommand) -> Decision | None:
    """The answer for an operation that has ended before, or that belongs to a rework loop which is over."""
    if routing.is_superseded(piece, command.operation_number, command.loop_number):
        return old_loop(piece, command.operation_number)
    done = routing.latest(piece, command.operation_number)
    if done is not None and done.state is OperationState.COMPLETED:
        return already(piece, done)
    return None


def old_loop(piece: Piece, number: int) -> Accepted:
    """It happened, and stays in the history; where the piece is now is not its business any more."""
    event = EventDraft(EventKind.OLD_LOOP_SCANNED, piece.id, {"operation_number": number})
    return Accepted(Change(events=(event,)), Flag.LATE, {"operation_number": number, "code": RefusalCode.OLD_LOOP})


def already(piece: Piece, done: PieceOperation) -> Accepted:
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


def out_of_route_order(
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
