"""The workloads that every system gets: one device pushes, a fresh one pulls, fifty push at once, fifty scan live.

`device` means the app's real modules, with their SQLite; `wire` means requests that were made beforehand.
"""

import asyncio
import gc
import json
import time
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.report import percentile, say
from benchmarks.sync_load.device import open_device
from benchmarks.sync_load.factory import CUT_A_DOOR, ROWS_A_DOOR, Floor
from benchmarks.sync_load.servers import Server
from benchmarks.sync_load.wire import Connection, Json, WireDevice, enrol
from shared.schemas.identifiers import OUTBOX_BATCH_MAX
from shared.schemas.sync import POKE_PATH, PULL_PATH, WIRE_SCHEMA

COMMANDS = 10_000
PULLED_ROWS = 10_000
DEVICES = 50
COMMANDS_A_DEVICE = 100
LIVE_SCANS_A_DEVICE = 40
WAITING_DEVICES = 500
SETTLE_S = 3.0
WATCHED_S = 8.0

T = TypeVar("T")
Figures = dict[str, float]


@dataclass
class Site:
    """One site of the factory under load: its floor, and what of it nobody has used yet."""

    floor: Floor
    _scans: int = 0
    _codes: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        """Invitations are good once."""
        self._codes = iter(self.floor.invitations)

    def code(self) -> str:
        """An invitation that nobody has used."""
        return next(self._codes)

    async def device(self, server: Server, scans: int = 0) -> WireDevice:
        """A new device that has recorded this many scans of pieces that nobody has scanned before."""
        (device,) = await enrol(server.port, self.floor, [self.code()])
        device.record(self.floor.scans[self._scans : self._scans + scans])
        assert len(device.commands) == scans, "the floor is large enough"
        self._scans += scans
        return device


