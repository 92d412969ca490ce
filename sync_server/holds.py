"""Scans that came before the one they stand on: kept, told apart from refusals, and decided again when that one comes.

A held command stands in the log with the verdict `held`; beside it a `Conflict` says until when it may wait.
"""

from pydantic import JsonValue

from shared.rules.calendar import hold_deadline_us
from shared.rules.calls import closed
from shared.rules.decide import decide
from shared.rules.decision import Decision, EventDraft, EventKind, Held, Rejected
from shared.rules.facts import gather
from shared.rules.refusals import NextStep, RefusalCode
from shared.schemas.commands import ResolveConflict
from shared.schemas.door import Piece
from shared.schemas.production import Site
from shared.schemas.quality import Conflict, ConflictKind, ConflictState, LeaderCall, Resolution
from shared.schemas.upcast import read_command
from sync_server.effects import apply, context_of, touched_scopes
from sync_server.submission import Submission
from sync_server.unit import PendingVerdict, Unit
from sync_server.verdicts import verdict_of

ESCALATE = "escalate_conflict"
"""The kind of the job that hands a conflict to a person at its deadline."""


def open_conflict(unit: Unit, submission: Submission, decision: Held, piece: Piece) -> int:
    """Writes down that this command waits, and until when; gives that time."""
    site = unit.rows.get(Site, piece.site_id)
    assert site is not None, "a piece always belongs to a site"
    due_at_us = hold_deadline_us(site, unit.moment.record_time_us)
    conflict = Conflict(
        id=unit.moment.mint.new_id(),
        site_id=piece.site_id,
        kind=ConflictKind.OUT_OF_ORDER,
        state=ConflictState.WAITING,
        piece_id=piece.id,
        operation_number=operation_number(submission),
        origin=submission.origin,
        key=submission.key,
        code=decision.code,
        people=[submission.person_id] if submission.person_id else [],
        facts={**decision.facts, "station_id": submission.station_id},
        opened_at_us=unit.moment.record_time_us,
        due_at_us=due_at_us,
    )
    unit.put(conflict)
    detail: dict[str, JsonValue] = {
        "operation_number": conflict.operation_number,
        "waits_for": list(decision.waits_for),
    }
    unit.record(submission, [EventDraft(EventKind.CONFLICT_OPENED, piece.id, detail)])
    unit.schedule(ESCALATE, conflict.id, due_at_us)
    return due_at_us


def release(unit: Unit, piece_id: str) -> None:
    """Decides the commands again that wait for something on this piece, the earliest operation first."""
    if piece_id not in unit.held:
        unit.prefetch_held([piece_id])
    for waiting in sorted(unit.held[piece_id].values(), key=_turn):
        decision = _decide_again(unit, waiting.submission, accepts_gap=False)
        if not isinstance(decision, Held):
            is_refused = isinstance(decision, Rejected)
            _close(unit, waiting, decision, Resolution.MOOT if is_refused else Resolution.ARRIVED)


def carry_out(unit: Unit, command: ResolveConflict) -> None:
    """Does to the held command what a person has decided about it."""
    conflict = unit.rows.get(Conflict, command.conflict_id)
    assert conflict is not None, "an accepted ResolveConflict names a conflict"
    unit.prefetch_held([conflict.piece_id])
    waiting = unit.held[conflict.piece_id].get((conflict.origin, conflict.key))
    if waiting is None:
        return
    if command.resolution is Resolution.SEND_BACK:
        said: dict[str, JsonValue] = {"note": command.note, "missing": list(waiting.verdict.waits_for)}
        _close(unit, waiting, Rejected(RefusalCode.SENT_BACK, said, (NextStep.GO_TO_STATION,)), command.resolution)
        return
    decision = _decide_again(unit, waiting.submission, accepts_gap=True)
    if not isinstance(decision, Held):
        _close(unit, waiting, decision, command.resolution)
        release(unit, conflict.piece_id)


def operation_number(submission: Submission) -> int:
    """The operation that a floor command names; 0 for any other."""
    number = submission.command.get("operation_number", 0)
    return number if isinstance(number, int) else 0


def _turn(waiting: PendingVerdict) -> tuple[int, int, str, str]:
    """The order in which waiting commands are decided, whatever the order in which they came."""
    sent = waiting.submission
    return (operation_number(sent), sent.event_time_us, sent.origin, sent.key)


def _decide_again(unit: Unit, submission: Submission, *, accepts_gap: bool) -> Decision:
    command = read_command(submission.command)
    context = context_of(unit, submission, accepts_gap=accepts_gap)
    return decide(gather(command, context, unit.rows), command, context)


def _close(unit: Unit, waiting: PendingVerdict, decision: Decision, resolution: Resolution) -> None:
    """The held command has its final verdict, its conflict is settled, and whoever called about it need not wait."""
    piece_id, submission = waiting.subject, waiting.submission
    key = (submission.origin, submission.key)
    unit.no_longer_held(waiting)
    changed = apply(unit, submission, decision)
    touched = touched_scopes(changed, unit.rows.get(Piece, piece_id))
    verdict = verdict_of(decision, submission.n or 0, unit.moment.record_time_us)
    is_in_log = key not in unit.answers or waiting.verdict_rev > 1
    unit.answer(PendingVerdict(submission, verdict, piece_id, touched, waiting.verdict_rev + 1 if is_in_log else 1))
    for conflict in unit.rows.children(Conflict, piece_id):
        if (conflict.origin, conflict.key) == key and conflict.state is not ConflictState.RESOLVED:
            settled = {
                "state": ConflictState.RESOLVED,
                "resolution": resolution,
                "resolved_at_us": unit.moment.record_time_us,
            }
            unit.put(conflict.model_copy(update=settled))
    for call in unit.rows.children(LeaderCall, piece_id):
        if (call.origin, call.key) == key and call.closed_at_us is None:
            unit.put(closed(call, None, unit.moment.record_time_us))
