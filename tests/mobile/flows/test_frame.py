"""What holds around every screen: what news may change of it, where the camera stays open, and when all is over."""

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from mobile.flows.frame import Frame
from mobile.stage import Stage
from tests.mobile.flows.test_entrance import Page
from tests.simulation.world import SimPlatform, World


@dataclass
class Screens:
    """A frame with a home, and screens that only count how often they were painted."""

    frame: Frame
    painted: list[str] = field(default_factory=list[str])
    cameras: list[bool] = field(default_factory=list[bool])
    fact: int = 0
    asked: int = 0

    def home(self) -> None:
        self.painted.append("home")

    def scanned_into(self) -> None:
        self.painted.append("scanned into")
        self.frame.keep_camera()

    def watched(self) -> None:
        self.painted.append("watched")
        self.frame.watch(self.ask, self.fact)
        self.frame.chip_row()

    def ask(self) -> int:
        self.asked += 1
        return self.fact


@pytest.fixture
def screens(world: World, monkeypatch: pytest.MonkeyPatch) -> Screens:
    tablet = world.tablet()
    frame = Frame(Stage(cast("Any", Page())), tablet.engine, tablet.platform, home=lambda: screens.home())
    screens = Screens(frame)

    def has_camera(_: SimPlatform) -> bool:
        return True

    def show_camera(_: SimPlatform, *, is_on: bool) -> None:
        screens.cameras.append(is_on)

    monkeypatch.setattr(SimPlatform, "has_scanning_camera", has_camera)
    monkeypatch.setattr(SimPlatform, "show_camera", show_camera)
    return screens


def test_news_paint_a_screen_anew_only_where_what_it_watches_has_changed(screens: Screens) -> None:
    screens.frame.go(screens.watched)
    assert screens.asked == 0, "a screen has just asked for what it paints"
    screens.frame.refresh()
    assert screens.painted == ["watched"]
    screens.fact += 1
    screens.frame.refresh()
    assert screens.painted == ["watched", "watched"]


def test_what_one_screen_watches_is_nothing_to_the_next(screens: Screens) -> None:
    screens.frame.go(screens.watched)
    screens.frame.go_home()
    screens.fact += 1
    screens.frame.refresh()
    assert screens.painted == ["watched", "home"]


def test_the_camera_stays_open_where_pieces_are_scanned_and_nowhere_else(screens: Screens) -> None:
    screens.frame.go(screens.scanned_into)
    assert screens.frame.camera is not None
    screens.frame.camera()
    screens.frame.paint()
    assert screens.cameras == [True]
    screens.frame.go_home()
    screens.frame.paint()
    assert screens.cameras == [True, False]


def test_a_screen_is_left_once(screens: Screens) -> None:
    left: list[str] = []
    screens.frame.go(lambda: screens.frame.on_leave(lambda: left.append("it")))
    screens.frame.go_home()
    screens.frame.paint()
    assert left == ["it"]


def test_nothing_is_painted_for_a_window_that_has_lost_the_store(screens: Screens) -> None:
    screens.frame.go_home()
    screens.frame.close()
    screens.frame.go(screens.watched)
    assert screens.painted == ["home"]
    assert not screens.frame.is_up(screens.watched)
    assert screens.frame.wake.is_set()
