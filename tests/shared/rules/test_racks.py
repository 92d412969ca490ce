"""Racks, as tables: entering one, putting a piece on it, taking it off, and reporting work by way of it."""

import pytest

from shared.rules.decision import Accepted, Decision
from shared.schemas.commands import BindPiece, CloseTrip, CompleteOperation, PutRack, StartOperation, UnbindPiece
from shared.schemas.door import Label, LabelState, PieceState
from shared.schemas.rack import Rack
from tests.factory import START_US
from tests.shared.rules.bench import DONE, NOBODY_KNOWN, Bench, Table, check
from tests.shared.rules.test_trips import TRIP, put, with_driver

ONE, TWO = "00000000-0000-7000-8000-0000000000e1", "00000000-0000-7000-8000-0000000000e2"


def rack(bench: Bench, rack_id: str = ONE, code: str = "R-01", name: str = "") -> Rack:
    return Rack(id=rack_id, site_id=bench.factory.site.id, code=code, name=name)


def with_racks(bench: Bench, **changed: object) -> Bench:
    return bench.knows(rack(bench).model_copy(update=changed), rack(bench, TWO, "R-02"))


def on(bench: Bench, rack_id: str | None, changed_us: int = START_US) -> Bench:
    return with_racks(bench).piece_is(rack_id=rack_id, rack_changed_us=changed_us)


def bind(
    bench: Bench, rack_id: str = ONE, from_rack_id: str | None = None, at_us: int = START_US, by: str = "张伟"
) -> Decision:
    command = BindPiece(label_code=bench.code, rack_id=rack_id, from_rack_id=from_rack_id)
    return bench.decide(command, by=by, event_time_us=at_us)


def unbind(bench: Bench, rack_id: str = ONE) -> Decision:
    return bench.decide(UnbindPiece(label_code=bench.code, rack_id=rack_id), by="张伟")


def by_rack(bench: Bench, kind: type[CompleteOperation | StartOperation] = CompleteOperation) -> Decision:
    command = kind(piece_id=bench.piece.id, label_code=bench.code, operation_number=10, rack_id=ONE)
    return bench.decide(command, by="张伟", at="CUT")


PUT: Table = {
    "a new one": (lambda b: b.decide(PutRack(rack=rack(b))), "ok: rack_put"),
    "one that is known": (lambda b: with_racks(b).decide(PutRack(rack=rack(b, name="油漆车间"))), "ok: rack_put"),
    "one with the code of another": (
        lambda b: with_racks(b).decide(PutRack(rack=rack(b, code="R-02"))),
        "rejected rack_code_taken: reload",
    ),
    "by somebody of the floor": (
        lambda b: b.decide(PutRack(rack=rack(b)), by="张伟"),
        "rejected not_permitted: call_leader",
    ),
}

BIND: Table = {
    "a piece that is on none": (lambda b: bind(with_racks(b)), "ok: piece_bound"),
    "a piece that is on it": (lambda b: bind(on(b, ONE)), "already"),
    "a piece of another rack": (lambda b: bind(on(b, TWO), from_rack_id=TWO), "ok: piece_bound"),
    "a piece of another rack, by a clock that is slow": (
        lambda b: bind(on(b, TWO, START_US + 1), from_rack_id=TWO),
        "ok: piece_bound",
    ),
    "a piece that was put elsewhere later": (
        lambda b: bind(on(b, TWO, START_US + 1)),
        "rejected rack_changed_meanwhile: carry_on",
    ),
    "a piece that was put elsewhere before": (lambda b: bind(on(b, TWO, START_US - 1)), "ok: piece_bound"),
    "a piece that was taken off later": (
        lambda b: bind(on(b, None, START_US + 1), from_rack_id=TWO),
        "rejected rack_changed_meanwhile: carry_on",
    ),
    "an unknown rack": (lambda b: bind(b), "rejected rack_unknown: call_leader"),
    "a rack that is not used any more": (
        lambda b: bind(with_racks(b, is_active=False)),
        "rejected rack_unknown: call_leader",
    ),
    "an unknown label": (lambda b: bind(with_racks(b).knows_no(Label)), "rejected label_unknown: call_leader"),
    "a revoked label": (
        lambda b: bind(with_racks(b).label_is(state=LabelState.REVOKED)),
        "rejected label_revoked: call_leader",
    ),
    "the label of a piece that is not known": (
        lambda b: bind(with_racks(b).label_is(target_id=NOBODY_KNOWN)),
        "rejected piece_unknown: call_leader",
    ),
    "something that is no piece": (
        lambda b: bind(with_racks(b).label_is(kind="R")),
        "rejected label_not_a_piece: scan_again",
    ),
    "a cancelled piece": (
        lambda b: bind(with_racks(b).piece_is(state=PieceState.CANCELLED)),
        "rejected piece_cancelled: put_aside call_leader",
    ),
    "by somebody of the office": (
        lambda b: bind(with_racks(b), by="吴刚"),
        "rejected not_permitted: call_leader",
    ),
}

