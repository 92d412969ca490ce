"""A server without HTTP for tests: the real database, intake and feed, and devices that number and chain."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import JsonValue
from sqlalchemy import select
from sqlmodel import SQLModel, col

from shared.canonical import canonical_json, sha256_hex
from shared.schemas.commands import CompleteOperation, EnrolDevice, InviteDevice, ReleaseOrder
from shared.schemas.door import Door, Label, Piece
from shared.schemas.entities import Entity
from shared.schemas.order import Order
from shared.schemas.sync import FIRST_PREVIOUS_HASH, Cursor, ScopePage, Verdict, VerdictStatus
from sync_server import intake
from sync_server.devices.push import Delivery, Pushed, Sender, arrived, push_together
from sync_server.errors import RequestFault
from sync_server.feed.reading import read_pages
from sync_server.moment import Moment
from sync_server.services import Services
from sync_server.storage.blobs import BlobStore
from sync_server.storage.database import Database
from sync_server.storage.meta import ServerIdentity
from sync_server.storage.rows import SessionRows
from sync_server.submission import Submission
from sync_server.tables import EventRow, LabelRow, PieceRow
from tests.factory import OFFSET_MIN, Factory

EPOCH = 1
NO_BLOBS = BlobStore(Path(os.devnull) / "photos")
"""For tests without photographs: nothing can be kept there."""

E = TypeVar("E", bound=Entity)


@dataclass
class Server:
    """Sends commands the way the office, the system and devices do."""

    database: Database
    factory: Factory
    epoch: int = EPOCH

    def office(self, command: SQLModel, person: str = "陈静", key: str | None = None) -> Verdict:
        """A command from the office."""
        return self._submit(command, f"user:{person}", person, key, is_trusted=False)

    def system(self, command: SQLModel) -> Verdict:
        """A command of the system itself."""
        return self._submit(command, "system", None, None, is_trusted=True)

    def _submit(
        self, command: SQLModel, origin: str, person: str | None, key: str | None, *, is_trusted: bool
    ) -> Verdict:
        body: dict[str, JsonValue] = command.model_dump(mode="json")
        submission = Submission(
            origin=origin,
            key=key or self.factory.mint.new_id(),
            body=body,
            command=body,
            event_time_us=self.factory.clock.now,
            event_offset_min=OFFSET_MIN,
            person_id=self.factory.people[person].id if person else None,
            is_trusted=is_trusted,
        )
        return self.database.write(lambda s: intake.submit(s, submission, self.moment())).result()

    def moment(self) -> Moment:
        """Now, for one transaction."""
        return Moment(self.factory.mint, self.factory.clock.now, self.epoch)

    def released(self, quantity: int = 1) -> list[Piece]:
        """The pieces of a freshly released order, leaf and frame of each door."""
        placed = self.factory.order(self.factory.line(quantity=quantity))
        assert self.office(placed).status is VerdictStatus.OK
        assert self.office(ReleaseOrder(order_id=placed.order_id)).status is VerdictStatus.OK
        doors = self.children(Door, placed.order_id)
        return [piece for door in doors for piece in self.children(Piece, door.id)]

    def device(self, name: str = "平板 1") -> "TabletSender":
        """A device that was let in."""
        new_id = self.factory.mint.new_id
        enrolment_id, device_id = new_id(), new_id()
        invite = InviteDevice(
            enrolment_id=enrolment_id,
            site_id=self.factory.site.id,
            device_name=name,
            token_hash=sha256_hex(enrolment_id.encode()),
            expires_at_us=self.factory.clock.now + 1,
        )
        assert self.office(invite).status is VerdictStatus.OK
        enrol = EnrolDevice(enrolment_id=enrolment_id, device_id=device_id, incarnation="i1", public_key="key")
        assert self.system(enrol).status is VerdictStatus.OK
        return TabletSender(self, Sender(device_id, "i1"))

    def get(self, kind: type[Entity], row_id: str) -> Entity | None:
        """The row as it stands."""
        return self.database.read(lambda session: SessionRows(session).get(kind, row_id))

    def piece(self, piece_id: str) -> Piece:
        """The piece as it stands."""
        found = self.get(Piece, piece_id)
        assert isinstance(found, Piece)
        return found

    def order_of(self, piece: Piece) -> Order:
        """The order that the piece belongs to."""
        door = self.get(Door, piece.door_id)
        assert isinstance(door, Door)
        order = self.get(Order, door.order_id)
        assert isinstance(order, Order)
        return order

    def children(self, kind: type[E], parent_id: str) -> list[E]:
        """The rows below this one."""
        return list(self.database.read(lambda session: SessionRows(session).children(kind, parent_id)))

    def code_of(self, piece: Piece) -> str:
        """The code on the piece's label."""
        return self.children(Label, piece.id)[0].id

    def events(self, subject: str) -> list[EventRow]:
        """The history of a piece or an order."""
        query = select(EventRow).where(col(EventRow.subject) == subject).order_by(col(EventRow.id))
        return list(self.database.read(lambda session: session.execute(query).scalars().all()))

    def page(self, scope: str, after: Cursor | None = None, limit: int = 1_000) -> ScopePage:
        """What a device would pull from this scope."""
        cursor = after or Cursor()
        return self.database.read(lambda session: read_pages(session, {scope: cursor}, limit, self.epoch)[0])

    def services(self) -> Services:
        """What endpoints and jobs need."""
        identity = ServerIdentity(self.epoch, b"secret")
        return Services(self.database, identity, self.factory.clock, self.factory.mint, "http://server", blobs=NO_BLOBS)

    def counts(self) -> tuple[int, int]:
        """How many pieces and labels there are."""
        return self.database.read(
            lambda s: (len(s.execute(select(PieceRow)).all()), len(s.execute(select(LabelRow)).all()))
        )


