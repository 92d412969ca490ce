"""The one door between the views and everything below them.

A protocol, so that the views need neither the store nor the network to be built and tested.
"""

import time
from collections.abc import Sequence
from typing import Protocol

from mobile.outcome import Outcome, Recent, SignIn, SyncState, Waiting
from mobile.platform import Platform
from shared.rules.scan import AskForResult
from shared.schemas.commands import InspectionOutcome
from shared.schemas.people import Person
from shared.schemas.production import Site, Station


class Engine(Protocol):
    """What the app can do. `on_code` and `answer_inspection` are durable before they return."""

    @property
    def is_enrolled(self) -> bool:
        """Whether the server knows this device."""
        ...

    @property
    def device_name(self) -> str:
        """The name given at enrolment, empty before it."""
        ...

    @property
    def site(self) -> Site | None:
        """The site of this device, once its row has arrived."""
        ...

    @property
    def station(self) -> Station | None:
        """The station picked on this device."""
        ...

    @property
    def worker(self) -> Person | None:
        """Who is signed in."""
        ...

    @property
    def sync_state(self) -> SyncState:
        """How the last round with the server went."""
        ...

    @property
    def unseen_verdicts(self) -> Sequence[Outcome]:
        """Verdicts that differ from what the worker was shown."""
        ...

    def acknowledge_verdicts(self) -> None:
        """Somebody has read the unseen verdicts."""
        ...

    async def enrol(self, code: str) -> str | None:
        """Enrol with the code from the office; a fault code, or None when it worked."""
        ...

    def stations(self) -> list[Station]:
        """The stations to choose from."""
        ...

    def workers(self) -> list[Person]:
        """The people who may sign in here."""
        ...

    def pick_station(self, station_id: str) -> None:
        """Keep the station, across restarts."""
        ...

    async def sign_in(self, person_id: str, pin: str) -> SignIn:
        """Check the PIN on the device; wrong tries are counted across restarts."""
        ...

    def sign_out(self) -> None:
        """Forget the worker, not the work."""
        ...

    def on_code(self, text: str) -> Outcome:
        """Answer one code from a gun, the camera or the keys."""
        ...

    def answer_inspection(self, ask: AskForResult, outcome: InspectionOutcome, reason: str | None) -> Outcome:
        """Record what the inspector found."""
        ...

    def waiting(self) -> Waiting:
        """What the server has not answered yet."""
        ...

    def recent(self, limit: int) -> list[Recent]:
        """The latest scans, newest first."""
        ...

    async def sync_once(self) -> bool:
        """One push and one pull; whether rows or verdicts changed."""
        ...

    async def export_outbox(self) -> tuple[str, bytes]:
        """A file name and the signed commands, for the day the network does not come back."""
        ...


async def open_engine(platform: Platform) -> Engine:
    """The engine of this device, over its own file.

    Raises the platform's `StorageUnavailable`, or `mobile.store.database.NewerStoreError`.
    """
    # Heavy, and the first frame does not need them: SQLAlchemy takes a second or two in a browser.
    from mobile.device_engine import DeviceEngine  # noqa: PLC0415
    from mobile.store.database import Store  # noqa: PLC0415

    path = await platform.open_files()
    return DeviceEngine(platform, Store(path), lambda: time.monotonic_ns() // 1_000)
