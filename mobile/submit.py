"""The one way in which anything done on this device is recorded: decide, keep, and only then tell."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel

from mobile.answers import answer_of, outcome_of, piece_of, view_of
from mobile.outcome import Outcome, Tone
from mobile.store import outbox, repeats, scan_log
from mobile.store.database import STORAGE_FULL, Store
from mobile.store.mirror import MirrorRows
from mobile.store.overlay import OverlayRows, context_of
from shared.label_code import CodeProblem, LabelCode, parse
from shared.mint import RandomMint
from shared.rules.decide import decide
from shared.rules.facts import gather
from shared.rules.permissions import Right, may
from shared.rules.refusals import NextStep, RefusalCode
from shared.rules.scan import AskForResult, resolve_scan
from shared.schemas.commands import (
    AnswerVerdict,
    AttachPhoto,
    BindDevice,
    CallLeader,
    CloseCall,
    FloorCommand,
    FloorScan,
    IdentifyPiece,
    InspectionOutcome,
    RecordInspection,
    ReportScan,
    ReprintLabel,
    ResolveConflict,
    VerdictAnswer,
)
from shared.schemas.door import Piece
from shared.schemas.people import Person
from shared.schemas.production import Station
from shared.schemas.quality import Resolution
from shared.schemas.sync import FIRST_PREVIOUS_HASH, Envelope, VerdictStatus
from shared.schemas.upcast import read_command
from shared.words import DEFECTS

NOBODY_SIGNED_IN = "nobody_signed_in"
INSPECTION_DUE = "inspection_due"
NO_LABEL_REASON = "came_off"
"""Of `shared.words.REPRINT_REASONS`."""
"""Why a copy is printed; the Chinese goes on record."""

_DAMAGED = "damaged"
_NEWER = "newer_label"
_PROBLEMS = {
    CodeProblem.FOREIGN: "foreign",
    CodeProblem.WRONG_CHECK: "wrong_check",
    CodeProblem.UNKNOWN_KIND: _NEWER,
    CodeProblem.UNKNOWN_VERSION: _NEWER,
}


@dataclass(frozen=True)
class Desk:
    """Who works where, and with what clock: the circumstances of everything recorded now."""

    store: Store
    mirror: MirrorRows
    mint: RandomMint
    now_us: Callable[[], int]
    monotonic_us: Callable[[], int]
    incarnation: str
    utc_offset_min: int
    station: Station | None
    worker: Person | None
    was_offline: bool
    """The last attempt to reach the server had failed."""


def scan(desk: Desk, text: str) -> Outcome:
    """The answer to one code; recorded before it is given, whatever it is."""
    try:
        return _scan(desk, text)
    except OperationalError:
        return not_kept()


def answer_inspection(desk: Desk, ask: AskForResult, outcome: InspectionOutcome, defect: str | None) -> Outcome:
    """Records what the inspector found; `defect` is a code of `shared.words.DEFECTS`, None for a pass."""
    command = RecordInspection(
        piece_id=ask.piece.id,
        label_code=ask.label_code,
        operation_number=ask.operation.number,
        loop_number=ask.loop_number,
        outcome=outcome,
        defect_code=defect or "",
        reason=DEFECTS[defect].zh if defect else "",
    )
    try:
        return submit(desk, command, OverlayRows(desk.store, desk.mirror, desk.mint))
    except OperationalError:
        return not_kept()


def decide_conflict(desk: Desk, conflict_id: str, resolution: Resolution) -> Outcome:
    """Records what a leader has decided; the server does it when it hears of it."""
    command = ResolveConflict(conflict_id=conflict_id, resolution=resolution)
    try:
        return submit(desk, command, OverlayRows(desk.store, desk.mirror, desk.mint))
    except OperationalError:
        return not_kept()


def close_call(desk: Desk, call_id: str) -> Outcome:
    """Records that a leader has seen to what somebody called for."""
    try:
        return submit(desk, CloseCall(call_id=call_id), OverlayRows(desk.store, desk.mirror, desk.mint))
    except OperationalError:
        return not_kept()


def reprint_label(desk: Desk, label_code: str, reason: str) -> Outcome:
    """Records that one more copy of this label was made here; `reason` is a code of `shared.words.REPRINT_REASONS`."""
    command = ReprintLabel(label_code=label_code, reason=reason)
    try:
        return submit(desk, command, OverlayRows(desk.store, desk.mirror, desk.mint))
    except OperationalError:
        return not_kept()


def submit(desk: Desk, command: FloorCommand, rows: OverlayRows) -> Outcome:
    """Decides with the rules that the server uses too, and commits the command to the outbox."""
    assert desk.station is not None, "a scan without a station was answered before"
    assert desk.worker is not None, "a scan without a worker was answered before"
    piece = piece_of(command, rows)
    seen = desk.mirror.get(Piece, piece.id) if piece else None
    envelope = envelope_of(desk, command, seen.rev if seen else None)
    context = context_of(envelope, desk.mint)
    answer = answer_of(decide(gather(command, context, rows), command, context))
    # The names behind the ids are read before the command is in the outbox, or it would be replayed for them.
    station_id = desk.station.id
    outcome = outcome_of(answer, command, rows, is_synced=False, station_id=station_id)
    if outcome.tone is Tone.REPEAT and piece is not None and isinstance(command, FloorScan):
        before = repeats.count(desk.store, piece.id, station_id, outcome.facts)
        outcome = replace(outcome, facts={**outcome.facts, repeats.COUNT: before + 1})
    with desk.store.transaction():
        is_repeat = answer.status is VerdictStatus.OK_ALREADY
        # A closed call changes nothing about its piece, and may be about none: it is looked for by itself.
        about = command.call_id if isinstance(command, CloseCall) else piece.id if piece else None
        n = outbox.append(desk.store, desk.incarnation, envelope, about, is_repeat=is_repeat)
        outbox.show(desk.store, desk.incarnation, n, outcome)
    return outcome


def answer_verdict(desk: Desk, entry: outbox.Recorded, answer: VerdictAnswer) -> None:
    """Keeps what somebody does about this entry's verdict, in the caller's transaction, with what it was about."""
    assert entry.verdict is not None, "what nobody has decided otherwise is answered by nobody"
    command = read_command(entry.envelope.command)
    assert isinstance(command, FloorCommand), "what the device says about itself is shown to nobody"
    piece = piece_of(command, desk.mirror)
    has_label = not isinstance(command, AttachPhoto | ResolveConflict | CloseCall)
    answered = AnswerVerdict(
        incarnation=entry.incarnation,
        answered_n=entry.n,
        answer=answer,
        piece_id=piece.id if piece else None,
        label_code=command.label_code if has_label else None,
        code=entry.verdict.code,
    )
    record(desk, answered)


def identify(desk: Desk, piece_id: str, code: str, leader: Person) -> Outcome:
    """A piece without its label, as a leader confirms: that is kept, a copy is counted, and the piece is scanned."""
    asked = replace(desk, worker=leader)
    try:
        with desk.store.transaction():
            record(desk, IdentifyPiece(piece_id=piece_id, label_code=code, confirmed_by=leader.id))
            record(asked, ReprintLabel(label_code=code, reason=NO_LABEL_REASON), piece_id)
            return _scan(desk, code)
    except OperationalError:
        return not_kept()


def record(
    desk: Desk,
    command: BindDevice | AnswerVerdict | CallLeader | IdentifyPiece | ReprintLabel,
    piece_id: str | None = None,
) -> None:
    """Keeps what the device tells the server about itself, in the caller's transaction; nobody is shown anything."""
    outbox.append(desk.store, desk.incarnation, envelope_of(desk, command, None), piece_id, is_shown=False)