UNBIND: Table = {
    "a piece that is on it": (lambda b: unbind(on(b, ONE)), "ok: piece_unbound"),
    "a cancelled piece that is on it": (
        lambda b: unbind(on(b, ONE).piece_is(state=PieceState.CANCELLED)),
        "ok: piece_unbound",
    ),
    "a piece that is on none": (lambda b: unbind(with_racks(b)), "already"),
    "a piece that is on another": (lambda b: unbind(on(b, TWO)), "rejected not_on_this_rack: carry_on"),
    "an unknown label": (lambda b: unbind(with_racks(b).knows_no(Label)), "rejected label_unknown: call_leader"),
    "a piece whose label was revoked": (
        lambda b: unbind(on(b, ONE).label_is(state=LabelState.REVOKED)),
        "ok: piece_unbound",
    ),
}

BY_RACK: Table = {
    "of a piece that is on it": (lambda b: by_rack(on(b, ONE)), "ok: operation_completed"),
    "of a piece that was on it then": (lambda b: by_rack(on(b, TWO, START_US + 1)), "ok: operation_completed"),
    "of a piece that had left it": (lambda b: by_rack(on(b, TWO)), "rejected not_on_this_rack: scan_again"),
    "of a piece that was taken off before": (lambda b: by_rack(on(b, None)), "rejected not_on_this_rack: scan_again"),
    "of a piece that is done": (lambda b: by_rack(on(b, TWO).has_recorded((10, DONE))), "already: operation_repeated"),
    "of a piece on hold": (
        lambda b: by_rack(on(b, ONE).is_held()),
        "rejected piece_on_hold: put_aside call_leader",
    ),
    "begun, of a piece that is on it": (lambda b: by_rack(on(b, ONE), StartOperation), "ok: operation_started"),
    "begun, of a piece that had left it": (
        lambda b: by_rack(on(b, TWO), StartOperation),
        "rejected not_on_this_rack: scan_again",
    ),
}


@pytest.mark.parametrize("case", PUT)
def test_entering_a_rack_is_answered_as_the_table_says(case: str) -> None:
    check(case, PUT)


@pytest.mark.parametrize("case", BIND)
def test_putting_a_piece_on_is_answered_as_the_table_says(case: str) -> None:
    check(case, BIND)


@pytest.mark.parametrize("case", UNBIND)
def test_taking_a_piece_off_is_answered_as_the_table_says(case: str) -> None:
    check(case, UNBIND)


@pytest.mark.parametrize("case", BY_RACK)
def test_work_by_way_of_a_rack_is_answered_as_the_table_says(case: str) -> None:
    check(case, BY_RACK)


def test_a_new_rack_gets_one_label_and_an_edited_one_keeps_it() -> None:
    bench = Bench()
    bench.has(bench.decide(PutRack(rack=rack(bench))))
    bench.has(bench.decide(PutRack(rack=rack(bench, name="油漆车间"))))
    (label,) = [one for one in bench.rows.all(Label) if one.target_id == ONE]
    assert (label.kind, label.id[0], bench.only(Rack).name) == ("R", "R", "油漆车间")


def test_a_piece_is_on_the_rack_that_it_was_put_on_last_and_says_who_moved_it_from_where() -> None:
    bench = with_racks(Bench())
    bench.has(bind(bench, ONE))
    decision = bind(bench, TWO, from_rack_id=ONE, at_us=START_US + 1)
    assert isinstance(decision, Accepted)
    assert decision.facts == {"rack_code": "R-02", "from_rack_code": "R-01"}
    piece = bench.has(decision).piece
    assert (piece.rack_id, piece.rack_changed_us, piece.rack_changed_by) == (TWO, START_US + 1, bench.person_id("张伟"))
    assert bench.has(unbind(bench, TWO)).piece.rack_id is None


def test_what_has_been_delivered_is_on_no_rack_any_more() -> None:
    bench = on(with_driver(Bench()), ONE)
    bench.has(bench.decide(put(bench, bench.piece.id)))
    assert bench.piece.rack_id == ONE
    assert bench.has(bench.decide(CloseTrip(trip_id=TRIP))).piece.rack_id is None
