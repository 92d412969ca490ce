"""What the app does before the work: the real engine and screens, and a page that only keeps them."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, cast

import flet as ft
import pytest

from mobile.outcome import Tone
from mobile.routes import Routes
from mobile.stage import Stage
from shared.schemas.people import Person
from tests.simulation.world import PIN, SimPlatform, Tablet, World, run


@dataclass
class Page:
    """As much of a page as the stage needs."""

    platform_brightness: ft.Brightness = ft.Brightness.LIGHT
    width: int = 1280
    height: int = 800
    bgcolor: str = ""
    controls: list[ft.Control] = field(default_factory=list[ft.Control])

    def update(self, *_: ft.Control) -> None:
        """Nobody sees it."""


@dataclass
class Door:
    """A tablet at its station, whose PIN check waits until it is let go."""

    tablet: Tablet
    routes: Routes
    is_checking: asyncio.Event
    may_go_on: asyncio.Event

    @property
    def worker(self) -> Person:
        return next(person for person in self.tablet.engine.people.workers() if person.name == "张伟")

    async def sign_in(self, pin: str, scanned: str) -> None:
        """Somebody types the PIN, and the gun fires before it is checked."""
        signing = asyncio.create_task(self.routes.entrance.sign_in(self.worker, pin))
        await self.is_checking.wait()
        self.routes.on_code(scanned)
        self.may_go_on.set()
        await signing


@pytest.fixture
def door(world: World, monkeypatch: pytest.MonkeyPatch) -> Door:
    tablet = world.tablet()
    run(tablet.engine.sync_once())
    tablet.engine.pick_station(next(s for s in tablet.engine.stations() if s.code == "S-CUT").id)
    is_checking, may_go_on, check = asyncio.Event(), asyncio.Event(), SimPlatform.pbkdf2_hex

    async def slowly(self: SimPlatform, secret: str, salt_hex: str, iterations: int) -> str:
        is_checking.set()
        await may_go_on.wait()
        return await check(self, secret, salt_hex, iterations)

    monkeypatch.setattr(SimPlatform, "pbkdf2_hex", slowly)
    routes = Routes(Stage(cast("ft.Page", Page())), tablet.platform, tablet.engine)
    run(cast("Coroutine[Any, Any, None]", routes.open()))
    return Door(tablet, routes, is_checking, may_go_on)


def test_a_scan_while_the_pin_is_checked_counts_for_who_signs_in(world: World, door: Door) -> None:
    piece = world.server.released()[0]
    run(door.tablet.engine.sync_once())
    run(door.sign_in(PIN, world.server.code_of(piece)))
    (latest,) = door.tablet.engine.verdicts.recent(5)
    assert (latest.outcome.tone, latest.outcome.is_recorded) == (Tone.OK, True)
    run(door.tablet.engine.sync_once())
    assert [event.person_id for event in world.server.events(piece.id) if event.device_id] == [door.worker.id]


def test_after_a_wrong_pin_it_is_noted_and_somebody_is_to_sign_in(world: World, door: Door) -> None:
    piece = world.server.released()[0]
    run(door.tablet.engine.sync_once())
    run(door.sign_in("0000", world.server.code_of(piece)))
    assert door.tablet.engine.people.worker is None
    assert list(door.tablet.engine.verdicts.recent(5)) == []
    assert door.routes.entrance.has_scanned_early
