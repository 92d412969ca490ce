"""Two properties of whole worlds: clocks decide nothing (I10), nor does the order in which devices are heard (I8).

`python -m tests.simulation.properties --seeds N` looks for a seed that says otherwise.
"""

import argparse
import json
import logging
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from multiprocessing import get_context
from typing import Any

from mumen.simulator.actions import YEAR_US, Action, Kind, Plan, make_plan
from mumen.simulator.tablet import SimTablet
from mumen.simulator.world import World
from shared.label_code import CodeKind
from shared.schemas.door import Piece
from sync_server.devices.push import Delivery, Pushed, Sender, arrived, push_together
from sync_server.storage.rows import SessionRows

NO_JUMP = 32_768
SCANS = (4, 14)
PASS_OR_FAIL = (1, 2, 3)
"""One scan in three finds a scratch."""

ORDERS = 4
CLAIMED = {"since_us"}
Found = dict[str, Any]


def clocks_matter(seed: int) -> str | None:
    """What differs between a world whose clocks are years off and jump, and the same one with right clocks.

    Without racks: who was the last to move a piece is known from clocks only (decision 32).
    """
    chance, plan = random.Random(seed), make_plan(seed)
    plan = replace(plan, actions=tuple(action for action in plan.actions if action.kind is not Kind.RACK))
    skews = tuple(chance.randint(-10 * YEAR_US, 10 * YEAR_US) for _ in range(len(plan.skews_us)))
    wrong = _outcome(replace(plan, skews_us=skews))
    still = tuple(Action(a.kind, a.a, NO_JUMP, a.c) if a.kind is Kind.JUMP_CLOCK else a for a in plan.actions)
    right = _outcome(replace(plan, skews_us=(0,) * len(skews), actions=still))
    return _difference(right, wrong)


def order_matters(seed: int) -> str | None:
    """What differs between some orders in which the same outboxes arrive.

    Devices scan without a network, at different stations; then their commands come one by one in random orders, each
    device's in its own.
    """
    plan = Plan(seed, random.Random(seed).choice((2, 3, 4)), (), ())
    ends: list[Found] = []
    for order in range(ORDERS):
        with closing(World(plan)) as world:
            _scan_everywhere(world, random.Random(seed))
            _arrive(world, random.Random(seed * ORDERS + order))
            ends.append(_pieces(world))
    return next((said for other in ends[1:] if (said := _difference(ends[0], other))), None)


def _outcome(plan: Plan) -> Found:
    """Everything that a world comes to, but for the times that devices claim and the ids that they make of them."""
    with closing(World(plan)) as world:
        world.run()
        found = _pieces(world)
        for number, tablet in enumerate(world.tablets):
            found[f"verdicts {number}"] = [status for _, status in sorted(_verdicts(tablet).items())]
        query = "SELECT kind, state, piece_id, operation_number, code, resolution FROM conflict"
        found["conflicts"] = sorted(map(repr, world.server.disk.connection.execute(query).fetchall()))
        return found


def _verdicts(tablet: SimTablet) -> dict[tuple[int, int], str | None]:
    """By the enrolment's place in the device's life, and the number."""
    rows = tablet.store.connection.exec_driver_sql("SELECT incarnation FROM identity ORDER BY number")
    place = {incarnation: at for at, (incarnation,) in enumerate(rows)}
    return {(place[incarnation], n): status for (incarnation, n), status in tablet.verdicts().items()}


def _pieces(world: World) -> Found:
    """By its id, each piece without what devices claim."""
    ids = [row[0] for row in world.server.disk.connection.execute("SELECT id FROM piece ORDER BY id")]

    def read(session: Any) -> Found:
        rows = SessionRows(session)
        return {row_id: _shape(piece) for row_id in ids if (piece := rows.get(Piece, row_id)) is not None}

    return world.server.database.run(read)


def _shape(piece: Piece) -> str:
    done = [(o.number, o.state, o.loop_number) for o in piece.operations]
    return json.dumps([piece.state, [h.model_dump(exclude=CLAIMED, mode="json") for h in piece.holds], done])


def _scan_everywhere(world: World, chance: random.Random) -> None:
    """Three pieces go through everybody's hands; two inspectors may see them differently."""
    for inspecting in world.tablets[:2]:
        inspecting.station, inspecting.worker = "A-FQC", "inspector"
    query = "SELECT id, target_id FROM label ORDER BY id"
    codes = [code for code, _ in world.server.disk.connection.execute(query) if code.startswith(CodeKind.PIECE.value)]
    for tablet in world.tablets:
        for _ in range(chance.randint(*SCANS)):
            code = codes.index(chance.choice(codes[:3]))
            world.step(Action(Kind.SCAN, world.tablets.index(tablet), code, chance.choice(PASS_OR_FAIL)))


def _arrive(world: World, chance: random.Random) -> None:
    """The devices' commands reach the server one by one."""
    outboxes = [[(i, json.loads(text)) for i, _, text in tablet.recorded()] for tablet in world.tablets]
    names = dict(world.server.disk.connection.execute("SELECT incarnation, id FROM device"))
    for incarnation, raw in _merged([box for box in outboxes if box], chance):
        world.now_us += 1_000_000
        delivery = Delivery(Sender(names[incarnation], incarnation), [arrived(raw)])
        moment = world.server.services.moment()
        (pushed,) = world.server.database.run(lambda s, d=delivery, m=moment: push_together(s, [d], m))
        assert isinstance(pushed, Pushed)


def _merged(boxes: list[list[Any]], chance: random.Random) -> Iterator[Any]:
    while boxes:
        box = chance.choice(boxes)
        yield box.pop(0)
        boxes = [one for one in boxes if one]


def _difference(one: Found, other: Found) -> str | None:
    differing = sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))
    return f"{differing[0]}: {one.get(differing[0])} and {other.get(differing[0])}" if differing else None


PROPERTIES = {"clocks": clocks_matter, "order": order_matters}


def _try(seed: int) -> list[str]:
    return [f"seed {seed}, {name}: {said}" for name, matters in PROPERTIES.items() if (said := matters(seed))]


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code is 1 where a seed says otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.properties", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1_000, help="how many (1000)")
    parser.add_argument("--start", type=int, default=0, help="the first one (0)")
    parser.add_argument("--processes", type=int, default=1, help="at the same time (1)")
    chosen = parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)
    wrong = 0
    with get_context("fork").Pool(chosen.processes) as pool:
        for said in pool.imap_unordered(_try, range(chosen.start, chosen.start + chosen.seeds)):
            wrong += len(said)
            sys.stdout.writelines(f"{line}\n" for line in said)
            sys.stdout.flush()
    sys.stdout.write(f"{chosen.seeds} seeds, {wrong} where clocks or order matter\n")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
