"""The two weeks behind the demo factory: orders come in, are released, and their pieces travel along the routes."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from mumen.demo.catalogue import INSPECTION, Catalogue, make_catalogue
from mumen.demo.people import make_people
from shared.mint import RandomMint
from shared.schemas.commands import (
    BindPiece,
    CancelOrder,
    CompleteOperation,
    InspectionOutcome,
    PlaceOrder,
    PutMasterData,
    PutRack,
    RecordInspection,
    ReleaseOrder,
)
from shared.schemas.door import Door, Label, Piece, PieceState
from shared.schemas.identifiers import DEFAULT_OFFSET_MIN
from shared.schemas.order import Channel, LineKind, LineTerms, Opening, OrderTerms
from shared.schemas.people import Person, Role
from shared.schemas.printing import Printer
from shared.schemas.rack import Rack
from shared.schemas.sync import VerdictStatus
from sync_server import intake
from sync_server.intake import Submission, Unit
from sync_server.moment import Moment
from sync_server.storage.rows import SessionRows
from sync_server.tables import PieceRow, SiteRow

SEED = 20_261_124
ORDERS = 40
DRAFTS = 7
"""The last orders, which nobody has released yet; two of them lack something."""

INCOMPLETE = 2
CANCELLED_DRAFT = 5
"""This order is cancelled before anything was made of it."""

CANCELLED_MEANWHILE = 21
"""This one is cancelled in the middle of the work: a label of it shows what a scan of a cancelled piece says."""

HOUR_US = 3_600_000_000
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高"
GIVEN = ("芳", "建国", "婷婷", "志强", "雪梅", "浩然", "晓燕", "文博", "丽华", "俊杰", "玉兰", "子轩")
STREETS = ("佛山市顺德区乐从镇新华路", "广州市番禺区兴南大道", "东莞市厚街镇康乐北路", "中山市小榄镇民安中路")
ROOMS = ("主卧", "次卧", "儿童房", "书房", "厨房", "卫生间", "衣帽间")
FAIL_SHARE = 0.03
RACKS = (("R-01", "油漆车间", 8), ("R-02", "油漆车间", 5), ("R-03", "压贴", 0))
"""Their codes, where they are, and how many pieces are on them."""


@dataclass
class Story:
    """Tells the factory's past to the database, one command after another."""

    session: Session
    epoch: int
    now: int
    seeded: random.Random = field(default_factory=lambda: random.Random(SEED))

    def __post_init__(self) -> None:
        """The story's clock begins two weeks ago."""
        self.clock_us = self.now - 14 * 24 * HOUR_US
        self.mint = RandomMint(lambda: self.clock_us, self.seeded.getrandbits)
        self.catalogue: Catalogue = make_catalogue(self.mint)
        self.people: list[Person] = make_people(self.catalogue.site.id, self.mint, self.seeded.getrandbits)
        site_id, name = self.catalogue.site.id, "演示打印机（写进文件）"
        self.printer = Printer(id=self.mint.new_id(), site_id=site_id, name=name, address="file:demo-labels.zpl")

    def tell(self, say_count: Callable[[int, int], None]) -> None:
        """Master data, each order as far as it has come, then racks; says after each how many of how many are told."""
        floor = self.catalogue
        self._submit(
            PutMasterData(
                sites=[floor.site],
                work_centers=list(floor.centers.values()),
                stations=list(floor.stations.values()),
                route_versions=list(floor.routes.values()),
                door_models=floor.models,
                people=self.people,
                printers=[self.printer],
            ),
            None,
        )
        step_us = 13 * 24 * HOUR_US // ORDERS
        for number in range(ORDERS):
            self.clock_us = self.now - 14 * 24 * HOUR_US + (number + 1) * step_us
            self._tell_order(number)
            say_count(number + 1, ORDERS)
        self._fill_racks()

    def _fill_racks(self) -> None:
        """The last hour: pieces that are being made are put on racks."""
        self.clock_us = self.now - HOUR_US
        query = (
            select(col(PieceRow.id))
            .where(col(PieceRow.state) == PieceState.IN_PROCESS)
            .order_by(col(PieceRow.id).desc())
        )
        made = iter(self.session.execute(query).scalars().all())
        rows, station = SessionRows(self.session), self.catalogue.stations["PAINT"]
        for code, name, count in RACKS:
            rack = Rack(id=self.mint.new_id(), site_id=self.catalogue.site.id, code=code, name=name)
            self._submit(PutRack(rack=rack), self._somebody(Role.MANAGER))
            worker, unit = (
                self._somebody(Role.OPERATOR),
                Unit(self.session, Moment(self.mint, self.clock_us, self.epoch)),
            )
            for piece_id in islice(made, count):
                self.clock_us += HOUR_US // 120
                bound = BindPiece(label_code=rows.children(Label, piece_id)[0].id, rack_id=rack.id)
                self._process(unit, bound, worker, station.id)
            intake.finish(unit)

    def _tell_order(self, number: int) -> None:
        is_incomplete = number >= ORDERS - INCOMPLETE
        order = self._order(is_incomplete=is_incomplete)
        self._submit(order, self._somebody(Role.CLERK))
        if number >= ORDERS - DRAFTS:
            return
        self.clock_us += HOUR_US
        reviewer = self._somebody(Role.REVIEWER)
        if number == CANCELLED_DRAFT:
            self._submit(CancelOrder(order_id=order.order_id, reason="客户改期"), reviewer)
            return
        self._submit(ReleaseOrder(order_id=order.order_id), reviewer)
        self._make(order.order_id, progress=1.2 * (1 - number / (ORDERS - DRAFTS)))
        if number == CANCELLED_MEANWHILE:
            self._submit(CancelOrder(order_id=order.order_id, reason="客户退单"), reviewer)

    def _order(self, *, is_incomplete: bool) -> PlaceOrder:
        pick = self.seeded.choice
        terms = OrderTerms(
            channel=pick(list(Channel)),
            customer_name=pick(SURNAMES) + pick(GIVEN),
            customer_phone="" if is_incomplete else f"13{self.seeded.randrange(10**9):09d}",
            address=f"{pick(STREETS)} {self.seeded.randrange(1, 300)} 号 {self.seeded.randrange(2, 30)}0{pick('1234')}",
        )
        lines = [self._line(room) for room in self.seeded.sample(ROOMS, self.seeded.randrange(1, 4))]
        return PlaceOrder(order_id=self.mint.new_id(), terms=terms, lines=lines)

    def _line(self, room: str) -> LineTerms:
        pick, model = self.seeded.choice, self.seeded.choice(self.catalogue.models)
        return LineTerms(
            kind=LineKind.DOOR_SET,
            model_id=model.id,
            room=room,
            height_tenth_mm=pick((20_000, 20_500, 21_000, 21_500)),
            width_tenth_mm=pick((7_000, 7_500, 8_000, 8_500, 9_000)),
            thickness_tenth_mm=pick((400, 450)),
            wall_thickness_tenth_mm=pick((1_200, 1_600, 2_400)),
            opening=pick(list(Opening)),
            colour=pick(model.colours),
            quantity=1,
        )

    def _make(self, order_id: str, progress: float) -> None:
        """Scans the order's pieces along their routes; a progress above 1 is a finished order."""
        rows = SessionRows(self.session)
        pieces = [piece for door in rows.children(Door, order_id) for piece in rows.children(Piece, door.id)]
        codes = {piece.id: rows.children(Label, piece.id)[0].id for piece in pieces}
        unit = Unit(self.session, Moment(self.mint, self.clock_us, self.epoch))
        for piece in pieces:
            self._make_piece(unit, piece, codes[piece.id], progress + self.seeded.uniform(-0.15, 0.15))
        intake.finish(unit)

    def _make_piece(self, unit: Unit, piece: Piece, code: str, progress: float) -> None:
        operations = self.catalogue.routes[piece.kind].operations
        for operation in operations[: max(0, min(len(operations), round(progress * len(operations))))]:
            self.clock_us = min(self.clock_us + HOUR_US // 40, self.now)
            station = self.catalogue.stations[operation.code]
            if operation.code == INSPECTION:
                is_failed = self.seeded.random() < FAIL_SHARE
                outcome = InspectionOutcome.FAIL if is_failed else InspectionOutcome.PASS
                inspected = RecordInspection(
                    piece_id=piece.id,
                    label_code=code,
                    operation_number=operation.number,
                    outcome=outcome,
                    reason="漆面划伤" if is_failed else "",
                )
                self._process(unit, inspected, self._somebody(Role.INSPECTOR), station.id)
                if is_failed:
                    return
                continue
            done = CompleteOperation(piece_id=piece.id, label_code=code, operation_number=operation.number)
            self._process(unit, done, self._somebody(Role.OPERATOR), station.id)

    def _somebody(self, role: Role) -> Person:
        return self.seeded.choice([person for person in self.people if role in person.roles])

    def _submit(self, command: SQLModel, person: Person | None) -> None:
        unit = Unit(self.session, Moment(self.mint, self.clock_us, self.epoch))
        self._process(unit, command, person, None)
        intake.finish(unit)

    def _process(self, unit: Unit, command: SQLModel, person: Person | None, station_id: str | None) -> None:
        body = command.model_dump(mode="json")
        submission = Submission(
            origin=f"user:{person.id}" if person else "system",
            key=self.mint.new_id(),
            body=body,
            command=body,
            event_time_us=self.clock_us,
            event_offset_min=DEFAULT_OFFSET_MIN,
            person_id=person.id if person else None,
            station_id=station_id,
            is_trusted=person is None,
        )
        verdict = intake.process(unit, submission)
        if verdict.status is not VerdictStatus.OK:
            raise AssertionError(f"the demo's {body['type']} was answered with {verdict}")


def fill(
    session: Session, epoch: int, now_us: int, say_count: Callable[[int, int], None] = lambda _done, _total: None
) -> bool:
    """Tells the story to an empty database, in the caller's transaction; False where there is a factory already."""
    if session.execute(select(SiteRow)).first() is not None:
        return False
    Story(session, epoch, now_us).tell(say_count)
    return True
