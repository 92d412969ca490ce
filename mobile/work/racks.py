"""What is done with a rack on this device: what is on it, putting pieces on, taking them off, and work on all of them.

Work on a rack is work on each of its pieces: one ordinary command a piece, each with a verdict of its own.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from sqlalchemy.exc import OperationalError

from mobile.answers import outcome_of, view_of
from mobile.outcome import Outcome, RackContents, RackItem, RackNeed, RackReport
from mobile.store import outbox, scan_log
from mobile.store.overlay import OverlayRows
from mobile.submit import Desk, answer_to, envelope_of, not_kept, submit
from mobile.work.scanning import question, read_code
from shared.label_code import CodeKind, LabelCode, parse
from shared.rules.scan import AskForResult, resolve_scan
from shared.schemas.commands import BindPiece, CompleteOperation, FloorCommand, ReportScan, StartOperation, UnbindPiece
from shared.schemas.door import Label, LabelState, Piece
from shared.schemas.quality import Conflict, ConflictState
from shared.schemas.rack import Rack
from shared.schemas.sync import VerdictStatus

RACK_SHOWN = "rack_shown"
_NEEDS = {
    VerdictStatus.OK: RackNeed.DUE,
    VerdictStatus.OK_LATE: RackNeed.DUE,
    VerdictStatus.OK_ALREADY: RackNeed.DONE,
    VerdictStatus.HELD: RackNeed.DUE,
}


@dataclass(frozen=True)
class _OnRack:
    """A piece on the rack, and the command that a scan of it at this station would be."""

    piece: Piece
    label_code: str
    command: CompleteOperation | StartOperation | None
    item: RackItem


class DeviceRacks:
    """Implements `mobile.engine.Racks`; nothing is kept between two questions."""

    def __init__(self, desk: Callable[[], Desk]) -> None:
        """`desk` gives the circumstances of now."""
        self._desk = desk

    def named_by(self, text: str) -> str | None:
        """The id of the rack whose live label this is, noted as looked at; None where it is no rack known here."""
        code = parse(text)
        if not isinstance(code, LabelCode) or code.kind is not CodeKind.RACK:
            return None
        desk = self._desk()
        label = desk.mirror.get(Label, code.text)
        rack = desk.mirror.get(Rack, label.target_id) if label and label.state is LabelState.LIVE else None
        if rack is None or desk.station is None or desk.worker is None:
            return None
        with suppress(OperationalError):  # a full disk: it is shown all the same, nothing depends on the note
            scan_log.add(desk.store, code.text, RACK_SHOWN, desk.now_us(), desk.station.id, desk.worker.id)
        return rack.id

    def contents(self, rack_id: str) -> RackContents | None:
        """What is on the rack as far as this device knows, by order, door and piece; None where it is not known."""
        desk = self._desk()
        rack = desk.mirror.get(Rack, rack_id)
        return RackContents(rack, tuple(one.item for one in _on_rack(desk, rack_id))) if rack else None

    def bind(self, rack_id: str, text: str) -> Outcome:
        """Puts the piece of this label on the rack; recorded before it is answered, also where it is not known."""

        def command(label_code: str, rows: OverlayRows) -> FloorCommand:
            label = rows.get(Label, label_code)
            piece = rows.get(Piece, label.target_id) if label else None
            return BindPiece(label_code=label_code, rack_id=rack_id, from_rack_id=piece.rack_id if piece else None)

        return _scanned(self._desk(), text, command)

    def take_off(self, rack_id: str, text: str) -> Outcome:
        """Takes the piece of this label off the rack; recorded before it is answered."""
        return _scanned(self._desk(), text, lambda label_code, _: UnbindPiece(label_code=label_code, rack_id=rack_id))

    def empty(self, rack_id: str) -> RackReport:
        """Takes every piece off that this device knows to be on the rack; one without a label known here stays."""
        desk = self._desk()
        codes = (one.label_code for one in _on_rack(desk, rack_id) if one.label_code)
        return _all(desk, [UnbindPiece(label_code=code, rack_id=rack_id) for code in codes])

    def work_on_all(self, rack_id: str) -> RackReport:
        """Reports what is due here on every piece of the rack: what has to be begun first, else what is done."""
        desk = self._desk()
        due = [one.command for one in _on_rack(desk, rack_id) if one.command and one.item.need is RackNeed.DUE]
        begun = [command for command in due if isinstance(command, StartOperation)]
        return _all(desk, [command.model_copy(update={"rack_id": rack_id}) for command in begun or due])


def _scanned(desk: Desk, text: str, command: Callable[[str, OverlayRows], FloorCommand]) -> Outcome:
    try:
        code = read_code(desk, text)
        if isinstance(code, Outcome):
            return code
        rows = desk.rows()
        is_piece = code.kind is CodeKind.PIECE
        return submit(desk, command(code.text, rows) if is_piece else ReportScan(label_code=code.text), rows)
    except OperationalError:
        return not_kept()


def _all(desk: Desk, commands: Sequence[FloorCommand]) -> RackReport:
    """All of them are kept, or none is."""
    try:
        with desk.store.transaction():
            return RackReport(tuple(submit(desk, one, desk.rows()) for one in commands))
    except OperationalError:
        return RackReport((not_kept(),))


def _on_rack(desk: Desk, rack_id: str) -> list[_OnRack]:
    rows = desk.rows()
    may_be_on_it = {*desk.mirror.on_rack(rack_id), *outbox.put_on_rack(desk.store, rack_id)}
    pieces = (rows.get(Piece, piece_id) for piece_id in may_be_on_it)
    found = [_looked_at(desk, piece, rows) for piece in pieces if piece is not None and piece.rack_id == rack_id]
    return sorted(found, key=lambda one: _place(one.item))


def _place(item: RackItem) -> tuple[str, int, int, str]:
    piece = item.outcome.piece
    return (piece.order_number, piece.door_number, piece.piece_number, piece.piece_id) if piece else ("", 0, 0, "")


def _looked_at(desk: Desk, piece: Piece, rows: OverlayRows) -> _OnRack:
    """What a scan of this piece would come to here; nothing is recorded."""
    labels = sorted(rows.children(Label, piece.id), key=lambda label: label.state is LabelState.LIVE)
    label_code = labels[-1].id if labels else ""
    assert desk.station is not None, "a rack is shown at a station"
    resolved = resolve_scan(label_code, desk.station, rows) if labels else ReportScan.model_construct(label_code="")
    if isinstance(resolved, AskForResult):
        return _OnRack(piece, label_code, None, RackItem(question(resolved, rows), RackNeed.SINGLE))
    answer = answer_to(desk, envelope_of(desk, resolved, None), resolved, rows)
    need = _NEEDS.get(answer.status, RackNeed.OTHER)
    command = resolved if isinstance(resolved, CompleteOperation | StartOperation) else None
    if command is not None and answer.status is VerdictStatus.HELD and _waits(desk, piece, command, rows):
        need = RackNeed.WAITS
    shown = outcome_of(answer, resolved, rows, is_synced=False)
    if not labels:  # the answer is about no piece then, and people want to know which one lies there
        shown = replace(shown, piece=view_of(piece, rows))
    return _OnRack(piece, label_code, command, RackItem(shown, need, isinstance(command, StartOperation)))


def _waits(desk: Desk, piece: Piece, command: CompleteOperation | StartOperation, rows: OverlayRows) -> bool:
    """Whether this very scan was made before and is held."""
    number = command.operation_number
    pending = (one.command.get("operation_number") for one in outbox.overlaid(desk.store, piece.id))
    conflicts = rows.children(Conflict, piece.id)
    return number in pending or any(
        one.operation_number == number and one.state is not ConflictState.RESOLVED for one in conflicts
    )
