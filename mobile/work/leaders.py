"""What a leader does at a device, and what calls for one."""

from dataclasses import replace

from sqlalchemy.exc import OperationalError

from mobile.outcome import Outcome
from mobile.submit import Desk, fault_of, kept, not_kept, record
from mobile.work.scanning import scan_within
from shared.schemas.commands import CallLeader, CloseCall, IdentifyPiece, ReprintLabel, ResolveConflict
from shared.schemas.people import Person
from shared.schemas.quality import Resolution

NO_LABEL_REASON = "came_off"
"""Why a copy is printed for a piece without its label: one of `shared.words.REPRINT_REASONS`."""


def decide_conflict(desk: Desk, conflict_id: str, resolution: Resolution) -> Outcome:
    """Records what a leader has decided; the server does it when it hears of it."""
    return kept(desk, ResolveConflict(conflict_id=conflict_id, resolution=resolution))


def close_call(desk: Desk, call_id: str) -> Outcome:
    """Records that a leader has seen to what somebody called for."""
    return kept(desk, CloseCall(call_id=call_id))


def reprint_label(desk: Desk, label_code: str, reason: str) -> Outcome:
    """Records that one more copy of this label was made here; `reason` is a code of `shared.words.REPRINT_REASONS`."""
    return kept(desk, ReprintLabel(label_code=label_code, reason=reason))


def identify(desk: Desk, piece_id: str, code: str, leader: Person) -> Outcome:
    """A piece without its label, as a leader confirms: that is kept, a copy is counted, and the piece is scanned."""
    asked = replace(desk, worker=leader)
    try:
        with desk.store.transaction():
            record(desk, IdentifyPiece(piece_id=piece_id, label_code=code, confirmed_by=leader.id))
            record(asked, ReprintLabel(label_code=code, reason=NO_LABEL_REASON), piece_id)
            return scan_within(desk, code)
    except OperationalError:
        return not_kept()


def call_leader(desk: Desk, why: str, piece_id: str | None, code: str | None) -> str | None:
    """Records a call for a leader; a fault code, or None when that was kept."""

    def call() -> None:
        with desk.store.transaction():
            record(desk, CallLeader(code=why, piece_id=piece_id, label_code=code))

    return fault_of(call)
