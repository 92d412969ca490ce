"""What every endpoint needs: the database, who the server is, the clock and the source of new ids."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fastapi import Request
from sqlalchemy.orm import Session

from shared.mint import RandomMint
from shared.schemas.identifiers import TRANSACTION_COMMANDS_MAX
from shared.schemas.people import Device
from shared.schemas.sync import Cursor
from sync_server.feed.reading import heads_of
from sync_server.moment import Moment
from sync_server.poke import Watcher
from sync_server.storage.blobs import BlobStore
from sync_server.storage.database import Database
from sync_server.storage.lanes import JointJob, Lanes
from sync_server.storage.meta import ServerIdentity

T = TypeVar("T")


@dataclass(frozen=True)
class Services:
    """Made once by the composition root; kept in `app.state.services`."""

    database: Database
    identity: ServerIdentity
    now_us: Callable[[], int]
    mint: RandomMint
    public_url: str
    is_demo: bool = False
    blobs: BlobStore = field(kw_only=True)
    """Where photographs' bytes lie; no folder is made before the first of them comes."""
    in_flight: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """The devices that this process serves just now, and what with."""
    contacts: dict[str, int] = field(default_factory=dict[str, int])
    """When this process last wrote down that it had heard of a device."""
    known_devices: dict[str, Device] = field(default_factory=dict[str, Device])
    """Devices by id as this process last read them: their keys never change, anything else may have."""
    transaction_commands_max: int = TRANSACTION_COMMANDS_MAX
    """How many of a device's commands go into one transaction."""
    watcher: Watcher = field(init=False)
    lanes: Lanes = field(init=False)

    def __post_init__(self) -> None:
        """Those who wait for news are told by one look for all, and those who push share transactions."""
        object.__setattr__(self, "watcher", Watcher(self._heads))
        object.__setattr__(self, "lanes", Lanes(self.database))

    def moment(self) -> Moment:
        """Now, for one transaction."""
        return Moment(self.mint, self.now_us(), self.identity.epoch)

    async def _heads(self, scopes: frozenset[str]) -> dict[str, Cursor]:
        return await self.read(lambda session: heads_of(session, scopes))

    async def write(self, job: Callable[[Session], T]) -> T:
        """Runs the job in a transaction on a writer; returns after the commit."""
        return await asyncio.wrap_future(self.database.write(job))

    async def write_in_order(self, jobs: Sequence[JointJob[Any, T]]) -> list[T]:
        """Runs these jobs one after the other, each together with others of its lane; returns after the last commit."""
        return list(await asyncio.gather(*[self.lanes.write(job) for job in jobs]))

    async def read(self, job: Callable[[Session], T]) -> T:
        """Runs the job on a thread of its own."""
        return await asyncio.to_thread(self.database.read, job)

    async def aside(self, work: Callable[[], T]) -> T:
        """Runs what waits for a disk on a thread of its own."""
        return await asyncio.to_thread(work)


def services_of(request: Request) -> Services:
    """What the composition root brought to the application that serves this request."""
    services: Services = request.app.state.services
    return services
