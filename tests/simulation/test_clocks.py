"""Clocks that are wrong by a year: what counts, and for whom, is as if they were right."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mobile.outcome import SignInStatus
from shared.schemas.identifiers import DAY_US
from sync_server.migrations import migrate
from sync_server.storage.database import Database
from tests.factory import Factory
from tests.simulation.world import World, run
from tests.sync_server.server import Server

YEAR_US = 365 * DAY_US
STEPS = 40
RIGHT, WRONG = (0, 0), (YEAR_US, -YEAR_US)
CLAIMED = {"event_time_us", "event_offset_min"}


@pytest.fixture
def other_world(tmp_path: Path) -> Iterator[World]:
    """The same factory once more, where every clock will be right."""
    folder = tmp_path / "other"
    folder.mkdir()
    database = Database(f"sqlite:///{folder / 'server.db'}")
    migrate(database.engine)
    server = Server(database, Factory())
    server.system(server.factory.master_data())
    world = World(server, folder, random.Random(11))
    yield world
    world.close()
    database.close()


def play(world: World, seed: int, skews_us: tuple[int, int]) -> list[Any]:
    """Two tablets scan the same pieces at two stations, mostly without a network; gives answers and history."""
    chance = random.Random(seed)
    pieces = world.server.released(quantity=3)
    tablets = [world.tablet(skew_us=skew_us) for skew_us in skews_us]
    for tablet, name in zip(tablets, ("张伟", "李强"), strict=True):
        tablet.work_at("CUT", name)
    shown: list[Any] = []
    for _ in range(STEPS):
        world.clock.now += chance.randrange(60_000_000)
        tablet = chance.choice(tablets)
        match chance.choice(("scan", "scan", "scan", "sync", "move", "restart")):
            case "scan":
                outcome = tablet.engine.on_code(world.server.code_of(chance.choice(pieces)))
                shown.append((outcome.tone, outcome.code, outcome.facts.get("worker_name"), outcome.next_steps))
            case "sync":
                run(tablet.engine.sync_once())
            case "move":
                tablet.work_at(chance.choice(("CUT", "PRESS")), chance.choice(("张伟", "李强")))
            case _:
                worker = tablet.engine.people.worker
                assert worker is not None
                tablet.restart()
                assert tablet.sign_in(worker.name) is SignInStatus.OK
    for tablet in (*tablets, *tablets):
        run(tablet.engine.sync_once())
        shown.append([(entry.outcome.code, entry.outcome.is_synced) for entry in tablet.engine.verdicts.recent(STEPS)])
    return [*shown, *(booked(world, piece.id) for piece in pieces)]


def booked(world: World, piece_id: str) -> tuple[Any, ...]:
    """A piece and its history on the server, without the times that devices claim."""
    piece = world.server.piece(piece_id)
    operations = [operation.model_dump(exclude=CLAIMED) for operation in piece.operations]
    history = [(e.kind, e.detail, e.person_id, e.station_id, e.record_time_us) for e in world.server.events(piece_id)]
    return piece.rev, piece.state, piece.holds, operations, history


@pytest.mark.parametrize("seed", range(4))
def test_a_year_ahead_and_a_year_behind_change_nothing_but_the_claimed_times(
    world: World, other_world: World, seed: int
) -> None:
    assert play(world, seed, WRONG) == play(other_world, seed, RIGHT)
    assert all(tablet.engine.waiting().effects == 0 for tablet in world.tablets)
