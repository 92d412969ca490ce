"""The drills themselves: who is killed, how often, and what has to be true in the end."""

import random
import time
from collections.abc import Callable
from pathlib import Path

from tests.drills.plant import Plant, Process
from tests.drills.postgres import make_cluster, make_standby, remove, until_synchronous, url_of
from tests.drills.tablet import work

LIFE_S = (0.05, 0.6)
"""How long a process lives before it is killed."""

DRAIN_WITHIN_S = 300
BUSY_SCANS = 10


def kill_processes(plant: Plant, kills: int, chance: random.Random, say: Callable[[str], None]) -> int:
    """Kills the server or a tablet, again and again, while all of them work; gives how many scans were acknowledged."""
    server = plant.server()
    everybody = [server, *plant.tablets]
    for process in everybody:
        process.start()
    plant.until_ready()
    for count in range(1, kills + 1):
        time.sleep(chance.uniform(*LIFE_S))
        victim = chance.choice(everybody)
        victim.kill()
        victim.start()
        if victim is server and chance.random() < 0.5:  # else the next kill may hit it before it listens
            plant.until_ready()
        if count % 100 == 0:
            say(f"{count} kills, {len(plant.acknowledged())} scans acknowledged")
    return end(plant, server)


def fail_over(plant_at: Callable[[str], Plant], rounds: int, chance: random.Random, say: Callable[[str], None]) -> int:
    """Kills PostgreSQL's primary under load and promotes its synchronous standby; then the other way round."""
    acknowledged = 0
    for number in range(1, rounds + 1):
        primary = make_cluster()
        primary.start()
        standby = make_standby(primary)
        try:
            until_synchronous(primary)
            plant = plant_at(url_of(primary, standby))
            server = plant.server()
            for process in (server, *plant.tablets):
                process.start()
            _until_busy(plant)
            time.sleep(chance.uniform(0, 2))
            before = len(plant.acknowledged())
            primary.kill()
            standby.promote()
            time.sleep(chance.uniform(0.5, 2))
            acknowledged += end(plant, server)
            say(f"failover {number}: {before} scans acknowledged before, {acknowledged} in all")
        finally:
            for cluster in (primary, standby):
                cluster.stop()
            remove(primary)
    return acknowledged


def end(plant: Plant, server: Process) -> int:
    """Nobody is killed any more: every tablet sends what it has, and everything is counted."""
    for process in plant.tablets:
        process.kill()
    plant.until_ready()
    for process in plant.tablets:
        drained = Process(_drain, process.args)
        drained.start()
        drained.wait(DRAIN_WITHIN_S)
    server.kill()
    return plant.check()


def _until_busy(plant: Plant) -> None:
    """Returns when every tablet has sent something and goes on scanning."""
    end = time.monotonic() + DRAIN_WITHIN_S
    while len(plant.acknowledged()) < BUSY_SCANS * len(plant.tablets):
        assert time.monotonic() < end, "nobody gets to work"
        time.sleep(0.1)


def _drain(folder: Path, url: str, code: str) -> None:
    work(folder, url, code, drains=True)
