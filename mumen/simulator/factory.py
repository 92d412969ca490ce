"""The small factory that every simulated world begins with: two sites, a leaf's route, and the people there."""

import random
from dataclasses import dataclass, field
from hashlib import pbkdf2_hmac

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
from shared.schemas.rack import Rack

START_US = 1_795_000_000_000_000
PIN = "2468"
SECRET = "SECRET-OF-A-CUSTOMER"  # noqa: S105 - a taint that must not show up on a device
"""Stands in every customer's name, phone and address: wherever it appears, a customer's data have come."""

WORKERS = ("operator", "second", "inspector", "leader")
TRIP_SECRET = "SECRET-OF-A-TRIP"  # noqa: S105 - the same for addresses on a trip
ROUTE = ((10, "CUT", "开料"), (20, "PRESS", "压贴"), (100, "FQC", "检验"), (110, "PACK", "包装"))
SITES = ("A", "B")
RACKS = ("R-01", "R-02", "R-03")
"""All of site A."""


@dataclass
class SimFactory:
    """Master data with names to find it by; every id comes from a seeded mint."""

    seeded: random.Random = field(default_factory=lambda: random.Random(7))
    now_us: int = START_US

    def __post_init__(self) -> None:
        """The same rows in every world."""
        self.mint = RandomMint(lambda: self.now_us, self.seeded.getrandbits)
        new_id = self.mint.new_id
        self.sites = {code: Site(id=new_id(), code=code, name=f"{code}厂") for code in SITES}
        self.centers = {
            code: WorkCenter(id=new_id(), site_id=self.sites["A"].id, code=code, name=name) for _, code, name in ROUTE
        }
        self.stations = {
            f"{site}-{code}": self._station(new_id(), site, code) for site in SITES for code in self.centers
        }
        operations = [
            RouteOperation(
                number=number, code=code, name=name, work_center_id=self.centers[code].id, is_inspection=code == "FQC"
            )
            for number, code, name in ROUTE
        ]
        self.route = RouteVersion(id=new_id(), code="LEAF", piece_kind=PieceKind.LEAF, operations=operations)
        self.model = self._model(new_id())
        self.people = self._people()
        self.racks = [Rack(id=new_id(), site_id=self.sites["A"].id, code=code) for code in RACKS]

    def master_data(self) -> PutMasterData:
        """Everything above as one command."""
        return PutMasterData(
            sites=list(self.sites.values()),
            work_centers=list(self.centers.values()),
            stations=list(self.stations.values()),
            route_versions=[self.route],
            door_models=[self.model],
            people=list(self.people.values()),
        )

    def order(self, order_id: str, quantity: int) -> PlaceOrder:
        """An order that can be released; its customer is a secret."""
        line = LineTerms(
            model_id=self.model.id,
            room="主卧",
            height_tenth_mm=20_500,
            width_tenth_mm=8_000,
            thickness_tenth_mm=400,
            opening=Opening.LEFT_IN,
            colour="胡桃色",
            quantity=quantity,
        )
        terms = OrderTerms(customer_name=f"{SECRET} 王芳", customer_phone="13812345678", address=f"{SECRET} 某路 1 号")
        return PlaceOrder(order_id=order_id, terms=terms, lines=[line])

    def _station(self, station_id: str, site: str, code: str) -> Station:
        strictness = Strictness.ENFORCE if code in {"PRESS", "PACK"} else Strictness.WARN
        return Station(
            id=station_id,
            site_id=self.sites[site].id,
            work_center_id=self.centers[code].id,
            code=f"{site}-{code}",
            name=self.centers[code].name,
            strictness=strictness,
        )

    def _model(self, model_id: str) -> DoorModel:
        return DoorModel(
            id=model_id,
            code="M-301",
            name="现代平板门",
            colours=["胡桃色"],
            height=SizeLimit(min_tenth_mm=18_000, max_tenth_mm=24_000),
            width=SizeLimit(min_tenth_mm=5_000, max_tenth_mm=11_000),
            thickness=SizeLimit(min_tenth_mm=350, max_tenth_mm=500),
            parts=[ModelPart(piece_kind=PieceKind.LEAF, route_version_id=self.route.id, line_kinds=list(LineKind))],
        )

    def _people(self) -> dict[str, Person]:
        salt = "00" * 16
        pin = PinHash(salt=salt, digest=pbkdf2_hmac("sha256", PIN.encode(), bytes(16), 1).hex(), iterations=1)
        roles = {
            "operator": Role.OPERATOR,
            "second": Role.OPERATOR,
            "inspector": Role.INSPECTOR,
            "leader": Role.TEAM_LEADER,
            "driver": Role.DRIVER,
            "manager": Role.MANAGER,
        }
        return {
            name: Person(
                id=self.mint.new_id(), site_id=self.sites["A"].id, number=str(number), name=name, roles=[role], pin=pin
            )
            for number, (name, role) in enumerate(roles.items(), start=1001)
        }
