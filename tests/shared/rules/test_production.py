"""What a scan at a production station comes to, as tables: what is given and scanned, and what is said."""

import pytest

from shared.rules.decision import Accepted, Held
from shared.schemas.door import Label, LabelState, Piece, PieceState
from tests.shared.rules.bench import DONE, INFERRED, NOBODY_KNOWN, STARTED, Bench, Table, check

ALL = ((10, DONE), (20, DONE), (100, DONE), (110, DONE))

WITHOUT_A_TARGET: Table = {
    "an unknown label": (lambda b: b.knows_no(Label).complete(10), "rejected label_unknown: call_leader"),
    "a revoked label": (
        lambda b: b.label_is(state=LabelState.REVOKED).complete(10),
        "rejected label_revoked: call_leader",
    ),
    "a replaced label": (
        lambda b: b.label_is(state=LabelState.REPLACED).complete(10),
        "rejected label_replaced: use_new_label call_leader",
    ),
    "another piece's label": (
        lambda b: b.label_is(target_id=NOBODY_KNOWN).complete(10),
        "rejected piece_unknown: call_leader",
    ),
    "an unknown piece": (lambda b: b.knows_no(Piece).complete(10), "rejected piece_unknown: call_leader"),
    "a cancelled piece": (
        lambda b: b.piece_is(state=PieceState.CANCELLED).complete(10),
        "rejected piece_cancelled: put_aside call_leader",
    ),
    "a scrapped piece": (
        lambda b: b.piece_is(state=PieceState.SCRAPPED).complete(10),
        "rejected piece_scrapped: put_aside call_leader",
    ),
    "an operation that its route lacks": (
        lambda b: b.complete(30, at="CUT"),
        "rejected operation_unknown: call_leader",
    ),
    "no station": (lambda b: b.complete(10, at=None), "rejected station_unknown: pick_station call_leader"),
    "another station": (lambda b: b.complete(10, at="PACK"), "rejected not_at_this_station: go_to_station"),
    "another station, of a finished piece": (
        lambda b: b.has_recorded(*ALL).complete(10, at="PACK"),
        "rejected not_at_this_station: call_leader",
    ),
}

COMPLETE: Table = {
    "what is due": (lambda b: b.complete(10), "ok: operation_completed"),
    "what was begun": (lambda b: b.has_recorded((10, STARTED)).complete(10), "ok: operation_completed"),
    "what is done": (lambda b: b.has_recorded((10, DONE)).complete(10), "already: operation_repeated"),
    "what a later scan inferred": (
        lambda b: b.has_recorded((10, INFERRED), (20, DONE)).complete(10),
        "ok: operation_completed",
    ),
    "out of order": (lambda b: b.complete(20), "late: operation_inferred operation_completed"),
    "out of order where the station is strict": (
        lambda b: b.enforces("PRESS").complete(20),
        "held earlier_operation_missing: carry_on call_leader",
    ),
    "out of order where a person lets it count": (
        lambda b: b.enforces("PRESS").complete(20, accepts_gap=True),
        "late: operation_inferred operation_completed",
    ),
    "past an inspection": (
        lambda b: b.has_recorded((10, DONE), (20, DONE)).complete(110),
        "held inspection_missing: inspect call_leader",
    ),
    "past an inspection, whoever lets it count": (
        lambda b: b.has_recorded((10, DONE), (20, DONE)).complete(110, accepts_gap=True),
        "held inspection_missing: inspect call_leader",
    ),
    "an inspection": (lambda b: b.complete(100), "rejected inspection_needs_result: inspect"),
    "a piece on hold": (lambda b: b.is_held().complete(10), "rejected piece_on_hold: put_aside call_leader"),
    "what comes after the operation that put it on hold": (
        lambda b: b.is_held(operation_number=10).complete(20),
        "rejected piece_on_hold: put_aside call_leader",
    ),
    "the operation that put it on hold": (
        lambda b: b.is_held(operation_number=10).complete(10),
        "ok: operation_completed",
    ),
    "of a loop that is over": (
        lambda b: b.has_recorded((10, DONE), (10, STARTED, 1)).complete(10),
        "late old_loop: old_loop_scanned",
    ),
    "of the loop that it is in": (
        lambda b: b.has_recorded((10, DONE), (10, STARTED, 1)).complete(10, loop_number=1),
        "ok: operation_completed",
    ),
    "of an old loop, but before what is done again": (
        lambda b: b.has_recorded((20, DONE), (20, STARTED, 1)).complete(10),
        "ok: operation_completed",
    ),
}

