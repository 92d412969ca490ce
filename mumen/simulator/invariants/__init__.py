"""What must hold when a world has come to rest, whatever happened in it: I1 to I7, I11 and I12 of `docs/sync.md`."""

from mumen.simulator.invariants import copies, delivery, floor, labels, racks
from mumen.simulator.world import World


def check(world: World) -> None:
    """Raises `AssertionError` with the invariant's number and what broke it."""
    delivery.check(world)
    copies.check(world)
    floor.check(world)
    labels.check(world)
    racks.check(world)
