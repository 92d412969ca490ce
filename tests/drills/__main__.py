"""`python -m tests.drills`: the drills for as long as somebody wants; the last lines say what was killed, what held."""

import argparse
import random
import sys
import tempfile
from pathlib import Path

from tests.drills.drill import fail_over, kill_processes
from tests.drills.plant import Plant
from tests.drills.postgres import make_cluster, remove, url_of

KILLS_A_PLANT = 250
"""Its tablets have scanned everything after some 300 kills."""

TABLETS = 4


def main() -> int:
    """Raises an `AssertionError` where a scan is lost or counts twice."""
    parser = argparse.ArgumentParser(prog="python -m tests.drills", description=__doc__)
    parser.add_argument("--kills", type=int, default=1_000, help="how many processes to kill, on each database (1000)")
    parser.add_argument("--failovers", type=int, default=5, help="how many primaries to kill (5)")
    parser.add_argument("--seed", type=int, default=0, help="where chance begins (0)")
    chosen = parser.parse_args()
    chance = random.Random(chosen.seed)
    for kind in ("sqlite", "postgres"):
        scans = sum(_kill(kind, min(KILLS_A_PLANT, chosen.kills - done), chance) for done in _starts(chosen.kills))
        sys.stdout.write(f"{kind}: {chosen.kills} kills, {scans} scans acknowledged, none lost, none twice\n")
    scans = fail_over(lambda url: _plant(url, 5_000 // TABLETS), chosen.failovers, chance, _say)
    sys.stdout.write(f"failover: {chosen.failovers} primaries, {scans} scans acknowledged, none lost, none twice\n")
    return 0


def _starts(kills: int) -> range:
    return range(0, kills, KILLS_A_PLANT)


def _kill(kind: str, kills: int, chance: random.Random) -> int:
    folder = Path(tempfile.mkdtemp(prefix="mumen-drill-"))
    if kind == "sqlite":
        return kill_processes(_plant(f"sqlite:///{folder / 'data' / 'mumen.db'}", folder=folder), kills, chance, _say)
    cluster = make_cluster()
    cluster.start()
    try:
        return kill_processes(_plant(url_of(cluster), folder=folder), kills, chance, _say)
    finally:
        cluster.stop()
        remove(cluster)


def _plant(url: str, doors: int = 500, folder: Path | None = None) -> Plant:
    plant = Plant(folder or Path(tempfile.mkdtemp(prefix="mumen-drill-")), url)
    plant.build(TABLETS, min(doors, 500))
    return plant


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
