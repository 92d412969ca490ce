"""A scan is a repeat by its meaning (same piece, station and operation), however soon or late it comes."""

import random
from collections.abc import Callable

import pytest

from mobile.outcome import Outcome, Tone
from shared.schemas.commands import PutMasterData, ReworkPiece
from shared.schemas.production import Reporting, RouteOperation
from shared.schemas.sync import VerdictStatus
from tests.simulation.test_two_tablets import settle
from tests.simulation.world import Tablet, World, run

DAY_US = 24 * 3_600_000_000
SECOND_US = 1_000_000


class Floor:
    """One leaf, one tablet at the saw, and what it was told of each scan."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.leaf = world.server.released()[0]
        self.code = world.server.code_of(self.leaf)
        self.tablet = world.tablet()
        self.tablet.work_at("CUT", "张伟")

    def scan(self, tablet: Tablet | None = None) -> Outcome:
        return (tablet or self.tablet).engine.on_code(self.code)

    def wait(self, us: int) -> None:
        self.world.clock.now += us

    def sync(self) -> None:
        settle(self.world)

    def events(self, kind: str) -> int:
        return [event.kind for event in self.world.server.events(self.leaf.id)].count(kind)


def _at_once(floor: Floor) -> Outcome:
    floor.scan()
    floor.wait(SECOND_US)
    return floor.scan()


def _a_day_later(floor: Floor) -> Outcome:
    floor.scan()
    floor.wait(DAY_US)
    return floor.scan()


def _after_it_was_booked(floor: Floor) -> Outcome:
    floor.scan()
    floor.sync()
    floor.wait(SECOND_US)
    return floor.scan()


def _by_somebody_else(floor: Floor) -> Outcome:
    floor.scan()
    floor.tablet.work_at("CUT", "李强")
    return floor.scan()


def _after_a_restart(floor: Floor) -> Outcome:
    floor.scan()
    floor.tablet.restart()
    floor.tablet.sign_in("张伟")
    return floor.scan()


def _at_another_station(floor: Floor) -> Outcome:
    floor.scan()
    other = floor.world.server.factory.stations["CUT"].model_copy(
        update={"id": floor.world.server.factory.mint.new_id(), "code": "S-CUT-2"}
    )
    floor.world.server.system(PutMasterData(stations=[other]))
    floor.sync()
    floor.tablet.engine.pick_station(other.id)
    return floor.scan()


def _for_the_next_operation(floor: Floor) -> Outcome:
    floor.scan()
    floor.tablet.work_at("PRESS", "张伟")
    return floor.scan()


def _for_a_second_operation_at_the_same_station(floor: Floor) -> Outcome:
    _put_route(floor, lambda o: o.model_copy(update={"work_center_id": _cut(floor)}) if o.number == 20 else o)
    floor.scan()
    return floor.scan()


def _for_its_end(floor: Floor) -> Outcome:
    both = Reporting.START_AND_COMPLETE
    _put_route(floor, lambda o: o.model_copy(update={"reporting": both}) if o.number == 10 else o)
    assert floor.scan().code == "started"
    return floor.scan()


def _in_a_rework(floor: Floor) -> Outcome:
    floor.scan()
    floor.sync()
    again = ReworkPiece(piece_id=floor.leaf.id, from_number=10, to_number=10)
    assert floor.world.server.office(again).status is VerdictStatus.OK
    floor.sync()
    return floor.scan()


def _twice_in_a_rework(floor: Floor) -> Outcome:
    assert _in_a_rework(floor).tone is Tone.OK
    return floor.scan()


def _cut(floor: Floor) -> str:
    return floor.world.server.factory.centers["CUT"].id


def _put_route(floor: Floor, change: Callable[[RouteOperation], RouteOperation]) -> None:
    route = floor.world.server.factory.route
    changed = route.model_copy(update={"operations": [change(o) for o in route.operations]})
    floor.world.server.system(PutMasterData(route_versions=[changed]))
    floor.sync()


REPEATS: dict[str, tuple[Callable[[Floor], Outcome], Tone, int]] = {
    "within a second": (_at_once, Tone.REPEAT, 1),
    "a day later": (_a_day_later, Tone.REPEAT, 1),
    "after the server has booked it": (_after_it_was_booked, Tone.REPEAT, 1),
    "by another worker": (_by_somebody_else, Tone.REPEAT, 1),
    "after a power cut": (_after_a_restart, Tone.REPEAT, 1),
    "at another station of the same work": (_at_another_station, Tone.INFO, 1),
    "for another operation elsewhere": (_for_the_next_operation, Tone.OK, 0),
    "for another operation at the same station": (_for_a_second_operation_at_the_same_station, Tone.OK, 0),
    "for the end of what was begun": (_for_its_end, Tone.OK, 0),
    "in a rework": (_in_a_rework, Tone.OK, 0),
    "twice in a rework": (_twice_in_a_rework, Tone.REPEAT, 1),
}
"""The second scan: what is heard, and how many the server counts as said again."""


@pytest.mark.parametrize("case", REPEATS)
def test_a_repeat_is_known_by_what_it_means(world: World, case: str) -> None:
    floor = Floor(world)
    scan_again, tone, repeated = REPEATS[case]
    outcome = scan_again(floor)
    assert outcome.tone is tone
    assert outcome.facts.get("repeats") == (1 if tone is Tone.REPEAT else None)
    floor.sync()
    assert floor.events("operation_repeated") == repeated
    numbers = [(o.number, o.loop_number) for o in world.server.piece(floor.leaf.id).operations]
    assert len(numbers) == len(set(numbers))


def test_repeats_are_counted_and_who_was_first_is_said(world: World) -> None:
    floor = Floor(world)
    floor.scan()
    first_us = world.clock.now
    counts: list[object] = []
    for _ in range(3):
        floor.wait(SECOND_US)
        again = floor.scan()
        counts.append(again.facts["repeats"])
        assert (again.facts["worker_name"], again.facts["event_time_us"]) == ("张伟", first_us)
    assert counts == [1, 2, 3]
    assert (floor.tablet.engine.waiting().effects, floor.tablet.engine.waiting().repeats) == (1, 3)
    floor.sync()
    assert [one.outcome.facts.get("repeats") for one in floor.tablet.engine.verdicts.recent(4)] == [3, 2, 1, None]
    assert (floor.events("operation_completed"), floor.events("operation_repeated")) == (1, 3)


def test_two_tablets_of_one_station_without_a_network_have_one_effect(world: World) -> None:
    floor = Floor(world)
    other = world.tablet()
    other.work_at("CUT", "李强")
    for tablet in (floor.tablet, other):
        tablet.platform.network.is_up = False
        assert floor.scan(tablet).tone is Tone.OK
        floor.wait(SECOND_US)
    floor.sync()
    assert (floor.events("operation_completed"), floor.events("operation_repeated")) == (1, 1)
    (late,) = other.engine.verdicts.recent(1)
    assert (late.outcome.tone, late.outcome.facts["worker_name"]) == (Tone.REPEAT, "张伟")
    assert other.engine.verdicts.unseen == []


def test_gun_and_camera_at_once_have_one_effect_and_are_both_kept(world: World) -> None:
    floor = Floor(world)
    sources = [floor.code, f"https://q.example.cn/{floor.code}"]
    random.Random(5).shuffle(sources)
    tones = [floor.tablet.engine.on_code(text).tone for text in sources]
    assert tones == [Tone.OK, Tone.REPEAT]
    run(floor.tablet.engine.sync_once())
    assert (floor.events("operation_completed"), floor.events("operation_repeated")) == (1, 1)
