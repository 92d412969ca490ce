"""What a station is shown for each of its commands when nothing is the matter with it."""

from typing import get_args

import pytest

from mobile.answers import Answer, outcome_of
from mobile.outcome import Tone
from shared.label_code import CodeKind, make
from shared.schemas.commands import (
    AttachPhoto,
    BindPiece,
    CloseCall,
    CompleteOperation,
    FloorCommand,
    InspectionOutcome,
    RecordInspection,
    ReportScan,
    ReprintLabel,
    ResolveConflict,
    StartOperation,
    UnbindPiece,
)
from shared.schemas.quality import Resolution
from shared.schemas.sync import VerdictStatus
from tests.shared.rules.bench import NOBODY_KNOWN, Rows

CODE = make(CodeKind.PIECE, 1)
SCAN = {"piece_id": NOBODY_KNOWN, "label_code": CODE, "operation_number": 10}
INSPECTION = {**SCAN, "version": 2}
PICTURE = AttachPhoto(photo_id=NOBODY_KNOWN, piece_id=NOBODY_KNOWN, sha256="a" * 64, byte_count=1)

SHOWN: list[tuple[FloorCommand, Tone, str]] = [
    (CompleteOperation.model_validate(SCAN), Tone.OK, "completed"),
    (StartOperation.model_validate(SCAN), Tone.OK, "started"),
    (RecordInspection.model_validate({**INSPECTION, "outcome": InspectionOutcome.PASS}), Tone.OK, "passed"),
    (RecordInspection.model_validate({**INSPECTION, "outcome": InspectionOutcome.FAIL}), Tone.STOP, "failed"),
    (PICTURE, Tone.OK, "photo_kept"),
    (ReportScan(label_code=CODE), Tone.INFO, "already"),
    (ResolveConflict(conflict_id=NOBODY_KNOWN, resolution=Resolution.UPHOLD), Tone.OK, "decided"),
    (CloseCall(call_id=NOBODY_KNOWN), Tone.OK, "call_closed"),
    (ReprintLabel(label_code=CODE, reason="came_off"), Tone.OK, "label_copied"),
    (BindPiece(label_code=CODE, rack_id=NOBODY_KNOWN), Tone.OK, "bound"),
    (UnbindPiece(label_code=CODE, rack_id=NOBODY_KNOWN), Tone.OK, "taken_off"),
]


@pytest.mark.parametrize(("command", "tone", "code"), SHOWN, ids=[f"{one.type}-{code}" for one, _, code in SHOWN])
def test_each_says_what_was_done(command: FloorCommand, tone: Tone, code: str) -> None:
    outcome = outcome_of(Answer(VerdictStatus.OK), command, Rows(), is_synced=True)
    assert (outcome.tone, outcome.code) == (tone, code)


def test_none_is_left_out() -> None:
    assert {type(command) for command, _, _ in SHOWN} == set(get_args(FloorCommand))


@pytest.mark.parametrize("status", list(VerdictStatus))
def test_what_counts_for_nothing_is_known_as_that(status: VerdictStatus) -> None:
    code = "" if status in {VerdictStatus.OK, VerdictStatus.OK_ALREADY, VerdictStatus.OK_LATE} else "label_revoked"
    outcome = outcome_of(Answer(status, code), ReportScan(label_code=CODE), Rows(), is_synced=True)
    assert outcome.is_refused == (status in {VerdictStatus.REJECTED, VerdictStatus.PARKED})
