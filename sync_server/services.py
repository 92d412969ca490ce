"""What every endpoint needs: the database, who the server is, the clock and the source of new ids."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from shared.mint import RandomMint
from sync_server.database import Database
from sync_server.meta import Identity

T = TypeVar("T")


@dataclass(frozen=True)
class Services:
    """Made once by the composition root; kept in `app.state.services`."""

    database: Database
    identity: Identity
    now_us: Callable[[], int]
    mint: RandomMint
    public_url: str
    is_demo: bool = False

    async def write(self, job: Callable[[Session], T]) -> T:
        """Runs the job in a transaction on a writer; returns after the commit."""
        return await asyncio.wrap_future(self.database.write(job))

    async def read(self, job: Callable[[Session], T]) -> T:
        """Runs the job on a thread of its own."""
        return await asyncio.to_thread(self.database.read, job)
