"""What befalls devices and the server: crashes, full disks, clocks, copies, revocation, restored backups."""

import random
from typing import TYPE_CHECKING

from mumen.simulator.actions import Action
from mumen.simulator.tablet import SimTablet
from shared.schemas.commands import RevokeDevice
from sync_server import feed

if TYPE_CHECKING:
    from mumen.simulator.world import World

SECOND_US = 1_000_000
HOUR_US = 3_600 * SECOND_US


def enrol_again(world: "World", action: Action) -> None:
    """A device is enrolled anew: what it had recorded before is still sent."""
    tablet = world.pick(action)
    if tablet.round is None and not tablet.is_revoked:
        world.enrol(tablet)


def revoke(world: "World", action: Action) -> None:
    """The office shuts a device out."""
    tablet = world.pick(action)
    identity = tablet.engine.identity
    if identity is not None and len(world.tablets) > 1:
        world.office(RevokeDevice(device_id=identity.device_id), "manager")
        tablet.is_revoked = True


def release_quarantine(world: "World", action: Action) -> None:
    """A leader vouches for what a device delivered."""
    piles = world.server.disk.connection.execute(
        "SELECT DISTINCT device_id, incarnation FROM quarantine WHERE released_at_us IS NULL ORDER BY 1, 2"
    ).fetchall()
    if piles:
        world.server.release_quarantine(*piles[action.a % len(piles)])


def clone(world: "World", action: Action) -> None:
    """Somebody copies a device's storage, key and all, and both go on working."""
    tablet = world.pick(action)
    if len(world.tablets) > world.plan.tablets + 1 or tablet.round is not None:
        return
    number, clock = tablet.number, tablet.platform.now_us
    chance = random.Random(world.plan.seed * 100 + 50 + number)
    copy = SimTablet(number, tablet.disk.image(), clock, chance, tablet.station, tablet.worker)
    copy.is_clone = tablet.is_clone = True
    world.tablets.append(copy)


def compact(world: "World", action: Action) -> None:
    """The feed forgets its tombstones, however young."""
    del action
    world.server.run(lambda session: feed.compact(session, world.now_us + 1))


def back_up(world: "World", action: Action) -> None:
    """A copy of the database is put away."""
    del action
    world.backups.append(world.server.disk.image())


def restore(world: "World", action: Action) -> None:
    """The database is put back to an older day."""
    if world.backups:
        world.crash_server()
        world.server.restore(world.backups[action.a % len(world.backups)])


def crash_device(world: "World", action: Action) -> None:
    """Everything that a device had in its memory is gone."""
    world.pick(action).crash()
    world.wire = [f for f in world.wire if f.tablet is None or f.tablet.round is not None]


def cut(world: "World", action: Action) -> None:
    """A device loses its network, or gets it back."""
    world.cut ^= {world.pick(action).number}


def pass_time(world: "World", action: Action) -> None:
    """Hours go by, and what fell due is done."""
    world.now_us += (1 + action.a % 40) * HOUR_US
    world.server.run_jobs()


def jump_clock(world: "World", action: Action) -> None:
    """A device's clock is set, years off perhaps."""
    world.pick(action).jump_us += (action.b - 32_768) * 10_000 * SECOND_US


def fill_disk(world: "World", action: Action) -> None:
    """A device's disk is full, or has room again."""
    tablet = world.pick(action)
    if action.b % 2:
        tablet.disk.fill()
    else:
        tablet.disk.make_room()
