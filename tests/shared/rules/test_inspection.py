"""What an inspector's result comes to, as a table."""

import pytest

from shared.rules.decision import Accepted
from shared.rules.inspection import INSPECTION_FAILED
from shared.schemas.door import Label, PieceState
from shared.schemas.quality import Conflict, ConflictKind, ConflictState
from tests.factory import START_US
from tests.shared.rules.bench import DONE, FAIL, PASS, STARTED, Bench, Table, check

BEFORE = ((10, DONE), (20, DONE))

INSPECT: Table = {
    "an unknown label": (lambda b: b.knows_no(Label).inspect(PASS), "rejected label_unknown: call_leader"),
    "a pass": (lambda b: b.has_recorded(*BEFORE).inspect(PASS), "ok: inspection_passed"),
    "a fail": (lambda b: b.has_recorded(*BEFORE).inspect(FAIL), "ok: inspection_failed"),
    "a pass again": (lambda b: b.has_recorded(*BEFORE, (100, DONE)).inspect(PASS), "already: operation_repeated"),
    "a fail again": (lambda b: b.has(b.inspect(FAIL)).inspect(FAIL), "ok: inspection_failed"),
    "a fail after a pass": (
        lambda b: b.has_recorded(*BEFORE, (100, DONE)).inspect(FAIL),
        "late contradicted: inspection_failed inspection_contradicted",
    ),
    "a pass after a fail": (
        lambda b: b.has_recorded(*BEFORE).has(b.inspect(FAIL)).inspect(PASS),
        "late contradicted: inspection_passed inspection_contradicted",
    ),
    "a pass of what is on hold": (
        lambda b: b.has_recorded(*BEFORE).is_held().inspect(PASS),
        "rejected piece_on_hold: put_aside call_leader",
    ),
    "a fail of what is on hold": (lambda b: b.has_recorded(*BEFORE).is_held().inspect(FAIL), "ok: inspection_failed"),
    "a pass out of order": (
        lambda b: b.inspect(PASS),
        "late: operation_inferred operation_inferred inspection_passed",
    ),
    "a pass out of order where the station is strict": (
        lambda b: b.enforces("FQC").inspect(PASS),
        "held earlier_operation_missing: carry_on call_leader",
    ),
    "a pass of a loop that is over": (
        lambda b: b.has_recorded(*BEFORE, (20, STARTED, 1)).inspect(PASS),
        "late old_loop: old_loop_scanned",
    ),
    "a fail of a loop that is over": (
        lambda b: b.has_recorded(*BEFORE, (20, STARTED, 1)).inspect(FAIL),
        "late old_loop: old_loop_scanned",
    ),
    "what is no inspection": (lambda b: b.inspect(PASS, 10), "rejected operation_unknown: call_leader"),
    "an operator's": (lambda b: b.inspect(PASS, by="张伟"), "rejected not_permitted: call_leader"),
}


@pytest.mark.parametrize("case", INSPECT)
def test_is_answered_as_the_table_says(case: str) -> None:
    check(case, INSPECT)


def test_a_pass_lets_the_piece_go_on() -> None:
    bench = Bench(*BEFORE)
    assert bench.has(bench.inspect(PASS)).piece.state is PieceState.IN_PROCESS
    assert not bench.piece.holds


def test_a_fail_holds_what_comes_after_it() -> None:
    bench = Bench(*BEFORE)
    (hold,) = bench.has(bench.inspect(FAIL, reason="划痕")).piece.holds
    assert (hold.code, hold.reason, hold.operation_number) == (INSPECTION_FAILED, "划痕", 100)
    assert hold.by == bench.person_id("周敏")


@pytest.mark.parametrize("order", [(1, 2), (2, 1)], ids=["as they happened", "the other way round"])
def test_of_two_fails_the_first_gives_the_reason_however_they_come_in(order: tuple[int, int]) -> None:
    bench = Bench(*BEFORE)
    for n in order:
        bench.has(bench.inspect(FAIL, reason=f"缺陷 {n}", event_time_us=START_US + n))
    assert [hold.reason for hold in bench.piece.holds] == ["缺陷 1"]


def test_a_fail_leaves_other_holds_alone() -> None:
    bench = Bench(*BEFORE).is_held()
    bench.has(bench.inspect(FAIL))
    assert [hold.code for hold in bench.piece.holds] == ["customer_change", INSPECTION_FAILED]


@pytest.mark.parametrize("first", [PASS, FAIL])
def test_two_inspectors_make_one_card_that_names_both(first: str) -> None:
    bench = Bench(*BEFORE)
    results = ((PASS, "陈静"), (FAIL, "周敏"))
    for outcome, by in results if first == PASS else reversed(results):
        bench.has(bench.inspect(outcome, by=by))
    card = bench.only(Conflict)
    assert (card.kind, card.state) == (ConflictKind.CONTRADICTION, ConflictState.OPEN)
    assert card.people == [bench.person_id("陈静"), bench.person_id("周敏")]
    assert [hold.code for hold in bench.piece.holds] == [INSPECTION_FAILED]


def test_a_third_result_makes_no_second_card() -> None:
    bench = Bench(*BEFORE)
    for outcome in (PASS, FAIL, FAIL):
        decision = bench.inspect(outcome)
        bench.has(decision)
    assert isinstance(decision, Accepted)
    assert len(bench.rows.all(Conflict)) == 1
