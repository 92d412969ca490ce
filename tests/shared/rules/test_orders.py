"""An order's life, as tables; what is wrong with an order stands in `test_order_check.py`."""

import pytest

from shared.rules.decision import Rejected
from shared.schemas.commands import CancelOrder, PlaceOrder, ReleaseOrder, RetireOrder, ReviseOrder
from shared.schemas.door import Door, Label, Piece, PieceState
from shared.schemas.order import Order, OrderLine, OrderState, Specification
from tests.factory import START_US
from tests.shared.rules.bench import NOBODY_KNOWN, Bench, Table, check


class Desk(Bench):
    """A bench with an order on it; the leaf that belongs to no order is put aside."""

    def __init__(self) -> None:
        super().__init__()
        self.knows_no(Piece)
        self.knows_no(Label)

    @property
    def order(self) -> Order:
        return self.only(Order)


def placed(bench: Bench, **line: object) -> Bench:
    return bench.has(bench.decide(bench.factory.order(bench.factory.line(**line)), by="吴刚"))


def order_id(bench: Bench) -> str:
    return bench.only(Order).id


def revise(bench: Bench, *quantities: int, seen_rev: int = 0) -> ReviseOrder:
    typed = bench.factory.order(*(bench.factory.line(quantity=n) for n in quantities))
    return ReviseOrder(order_id=order_id(bench), seen_rev=seen_rev, terms=typed.terms, lines=typed.lines)


def released(bench: Bench, quantity: int = 1) -> Bench:
    placed(bench, quantity=quantity)
    return bench.has(bench.decide(ReleaseOrder(order_id=order_id(bench))))


def cancelled(bench: Bench) -> Bench:
    return bench.has(bench.decide(CancelOrder(order_id=order_id(bench))))


def same_again(bench: Bench) -> PlaceOrder:
    return bench.factory.order().model_copy(update={"order_id": order_id(placed(bench))})


def retire(bench: Bench) -> RetireOrder:
    return RetireOrder(order_id=order_id(bench))


UNKNOWN = NOBODY_KNOWN
PLACE: Table = {
    "a whole one": (lambda b: b.decide(b.factory.order(), by="吴刚"), "ok: order_placed"),
    "an incomplete one": (lambda b: b.decide(b.factory.order(customer_name=""), by="吴刚"), "ok: order_placed"),
    "one of an id that is taken": (lambda b: b.decide(same_again(b), by="吴刚"), "rejected order_exists: reload"),
}

REVISE: Table = {
    "a draft": (lambda b: placed(b).decide(revise(b, 1)), "ok: order_revised"),
    "an unknown one": (
        lambda b: b.decide(revise(placed(b), 1).model_copy(update={"order_id": UNKNOWN})),
        "rejected order_unknown: reload",
    ),
    "one that was released": (lambda b: b.decide(revise(released(b), 1)), "rejected order_not_a_draft: reload"),
    "one that somebody else has changed": (
        lambda b: b.decide(revise(placed(b), 1, seen_rev=7)),
        "rejected order_changed_meanwhile: reload",
    ),
}

RELEASE: Table = {
    "a whole one": (
        lambda b: placed(b).decide(ReleaseOrder(order_id=order_id(b))),
        "ok: order_released labels_made",
    ),
    "an unknown one": (lambda b: b.decide(ReleaseOrder(order_id=UNKNOWN)), "rejected order_unknown: reload"),
    "one that was released": (
        lambda b: released(b).decide(ReleaseOrder(order_id=order_id(b))),
        "rejected order_not_a_draft: reload",
    ),
    "an incomplete one": (
        lambda b: placed(b, colour="").decide(ReleaseOrder(order_id=order_id(b))),
        "rejected order_incomplete: complete_order",
    ),
    "by a clerk": (
        lambda b: placed(b).decide(ReleaseOrder(order_id=order_id(b)), by="吴刚"),
        "rejected not_permitted: call_leader",
    ),
}

CANCEL: Table = {
    "a draft": (lambda b: placed(b).decide(CancelOrder(order_id=order_id(b))), "ok: order_cancelled"),
    "one that was released": (lambda b: released(b).decide(CancelOrder(order_id=order_id(b))), "ok: order_cancelled"),
    "an unknown one": (lambda b: b.decide(CancelOrder(order_id=UNKNOWN)), "rejected order_unknown: reload"),
    "one that was cancelled": (
        lambda b: cancelled(placed(b)).decide(CancelOrder(order_id=order_id(b))),
        "rejected order_cancelled: reload",
    ),
}

