"""What somebody does about a surprising verdict, and the calls for a leader that come of it."""

from shared.rules.decision import Accepted, Change, Context, Decision, EventDraft, EventKind, Flag, Rejected
from shared.rules.facts import Facts
from shared.rules.refusals import NextStep, RefusalCode
from shared.schemas.commands import AnswerVerdict, CallLeader, CloseCall, VerdictAnswer
from shared.schemas.quality import ConflictState, LeaderCall
from shared.schemas.sync import device_origin


def answer_verdict(facts: Facts, command: AnswerVerdict, context: Context) -> Decision:
    """Somebody has read a surprising verdict; the history says what they mean to do, and a call waits for a leader."""
    event = EventDraft(
        EventKind.VERDICT_ANSWERED,
        facts.piece.id if facts.piece else context.device_id or "",
        {
            "n": command.answered_n,
            "incarnation": command.incarnation,
            "answer": command.answer,
            "code": command.code,
        },
    )
    call = _call(facts, command, context)
    is_wanted = command.answer is VerdictAnswer.CALL_LEADER and not _is_decided(facts, call)
    return Accepted(Change((call,) if is_wanted else (), (event,)))


def call_leader(facts: Facts, command: CallLeader, context: Context) -> Decision:
    """A call of its own, which no scan closes: it waits until a person has seen to it."""
    piece, device = facts.piece, facts.device
    site_id = piece.site_id if piece else device.site_id if device else ""
    call = LeaderCall(
        id=context.mint.new_id(),
        site_id=site_id,
        piece_id=piece.id if piece else "",
        label_code=command.label_code or "",
        code=command.code,
        called_by=context.worker_id,
        station_id=context.station_id,
        called_at_us=context.event_time_us,
    )
    event = EventDraft(EventKind.LEADER_CALLED, call.piece_id or site_id, {"code": command.code})
    return Accepted(Change((call,), (event,)))


def close_call(facts: Facts, command: CloseCall, context: Context) -> Decision:
    """Somebody has seen to it. Whoever says so second is told who was first."""
    call = facts.call
    if call is None:
        return Rejected(RefusalCode.CALL_UNKNOWN, {"call_id": command.call_id}, (NextStep.CARRY_ON,))
    if call.closed_at_us is not None:
        return Accepted(Change(), Flag.ALREADY, {"worker_id": call.closed_by, "event_time_us": call.closed_at_us})
    event = EventDraft(EventKind.CALL_CLOSED, call.piece_id or call.site_id, {"code": call.code})
    return Accepted(Change((closed(call, context.worker_id, context.record_time_us),), (event,)))


def closed(call: LeaderCall, by: str | None, at_us: int) -> LeaderCall:
    """The call as done; by nobody where what it was about has been decided."""
    return call.model_copy(update={"closed_by": by, "closed_at_us": at_us})


def _call(facts: Facts, command: AnswerVerdict, context: Context) -> LeaderCall:
    piece, device = facts.piece, facts.device
    return LeaderCall(
        id=context.mint.new_id(),
        site_id=piece.site_id if piece else device.site_id if device else "",
        piece_id=piece.id if piece else "",
        label_code=command.label_code or "",
        code=command.code,
        origin=device_origin(context.device_id or "", command.incarnation),
        key=str(command.answered_n),
        called_by=context.worker_id,
        station_id=context.station_id,
        called_at_us=context.event_time_us,
    )


def _is_decided(facts: Facts, call: LeaderCall) -> bool:
    """Whether they were told that the scan is held, and it has its final verdict by now; that one is news again."""
    settled = (c for c in facts.conflicts if c.state is ConflictState.RESOLVED)
    return any((c.origin, c.key, c.code) == (call.origin, call.key, call.code) for c in settled)
