"""A device with its real modules: store, outbox and sync over a station PC's platform, with a key and a disk."""

import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.sync_load.factory import Floor
from mobile.device_engine import DeviceEngine
from mobile.native.platform import NativePlatform
from mobile.store import identities, outbox
from mobile.store.database import Store
from mobile.store.mirror import MirrorRows
from mobile.store.pages import cursors
from mobile.sync.loop import pull_all, push_all
from mumen.demo.people import DEMO_PIN


@dataclass
class RealDevice:
    """An app without a screen."""

    platform: NativePlatform
    store: Store
    engine: DeviceEngine

    async def enrol(self, code: str) -> None:
        """Shows the code; the first round with the server follows at once, as it does in the app."""
        fault = await self.engine.enrol(code)
        assert fault is None, fault

    async def pull(self) -> int:
        """Takes everything into SQLite; how many rows are there then."""
        identity = identities.current(self.store)
        assert identity is not None, "an enrolled device"
        await pull_all(self.platform, self.store, MirrorRows(self.store), identity)
        count: int = self.store.connection.exec_driver_sql("SELECT count(*) FROM mirror_row").scalar_one()
        return count

    async def scan(self, floor: Floor, count: int) -> None:
        """Scans pieces at the first station, each decided by the rules and kept in the outbox."""
        station = next(station for station in self.engine.stations() if station.code == floor.station_code)
        self.engine.pick_station(station.id)
        await self.engine.people.sign_in(floor.operator.id, DEMO_PIN)
        with self.store.transaction():  # one commit for all: what is measured comes later
            for scan in floor.scans[:count]:
                outcome = self.engine.on_code(scan.label_code)
                assert outcome.is_recorded, outcome

    async def push(self) -> None:
        """Delivers the outbox and keeps the verdicts."""
        identity = identities.current(self.store)
        assert identity is not None, "an enrolled device"
        await push_all(self.platform, self.store, identity)
        assert outbox.waiting(self.store).effects == 0, "everything was answered"
        assert not outbox.unseen(self.store), "and as the device had foreseen"

    def forget_rows(self) -> None:
        """As it was before its first pull."""
        with self.store.transaction() as connection:
            for table in ("mirror_row", "scope_cursor", "shadow_row", "shadow_cursor"):
                connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - the names stand above
        assert not cursors(self.store)


async def open_device(folder: Path, url: str) -> RealDevice:
    """A fresh device in this folder."""
    platform = NativePlatform(folder, url)
    store = Store(await platform.open_files())
    return RealDevice(platform, store, DeviceEngine(platform, store, lambda: time.monotonic_ns() // 1_000))
