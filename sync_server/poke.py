"""Who waits for news of which scope: one look at the heads every quarter of a second serves all who wait.

It needs nothing of the database but a query, so that any number of servers can stand before it.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from shared.schemas.sync import Cursor
from sync_server.errors import NotNow

POLL_S = 0.25
WAITING_EACH_MAX = 4
"""Requests of one device that wait: more than one, for a device and a copy of it must not keep each other awake."""

ReadHeads = Callable[[frozenset[str]], Awaitable[dict[str, Cursor]]]


@dataclass(eq=False)
class _Waiter:
    who: str
    known: Mapping[str, Cursor]
    has_news: bool = False
    told: asyncio.Event = field(default_factory=asyncio.Event)


class Watcher:
    """Owns those who wait in this process; looks at the database only while somebody does."""

    def __init__(self, read_heads: ReadHeads, poll_s: float = POLL_S) -> None:
        """`read_heads` gives the heads of these scopes."""
        self._read_heads = read_heads
        self._poll_s = poll_s
        self._waiters: list[_Waiter] = []
        self._task: asyncio.Task[None] | None = None
        self._is_released = False

    @property
    def waiting(self) -> int:
        """How many wait now."""
        return len(self._waiters)

    async def wait(self, who: str, known: Mapping[str, Cursor], seconds: float) -> bool:
        """Whether one of these scopes went past its cursor.

        False after `seconds`, when the same one has come too often since, or when all are sent home.
        """
        if self._is_released:
            return False
        waiter = _Waiter(who, known)
        mine = [other for other in self._waiters if other.who == who and not other.told.is_set()]
        if len(mine) >= WAITING_EACH_MAX:
            mine[0].told.set()
        self._waiters.append(waiter)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look())
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(waiter.told.wait(), seconds)
            return waiter.has_news
        finally:
            self._waiters.remove(waiter)

    def release(self) -> None:
        """Sends home whoever waits, and whoever comes: the server is about to stop."""
        self._is_released = True
        for waiter in self._waiters:
            waiter.told.set()

    async def _look(self) -> None:
        """Looks at once, for somebody may have written before the first one waited; ends with the last who waits."""
        while self._waiters:
            scopes = frozenset(scope for waiter in self._waiters for scope in waiter.known)
            heads: Mapping[str, Cursor] = {}
            with contextlib.suppress(NotNow):  # a database that is away has no news and comes back
                heads = await self._read_heads(scopes)
            for waiter in self._waiters:
                if any(_is_ahead(heads.get(scope), cursor) for scope, cursor in waiter.known.items()):
                    waiter.has_news = True
                    waiter.told.set()
            await asyncio.sleep(self._poll_s)


def _is_ahead(head: Cursor | None, known: Cursor) -> bool:
    if head is None:
        return False
    return (head.epoch, head.sequence) != (known.epoch, known.sequence) and (
        head.epoch != known.epoch or head.sequence > known.sequence
    )