@dataclass
class TabletSender:
    """A device's outbox: numbers and chains what it records."""

    server: Server
    sender: Sender
    recorded: list[dict[str, JsonValue]] = field(default_factory=list[dict[str, JsonValue]])

    def record(self, command: SQLModel | dict[str, JsonValue], worker: str = "张伟", station: str = "CUT") -> int:
        """Puts a command into the outbox and gives its number."""
        factory = self.server.factory
        body = command.model_dump(mode="json") if isinstance(command, SQLModel) else command
        previous = sha256_hex(canonical_json(self.recorded[-1])) if self.recorded else FIRST_PREVIOUS_HASH
        self.recorded.append(
            {
                "n": len(self.recorded) + 1,
                "command": body,
                "station_id": factory.stations[station].id,
                "worker_id": factory.people[worker].id,
                "event_time_us": factory.clock.now,
                "event_offset_min": OFFSET_MIN,
                "monotonic_us": 0,
                "was_offline": True,
                "prev_hash": previous,
            }
        )
        return len(self.recorded)

    def scan(self, piece: Piece, number: int = 10, worker: str = "张伟", station: str = "CUT") -> int:
        """Records that a worker completed an operation on a piece."""
        command = CompleteOperation(piece_id=piece.id, label_code=self.server.code_of(piece), operation_number=number)
        return self.record(command, worker, station)

    def push(self, first: int = 1, last: int | None = None) -> Pushed:
        """Sends the numbers from `first` to `last`."""
        deliveries = [Delivery(self.sender, [arrived(raw) for raw in self.recorded[first - 1 : last]])]
        (pushed,) = self.server.database.write(lambda s: push_together(s, deliveries, self.server.moment())).result()
        if isinstance(pushed, RequestFault):
            raise pushed
        return pushed

    def statuses(self, first: int = 1, last: int | None = None) -> list[VerdictStatus]:
        """The verdicts of a push, in the order of their numbers."""
        return [verdict.status for verdict in self.push(first, last).verdicts]