def envelope_of(desk: Desk, command: SQLModel, seen_rev: int | None) -> Envelope:
    """The command with the circumstances of now; the outbox numbers and chains it."""
    return Envelope(
        n=1,
        command=command.model_dump(mode="json"),
        seen_rev=seen_rev,
        station_id=desk.station.id if desk.station else None,
        worker_id=desk.worker.id if desk.worker else None,
        event_time_us=desk.now_us(),
        event_offset_min=desk.utc_offset_min,
        monotonic_us=desk.monotonic_us(),
        was_offline=desk.was_offline,
        prev_hash=FIRST_PREVIOUS_HASH,
    )


def read_code(desk: Desk, text: str) -> LabelCode | Outcome:
    """The code, or what is said where it is none of ours or nobody is here to act on it; that is noted."""
    code = parse(text)
    if not isinstance(code, LabelCode):
        problem = _PROBLEMS.get(code.problem, _DAMAGED)
        _log(desk, text, code.problem)
        first = NextStep.RELOAD if problem == _NEWER else NextStep.SCAN_AGAIN
        return Outcome(Tone.STOP, problem, {"text": text[:40]}, (first, NextStep.CALL_LEADER))
    if desk.station is None or desk.worker is None:
        _log(desk, text, NOBODY_SIGNED_IN)
        step = NextStep.PICK_STATION if desk.station is None else NextStep.SIGN_IN_AGAIN
        return Outcome(Tone.STOP, NOBODY_SIGNED_IN, {}, (step,))
    return code


def _scan(desk: Desk, text: str) -> Outcome:
    code = read_code(desk, text)
    if isinstance(code, Outcome):
        return code
    assert desk.station is not None, "a code without a station was answered before"
    rows = OverlayRows(desk.store, desk.mirror, desk.mint)
    resolved = resolve_scan(code.text, desk.station, rows)
    if isinstance(resolved, AskForResult):
        return _ask(desk, resolved, rows)
    return submit(desk, resolved, rows)


def _ask(desk: Desk, ask: AskForResult, rows: OverlayRows) -> Outcome:
    """The question for an inspector; anybody else is told that this is not theirs to answer, and the scan is kept."""
    assert desk.worker is not None, "a scan without a worker was answered before"
    if not may(desk.worker.roles, Right.RECORD_INSPECTION):
        shown = submit(desk, ReportScan(label_code=ask.label_code), rows)
        return Outcome(
            Tone.STOP, RefusalCode.NOT_PERMITTED, {}, (NextStep.CALL_LEADER,), piece=shown.piece, is_recorded=True
        )
    _log(desk, ask.label_code, INSPECTION_DUE)
    operation = ask.operation
    named = {"operation_name": operation.name, "operation_name_en": operation.name_en or operation.name}
    return Outcome(Tone.INFO, INSPECTION_DUE, named, piece=view_of(ask.piece, rows), ask=ask)


def _log(desk: Desk, text: str, problem: str) -> None:
    station_id, worker_id = desk.station.id if desk.station else None, desk.worker.id if desk.worker else None
    scan_log.add(desk.store, text, problem, desk.now_us(), station_id, worker_id)


def not_kept() -> Outcome:
    """The disk is full: nothing was recorded, and that is said."""
    return Outcome(Tone.STOP, STORAGE_FULL, {}, (NextStep.CALL_LEADER,))
