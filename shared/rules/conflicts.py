"""What happens when a person decides a conflict, or its deadline passes."""

from shared.rules.decision import Accepted, Change, Context, Decision, EventDraft, EventKind, Rejected
from shared.rules.facts import Facts
from shared.rules.inspection import INSPECTION_FAILED
from shared.rules.refusals import NextStep, RefusalCode
from shared.schemas.commands import EscalateConflict, ResolveConflict
from shared.schemas.entities import Entity
from shared.schemas.quality import Conflict, ConflictKind, ConflictState, Resolution

CHOICES: dict[ConflictKind, tuple[Resolution, ...]] = {
    ConflictKind.OUT_OF_ORDER: (Resolution.ACCEPT_GAP, Resolution.SEND_BACK),
    ConflictKind.CONTRADICTION: (Resolution.ACCEPT_PASS, Resolution.UPHOLD),
}
"""What a person can choose; everything else happens by itself."""


def choices(conflict: Conflict) -> tuple[Resolution, ...]:
    """How this conflict can be decided. An inspection is a hard gate: nobody accepts its absence."""
    offered = CHOICES[conflict.kind]
    is_gate = conflict.code == RefusalCode.INSPECTION_MISSING
    return tuple(r for r in offered if not (is_gate and r is Resolution.ACCEPT_GAP))


def resolve_conflict(facts: Facts, command: ResolveConflict, context: Context) -> Decision:
    """Closes the conflict as decided. A held scan behind it is decided again by whoever stores this."""
    conflict = facts.conflict
    if conflict is None:
        return Rejected(RefusalCode.CONFLICT_UNKNOWN, {"conflict_id": command.conflict_id}, (NextStep.RELOAD,))
    if conflict.state is ConflictState.RESOLVED:
        earlier = {"resolution": conflict.resolution, "worker_id": conflict.resolved_by}
        return Rejected(RefusalCode.CONFLICT_RESOLVED, earlier, (NextStep.CARRY_ON,))
    if command.resolution not in choices(conflict):
        return Rejected(RefusalCode.RESOLUTION_NOT_POSSIBLE, {"resolution": command.resolution}, (NextStep.INSPECT,))
    puts: list[Entity] = [settled(conflict, command.resolution, context)]
    if command.resolution is Resolution.ACCEPT_PASS and facts.piece is not None:
        kept = [
            h
            for h in facts.piece.holds
            if h.code != INSPECTION_FAILED or h.operation_number != conflict.operation_number
        ]
        puts.append(facts.piece.model_copy(update={"holds": kept}))
    event = EventDraft(
        EventKind.CONFLICT_RESOLVED,
        conflict.piece_id,
        {"resolution": command.resolution, "note": command.note, "operation_number": conflict.operation_number},
    )
    return Accepted(Change(tuple(puts), (event,)), facts={"resolution": command.resolution})


def settled(conflict: Conflict, resolution: Resolution, context: Context) -> Conflict:
    """The conflict as this person has decided it now."""
    return conflict.model_copy(
        update={
            "state": ConflictState.RESOLVED,
            "resolution": resolution,
            "resolved_by": context.worker_id,
            "resolved_at_us": context.record_time_us,
        }
    )


def escalate_conflict(facts: Facts, command: EscalateConflict) -> Decision:
    """A waiting conflict goes to a person; one that has resolved itself meanwhile stays as it is."""
    conflict = facts.conflict
    if conflict is None:
        return Rejected(RefusalCode.CONFLICT_UNKNOWN, {"conflict_id": command.conflict_id})
    if conflict.state is not ConflictState.WAITING:
        return Accepted(Change())
    event = EventDraft(EventKind.CONFLICT_ESCALATED, conflict.piece_id, {"operation_number": conflict.operation_number})
    return Accepted(Change((conflict.model_copy(update={"state": ConflictState.OPEN}),), (event,)))
