"""Two tablets, one server, a bad network: nothing is lost, nothing counts twice, all end up with the same rows."""

import random

import pytest

from mobile.outcome import Tone
from mobile.store.mirror import MirrorRows
from shared.schemas.door import Piece
from tests.simulation.world import Tablet, World, run

STATIONS = ("CUT", "PRESS")


def settle(world: World) -> None:
    """The network holds, and everybody syncs until nobody has anything new."""
    for tablet in world.tablets:
        tablet.platform.network.is_up, tablet.platform.network.loses = True, 0.0
    for _ in range(10):
        news = [run(tablet.engine.sync_once()) for tablet in world.tablets]
        if not any(news):
            return
    raise AssertionError("the tablets never came to rest")


def mirrored(tablet: Tablet) -> dict[str, str]:
    store = tablet.engine._store  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    return {piece.id: piece.model_dump_json() for piece in MirrorRows(store).all(Piece)}


def test_the_same_scan_on_both_counts_once_and_both_workers_are_on_record(world: World) -> None:
    leaf = world.server.released()[0]
    one, two = world.tablet(), world.tablet()
    for tablet, name in ((one, "张伟"), (two, "李强")):
        tablet.work_at("CUT", name)
        tablet.platform.network.is_up = False
        assert tablet.engine.on_code(world.server.code_of(leaf)).tone is Tone.OK
        world.clock.now += 1_000_000
    settle(world)
    kinds = [event.kind for event in world.server.events(leaf.id)]
    assert kinds.count("operation_completed") == 1
    assert kinds.count("operation_repeated") == 1
    (latest,) = two.engine.verdicts.recent(5)
    assert (latest.outcome.code, latest.outcome.facts["worker_name"]) == ("already", "张伟")
    assert mirrored(one) == mirrored(two)


@pytest.mark.parametrize("seed", range(12))
def test_any_order_of_work_loss_and_restarts_ends_in_the_same_rows(world: World, seed: int) -> None:
    chance = random.Random(seed)
    pieces = world.server.released(quantity=3)
    codes = [world.server.code_of(piece) for piece in pieces]
    tablets = [world.tablet(), world.tablet()]
    recorded = 0
    for tablet, name in zip(tablets, ("张伟", "李强"), strict=True):
        tablet.work_at(chance.choice(STATIONS), name)
        tablet.platform.network.loses = 0.4
    for _ in range(60):
        tablet = chance.choice(tablets)
        world.clock.now += chance.randrange(1_000_000)
        match chance.choice(("scan", "scan", "scan", "sync", "move", "plug", "restart")):
            case "scan":
                recorded += tablet.engine.on_code(chance.choice(codes)).is_recorded
            case "sync":
                run(tablet.engine.sync_once())
            case "move":
                tablet.work_at(chance.choice(STATIONS), chance.choice(("张伟", "李强")))
            case "plug":
                tablet.platform.network.is_up = not tablet.platform.network.is_up
            case _:
                worker = tablet.engine.people.worker
                assert worker is not None
                tablet.restart()
                tablet.sign_in(worker.name)
    settle(world)
    assert all(t.engine.waiting().effects == t.engine.waiting().repeats == 0 for t in tablets)
    events = [event for piece in pieces for event in world.server.events(piece.id)]
    scans = {(e.origin, e.key) for e in events if e.device_id}
    assert len(scans) == recorded
    for piece in pieces:
        done = [e.detail["operation_number"] for e in world.server.events(piece.id) if e.kind == "operation_completed"]
        assert len(done) == len(set(done))
    assert mirrored(tablets[0]) == mirrored(tablets[1])
    for piece_id, body in mirrored(tablets[0]).items():
        held = world.server.piece(piece_id).model_copy(update={"site_id": ""})
        assert Piece.model_validate_json(body) == held
