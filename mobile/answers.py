"""From a decision or a verdict to what a person is shown: tone, code, the names behind the ids, what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pydantic import JsonValue

from mobile.outcome import Outcome, PieceView, Tone
from shared.label_code import CodeKind
from shared.lengths import millimetres
from shared.rules.decision import STATUS_OF_FLAG, Accepted, Decision, Held, Rejected
from shared.rules.facts import RowSource
from shared.rules.refusals import LABEL_REFUSALS, NextStep, RefusalCode
from shared.rules.renewal import live_label
from shared.rules.routing import next_operation, operation_numbered
from shared.schemas.commands import (
    AttachPhoto,
    BindPiece,
    CloseCall,
    CompleteOperation,
    FloorCommand,
    FloorScan,
    InspectionOutcome,
    RecordInspection,
    ReportScan,
    ReprintLabel,
    ResolveConflict,
    StartOperation,
    UnbindPiece,
)
from shared.schemas.door import Door, Label, Piece
from shared.schemas.order import Specification
from shared.schemas.people import Person
from shared.schemas.production import RouteOperation, RouteVersion, Station
from shared.schemas.quality import Conflict, LeaderCall
from shared.schemas.sync import Verdict, VerdictStatus

E = TypeVar("E", Person, Station)

NOT_KNOWN_HERE = "not_known_here"
ALREADY = "already"
LATE = "late"
PARKED = "parked"
FAILED = "failed"

_DONE: dict[type[FloorCommand], str] = {
    StartOperation: "started",
    CompleteOperation: "completed",
    AttachPhoto: "photo_kept",
    ResolveConflict: "decided",
    CloseCall: "call_closed",
    ReprintLabel: "label_copied",
    BindPiece: "bound",
    UnbindPiece: "taken_off",
}
_SAME_AGAIN: dict[type[FloorCommand], str] = {BindPiece: "bound_already", UnbindPiece: "off_already"}
"""What a repetition is called where it is not about work that was done."""

_MISPLACED = frozenset(
    {RefusalCode.NOT_AT_THIS_STATION, RefusalCode.EARLIER_OPERATION_MISSING, RefusalCode.INSPECTION_MISSING}
)
"""The piece came here before its time: the answer says where it belongs."""


@dataclass(frozen=True)
class Answer:
    """A decision or a verdict in the one form that the screen needs.

    `code` is a refusal's (`shared/rules/refusals.py`), empty where nothing was refused; `next_steps` are `NextStep`
    values. `facts` are the rules' own: ids, operation numbers, and times in UTC microseconds (`_us`).
    """

    status: VerdictStatus
    code: str = ""
    facts: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    next_steps: tuple[str, ...] = ()


def answer_of(decision: Decision) -> Answer:
    """The device's own decision."""
    match decision:
        case Accepted(flag=flag, facts=facts):
            return Answer(STATUS_OF_FLAG[flag], facts=dict(facts))
        case Held(code=code, facts=facts, next_steps=steps):
            return Answer(VerdictStatus.HELD, code, dict(facts), tuple(steps))
        case Rejected(code=code, facts=facts, next_steps=steps):
            return Answer(VerdictStatus.REJECTED, code, dict(facts), tuple(steps))


def answer_of_verdict(verdict: Verdict) -> Answer:
    """The server's verdict."""
    return Answer(verdict.status, verdict.code, dict(verdict.facts), tuple(verdict.next_steps))


def outcome_of(
    answer: Answer, command: FloorCommand, rows: RowSource, *, is_synced: bool, station_id: str | None = None
) -> Outcome:
    """What the person is shown for this answer to a command recorded at this station.

    An unknown label is not known *here* only. What was done here before is a repeat, what was done elsewhere is news.
    """
    piece = piece_of(command, rows)
    if _is_no_piece(answer.code, command):
        answer = Answer(VerdictStatus.REJECTED, RefusalCode.LABEL_NOT_A_PIECE, {}, (NextStep.SCAN_AGAIN,))
    tone, code = _tone_and_code(answer, command)
    if code == RefusalCode.LABEL_UNKNOWN and not is_synced:
        tone, code = Tone.WAIT, NOT_KNOWN_HERE
        answer = replace(answer, next_steps=(NextStep.CARRY_ON,))
    if code == ALREADY and isinstance(command, FloorScan) and is_repeat(answer.facts, station_id):
        tone = Tone.REPEAT
    if code in {FAILED, RefusalCode.CONTRADICTED}:
        answer = replace(answer, next_steps=(NextStep.PUT_ASIDE, NextStep.CALL_LEADER))
    operation, is_misplaced = _next(answer, piece, rows)
    return Outcome(
        tone=tone,
        code=code,
        facts=_named(answer.facts, piece, rows),
        next_steps=answer.next_steps,
        piece=view_of(piece, rows) if piece else None,
        next_operation_name=operation.name if operation else None,
        next_operation_name_en=operation.name_en or operation.name if operation else None,
        next_station_code=_station_code(operation, rows) if operation else None,
        is_misplaced=is_misplaced,
        is_recorded=True,
        is_synced=is_synced,
        is_refused=answer.status in {VerdictStatus.REJECTED, VerdictStatus.PARKED},
    )


def is_repeat(facts: Mapping[str, JsonValue], station_id: str | None) -> bool:
    """Whether what was done already was done at this very station."""
    return station_id is not None and facts.get("station_id") == station_id


