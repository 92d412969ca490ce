"""A tiny factory for tests: one site, a leaf that is cut, pressed, inspected and packed, and the people who do it."""

import random
from dataclasses import dataclass, field

from shared.mint import RandomMint
from shared.schemas.commands import PlaceOrder, PutMasterData
from shared.schemas.door import PieceKind
from shared.schemas.order import LineKind, LineTerms, Opening, OrderTerms
from shared.schemas.people import Person, PinHash, Role
from shared.schemas.production import (
    DoorModel,
    ModelPart,
    RouteOperation,
    RouteVersion,
    Site,
    SizeLimit,
    Station,
    Strictness,
    WorkCenter,
)

START_US = 1_795_000_000_000_000
OFFSET_MIN = 480


@dataclass
class TestClock:
    """A clock that moves only when told to."""

    __test__ = False
    now: int = START_US

    def __call__(self) -> int:
        """UTC microseconds."""
        return self.now


@dataclass
class Factory:
    """Master data with names to find it by; ids come from a seeded mint."""

    clock: TestClock = field(default_factory=TestClock)
    seeded: random.Random = field(default_factory=lambda: random.Random(7))

    def __post_init__(self) -> None:
        self.mint = RandomMint(self.clock, self.seeded.getrandbits)
        new_id = self.mint.new_id
        self.site = Site(id=new_id(), code="A", name="东区工厂")
        self.centers = {
            code: WorkCenter(id=new_id(), site_id=self.site.id, code=code, name=name)
            for code, name in (("CUT", "开料"), ("PRESS", "压贴"), ("FQC", "成品检验"), ("PACK", "包装"))
        }
        self.stations = {
            code: Station(
                id=new_id(), site_id=self.site.id, work_center_id=center.id, code=f"S-{code}", name=center.name
            )
            for code, center in self.centers.items()
        }
        self.route = RouteVersion(id=new_id(), code="LEAF", piece_kind=PieceKind.LEAF, operations=self._operations())
        self.model = self._model(new_id())
        self.people = {
            name: Person(id=new_id(), site_id=self.site.id, number=number, name=name, roles=[role], pin=_PIN)
            for number, name, role in (
                ("1001", "张伟", Role.OPERATOR),
                ("1002", "李强", Role.OPERATOR),
                ("2001", "周敏", Role.INSPECTOR),
                ("9001", "陈静", Role.MANAGER),
                ("9002", "吴刚", Role.CLERK),
            )
        }

    def _operations(self) -> list[RouteOperation]:
        return [
            RouteOperation(
                number=number,
                code=code,
                name=self.centers[code].name,
                work_center_id=self.centers[code].id,
                is_inspection=code == "FQC",
            )
            for number, code in ((10, "CUT"), (20, "PRESS"), (100, "FQC"), (110, "PACK"))
        ]

    def _model(self, model_id: str) -> DoorModel:
        return DoorModel(
            id=model_id,
            code="M-301",
            name="现代平板门",
            colours=["胡桃色", "暖白"],
            height=SizeLimit(min_tenth_mm=18_000, max_tenth_mm=24_000),
            width=SizeLimit(min_tenth_mm=5_000, max_tenth_mm=11_000),
            thickness=SizeLimit(min_tenth_mm=350, max_tenth_mm=500),
            parts=[
                ModelPart(piece_kind=PieceKind.LEAF, route_version_id=self.route.id, line_kinds=[LineKind.DOOR_SET]),
                ModelPart(piece_kind=PieceKind.FRAME, route_version_id=self.route.id, line_kinds=list(LineKind)),
            ],
        )

    def master_data(self) -> PutMasterData:
        """Everything above as one command."""
        return PutMasterData(
            sites=[self.site],
            work_centers=list(self.centers.values()),
            stations=list(self.stations.values()),
            route_versions=[self.route],
            door_models=[self.model],
            people=list(self.people.values()),
        )

    def strict(self, code: str, strictness: Strictness) -> PutMasterData:
        """The station of this work center with another strictness."""
        self.stations[code] = self.stations[code].model_copy(update={"strictness": strictness})
        return PutMasterData(stations=[self.stations[code]])

    def line(self, **changed: object) -> LineTerms:
        """A line that can be made, but for what is changed."""
        whole: dict[str, object] = {
            "model_id": self.model.id,
            "room": "主卧",
            "height_tenth_mm": 20_500,
            "width_tenth_mm": 8_000,
            "thickness_tenth_mm": 400,
            "opening": Opening.LEFT_IN,
            "colour": "胡桃色",
            "quantity": 1,
        }
        return LineTerms.model_validate(whole | changed)

    def order(self, *lines: LineTerms, **changed: object) -> PlaceOrder:
        """An order that can be released, but for what is changed."""
        whole: dict[str, object] = {
            "customer_name": "王芳",
            "customer_phone": "13812345678",
            "address": "佛山市顺德区某路 1 号",
        }
        terms = OrderTerms.model_validate(whole | changed)
        return PlaceOrder(order_id=self.mint.new_id(), terms=terms, lines=list(lines or [self.line()]))


_PIN = PinHash(salt="00" * 16, digest="0" * 64, iterations=1)
