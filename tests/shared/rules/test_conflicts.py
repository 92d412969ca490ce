"""What becomes of a conflict when a person decides it, or when its deadline passes."""

import pytest

from shared.rules.inspection import INSPECTION_FAILED
from shared.rules.refusals import RefusalCode
from shared.schemas.commands import EscalateConflict, ResolveConflict
from shared.schemas.quality import Conflict, ConflictKind, ConflictState, Resolution
from tests.factory import START_US
from tests.shared.rules.bench import NOBODY_KNOWN, Bench, Table, check

CARD = "00000000-0000-7000-8000-00000000c0de"


def given(
    bench: Bench,
    kind: ConflictKind = ConflictKind.OUT_OF_ORDER,
    state: ConflictState = ConflictState.OPEN,
    code: RefusalCode = RefusalCode.EARLIER_OPERATION_MISSING,
) -> Bench:
    conflict = Conflict(
        id=CARD, kind=kind, state=state, piece_id=bench.piece.id, operation_number=100, code=code, opened_at_us=START_US
    )
    return bench.knows(conflict)


def contradiction(bench: Bench, state: ConflictState = ConflictState.OPEN) -> Bench:
    return given(bench, ConflictKind.CONTRADICTION, state, RefusalCode.CONTRADICTED)


def resolve(resolution: Resolution) -> ResolveConflict:
    return ResolveConflict(conflict_id=CARD, resolution=resolution)


IMPOSSIBLE = "rejected resolution_not_possible: inspect"
RESOLVE: Table = {
    "an unknown one": (lambda b: b.decide(resolve(Resolution.UPHOLD)), "rejected conflict_unknown: reload"),
    "one that is decided": (
        lambda b: given(b, state=ConflictState.RESOLVED).decide(resolve(Resolution.ACCEPT_GAP)),
        "rejected conflict_resolved: carry_on",
    ),
    "one that still waits": (
        lambda b: given(b, state=ConflictState.WAITING).decide(resolve(Resolution.ACCEPT_GAP)),
        "ok: conflict_resolved",
    ),
    "a gap that counts": (lambda b: given(b).decide(resolve(Resolution.ACCEPT_GAP)), "ok: conflict_resolved"),
    "a scan that does not": (lambda b: given(b).decide(resolve(Resolution.SEND_BACK)), "ok: conflict_resolved"),
    "a scan by a pass": (lambda b: given(b).decide(resolve(Resolution.ACCEPT_PASS)), IMPOSSIBLE),
    "a scan by itself": (lambda b: given(b).decide(resolve(Resolution.ARRIVED)), IMPOSSIBLE),
    "a missing inspection by letting it count": (
        lambda b: given(b, code=RefusalCode.INSPECTION_MISSING).decide(resolve(Resolution.ACCEPT_GAP)),
        IMPOSSIBLE,
    ),
    "a missing inspection by sending back": (
        lambda b: given(b, code=RefusalCode.INSPECTION_MISSING).decide(resolve(Resolution.SEND_BACK)),
        "ok: conflict_resolved",
    ),
    "two inspectors by the pass": (
        lambda b: contradiction(b).decide(resolve(Resolution.ACCEPT_PASS)),
        "ok: conflict_resolved",
    ),
    "two inspectors by the fail": (
        lambda b: contradiction(b).decide(resolve(Resolution.UPHOLD)),
        "ok: conflict_resolved",
    ),
    "two inspectors by a gap": (lambda b: contradiction(b).decide(resolve(Resolution.ACCEPT_GAP)), IMPOSSIBLE),
}

ESCALATE: Table = {
    "an unknown one": (
        lambda b: b.decide(EscalateConflict(conflict_id=NOBODY_KNOWN), by=None),
        "rejected conflict_unknown: call_leader",
    ),
    "one that waits": (
        lambda b: given(b, state=ConflictState.WAITING).decide(EscalateConflict(conflict_id=CARD), by=None),
        "ok: conflict_escalated",
    ),
    "one that is open": (lambda b: given(b).decide(EscalateConflict(conflict_id=CARD), by=None), "ok"),
    "by a person": (
        lambda b: given(b).decide(EscalateConflict(conflict_id=CARD)),
        "rejected not_permitted: call_leader",
    ),
}


@pytest.mark.parametrize("case", RESOLVE)
def test_a_decision_is_answered_as_the_table_says(case: str) -> None:
    check(case, RESOLVE)


@pytest.mark.parametrize("case", ESCALATE)
def test_a_deadline_is_answered_as_the_table_says(case: str) -> None:
    check(case, ESCALATE)


@pytest.mark.parametrize(
    ("resolution", "holds"),
    [
        (Resolution.ACCEPT_PASS, ["customer_change"]),
        (Resolution.UPHOLD, ["customer_change", INSPECTION_FAILED]),
    ],
)
def test_only_a_pass_lifts_the_hold_of_that_inspection(resolution: Resolution, holds: list[str]) -> None:
    bench = contradiction(Bench().is_held().is_held(INSPECTION_FAILED, 100))
    bench.has(bench.decide(resolve(resolution)))
    assert [hold.code for hold in bench.piece.holds] == holds


def test_a_pass_leaves_the_hold_of_another_inspection() -> None:
    bench = contradiction(Bench().is_held(INSPECTION_FAILED, 50))
    bench.has(bench.decide(resolve(Resolution.ACCEPT_PASS)))
    assert [hold.operation_number for hold in bench.piece.holds] == [50]


def test_a_decision_names_who_made_it() -> None:
    bench = given(Bench())
    card = bench.has(bench.decide(resolve(Resolution.SEND_BACK))).only(Conflict)
    assert (card.state, card.resolution, card.resolved_by, card.resolved_at_us) == (
        ConflictState.RESOLVED, Resolution.SEND_BACK, bench.person_id("陈静"), START_US,
    )  # fmt: skip


def test_a_deadline_gives_the_card_to_a_person() -> None:
    bench = given(Bench(), state=ConflictState.WAITING)
    bench.has(bench.decide(EscalateConflict(conflict_id=CARD), by=None))
    assert bench.only(Conflict).state is ConflictState.OPEN