def piece_of(command: FloorCommand, rows: RowSource) -> Piece | None:
    """The piece that a floor command is about, as far as this device knows."""
    match command:
        case ReportScan() | ReprintLabel() | BindPiece() | UnbindPiece():
            label = rows.get(Label, command.label_code)
            return rows.get(Piece, label.target_id) if label and label.kind == CodeKind.PIECE else None
        case ResolveConflict():
            conflict = rows.get(Conflict, command.conflict_id)
            return rows.get(Piece, conflict.piece_id) if conflict else None
        case CloseCall():
            call = rows.get(LeaderCall, command.call_id)
            return rows.get(Piece, call.piece_id) if call else None
        case _:
            return rows.get(Piece, command.piece_id)


def view_of(piece: Piece, rows: RowSource) -> PieceView | None:
    """What tells this piece from the others; None while its door or specification has not arrived."""
    door, specification = rows.get(Door, piece.door_id), rows.get(Specification, piece.specification_id)
    if door is None or specification is None:
        return None
    lengths = (specification.height_tenth_mm, specification.width_tenth_mm, specification.thickness_tenth_mm)
    return PieceView(
        order_number=door.order_number,
        room=door.room,
        kind=piece.kind,
        door_number=door.number,
        door_count=door.of,
        piece_number=piece.number,
        piece_count=piece.of,
        model=f"{specification.model_code} {specification.model_name}",
        size_text=" × ".join(millimetres(length) for length in lengths),
        opening=specification.opening or "",
        colour=specification.colour,
        piece_id=piece.id,
    )


def _is_no_piece(code: str, command: FloorCommand) -> bool:
    """Whether a label is refused that is no piece's: its first letter says so, and nobody has to know it for that.

    A rack's is another matter: a device that has not heard of the rack yet must not say that it is none.
    """
    is_report = isinstance(command, ReportScan)
    return is_report and code in LABEL_REFUSALS and not command.label_code.startswith((CodeKind.PIECE, CodeKind.RACK))


def _tone_and_code(answer: Answer, command: FloorCommand) -> tuple[Tone, str]:
    match answer.status:
        case VerdictStatus.OK:
            return _done(command)
        case VerdictStatus.OK_ALREADY:
            again = _SAME_AGAIN.get(type(command))
            return (Tone.REPEAT, again) if again else (Tone.INFO, ALREADY)
        case VerdictStatus.OK_LATE if answer.facts.get("code") == RefusalCode.CONTRADICTED:
            return Tone.STOP, RefusalCode.CONTRADICTED
        case VerdictStatus.OK_LATE:
            return Tone.WAIT, LATE
        case VerdictStatus.HELD:
            return Tone.WAIT, answer.code
        case VerdictStatus.REJECTED:
            return Tone.STOP, answer.code
        case VerdictStatus.PARKED:
            return Tone.WAIT, PARKED


def _done(command: FloorCommand) -> tuple[Tone, str]:
    match command:
        case RecordInspection(outcome=InspectionOutcome.PASS):
            return Tone.OK, "passed"
        case RecordInspection():
            return Tone.STOP, FAILED
        case ReportScan():  # no rule applies one; should a server do so, there is nothing to say but that it is known
            return Tone.INFO, ALREADY
        case _:
            return Tone.OK, _DONE[type(command)]


def _named(facts: dict[str, JsonValue], piece: Piece | None, rows: RowSource) -> dict[str, object]:
    """The facts with the names behind their ids: `worker_name`, `station_name`, `missing_names`, `inferred_names`.

    All but a person's come with their English in a second one that ends in `_en`. `new_label_code` is the label that
    counts in place of a dead one by now, `new_label_copies` how many of it there are.
    """
    named: dict[str, object] = dict(facts)
    replaced_by = facts.get("replaced_by")
    if isinstance(replaced_by, str) and (fresh := live_label(replaced_by, rows)):
        named["new_label_code"], named["new_label_copies"] = fresh.id, fresh.copies
    if worker := _row(rows, Person, facts.get("worker_id")):
        named["worker_name"] = worker.name
    if station := _row(rows, Station, facts.get("station_id")):
        named["station_name"], named["station_name_en"] = station.name, station.name_en or station.name
    for key in ("missing", "inferred"):
        operations = _operations(facts.get(key), piece, rows)
        if operations:
            named[f"{key}_names"] = [operation.name for operation in operations]
            named[f"{key}_names_en"] = [operation.name_en or operation.name for operation in operations]
    return named


def _row(rows: RowSource, kind: type[E], row_id: JsonValue) -> E | None:
    return rows.get(kind, row_id) if isinstance(row_id, str) else None


def _operations(numbers: JsonValue, piece: Piece | None, rows: RowSource) -> list[RouteOperation]:
    """The operations of these numbers on the piece's route."""
    route = rows.get(RouteVersion, piece.route_version_id) if piece else None
    if route is None or not isinstance(numbers, list):
        return []
    return [found for n in numbers if isinstance(n, int) and (found := operation_numbered(route, n))]


def _next(answer: Answer, piece: Piece | None, rows: RowSource) -> tuple[RouteOperation | None, bool]:
    """The operation that the piece has to go to, and whether it should have been there before it came here."""
    if answer.status is VerdictStatus.OK_ALREADY:
        route = rows.get(RouteVersion, piece.route_version_id) if piece else None
        return next_operation(piece, route) if piece and route else None, False
    is_misplaced = answer.code in _MISPLACED
    number = answer.facts.get("operation_number" if is_misplaced else "next_operation_number")
    missing = answer.facts.get("missing")
    if is_misplaced and isinstance(missing, list) and missing:
        number = missing[0]
    found = _operations([number], piece, rows)
    return (found[0], is_misplaced) if found else (None, False)


def _station_code(operation: RouteOperation, rows: RowSource) -> str | None:
    """The code of a station that does this, the first of several."""
    return min((station.code for station in rows.children(Station, operation.work_center_id)), default=None)