START: Table = {
    "an unknown label": (lambda b: b.knows_no(Label).start(10), "rejected label_unknown: call_leader"),
    "what is due": (lambda b: b.start(10), "ok: operation_started"),
    "what was begun": (lambda b: b.has_recorded((10, STARTED)).start(10), "already: operation_repeated"),
    "what is done": (lambda b: b.has_recorded((10, DONE)).start(10), "already: operation_repeated"),
    "out of order": (lambda b: b.start(20), "ok: operation_started"),
    "out of order where the station is strict": (
        lambda b: b.enforces("PRESS").start(20),
        "held earlier_operation_missing: carry_on call_leader",
    ),
    "past an inspection": (
        lambda b: b.has_recorded((10, DONE), (20, DONE)).start(110),
        "held inspection_missing: inspect call_leader",
    ),
    "a piece on hold": (lambda b: b.is_held().start(10), "rejected piece_on_hold: put_aside call_leader"),
    "of a loop that is over": (
        lambda b: b.has_recorded((10, DONE), (10, DONE, 1)).start(10),
        "late old_loop: old_loop_scanned",
    ),
}

REPORT: Table = {
    "an unknown label": (lambda b: b.knows_no(Label).report(), "rejected label_unknown: call_leader"),
    "a revoked label": (
        lambda b: b.label_is(state=LabelState.REVOKED).report(),
        "rejected label_revoked: call_leader",
    ),
    "a replaced label": (
        lambda b: b.label_is(state=LabelState.REPLACED).report(),
        "rejected label_replaced: use_new_label call_leader",
    ),
    "what is no piece": (lambda b: b.label_is(kind="E").report(), "rejected label_not_a_piece: scan_again"),
    "an unknown piece": (lambda b: b.knows_no(Piece).report(), "rejected label_not_a_piece: scan_again"),
    "a cancelled piece": (
        lambda b: b.piece_is(state=PieceState.CANCELLED).report(),
        "rejected piece_cancelled: put_aside call_leader",
    ),
    "what is done here": (lambda b: b.has_recorded((10, DONE)).report("CUT"), "already: operation_repeated"),
    "what was inferred here": (lambda b: b.has_recorded((10, INFERRED)).report("CUT"), "already: operation_repeated"),
    "what belongs elsewhere": (lambda b: b.report("PACK"), "rejected not_at_this_station: go_to_station"),
    "what is finished": (
        lambda b: b.has_recorded(*ALL[:3]).has_recorded((110, DONE)).report(at=None),
        "rejected not_at_this_station: call_leader",
    ),
}


@pytest.mark.parametrize("case", WITHOUT_A_TARGET)
def test_a_scan_needs_a_piece_to_work_on(case: str) -> None:
    check(case, WITHOUT_A_TARGET)


class TestCompleteOperation:
    @pytest.mark.parametrize("case", COMPLETE)
    def test_is_answered_as_the_table_says(self, case: str) -> None:
        check(case, COMPLETE)

    @pytest.mark.parametrize(
        ("recorded", "number", "state"),
        [
            ((), 10, PieceState.IN_PROCESS),
            (ALL[:1], 20, PieceState.AWAITING_INSPECTION),
            (ALL[:3], 110, PieceState.PASSED),
        ],
    )
    def test_brings_the_piece_on(
        self, recorded: tuple[tuple[int, object], ...], number: int, state: PieceState
    ) -> None:
        bench = Bench(*((n, DONE) for n, _ in recorded))
        assert bench.has(bench.complete(number)).piece.state is state

    def test_records_who_did_it_and_nobody_for_what_is_inferred(self) -> None:
        bench = Bench()
        inferred, done = bench.has(bench.complete(20)).piece.operations
        assert (inferred.number, inferred.state, inferred.worker_ids, inferred.station_id) == (10, INFERRED, [], None)
        assert (done.number, done.state, done.worker_ids) == (20, DONE, [bench.person_id("陈静")])
        assert done.station_id == bench.station("PRESS").id

    def test_says_what_comes_next(self) -> None:
        decision = Bench((10, DONE)).complete(20)
        assert isinstance(decision, Accepted)
        assert decision.facts == {"operation_number": 20, "inferred": [], "next_operation_number": 100}

    def test_says_who_was_first(self) -> None:
        bench = Bench((10, DONE))
        decision = bench.complete(10)
        assert isinstance(decision, Accepted)
        assert decision.facts["worker_id"] == bench.person_id("张伟")
        assert not decision.change.puts

    def test_waits_for_every_operation_that_is_missing(self) -> None:
        decision = Bench().complete(110)
        assert isinstance(decision, Held)
        assert decision.waits_for == (10, 20, 100)


class TestStartOperation:
    @pytest.mark.parametrize("case", START)
    def test_is_answered_as_the_table_says(self, case: str) -> None:
        check(case, START)

    def test_is_in_process_until_it_is_done(self) -> None:
        bench = Bench()
        bench.has(bench.start(10))
        assert bench.piece.state is PieceState.IN_PROCESS
        (begun,) = bench.piece.operations
        assert begun.state is STARTED
        assert begun.worker_ids == [bench.person_id("陈静")]


class TestReportScan:
    @pytest.mark.parametrize("case", REPORT)
    def test_says_what_the_code_stands_for(self, case: str) -> None:
        check(case, REPORT)
