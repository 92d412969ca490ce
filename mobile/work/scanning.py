"""The answer to one code, whatever it is; and an inspector's answer to what a code asked."""

from dataclasses import replace

from sqlalchemy.exc import OperationalError

from mobile.answers import view_of
from mobile.outcome import Outcome, Tone
from mobile.store import scan_log
from mobile.store.overlay import OverlayRows
from mobile.submit import Desk, kept, not_kept, submit
from shared.label_code import CodeProblem, LabelCode, parse
from shared.rules.permissions import Right, may
from shared.rules.refusals import NextStep, RefusalCode
from shared.rules.scan import AskForResult, resolve_scan
from shared.schemas.commands import InspectionOutcome, RecordInspection, ReportScan
from shared.words import DEFECTS

NOBODY_SIGNED_IN = "nobody_signed_in"
INSPECTION_DUE = "inspection_due"
READ_WITH_GAPS = "read_with_gaps"

_DAMAGED = "damaged"
_NEWER = "newer_label"
_PROBLEMS = {
    CodeProblem.FOREIGN: "foreign",
    CodeProblem.WRONG_CHECK: "wrong_check",
    CodeProblem.UNKNOWN_KIND: _NEWER,
    CodeProblem.UNKNOWN_VERSION: _NEWER,
}


def scan(desk: Desk, text: str) -> Outcome:
    """The answer to one code; recorded before it is given, whatever it is."""
    try:
        return scan_within(desk, text)
    except OperationalError:
        return not_kept()


def tell_gaps(desk: Desk, text: str) -> Outcome:
    """The answer to a code that came with gaps and not whole: noted, and to be scanned once more."""
    try:
        _log(desk, text, READ_WITH_GAPS)
    except OperationalError:
        return not_kept()
    return Outcome(Tone.STOP, READ_WITH_GAPS, {"text": text[:40]}, (NextStep.SCAN_AGAIN,))


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
    return kept(desk, command)


def scan_within(desk: Desk, text: str) -> Outcome:
    """As `scan`, in the caller's transaction. Raises `OperationalError` where the disk is full."""
    code = read_code(desk, text)
    if isinstance(code, Outcome):
        return code
    assert desk.station is not None, "a code without a station was answered before"
    rows = desk.rows()
    resolved = resolve_scan(code.text, desk.station, rows)
    if isinstance(resolved, AskForResult):
        return _ask(desk, resolved, rows)
    return submit(desk, resolved, rows)


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


def _ask(desk: Desk, ask: AskForResult, rows: OverlayRows) -> Outcome:
    """The question for an inspector; anybody else is told that this is not theirs to answer, and the scan is kept."""
    assert desk.worker is not None, "a scan without a worker was answered before"
    if not may(desk.worker.roles, Right.RECORD_INSPECTION):
        shown = submit(desk, ReportScan(label_code=ask.label_code), rows)
        return Outcome(
            Tone.STOP, RefusalCode.NOT_PERMITTED, {}, (NextStep.CALL_LEADER,), piece=shown.piece, is_recorded=True
        )
    _log(desk, ask.label_code, INSPECTION_DUE)
    return replace(question(ask, rows), ask=ask)


def question(ask: AskForResult, rows: OverlayRows) -> Outcome:
    """That an inspector is to say what they found, and of which operation."""
    operation = ask.operation
    named = {"operation_name": operation.name, "operation_name_en": operation.name_en or operation.name}
    return Outcome(Tone.INFO, INSPECTION_DUE, named, piece=view_of(ask.piece, rows))


def _log(desk: Desk, text: str, problem: str) -> None:
    station_id, worker_id = desk.station.id if desk.station else None, desk.worker.id if desk.worker else None
    scan_log.add(desk.store, text, problem, desk.now_us(), station_id, worker_id)
