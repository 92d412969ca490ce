"""A label's own life: copies of it are counted, and one that must not be scanned any more makes way for a new code."""

from shared.label_code import CodeKind
from shared.rules import printing
from shared.rules.decision import Accepted, Change, Context, Decision, EventDraft, EventKind, Flag, Rejected
from shared.rules.facts import Facts
from shared.rules.permissions import is_leader
from shared.rules.refusals import NextStep, RefusalCode
from shared.rules.targets import label_refusal, piece_refusal
from shared.schemas.commands import IdentifyPiece, ReprintLabel, RevokeLabel
from shared.schemas.door import Label, LabelState


def reprint_label(facts: Facts, command: ReprintLabel, context: Context) -> Decision:
    """One more copy of the same code: the other edge of a leaf, or in place of one that is torn.

    Nothing where somebody made a copy since this one was asked for.
    """
    label = facts.label
    if label is None:
        return _unknown(command.label_code)
    refusal = label_refusal(label)
    if refusal is not None:
        return refusal
    if command.copies_before not in {None, label.copies}:
        return Accepted(Change(), Flag.ALREADY, {"copy_number": label.copies})
    copied = label.model_copy(update={"copies": label.copies + 1})
    detail = {"label_code": label.id, "copy_number": copied.copies, "reason": command.reason}
    counted = EventDraft(EventKind.LABEL_REPRINTED, label.target_id, detail)
    if command.printer_id is None or command.job_id is None:
        return Accepted(Change((copied,), (counted,)))
    if facts.printer is None or not facts.printer.is_active:
        return printing.printer_unknown(command.printer_id)
    order_id = facts.door.order_id if facts.door else None
    job, queued = printing.queue_copy(command.job_id, copied, order_id, facts.printer, context)
    return Accepted(Change((copied, job), (counted, queued)))


def identify_piece(facts: Facts, command: IdentifyPiece) -> Decision:
    """Who had it in hand says which piece it is; whoever confirms it must be a leader, also where it is the same."""
    label, piece, leader = facts.label, facts.piece, facts.person
    if label is None:
        return _unknown(command.label_code)
    refusal = label_refusal(label) or piece_refusal(piece)
    if refusal is not None:
        return refusal
    if piece is None or label.target_id != piece.id:
        return Rejected(RefusalCode.PIECE_UNKNOWN, {"piece_id": command.piece_id})
    if leader is None or not leader.is_active or not is_leader(leader.roles):
        return Rejected(RefusalCode.NOT_PERMITTED, {"worker_id": command.confirmed_by}, (NextStep.CALL_LEADER,))
    detail = {"label_code": label.id, "confirmed_by": leader.id}
    return Accepted(Change(events=(EventDraft(EventKind.PIECE_IDENTIFIED, piece.id, detail),)))


def revoke_label(facts: Facts, command: RevokeLabel, context: Context) -> Decision:
    """The code is dead wherever it still hangs, and the thing gets a new one, so that it always has exactly one."""
    label = facts.label
    if label is None:
        return _unknown(command.label_code)
    if label.state is LabelState.REVOKED:
        return Accepted(Change(), Flag.ALREADY)
    refusal = label_refusal(label)
    if refusal is not None:
        return refusal
    fresh = Label(
        id=context.mint.new_code(CodeKind(label.kind)),
        site_id=label.site_id,
        kind=label.kind,
        target_id=label.target_id,
        specification_id=label.specification_id,
        copies=1,
        is_retired=label.is_retired,
    )
    ended = {"state": LabelState.REVOKED, "replaced_by": fresh.id, "revoked_at_us": context.record_time_us}
    revoked = label.model_copy(update=ended)
    detail = {"label_code": label.id, "new_label_code": fresh.id, "reason": command.reason}
    return Accepted(Change((revoked, fresh), (EventDraft(EventKind.LABEL_REVOKED, label.target_id, detail),)))


def _unknown(label_code: str) -> Rejected:
    return Rejected(RefusalCode.LABEL_UNKNOWN, {"label_code": label_code}, (NextStep.CALL_LEADER,))
