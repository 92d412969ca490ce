"""Planning and closing a truck's trip, as tables."""

import pytest

from shared.schemas.commands import CloseTrip, PutTrip
from shared.schemas.people import Person, Role
from shared.schemas.shipment import Trip, TripState, TripStop
from tests.shared.rules.bench import NOBODY_KNOWN, Bench, Table, check

TRIP, DRIVER = "00000000-0000-7000-8000-0000000000c1", "00000000-0000-7000-8000-0000000000d1"


def with_driver(bench: Bench, **changed: object) -> Bench:
    driver = Person(id=DRIVER, site_id=bench.factory.site.id, number="5001", name="赵磊", roles=[Role.DRIVER])
    return bench.knows(driver.model_copy(update=changed))


def trip(bench: Bench, *piece_ids: str, driver_id: str = DRIVER) -> Trip:
    stops = [TripStop(number=1, consignee_name="王芳", piece_ids=list(piece_ids))]
    return Trip(id=TRIP, site_id=bench.factory.site.id, number="T-1", driver_id=driver_id, stops=stops)


def put(bench: Bench, *piece_ids: str, driver_id: str = DRIVER) -> PutTrip:
    return PutTrip(trip=trip(bench, *piece_ids, driver_id=driver_id))


def planned(bench: Bench, state: TripState = TripState.PLANNED) -> Bench:
    return with_driver(bench).knows(trip(bench).model_copy(update={"state": state}))


PUT: Table = {
    "a new one": (lambda b: with_driver(b).decide(put(b, b.piece.id)), "ok: trip_put"),
    "a changed one": (lambda b: planned(b).decide(put(b, b.piece.id)), "ok: trip_put"),
    "without a driver": (lambda b: b.decide(put(b)), "rejected person_unknown: reload"),
    "with a driver who has left": (
        lambda b: with_driver(b, is_active=False).decide(put(b)),
        "rejected person_unknown: reload",
    ),
    "with somebody who is no driver": (
        lambda b: b.decide(put(b, driver_id=b.person_id("张伟"))),
        "rejected person_unknown: reload",
    ),
    "one that is over": (lambda b: planned(b, TripState.CLOSED).decide(put(b)), "rejected trip_unknown: reload"),
}

CLOSE: Table = {
    "one that is planned": (lambda b: planned(b).decide(CloseTrip(trip_id=TRIP)), "ok: trip_closed"),
    "one that is over": (lambda b: planned(b, TripState.CLOSED).decide(CloseTrip(trip_id=TRIP)), "already"),
    "an unknown one": (lambda b: b.decide(CloseTrip(trip_id=NOBODY_KNOWN)), "rejected trip_unknown: reload"),
}


@pytest.mark.parametrize("case", PUT)
def test_planning_is_answered_as_the_table_says(case: str) -> None:
    check(case, PUT)


@pytest.mark.parametrize("case", CLOSE)
def test_closing_is_answered_as_the_table_says(case: str) -> None:
    check(case, CLOSE)


def test_a_piece_knows_its_trip_until_it_is_taken_out_of_it() -> None:
    bench = with_driver(Bench())
    assert bench.has(bench.decide(put(bench, bench.piece.id))).piece.trip_id == TRIP
    assert bench.has(bench.decide(put(bench))).piece.trip_id is None


def test_a_piece_leaves_the_trip_that_is_closed_and_no_other() -> None:
    bench = with_driver(Bench())
    bench.has(bench.decide(put(bench, bench.piece.id)))
    assert bench.has(bench.decide(CloseTrip(trip_id=TRIP))).piece.trip_id is None
    bench.piece_is(trip_id=NOBODY_KNOWN).knows(trip(bench, bench.piece.id))
    assert bench.has(bench.decide(CloseTrip(trip_id=TRIP))).piece.trip_id == NOBODY_KNOWN