def doors_for(scans: int) -> int:
    """How many doors have that many pieces to cut."""
    return -(-scans // CUT_A_DOOR)


def doors_of_rows(rows: int) -> int:
    """How many doors make a floor of that many rows."""
    return rows // ROWS_A_DOOR


async def push_by_device(site: Site, server: Server, folder: Path) -> Figures:
    """One app delivers an outbox of 10,000 scans, and keeps the verdicts."""
    device = await open_device(folder / "push", server.url)
    await device.enrol(site.code())
    await device.scan(site.floor, COMMANDS)
    seconds = await _timed(device.push())
    device.engine.close()
    return _said({"push_per_s": COMMANDS / seconds})


async def pull_by_device(site: Site, server: Server, folder: Path) -> Figures:
    """An app that holds nothing takes 10,000 rows into its SQLite; the same once more at wire level."""
    device = await open_device(folder / "pull", server.url)
    await device.enrol(site.code())
    device.forget_rows()
    began = time.perf_counter()
    rows = await device.pull()
    seconds = time.perf_counter() - began
    assert rows >= site.floor.rows
    device.engine.close()
    return _said({"pull_per_s": rows / seconds}) | await pull_by_wire([site], [server])


async def push_by_wire(sites: Sequence[Site], servers: Sequence[Server]) -> Figures:
    """10,000 scans in requests of 500, made beforehand; of one device, or of one on each site at the same time."""
    each = COMMANDS // len(sites)
    devices = [await site.device(_of(servers, at), each) for at, site in enumerate(sites)]
    work = [
        _Client(await Connection.open(_of(servers, at).port), d.pushes(OUTBOX_BATCH_MAX))
        for at, d in enumerate(devices)
    ]
    seconds = await _all_at_once(work)
    return _said({"push_wire_per_s": each * len(sites) / seconds})


async def pull_by_wire(sites: Sequence[Site], servers: Sequence[Server]) -> Figures:
    """A fresh device of each site takes everything, at the same time; nothing is done with the rows."""
    devices = [await site.device(_of(servers, at)) for at, site in enumerate(sites)]
    connections = [await Connection.open(_of(servers, at).port) for at in range(len(sites))]
    began = time.perf_counter()
    rows = await asyncio.gather(*(_pull(c, d) for c, d in zip(connections, devices, strict=True)))
    return _said({"pull_wire_per_s": sum(rows) / (time.perf_counter() - began)})


async def fleet(sites: Sequence[Site], servers: Sequence[Server]) -> Figures:
    """50 devices deliver 100 scans each at the same time."""
    devices = [await _of(sites, at).device(_of(servers, at), COMMANDS_A_DEVICE) for at in range(DEVICES)]
    requests = [device.pushes(COMMANDS_A_DEVICE) for device in devices]
    work = [_Client(await Connection.open(_of(servers, at).port), r) for at, r in enumerate(requests)]
    return _said({"fleet_per_s": DEVICES * COMMANDS_A_DEVICE / await _all_at_once(work)})


async def live(sites: Sequence[Site], servers: Sequence[Server]) -> Figures:
    """50 devices send one scan after the other, each when the one before was answered."""
    devices = [await _of(sites, at).device(_of(servers, at), LIVE_SCANS_A_DEVICE) for at in range(DEVICES)]
    requests = [device.pushes(1) for device in devices]
    work = [_Client(await Connection.open(_of(servers, at).port), r) for at, r in enumerate(requests)]
    seconds = await _all_at_once(work)
    waited = [moment * 1_000 for client in work for moment in client.waited_s]
    return _said({"live_per_s": len(waited) / seconds, "live_ms_p99": percentile(waited, 0.99)})


async def waiting(site: Site, server: Server) -> Figures:
    """500 devices wait for news, none of which comes: what that takes of the machine."""
    devices = [await site.device(server) for _ in range(WAITING_DEVICES)]
    connections = [await Connection.open(server.port) for _ in devices]
    far = {"epoch": 1, "sequence": 2**40}
    held = ("catalog", f"people:{site.floor.site_id}", f"floor:{site.floor.site_id}")
    requests = [
        d.request(POKE_PATH, {"cursors": dict.fromkeys((*held, f"device:{d.device_id}"), far)}) for d in devices
    ]
    polls = [asyncio.create_task(c.ask(r)) for c, r in zip(connections, requests, strict=True)]
    await asyncio.sleep(SETTLE_S)
    before = server.cpu_s()
    await asyncio.sleep(WATCHED_S)
    assert not any(poll.done() for poll in polls), "all of them wait"
    share, memory_mb = (server.cpu_s() - before) / WATCHED_S, server.memory_mb()
    for poll in polls:
        poll.cancel()
    await asyncio.gather(*polls, return_exceptions=True)
    for connection in connections:
        connection.close()
    return _said({"waiting_500_cpu_percent": share * 100, "waiting_500_rss_mb": memory_mb})


@dataclass
class _Client:
    connection: Connection
    requests: list[bytes]
    waited_s: list[float] = field(default_factory=list[float])

    async def run(self) -> None:
        answers: list[bytes] = []
        for request in self.requests:
            began = time.perf_counter()
            answers.append(await self.connection.ask(request))
            self.waited_s.append(time.perf_counter() - began)
        self.connection.close()
        self.answers = answers

    def check(self) -> None:
        """Every command was applied: a refusal would have been quicker."""
        statuses = {verdict["status"] for answer in self.answers for verdict in json.loads(answer)["verdicts"]}
        assert statuses == {"ok"}, statuses


async def _all_at_once(clients: Sequence[_Client]) -> float:
    """Seconds until the last of them has its last answer."""
    gc.collect()
    began = time.perf_counter()
    await asyncio.gather(*(client.run() for client in clients))
    seconds = time.perf_counter() - began
    for client in clients:
        client.check()
    return seconds


async def _pull(connection: Connection, device: WireDevice) -> int:
    cursors: Json = {}
    rows = 0
    while True:
        answer = json.loads(
            await connection.ask(device.request(PULL_PATH, {"schema_version": WIRE_SCHEMA, "cursors": cursors}))
        )
        rows += sum(len(page["rows"]) for page in answer["scopes"])
        cursors = {page["scope"]: page["next"] for page in answer["scopes"]}
        if not any(page["has_more"] for page in answer["scopes"]):
            connection.close()
            return rows


async def _timed(work: Coroutine[Any, Any, None]) -> float:
    gc.collect()
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


def _of(items: Sequence[T], at: int) -> T:
    return items[at % len(items)]


def _said(figures: Figures) -> Figures:
    for name, value in figures.items():
        say(f"  {name}: {value:.0f}")
    return figures
