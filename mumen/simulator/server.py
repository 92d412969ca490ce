"""The real server over a simulated disk: every request runs as far as its next commit, and may never come back."""

import os
from collections import deque
from collections.abc import Callable, Coroutine, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import JsonValue
from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from mumen.simulator import uploads
from mumen.simulator.disks import Crash, Disk
from mumen.simulator.factory import START_US, SimFactory
from mumen.simulator.platform import Ask
from shared.schemas.commands import PutRack, ReleaseOrder
from shared.schemas.identifiers import TRANSACTION_COMMANDS_MAX
from shared.schemas.sync import PULL_PATH, PUSH_PATH, WIRE_SCHEMA_MIN, EnrolRequest, Verdict
from sync_server import intake, jobs
from sync_server.devices import enrolment, exchange, quarantine
from sync_server.devices.signatures import signed_request
from sync_server.errors import RequestFault
from sync_server.migrations import migrate
from sync_server.publishing import finish
from sync_server.services import Services
from sync_server.storage.blobs import BlobStore
from sync_server.storage.lanes import JointJob, take_together
from sync_server.storage.meta import ServerIdentity, ensure_identity, raise_epoch
from sync_server.submission import Submission
from sync_server.unit import Unit

T = TypeVar("T")
SECRET = b"simulated" * 4
NOWHERE = Path(os.devnull) / "photos"
"""For worlds without photographs: nothing can be written there, and nothing of a real factory be found."""


@dataclass(frozen=True)
class Reply:
    """An HTTP answer."""

    status: int
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Exchange:
    """A request that was answered."""

    ask: Ask
    reply: Reply


class Turn:
    """Awaited between two transactions: whoever runs the request may do something else meanwhile."""

    def __await__(self) -> Generator["Turn", None, None]:
        """Hands itself to the scheduler."""
        yield self


class SimDatabase:
    """The two ways into the database, each at once and in this thread; the disk decides what becomes of a commit."""

    is_sqlite = True

    def __init__(self, disk: Disk) -> None:
        """Over this disk."""
        self.engine = disk.engine()

        @event.listens_for(self.engine, "begin")
        def _begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    def run(self, job: Callable[[Session], T]) -> T:
        """The job in a transaction of its own."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            return job(session)


@dataclass
class Queued:
    """A job of a request that waits for its turn."""

    job: JointJob[Any, Any]
    result: Any = None
    is_done: bool = False


@dataclass(frozen=True)
class SimServices(Services):
    """Services whose waits are turns of the simulation."""

    queues: dict[str, deque[Queued]] = field(default_factory=dict[str, deque[Queued]])
    """What waits in each lane; nobody may wait any more for some of it."""

    async def write_in_order(self, jobs: Sequence[JointJob[Any, T]]) -> list[T]:
        """As `Lanes` does it: whoever's turn comes first writes what came before, and takes along who waits behind."""
        queued = [Queued(job) for job in jobs]
        for one in queued:
            self.queues.setdefault(one.job.lane, deque()).append(one)
        for one in queued:
            await Turn()
            while not one.is_done:
                self._write_together(self.queues[one.job.lane])
        return [_result_of(one) for one in queued]

    def _write_together(self, queue: deque[Queued]) -> None:
        batch = take_together(queue)
        run, items = batch[0].job.run, [one.job.item for one in batch]
        for one, result in zip(batch, self._sim.run(lambda session: run(session, items)), strict=True):
            one.result, one.is_done = result, True

    async def write(self, job: Callable[[Session], T]) -> T:
        """In a transaction, after others had their turn."""
        await Turn()
        return self._sim.run(job)

    async def read(self, job: Callable[[Session], T]) -> T:
        """On a snapshot; there is but one thread."""
        return self._sim.run(job)

    async def aside(self, work: Callable[[], T]) -> T:
        """What waits for a disk, after others had their turn."""
        await Turn()
        return work()

    @property
    def _sim(self) -> SimDatabase:
        return cast("SimDatabase", self.database)


def _reply(status: int, body: bytes, headers: Mapping[str, str]) -> Reply:
    return Reply(status, body, {name.lower(): value for name, value in headers.items()})


def _result_of(one: Queued) -> Any:
    if isinstance(one.result, Exception):
        raise one.result
    return one.result


