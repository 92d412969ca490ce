"""Racks: entering them, and putting pieces on one and taking them off. A piece is on one rack at most.

Whoever puts a piece on a rack says where they believed it to be. Where that is not so any more, the later of the two
by the clocks of their devices holds, and whoever comes too late is told.
"""

from pydantic import JsonValue

from shared.label_code import CodeKind
from shared.rules.decision import Accepted, Change, Context, Decision, EventDraft, EventKind, Flag, Rejected
from shared.rules.facts import Facts
from shared.rules.refusals import NextStep, RefusalCode
from shared.rules.targets import label_refusal, piece_refusal
from shared.schemas.commands import BindPiece, PutRack, UnbindPiece
from shared.schemas.door import Label, Piece
from shared.schemas.rack import Rack


def put_rack(facts: Facts, command: PutRack, context: Context) -> Decision:
    """The rack as entered; a new one gets its label. No two racks of a site have the same code."""
    rack = command.rack
    if any(other.code == rack.code and other.id != rack.id for other in facts.racks):
        return Rejected(RefusalCode.RACK_CODE_TAKEN, {"rack_code": rack.code}, (NextStep.RELOAD,))
    event = EventDraft(EventKind.RACK_PUT, rack.id, {"rack_code": rack.code})
    if facts.rack is not None:
        return Accepted(Change((rack,), (event,)))
    code = context.mint.new_code(CodeKind.RACK)
    label = Label(id=code, site_id=rack.site_id, kind=CodeKind.RACK, target_id=rack.id, copies=1)
    return Accepted(Change((rack, label), (event,)))


def bind_piece(facts: Facts, command: BindPiece, context: Context) -> Decision:
    """The piece is on this rack from now on, and on no other."""
    piece, rack = _piece(facts, command), facts.rack
    if isinstance(piece, Rejected):
        return piece
    refusal = (label_refusal(facts.label) if facts.label else None) or piece_refusal(piece)
    if refusal is not None:
        return refusal
    if rack is None or not rack.is_active:
        return Rejected(RefusalCode.RACK_UNKNOWN, {"rack_id": command.rack_id}, (NextStep.CALL_LEADER,))
    if piece.rack_id == rack.id:
        return Accepted(Change(), Flag.ALREADY, _where(piece, facts.former_rack))
    has_moved = piece.rack_id != command.from_rack_id
    if has_moved and (piece.rack_changed_us or 0) > context.event_time_us:
        return Rejected(RefusalCode.RACK_CHANGED_MEANWHILE, _where(piece, facts.former_rack), (NextStep.CARRY_ON,))
    before = facts.former_rack.code if facts.former_rack else None
    said: dict[str, JsonValue] = {"rack_code": rack.code, "from_rack_code": before}
    event = EventDraft(EventKind.PIECE_BOUND, piece.id, said)
    return Accepted(Change((moved(piece, rack.id, context),), (event,)), facts=said)


def unbind_piece(facts: Facts, command: UnbindPiece, context: Context) -> Decision:
    """The piece is not on this rack any more; one that is on another one by now stays there."""
    piece = _piece(facts, command)
    if isinstance(piece, Rejected):
        return piece
    if piece.rack_id is None:
        return Accepted(Change(), Flag.ALREADY, _where(piece, None))
    if piece.rack_id != command.rack_id:
        return not_on_this_rack(facts, piece, NextStep.CARRY_ON)
    said: dict[str, JsonValue] = {"rack_code": facts.former_rack.code if facts.former_rack else None}
    event = EventDraft(EventKind.PIECE_UNBOUND, piece.id, said)
    return Accepted(Change((moved(piece, None, context),), (event,)), facts=said)


def _piece(facts: Facts, command: BindPiece | UnbindPiece) -> Piece | Rejected:
    """The piece that the label stands on."""
    if facts.label is None:
        return Rejected(RefusalCode.LABEL_UNKNOWN, {"label_code": command.label_code}, (NextStep.CALL_LEADER,))
    if facts.label.kind != CodeKind.PIECE:
        return Rejected(RefusalCode.LABEL_NOT_A_PIECE, {"label_kind": facts.label.kind}, (NextStep.SCAN_AGAIN,))
    return facts.piece or Rejected(RefusalCode.PIECE_UNKNOWN, {"piece_id": facts.label.target_id})


def moved(piece: Piece, rack_id: str | None, context: Context) -> Piece:
    """The piece on another rack, or on none."""
    changed = {"rack_id": rack_id, "rack_changed_us": context.event_time_us, "rack_changed_by": context.worker_id}
    return piece.model_copy(update=changed)


def was_elsewhere(facts: Facts, piece: Piece, rack_id: str | None, context: Context) -> Rejected | None:
    """Why a report by way of a rack does not count for this piece: it had left the rack before; None where it counts.

    A piece that left it since was on it then.
    """
    if rack_id is None or piece.rack_id == rack_id or (piece.rack_changed_us or 0) > context.event_time_us:
        return None
    return not_on_this_rack(facts, piece, NextStep.SCAN_AGAIN)


def not_on_this_rack(facts: Facts, piece: Piece, step: NextStep) -> Rejected:
    """It is on another rack, or on none."""
    return Rejected(RefusalCode.NOT_ON_THIS_RACK, _where(piece, facts.former_rack), (step,))


def _where(piece: Piece, rack: Rack | None) -> dict[str, JsonValue]:
    """The rack that the piece is on, who last moved it, and when."""
    return {
        "rack_code": rack.code if rack else None,
        "worker_id": piece.rack_changed_by,
        "event_time_us": piece.rack_changed_us,
    }