RETIRE: Table = {
    "one that has ended": (lambda b: cancelled(released(b)).decide(retire(b), by=None), "ok: order_retired"),
    "one that has not": (lambda b: released(b).decide(retire(b), by=None), "rejected order_unknown: reload"),
    "an unknown one": (
        lambda b: b.decide(RetireOrder(order_id=UNKNOWN), by=None),
        "rejected order_unknown: reload",
    ),
    "one that is retired": (
        lambda b: cancelled(released(b)).has(b.decide(retire(b), by=None)).decide(retire(b), by=None),
        "already",
    ),
}


@pytest.mark.parametrize("case", PLACE)
def test_placing_is_answered_as_the_table_says(case: str) -> None:
    check(case, PLACE)


@pytest.mark.parametrize("case", REVISE)
def test_revising_is_answered_as_the_table_says(case: str) -> None:
    check(case, REVISE)


@pytest.mark.parametrize("case", RELEASE)
def test_releasing_is_answered_as_the_table_says(case: str) -> None:
    check(case, RELEASE)


@pytest.mark.parametrize("case", CANCEL)
def test_cancelling_is_answered_as_the_table_says(case: str) -> None:
    check(case, CANCEL)


@pytest.mark.parametrize("case", RETIRE)
def test_retiring_is_answered_as_the_table_says(case: str) -> None:
    check(case, RETIRE)


def test_orders_are_numbered_within_their_day() -> None:
    desk = Desk()
    placed(desk)
    placed(desk)
    desk.factory.clock.now += 86_400_000_000
    placed(desk)
    assert sorted(order.number for order in desk.rows.all(Order)) == [
        "MD-20261118-0001",
        "MD-20261118-0002",
        "MD-20261119-0001",
    ]


def test_a_revised_draft_keeps_its_rows_adds_new_ones_and_drops_the_rest() -> None:
    desk = Desk()
    placed(desk)
    desk.has(desk.decide(revise(desk, 2, 3)))
    two = desk.rows.all(OrderLine)
    assert sorted((line.number, line.quantity) for line in two) == [(1, 2), (2, 3)]
    desk.has(desk.decide(revise(desk, 5)))
    assert sorted((line.number, line.quantity) for line in desk.rows.all(OrderLine)) == [(0, 0), (1, 5)]
    assert {line.id for line in desk.rows.all(OrderLine)} == {line.id for line in two}


def test_a_release_makes_the_doors_with_their_pieces_and_a_label_for_each() -> None:
    desk = Desk()
    released(desk, quantity=2)
    doors, pieces, labels = desk.rows.all(Door), desk.rows.all(Piece), desk.rows.all(Label)
    assert sorted((door.number, door.of, door.pieces_total) for door in doors) == [(1, 2, 2), (2, 2, 2)]
    assert sorted((piece.number, piece.of) for piece in pieces) == [(1, 2), (1, 2), (2, 2), (2, 2)]
    assert {label.target_id for label in labels} == {piece.id for piece in pieces}
    assert {door.specification_id for door in doors} == {desk.only(Specification).id}
    assert (desk.order.state, desk.order.released_at_us, desk.order.doors_total) == (OrderState.RELEASED, START_US, 2)


def test_a_release_that_is_refused_names_each_field() -> None:
    desk = Desk()
    placed(desk, colour="", height_tenth_mm=None)
    decision = desk.decide(ReleaseOrder(order_id=order_id(desk)))
    assert isinstance(decision, Rejected)
    problems = decision.facts["problems"]
    assert isinstance(problems, list)
    assert [problem["field"] for problem in problems if isinstance(problem, dict)] == ["height_tenth_mm", "colour"]


def test_cancelling_leaves_what_is_made() -> None:
    desk = Desk()
    released(desk)
    made, unmade = desk.rows.all(Piece)
    desk.knows(made.model_copy(update={"state": PieceState.PASSED}))
    cancelled(desk)
    assert desk.row(Piece, made.id).state is PieceState.PASSED
    assert desk.row(Piece, unmade.id).state is PieceState.CANCELLED
    assert (desk.order.state, desk.order.cancelled_at_us) == (OrderState.CANCELLED, START_US)


def test_retiring_takes_everything_of_the_order_off_the_tablets() -> None:
    desk = Desk()
    cancelled(released(desk))
    desk.has(desk.decide(retire(desk), by=None))
    rows = [*desk.rows.all(Door), *desk.rows.all(Piece), *desk.rows.all(Label), *desk.rows.all(Specification)]
    assert rows
    assert all(row.is_retired for row in rows)
