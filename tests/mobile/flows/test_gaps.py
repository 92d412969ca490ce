"""What the app does with a code that came with gaps, and with a hand's keys: nothing of the one is the other's."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, cast

import pytest

from mobile.flows.frame import Frame
from mobile.flows.pin_entry import PinEntry, PinQuestion
from mobile.outcome import SignIn, Tone
from mobile.routes import Routes
from mobile.stage import Stage
from tests.mobile.flows.test_entrance import Page
from tests.simulation.world import Tablet, World, full_disk, run


@dataclass
class WorkingPage(Page):
    """A page that does at once what a screen begins."""

    def run_task(self, work: Callable[..., Awaitable[None]], *args: Any) -> None:
        run(cast("Any", work(*args)))


def told(typed: str, *before: str, is_broken: bool = False) -> str:
    """The page's message about pieces of a code, the last of which ended as `typed`."""
    burst = {"typed": typed, "shown": typed, "widest_ms": 8, "total_ms": 120, "end": "" if is_broken else "Enter"}
    burst |= {"hasIme": False, "hasCaps": False, "hasNumpad": False, "isBroken": is_broken}
    pieces = [{"typed": one, "shown": one, "gap_ms": 300, "isTold": False} for one in before]
    return json.dumps(burst | {"before": pieces})


@dataclass
class Floor:
    """A tablet at the saw, somebody at work, and a piece to scan."""

    tablet: Tablet
    routes: Routes
    code: str

    @property
    def recorded(self) -> list[str]:
        return [one.outcome.code for one in self.tablet.engine.verdicts.recent(5)]


@pytest.fixture
def floor(world: World) -> Floor:
    tablet = world.tablet()
    piece = world.server.released()[0]
    run(tablet.engine.sync_once())
    tablet.work_at("CUT", "张伟")
    routes = Routes(Stage(cast("Any", WorkingPage())), tablet.platform, tablet.engine)
    run(cast("Any", routes.open()))
    return Floor(tablet, routes, world.server.code_of(piece))


class TestCodeInPieces:
    def test_is_recorded_once(self, floor: Floor) -> None:
        floor.routes.on_keystrokes(told(floor.code[9:], floor.code[:9]))
        assert (floor.recorded, floor.tablet.platform.played) == (["completed"], [Tone.OK])

    def test_that_lacks_a_key_is_not_recorded_and_heard_as_that(self, floor: Floor) -> None:
        floor.routes.on_keystrokes(told(floor.code[10:], floor.code[:9]))
        floor.routes.on_keystrokes(told(floor.code[:9], is_broken=True))
        assert (floor.recorded, floor.tablet.platform.played) == ([], [Tone.STOP, Tone.STOP])

    def test_before_a_whole_one_is_what_stays_to_be_seen(self, floor: Floor) -> None:
        floor.routes.on_keystrokes(told(floor.code, "D1ZZZZ"))
        assert (floor.recorded, floor.tablet.platform.played) == (["completed"], [Tone.OK, Tone.STOP])

    def test_that_were_lost_stay_unsaid_where_the_next_code_asks_for_a_result(self, floor: Floor) -> None:
        engine, routes = floor.tablet.engine, floor.routes
        for station, worker in (("CUT", "张伟"), ("PRESS", "张伟"), ("FQC", "周敏")):
            floor.tablet.work_at(station, worker)
            if station != "FQC":
                assert engine.on_code(floor.code).tone is Tone.OK
        run(cast("Any", routes.open()))
        floor.tablet.platform.played.clear()
        routes.on_keystrokes(told(floor.code, "D1ZZZZ"))
        assert floor.tablet.platform.played == [Tone.INFO], "the question stays, and nothing takes its place"

    def test_on_a_full_disk_says_that_it_was_not_kept(self, floor: Floor) -> None:
        with full_disk(floor.tablet):
            assert floor.tablet.engine.on_gaps("D1ZZZZ").code == "storage_full"
        assert floor.tablet.engine.on_gaps("D1ZZZZ").code == "read_with_gaps"


class TestHandAtNoPad:
    def test_types_nothing(self, floor: Floor) -> None:
        floor.routes.on_keystrokes(json.dumps({"hand": "2468\n"}))
        assert (floor.recorded, floor.tablet.platform.played) == ([], [])


@dataclass
class Pad:
    """A PIN pad over a door that takes one PIN."""

    frame: Frame
    pins: PinEntry
    tablet: Tablet
    tried: list[str]

    def ask(self) -> None:
        (person, *_) = self.tablet.engine.people.workers()
        question = PinQuestion(person, self._try, self.frame.go_home)
        self.pins.ask(question)

    def type(self, keys: str) -> None:
        self.frame.stage.type(keys)

    async def _try(self, pin: str) -> None:
        self.tried.append(pin)


@pytest.fixture
def pad(world: World) -> Pad:
    async def check(_: str, pin: str) -> SignIn:
        raise AssertionError(pin)

    tablet = world.tablet()
    run(tablet.engine.sync_once())
    frame = Frame(Stage(cast("Any", WorkingPage())), tablet.engine, tablet.platform, home=lambda: None)
    pad = Pad(frame, PinEntry(frame, tablet.engine.people, check), tablet, [])
    pad.ask()
    return pad


class TestPinPad:
    def test_takes_a_hands_keys(self, pad: Pad) -> None:
        for keys in ("2", "47\b6", "x8", "\n"):
            pad.type(keys)
        assert pad.tried == ["2468"]

    def test_tries_nothing_where_nothing_was_typed(self, pad: Pad) -> None:
        pad.type("\n2\b\n")
        assert pad.tried == []

    def test_forgets_what_was_typed_when_a_gun_was_in_between(self, pad: Pad) -> None:
        pad.type("12")
        assert pad.pins.tells_gaps()
        pad.type("2468\n")
        assert (pad.tried, pad.tablet.platform.played) == (["2468"], [Tone.STOP])

    def test_says_nothing_where_another_screen_is_up(self, pad: Pad) -> None:
        pad.frame.go_home()
        assert not pad.pins.tells_gaps()
        assert pad.tablet.platform.played == []
