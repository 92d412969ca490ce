"""A tablet as a process: it scans, notes in a ledger of its own what it was told, sends, and may die at any moment."""

import asyncio
import os
import random
import time
from dataclasses import dataclass
from pathlib import Path

from mobile.device_engine import DeviceEngine
from mobile.native.platform import NativePlatform
from mobile.store.database import Store

PIN = "2468"
WORKER = "张伟"
STATION = "S-CUT"
SCANS_A_ROUND = 5
IDLE_S = 0.05


@dataclass(frozen=True)
class Ledger:
    """What the tablet has shown as recorded; one write and one flush a scan, whole or not at all."""

    folder: Path

    def note(self, code: str, verdict: str) -> None:
        """After the verdict was shown."""
        with (self.folder / "ledger").open("ab", buffering=0) as file:
            file.write(f"{code} {verdict}\n".encode("ascii"))
            os.fsync(file.fileno())

    def verdicts(self) -> dict[str, str]:
        """Everything noted so far: what was said last about each code."""
        path = self.folder / "ledger"
        lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
        return dict(line.split() for line in lines)


def work(folder: Path, url: str, code: str, *, drains: bool = False) -> None:
    """Scans what is not in the ledger yet, and sends now and then. With `drains` it only sends, until nothing waits."""
    asyncio.run(_work(folder, url, code, drains=drains))


async def _work(folder: Path, url: str, code: str, *, drains: bool) -> None:
    platform = NativePlatform(folder, url)
    store = Store(await platform.open_files())
    engine = DeviceEngine(platform, store, lambda: time.monotonic_ns() // 1_000)
    try:
        await _sign_in(engine, code)
        if drains:
            while engine.waiting().effects + engine.waiting().repeats:
                await _send(engine)
            return
        await _scan_everything(engine, Ledger(folder), (folder / "codes").read_text(encoding="ascii").splitlines())
    finally:
        store.close()


async def _scan_everything(engine: DeviceEngine, ledger: Ledger, codes: list[str]) -> None:
    noted = ledger.verdicts()
    for count, code in enumerate((code for code in codes if code not in noted), start=1):
        shown = engine.on_code(code)
        if shown.is_recorded:
            ledger.note(code, shown.code)
        if count % SCANS_A_ROUND == 0:
            await _send(engine)
    while True:
        await _send(engine)


async def _send(engine: DeviceEngine) -> None:
    await engine.sync_once()
    if not engine.sync_state.is_online:
        await asyncio.sleep(IDLE_S * random.random())


async def _sign_in(engine: DeviceEngine, code: str) -> None:
    while not engine.is_enrolled:
        if await engine.enrol(code) is not None:
            await asyncio.sleep(IDLE_S)
    while engine.station is None:
        station = next((one for one in engine.stations() if one.code == STATION), None)
        if station is not None:
            engine.pick_station(station.id)
        else:
            await _send(engine)
    while not any(person.name == WORKER for person in engine.people.workers()):
        await _send(engine)
    worker = next(person for person in engine.people.workers() if person.name == WORKER)
    await engine.people.sign_in(worker.id, PIN)
    assert engine.people.worker is not None, "the PIN is right"
