"""How a piece is sent back, as a table."""

import pytest

from shared.rules.inspection import INSPECTION_FAILED
from shared.schemas.door import OperationState, Piece, PieceState
from shared.schemas.quality import Conflict, ConflictState, Resolution
from tests.shared.rules.bench import DONE, FAIL, PASS, STARTED, Bench, Table, check

BEFORE = ((10, DONE), (20, DONE))

REWORK: Table = {
    "one operation": (lambda b: b.has_recorded(*BEFORE).rework(20, 20), "ok: rework_started"),
    "several": (lambda b: b.has_recorded(*BEFORE).rework(10, 100), "ok: rework_started"),
    "by a leader who saw an older loop": (lambda b: b.has_recorded((20, STARTED, 1)).rework(20, 20), "already"),
    "again, by one who saw the newest": (
        lambda b: b.has_recorded((20, STARTED, 1)).rework(20, 20, loop_number=1),
        "ok: rework_started",
    ),
    "what its route lacks": (lambda b: b.rework(30, 40), "rejected operation_unknown: call_leader"),
    "backwards": (lambda b: b.rework(20, 10), "rejected operation_unknown: call_leader"),
    "an unknown piece": (lambda b: b.knows_no(Piece).rework(10, 20), "rejected piece_unknown: call_leader"),
    "a cancelled piece": (
        lambda b: b.piece_is(state=PieceState.CANCELLED).rework(10, 20),
        "rejected piece_cancelled: put_aside call_leader",
    ),
    "a scrapped piece": (
        lambda b: b.piece_is(state=PieceState.SCRAPPED).rework(10, 20),
        "rejected piece_scrapped: put_aside call_leader",
    ),
}


@pytest.mark.parametrize("case", REWORK)
def test_is_answered_as_the_table_says(case: str) -> None:
    check(case, REWORK)


def test_opens_a_new_loop_of_what_is_done_again() -> None:
    bench = Bench(*BEFORE)
    bench.has(bench.rework(20, 100))
    new = [(o.number, o.state) for o in bench.piece.operations if o.loop_number == 1]
    assert new == [(20, OperationState.PLANNED), (100, OperationState.PLANNED)]
    assert bench.piece.state is PieceState.IN_PROCESS


def test_lifts_the_hold_of_the_inspection_and_no_other() -> None:
    bench = Bench(*BEFORE).is_held().is_held(INSPECTION_FAILED, 100)
    bench.has(bench.rework(20, 100))
    assert [hold.code for hold in bench.piece.holds] == ["customer_change"]


def test_decides_what_two_inspectors_disagreed_about() -> None:
    bench = Bench(*BEFORE)
    for outcome in (PASS, FAIL):
        bench.has(bench.inspect(outcome))
    bench.has(bench.rework(20, 100))
    card = bench.only(Conflict)
    assert (card.state, card.resolution) == (ConflictState.RESOLVED, Resolution.UPHOLD)
    assert card.resolved_by == bench.person_id("陈静")
