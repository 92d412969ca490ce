"""Factories full of released doors, made of ordinary commands before a server is started over them."""

import itertools
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from benchmarks.report import say
from mumen.demo.catalogue import Catalogue, make_catalogue
from mumen.demo.people import DEMO_PIN, hash_pin
from shared.canonical import sha256_hex
from shared.label_code import CodeKind, make
from shared.mint import RandomMint
from shared.schemas.commands import InviteDevice, PlaceOrder, PutMasterData, ReleaseOrder
from shared.schemas.door import PieceKind
from shared.schemas.order import LineTerms, Opening, OrderTerms
from shared.schemas.people import Person, Role
from shared.schemas.production import DoorModel
from shared.schemas.sync import VerdictStatus
from sync_server import intake
from sync_server.migrations import migrate
from sync_server.moment import Moment
from sync_server.storage.database import Database
from sync_server.storage.meta import ensure_identity
from sync_server.submission import Submission
from sync_server.tables import FeedEntry, LabelRow, PieceRow
from sync_server.unit import Unit

LINES_AN_ORDER = 2
DOORS_A_LINE = 5
PIECES_A_DOOR = 4
CUT_A_DOOR = 3
"""Leaf, frame and architrave are cut; hardware is not."""

ROWS_A_DOOR = 1 + 2 * PIECES_A_DOOR
ORDERS_A_TRANSACTION = 20
INVITED_FOR_US = 3 * 3_600 * 1_000_000
FIRST_STATION = "CUT"
FIRST_OPERATION = 10
OPERATOR = "张伟"


@dataclass(frozen=True)
class Scan:
    """A piece that waits to be cut, and the code on its label."""

    piece_id: str
    label_code: str


@dataclass(frozen=True)
class Floor:
    """One site: what waits at its first station, who works there, and codes that let devices in."""

    site_id: str
    station_id: str
    station_code: str
    operator: Person
    scans: Sequence[Scan]
    rows: int
    """How many rows the scope of this floor holds."""
    invitations: Sequence[str]


def now_us() -> int:
    """UTC microseconds."""
    return time.time_ns() // 1_000


def make_floors(database_url: str, doors: Sequence[int], devices: Sequence[int]) -> list[Floor]:
    """One floor for each entry, with that many released doors and invited devices, in an empty database."""
    database = Database(database_url)
    try:
        migrate(database.engine)
        epoch = database.write(lambda session: ensure_identity(session, secrets.token_bytes(32))).result().epoch
        makers = [_Maker(database, epoch, number) for number in range(len(doors))]
        return [maker.make(*wanted) for maker, wanted in zip(makers, zip(doors, devices, strict=True), strict=True)]
    finally:
        database.close()


