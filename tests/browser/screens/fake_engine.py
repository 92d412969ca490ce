"""An engine without a store and without a server: it says what the test asks it to say."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from mobile.outcome import Outcome, PieceView, Recent, SignIn, SignInStatus, SyncState, Tone, Waiting
from mobile.platform import HttpAnswer, StorageUnavailable
from shared.rules.scan import AskForResult
from shared.schemas.commands import InspectionOutcome
from shared.schemas.door import Piece, PieceKind
from shared.schemas.people import Person, Role
from shared.schemas.production import RouteOperation, Site, Station

NOW_US = 1_795_364_460_000_000  # 2026-11-23 00:21 in China
MINUTE_US = 60_000_000
PIN = "2468"


def _id(number: int) -> str:
    return f"00000000-0000-7000-8000-{number:012d}"


SITE = Site(id=_id(1), code="HZ", name="杭州厂")
STATIONS = [
    Station(id=_id(20 + n), site_id=SITE.id, work_center_id=_id(40 + group), code=code, name=name, name_en=english)
    for n, (group, code, name, english) in enumerate(
        [
            (1, "CUT-1", "开料 1 号位", "Cutting 1"),
            (1, "CUT-2", "开料 2 号位", "Cutting 2"),
            (2, "PRESS-1", "压贴 1 号位", "Pressing 1"),
            (3, "EDGE-1", "封边 1 号位", "Edge banding 1"),
            (4, "SAND-1", "底漆打磨", "Primer sanding"),
            (5, "PAINT-1", "面漆 1 号位", "Top coat 1"),
            (6, "QC-1", "终检", "Final inspection"),
            (7, "PACK-1", "包装", "Packing"),
            (8, "STORE-1", "成品入库", "Stock in"),
        ]
    )
]
PEOPLE = [
    Person(id=_id(60 + n), site_id=SITE.id, number=f"10{n + 1:02d}", name=name, roles=[role])
    for n, (name, role) in enumerate(
        [
            ("张伟", Role.OPERATOR),
            ("李强", Role.OPERATOR),
            ("王芳", Role.INSPECTOR),
            ("刘洋", Role.OPERATOR),
            ("陈静", Role.STOREKEEPER),
            ("欧阳婷婷", Role.TEAM_LEADER),
            ("赵敏", Role.OPERATOR),
            ("买买提·艾力", Role.OPERATOR),
        ]
    )
]
LEAF = PieceView("MD-20261123-0007", "主卧", "leaf", 2, 6, 1, 4, "M-301 平板门", "2050 × 800 × 40", "left_in", "胡桃色")
FRAME = replace(LEAF, kind="frame", piece_number=2)
OTHER = replace(LEAF, order_number="MD-20261123-0012", room="次卧")
FAILED = replace(LEAF, order_number="MD-20261123-0009", room="书房")
ASK = AskForResult(
    Piece(id=_id(90), door_id=_id(91), number=1, of=4, kind=PieceKind.LEAF, route_version_id=_id(92),
          specification_id=_id(93)),
    "D1AAAAAAAAAAAAAA",
    RouteOperation(number=90, code="final", name="终检", work_center_id=_id(46), is_inspection=True),
    0,
)  # fmt: skip
OUTCOMES: dict[str, Outcome] = {
    "completed": Outcome(
        Tone.OK, "completed", piece=LEAF, next_operation_name="面漆", next_station_code="PAINT-1", is_recorded=True
    ),
    "already": Outcome(
        Tone.INFO,
        "already",
        {"worker_name": "李强", "station_name": "底漆打磨", "event_time_us": NOW_US - 40 * MINUTE_US},
        piece=FRAME,
        next_operation_name="面漆",
        next_station_code="PAINT-1",
        is_recorded=True,
        is_synced=True,
    ),
    "late": Outcome(
        Tone.WAIT, "late", {"inferred_names": ["开料", "压贴"]}, piece=OTHER, next_operation_name="面漆",
        next_station_code="PAINT-1", is_recorded=True,
    ),
    "held": Outcome(
        Tone.WAIT, "earlier_operation_missing", {"missing_names": ["压贴", "封边"]}, ("go_to_station", "call_leader"),
        piece=OTHER, is_recorded=True,
    ),
    "failed": Outcome(
        Tone.STOP, "failed", {"reason": "划伤"}, ("put_aside", "call_leader"), piece=FAILED, is_recorded=True,
    ),
    "on_hold": Outcome(
        Tone.STOP, "piece_on_hold", {"reason": "客户改尺寸"}, ("put_aside", "call_leader"), piece=FAILED,
        is_recorded=True, is_synced=True,
    ),
    "cancelled": Outcome(Tone.STOP, "piece_cancelled", {}, ("put_aside", "call_leader"), piece=LEAF, is_recorded=True),
    "elsewhere": Outcome(
        Tone.STOP, "not_at_this_station", {}, ("go_to_station",), piece=LEAF, next_operation_name="压贴",
        next_station_code="PRESS-1", is_recorded=True,
    ),
    "unknown": Outcome(Tone.WAIT, "not_known_here", {}, ("carry_on",), is_recorded=True),
    "foreign": Outcome(Tone.STOP, "foreign", {"text": "https://example.com/p/6901234567892"}, ("scan_again",)),
    "wrong_check": Outcome(
        Tone.STOP, "wrong_check", {"text": "D1-7K3M-9QXA-2BCD-EF"}, ("scan_again", "call_leader")
    ),
    "storage_full": Outcome(Tone.STOP, "storage_full", {}, ("call_leader",)),
    "inspection": Outcome(Tone.INFO, "inspection_due", {"operation_name": "终检"}, piece=LEAF, ask=ASK),
}  # fmt: skip
"""What a code says, by a name that tests can type."""
RECENT = ("completed", "already", "held", "failed", "completed", "late", "unknown", "completed")
SIGNED_IN = ("station", "status", "news", "offline")


@dataclass
class FakeEngine:
    """Implements `mobile.engine.Engine` in memory."""

    is_enrolled: bool
    station: Station | None
    worker: Person | None
    sync_state: SyncState
    device_name: str = "底漆平板 1"
    site: Site | None = field(default_factory=lambda: SITE)
    unseen: list[Outcome] = field(default_factory=list[Outcome])
    entries: list[Recent] = field(default_factory=list[Recent])
    tries_left: int = 5

    @property
    def unseen_verdicts(self) -> Sequence[Outcome]:
        return self.unseen

    def acknowledge_verdicts(self) -> None:
        self.unseen = []

    async def enrol(self, code: str) -> str | None:
        await asyncio.sleep(0.05)
        if code.replace("-", "").upper().startswith("E1OK"):
            self.is_enrolled = True
            return None
        return "enrolment_expired" if code.upper().startswith("E1") else "enrolment_unknown"

    def stations(self) -> list[Station]:
        return STATIONS

    def workers(self) -> list[Person]:
        return PEOPLE

    def pick_station(self, station_id: str) -> None:
        self.station = next(station for station in STATIONS if station.id == station_id)

    async def sign_in(self, person_id: str, pin: str) -> SignIn:
        if pin == PIN and self.tries_left:
            self.worker = next(person for person in PEOPLE if person.id == person_id)
            return SignIn(SignInStatus.OK, 5)
        self.tries_left = max(0, self.tries_left - 1)
        if self.tries_left:
            return SignIn(SignInStatus.WRONG, self.tries_left)
        return SignIn(SignInStatus.LOCKED, 0, NOW_US + 15 * MINUTE_US)

    def sign_out(self) -> None:
        self.worker = None

    def on_code(self, text: str) -> Outcome:
        if self.worker is None:
            return Outcome(Tone.STOP, "nobody_signed_in", {}, ("sign_in_again",))
        outcome = OUTCOMES.get(text.lower(), replace(OUTCOMES["wrong_check"], facts={"text": text}))
        if outcome.is_recorded:
            self.entries.insert(0, Recent(outcome, NOW_US))
        return outcome

    def answer_inspection(self, ask: AskForResult, outcome: InspectionOutcome, reason: str | None) -> Outcome:
        assert ask is ASK
        if outcome is InspectionOutcome.PASS:
            shown = Outcome(Tone.OK, "passed", piece=LEAF, next_operation_name="包装", next_station_code="PACK-1",
                            is_recorded=True)  # fmt: skip
        else:
            shown = Outcome(Tone.STOP, "failed", {"reason": reason or ""}, ("put_aside", "call_leader"), piece=LEAF,
                            is_recorded=True)  # fmt: skip
        self.entries.insert(0, Recent(shown, NOW_US))
        return shown

    def waiting(self) -> Waiting:
        unsent = [entry for entry in self.entries if not entry.outcome.is_synced]
        return Waiting(len(unsent), 2 if unsent else 0, NOW_US - 130 * MINUTE_US if unsent else None)

    def recent(self, limit: int) -> list[Recent]:
        return self.entries[:limit]

    async def sync_once(self) -> bool:
        await asyncio.sleep(0)
        return False

    async def export_outbox(self) -> tuple[str, bytes]:
        await asyncio.sleep(0)
        return "mumen-outbox-1795371660.json", b"{}"


def engine_for(scene: str) -> FakeEngine:
    """The engine in the state that this scene begins with."""
    is_floor = scene in SIGNED_IN or scene.startswith("scan")
    offline = SyncState(is_online=False, last_contact_us=NOW_US - 130 * MINUTE_US, problem=None)
    online = SyncState(is_online=True, last_contact_us=NOW_US, problem=None)
    engine = FakeEngine(
        is_enrolled=scene != "enrol",
        station=None if scene in {"enrol", "stations"} else STATIONS[4],
        worker=PEOPLE[0] if is_floor else None,
        sync_state=offline if scene in {"offline", "news"} else online,
    )
    if scene in {"offline", "news"}:
        engine.entries = [
            Recent(OUTCOMES[name], NOW_US - (3 + 4 * n) * MINUTE_US) for n, name in enumerate(RECENT)
        ]  # fmt: skip
    if scene == "news":
        engine.unseen = [OUTCOMES["on_hold"], OUTCOMES["cancelled"]]
    return engine


class FakePlatform:
    """Implements `mobile.platform.Platform`; codes come from the test."""

    def __init__(self, scene: str, query: str) -> None:
        self._fault = scene.removeprefix("blocked-") if scene.startswith("blocked-") else None
        self._query = query
        self.on_code: Callable[[str], None] = lambda _: None
        self.played: list[str] = []
        self.downloaded: list[str] = []

    async def public_key(self) -> str:
        return ""

    async def sign(self, message: bytes) -> str:
        return message.hex()

    async def pbkdf2_hex(self, secret: str, salt_hex: str, iterations: int) -> str:
        return f"{secret}{salt_hex}{iterations}"

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> HttpAnswer:
        raise AssertionError(url, body, headers)

    async def open_files(self) -> str:
        if self._fault is not None:
            fault, self._fault = self._fault, None
            raise StorageUnavailable(fault)
        return ":memory:"

    def listen(self, on_code: Callable[[str], None]) -> None:
        self.on_code = on_code

    def play(self, tone: str) -> None:
        self.played.append(tone)

    def download(self, name: str, content: bytes) -> None:
        assert content
        self.downloaded.append(name)

    def random_bits(self, bits: int) -> int:
        return 1 << (bits - 1)

    def now_us(self) -> int:
        return NOW_US

    def origin(self) -> str:
        return "http://127.0.0.1"

    def start_query(self) -> str:
        return self._query

    def ready(self) -> None:
        pass

    def on_store_lost(self, tell: Callable[[], None]) -> None:
        self.lose = tell

    async def is_persistent(self) -> bool:
        return False

    def take_over(self) -> None:
        pass

    async def request_persistence(self) -> bool:
        return False
