"""How much the server and the devices do a second, beside other sync systems in the same run. See README.md."""

import argparse
import asyncio
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.report import report, say
from benchmarks.sync_load import phases
from benchmarks.sync_load.factory import make_floors
from benchmarks.sync_load.peers import Figures as PeerFigures
from benchmarks.sync_load.peers import measure_peers
from benchmarks.sync_load.phases import (
    COMMANDS,
    COMMANDS_A_DEVICE,
    DEVICES,
    LIVE_SCANS_A_DEVICE,
    PULLED_ROWS,
    Figures,
    Site,
    doors_for,
    doors_of_rows,
)
from benchmarks.sync_load.servers import Server, postgres, running

WORKERS = 4
SITES = 16
SPARE_DOORS = 40
INVITATIONS = 8
AT_REST_S = 5
PARTS = ("sqlite", "postgres", "postgres_16", "bootstrap", "peers")
RATIOS = {
    "push_vs_actual": ("push_wire_per_s", "actual", "push_per_s"),
    "push_vs_pouchdb": ("push_per_s", "pouchdb", "push_per_s"),
    "pull_vs_actual": ("pull_per_s", "actual", "pull_into_sqlite_per_s"),
    "pull_wire_vs_actual": ("pull_wire_per_s", "actual", "pull_per_s"),
    "fleet_vs_rxdb": ("fleet_per_s", "rxdb", "fleet_per_s"),
}
"""Ours, and the peer's figure that it is divided by: both with the client's engine, or both without it."""


def on_one_site(url: str, folder: Path, workers: int) -> Figures:
    """Every workload on a site of its own, one after the other."""
    shared = doors_for(DEVICES * COMMANDS_A_DEVICE + DEVICES * LIVE_SCANS_A_DEVICE)
    doors = [doors_for(COMMANDS), doors_of_rows(PULLED_ROWS), doors_for(COMMANDS), shared]
    floors = make_floors(url, doors, [INVITATIONS, INVITATIONS, INVITATIONS, 2 * DEVICES + phases.WAITING_DEVICES])
    by_device, pulled, by_wire, many = (Site(floor) for floor in floors)
    with running(url, folder, workers) as servers:
        start_mb = servers[0].memory_mb()

        async def work() -> Figures:
            found = await phases.push_by_device(by_device, servers[0], folder)
            found |= await phases.pull_by_device(pulled, servers[0], folder)
            found |= await phases.push_by_wire([by_wire], servers)
            found |= await phases.fleet([many], servers)
            found |= await phases.live([many], servers)
            await asyncio.sleep(AT_REST_S)
            found |= {"rss_start_mb": start_mb, "rss_mb": servers[0].memory_mb()}
            return found | await phases.waiting(many, servers[0])

        return asyncio.run(work())


def on_many_sites(url: str, folder: Path) -> Figures:
    """16 sites at the same time, several servers before one database; all of it made beforehand, at wire level."""
    devices = -(-DEVICES // SITES)
    scans = COMMANDS // SITES + devices * (COMMANDS_A_DEVICE + LIVE_SCANS_A_DEVICE)
    floors = make_floors(url, [doors_for(scans) + SPARE_DOORS] * SITES, [2 * devices + INVITATIONS] * SITES)
    sites = [Site(floor) for floor in floors]

    async def work(servers: Sequence[Server]) -> Figures:
        found = await phases.push_by_wire(sites, servers)
        found |= await phases.pull_by_wire(sites, servers)
        found |= await phases.fleet(sites, servers)
        return found | await phases.live(sites, servers)

    with running(url, folder, WORKERS) as servers:
        return asyncio.run(work(servers))


def ratios(ours: Figures, peers: PeerFigures) -> Figures:
    """Ours divided by theirs, for the peers that were there."""
    return {
        name: ours[figure] / peers[peer][theirs]
        for name, (figure, peer, theirs) in RATIOS.items()
        if figure in ours and peer in peers
    }


def _part(name: str, folder: Path) -> Figures:
    say(f"== {name}")
    here = folder / name
    here.mkdir()
    if name == "sqlite":
        return on_one_site(f"sqlite:///{here / 'mumen.db'}", here, 1)
    if name == "bootstrap":
        from benchmarks.sync_load.browser import bootstrap  # noqa: PLC0415 - the other parts need no browser

        return bootstrap(here)
    with postgres(here) as url:
        found = on_one_site(url, here, WORKERS) if name == "postgres" else on_many_sites(url, here)
    return {f"{key}.{name}": value for key, value in found.items()}


def main() -> None:
    """Everything in one go, or the parts that are named; some minutes each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=f"of {', '.join(PARTS)}; all where none is named")
    wanted: list[str] = parser.parse_args().parts
    folder = Path(tempfile.mkdtemp(prefix="mumen-sync-", dir=os.environ.get("MUMEN_BENCH_DIR")))
    try:
        figures: Figures = {}
        for name in wanted:
            figures |= _part(name, folder) if name != "peers" else {}
        if "peers" in wanted:
            say("== peers")
            peers = measure_peers()
            figures |= ratios(figures, peers)
            figures |= {f"{peer}.{name}": value for peer, found in peers.items() for name, value in found.items()}
        report("sync", {f"sync.{name}": value for name, value in figures.items()})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