class _Maker:
    """Sends one site's commands the way the office does, a few orders in each transaction."""

    def __init__(self, database: Database, epoch: int, number: int) -> None:
        self._database, self._epoch, self._number = database, epoch, number
        self._mint = RandomMint(now_us, secrets.randbits)
        self._keys = itertools.count(1)

    def make(self, doors: int, devices: int) -> Floor:
        began = time.perf_counter()
        catalogue = _numbered(make_catalogue(self._mint), self._number)
        manager, operator = self._people(catalogue.site.id)
        self._in_one(lambda unit: self._master_data(unit, catalogue, [manager, operator]))
        orders = -(-doors // (LINES_AN_ORDER * DOORS_A_LINE))
        for start in range(0, orders, ORDERS_A_TRANSACTION):
            count = min(ORDERS_A_TRANSACTION, orders - start)
            self._in_one(lambda unit, count=count: self._orders(unit, catalogue.models, manager, count))
        codes = [make(CodeKind.ENROLMENT, secrets.randbits(60)) for _ in range(devices)]
        self._in_one(lambda unit: self._invitations(unit, catalogue.site.id, manager, codes))
        station = catalogue.stations[FIRST_STATION]
        scans, rows = self._database.read(lambda session: _look(session, catalogue.site.id))
        say(f"floor {self._number}: {rows} rows, {len(scans)} pieces to cut, {time.perf_counter() - began:.1f} s")
        return Floor(catalogue.site.id, station.id, station.code, operator, scans, rows, codes)

    def _people(self, site_id: str) -> tuple[Person, Person]:
        pin = hash_pin(DEMO_PIN, secrets.token_bytes(16))

        def person(number: str, name: str, role: Role) -> Person:
            unique = f"{number}-{self._number}"
            return Person(id=self._mint.new_id(), site_id=site_id, number=unique, name=name, roles=[role], pin=pin)

        return person("9001", "陈静", Role.MANAGER), person("1001", OPERATOR, Role.OPERATOR)

    def _master_data(self, unit: Unit, catalogue: Catalogue, people: list[Person]) -> None:
        everything = PutMasterData(
            sites=[catalogue.site],
            work_centers=list(catalogue.centers.values()),
            stations=list(catalogue.stations.values()),
            route_versions=list(catalogue.routes.values()),
            door_models=catalogue.models,
            people=people,
        )
        self._process(unit, everything, None)

    def _orders(self, unit: Unit, models: Sequence[DoorModel], manager: Person, count: int) -> None:
        terms = OrderTerms(customer_name="王芳", customer_phone="13812345678", address="佛山市顺德区某路 1 号")
        for _ in range(count):
            order_id = self._mint.new_id()
            lines = [_line(models[number % len(models)]) for number in range(LINES_AN_ORDER)]
            self._process(unit, PlaceOrder(order_id=order_id, terms=terms, lines=lines), manager)
            self._process(unit, ReleaseOrder(order_id=order_id), manager)

    def _invitations(self, unit: Unit, site_id: str, manager: Person, codes: Sequence[str]) -> None:
        for number, code in enumerate(codes):
            invite = InviteDevice(
                enrolment_id=self._mint.new_id(),
                site_id=site_id,
                device_name=f"平板 {number + 1}",
                token_hash=sha256_hex(code.encode()),
                expires_at_us=now_us() + INVITED_FOR_US,
            )
            self._process(unit, invite, manager)

    def _in_one(self, work: Callable[[Unit], None]) -> None:
        def job(session: Session) -> None:
            unit = Unit(session, Moment(self._mint, now_us(), self._epoch))
            work(unit)
            intake.finish(unit)

        self._database.write(job).result()

    def _process(self, unit: Unit, command: SQLModel, person: Person | None) -> None:
        body = command.model_dump(mode="json")
        submission = Submission(
            origin=f"user:{person.id}" if person else f"system/{self._number}",
            key=str(next(self._keys)),
            body=body,
            command=body,
            event_time_us=now_us(),
            event_offset_min=480,
            person_id=person.id if person else None,
            is_trusted=person is None,
        )
        verdict = intake.process(unit, submission)
        assert verdict.status is VerdictStatus.OK, verdict


def _numbered(catalogue: Catalogue, number: int) -> Catalogue:
    """The catalogue under a code of its own: sites and models of one server have different ones."""
    models = [model.model_copy(update={"code": f"{model.code}-{number}"}) for model in catalogue.models]
    site = catalogue.site.model_copy(update={"code": f"S{number}", "name": f"工厂 {number}"})
    return replace(catalogue, site=site, models=models)


def _line(model: DoorModel) -> LineTerms:
    return LineTerms(
        model_id=model.id,
        room="主卧",
        height_tenth_mm=20_500,
        width_tenth_mm=8_000,
        thickness_tenth_mm=400,
        wall_thickness_tenth_mm=2_000,
        opening=Opening.LEFT_IN,
        colour=model.colours[0],
        quantity=DOORS_A_LINE,
    )


def _look(session: Session, site_id: str) -> tuple[list[Scan], int]:
    """What waits to be cut on this site, and how many rows its floor holds."""
    query = (
        select(col(LabelRow.target_id), col(LabelRow.id))
        .join(PieceRow, col(PieceRow.id) == col(LabelRow.target_id))
        .where(col(PieceRow.site_id) == site_id, col(PieceRow.kind) != PieceKind.HARDWARE.value)
        .order_by(col(PieceRow.id))
    )
    scans = [Scan(piece_id, code) for piece_id, code in session.execute(query)]
    held = select(col(FeedEntry.sequence)).where(col(FeedEntry.scope) == f"floor:{site_id}")
    return scans, len(session.execute(held).all())