class SimServer:
    """The server of a simulated world."""

    def __init__(
        self,
        image: bytes,
        factory: SimFactory,
        now_us: Callable[[], int],
        mint: Any,
        folder: Path = NOWHERE,
        transaction_commands_max: int = TRANSACTION_COMMANDS_MAX,
    ) -> None:
        """Start over this database; photographs' bytes lie in this folder."""
        self._commands_max = transaction_commands_max
        self.factory = factory
        self._blobs = BlobStore(folder)
        self._now_us = now_us
        self._mint = mint
        self.exchanges: list[Exchange] = []
        """Every request and what was answered, for whoever looks for leaks and for what was promised."""
        self.epochs = 1
        self.start(Disk(image))

    def start(self, disk: Disk) -> None:
        """A fresh process over what is on the disk; what was in its memory is gone."""
        disk.recover()
        self.disk = disk
        self.database = SimDatabase(disk)
        identity = self.database.run(lambda session: ensure_identity(session, SECRET))
        database: Any = self.database
        self.services = SimServices(
            database,
            identity,
            self._now_us,
            self._mint,
            "http://server",
            blobs=self._blobs,
            transaction_commands_max=self._commands_max,
        )

    @property
    def epoch(self) -> int:
        """The epoch that it answers with."""
        return self.services.identity.epoch

    def restore(self, image: bytes) -> None:
        """Put an older backup back, as `mumen restore` does: the epoch rises above every one there was."""
        self.start(Disk(image))
        self.epochs = max(self.epochs, self.epoch) + 1
        self.database.run(lambda session: raise_epoch(session, self.epochs))
        self.start(self.disk)

    async def handle(self, ask: Ask) -> Reply:
        """One request of a device, as HTTP would bring it."""
        try:
            reply = await self._answer(ask)
        except RequestFault as fault:
            reply = _reply(fault.status, fault.fault.model_dump_json().encode(), fault.headers)
        self.exchanges.append(Exchange(ask, reply))
        return reply

    async def _answer(self, ask: Ask) -> Reply:
        signed = signed_request(ask.method, ask.path, ask.body, ask.headers)
        if ask.path == PUSH_PATH:
            pushed = await exchange.push_commands(self.services, signed)
            return _reply(200, pushed.body, pushed.headers)
        if ask.path != PULL_PATH:
            answer = await uploads.answer(self.services, signed, ask.headers)
            return _reply(answer.status, answer.body, answer.headers)
        if ask.is_app_too_old:
            exchange.refuse_other_schema(WIRE_SCHEMA_MIN - 1)
        pulled = await exchange.pull_rows(self.services, signed)
        return _reply(200, pulled.body, pulled.headers)

    def enrol(self, body: bytes) -> Reply:
        """A device shows its code."""
        asked = EnrolRequest.model_validate_json(body)
        try:
            code = enrolment.code_of(asked)
            answer = self.run(lambda session: enrolment.enrol_device(session, self.services, asked, code))
        except RequestFault as fault:
            return Reply(fault.status, fault.fault.model_dump_json().encode(), {})
        return Reply(200, answer.model_dump_json().encode(), {}) if answer else Reply(502, b"", {})

    def submit(self, command: SQLModel, person: str | None, key: str) -> Verdict | None:
        """A command from the office, or of the system where no person is named; None where the plug was pulled."""
        body: dict[str, JsonValue] = command.model_dump(mode="json")
        sent = Submission(
            origin=f"user:{person}" if person else "system",
            key=key,
            body=body,
            command=body,
            event_time_us=self._now_us(),
            event_offset_min=480,
            person_id=self.factory.people[person].id if person else None,
            is_trusted=person is None,
        )
        return self.run(lambda session: intake.submit(session, sent, self.services.moment()))

    def release_quarantine(self, device_id: str, incarnation: str) -> None:
        """A leader vouches for what lies there."""

        def job(session: Session) -> None:
            unit = Unit(session, self.services.moment())
            quarantine.release(unit, device_id, incarnation)
            finish(unit)

        self.run(job)

    def run_jobs(self) -> None:
        """Does what is due."""
        due = self.run(lambda session: jobs.claim(session, self._now_us())) or []
        for one in due:
            self.run(lambda session, one=one: jobs.run(session, self.services, one))

    def run(self, job: Callable[[Session], T]) -> T | None:
        """The job in a transaction; None where the plug was pulled, and the server is up again."""
        try:
            return self.database.run(job)
        except Crash:
            self.start(self.disk)
            return None


def first_image(factory: SimFactory, orders: int, quantity: int) -> bytes:
    """A database with the factory's master data and a few released orders."""
    disk = Disk(b"")
    database = SimDatabase(disk)
    migrate(database.engine)
    server = SimServer(disk.image(), factory, lambda: START_US, factory.mint)
    server.submit(factory.master_data(), None, "master-data")
    for _ in range(orders):
        place_and_release(server, quantity, factory.mint.new_id())
    for rack in factory.racks:
        server.submit(PutRack(rack=rack), "manager", f"{rack.id}/put")
    assert server.services.identity == ServerIdentity(1, SECRET), "every world begins with the same server"
    return server.disk.image()


def place_and_release(server: SimServer, quantity: int, order_id: str) -> None:
    """One more order on the floor."""
    placed = server.factory.order(order_id, quantity)
    server.submit(placed, "manager", f"{order_id}/place")
    server.submit(ReleaseOrder(order_id=order_id), "manager", f"{order_id}/release")


Request = Coroutine[Turn, None, Reply]
"""A request that the server is working on."""
