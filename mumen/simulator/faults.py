"""What befalls devices and the server: crashes, full disks, clocks, copies, revocation, restored backups."""

import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mumen.simulator.actions import Action
from mumen.simulator.tablet import SimTablet
from shared.schemas.commands import RevokeDevice
from sync_server.feed import upkeep

if TYPE_CHECKING:
    from mumen.simulator.world import World

SECOND_US = 1_000_000
HOUR_US = 3_600 * SECOND_US


@dataclass(frozen=True)
class Backup:
    """The database of one moment, and which photographs there were."""

    image: bytes
    photos: set[str]


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
    copy.platform.files, copy.photos = dict(tablet.platform.files), dict(tablet.photos)
    world.tablets.append(copy)


def compact(world: "World", action: Action) -> None:
    """The feed forgets its tombstones, however young."""
    del action
    world.server.run(lambda session: upkeep.compact(session, world.now_us + 1))


def back_up(world: "World", action: Action) -> None:
    """A copy of the database and of the photographs is put away."""
    del action
    world.backups.append(Backup(world.server.disk.image(), {path.name for path in _photos(world)}))


def restore(world: "World", action: Action) -> None:
    """The database is put back to an older day, perhaps on a new machine: then what is not in the copy is gone."""
    world.crash_server()
    backup = world.backups[action.a % len(world.backups)]
    if action.b % 2:
        for path in _photos(world):
            if path.name not in backup.photos:
                path.unlink()
                world.forget_photo(path.name)
    world.server.restore(backup.image)


def _photos(world: "World") -> list[Path]:
    """The files of the photographs that are whole."""
    return sorted(path for path in world.photos.glob("??/*") if path.is_file())


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


def partition(world: "World", action: Action) -> None:
    """Some devices lose the server at the same time, or all get it back."""
    numbers = {tablet.number for tablet in world.tablets}
    world.cut = set() if world.cut else {number for number in numbers if (action.b >> number) & 1}


def age_app(world: "World", action: Action) -> None:
    """The server wants a newer app than this device has; or the device gets it."""
    platform = world.pick(action).platform
    platform.is_app_too_old = not platform.is_app_too_old


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
