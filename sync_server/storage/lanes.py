"""Writes of one kind that wait at the same time go into one transaction: what it costs is then paid once for all.

A lane has one transaction in flight. What comes meanwhile gathers, and follows as soon as that one has ended, so that
nobody waits for company. On SQLite, whose one writer keeps the order, full transactions need not wait for the one
before them: they share its commit.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy.orm import Session

from shared.schemas.identifiers import TRANSACTION_COMMANDS_MAX
from sync_server.errors import Busy
from sync_server.storage.database import WRITES_QUEUED_MAX, Database

Item = TypeVar("Item")
Result = TypeVar("Result")

FULL_IN_FLIGHT_MAX = 8


@dataclass(frozen=True)
class JointJob(Generic[Item, Result]):
    """One item, and the function that does many of them at once, giving a result for each.

    A result that is an exception is raised to whoever waits for it. Jobs of one `lane` have the same function, and are
    done in the order in which they came; `weight` counts towards `TRANSACTION_COMMANDS_MAX`.
    """

    lane: str
    run: Callable[[Session, Sequence[Item]], Sequence[Result | Exception]]
    item: Item
    weight: int

    def __call__(self, session: Session) -> Result:
        """Does this one alone."""
        (result,) = self.run(session, [self.item])
        if isinstance(result, Exception):
            raise result
        return result


@dataclass
class _Waiting:
    job: JointJob[Any, Any]
    future: asyncio.Future[Any]


@dataclass
class _Lane:
    waiting: deque[_Waiting] = field(default_factory=deque[_Waiting])
    in_flight: int = 0

    @property
    def is_full(self) -> bool:
        return sum(one.job.weight for one in self.waiting) >= TRANSACTION_COMMANDS_MAX


class Queued(Protocol):
    """Whatever waits in a lane."""

    @property
    def job(self) -> JointJob[Any, Any]:
        """What is to be done for it."""
        ...


W = TypeVar("W", bound=Queued)


def take_together(waiting: deque[W]) -> list[W]:
    """Takes from the front what goes into one transaction: at least one job, at most `TRANSACTION_COMMANDS_MAX`."""
    taken = [waiting.popleft()]
    weight = taken[0].job.weight
    while waiting and weight + waiting[0].job.weight <= TRANSACTION_COMMANDS_MAX:
        taken.append(waiting.popleft())
        weight += taken[-1].job.weight
    return taken


class Lanes:
    """Owns what waits in this process; belongs to its event loop."""

    def __init__(self, database: Database) -> None:
        """Writes into this database."""
        self._database = database
        self._lanes: dict[str, _Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def write(self, job: JointJob[Any, Result]) -> "asyncio.Future[Result]":
        """Takes the job at once; the future has its result after the commit. Raises `Busy` where too many wait."""
        lane = self._lanes.setdefault(job.lane, _Lane())
        if len(lane.waiting) >= WRITES_QUEUED_MAX:
            raise Busy
        waiting = _Waiting(job, asyncio.get_running_loop().create_future())
        lane.waiting.append(waiting)
        self._go_on(job.lane)
        return waiting.future

    def _go_on(self, name: str) -> None:
        lane = self._lanes[name]
        while lane.waiting and self._may_start(lane):
            lane.in_flight += 1
            task = asyncio.create_task(self._run(name, take_together(lane.waiting)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if not lane.waiting and not lane.in_flight:
            del self._lanes[name]

    def _may_start(self, lane: _Lane) -> bool:
        if not lane.in_flight:
            return True
        return self._database.is_sqlite and lane.in_flight < FULL_IN_FLIGHT_MAX and lane.is_full

    async def _run(self, name: str, batch: list[_Waiting]) -> None:
        try:
            await self._write(batch)
        finally:
            self._lanes[name].in_flight -= 1
            self._go_on(name)

    async def _write(self, batch: list[_Waiting]) -> None:
        run, items = batch[0].job.run, [one.job.item for one in batch]
        results: Sequence[Any]
        try:
            results = await asyncio.wrap_future(self._database.write(lambda session: run(session, items)))
        except Exception as error:  # noqa: BLE001 - the boundary: whoever waits gets it from the future
            if len(batch) > 1:
                for one in batch:  # one of them is to blame, and takes no other down
                    await self._write([one])
                return
            results = [error]
        for one, result in zip(batch, results, strict=True):
            _answer(one.future, result)


def _answer(future: asyncio.Future[Any], result: Any) -> None:
    if future.done():  # whoever waited has gone
        return
    if isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(result)
