"""A small factory in the mirror of a device, with a label for everything that a scan can come to."""

import hashlib
from dataclasses import dataclass, field

from sqlalchemy import delete
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col

from mobile.store.database import Store
from mobile.store.tables import MirrorRow
from shared.label_code import CodeKind, check_characters, make
from shared.schemas.door import (
    Door,
    Hold,
    Label,
    LabelState,
    OperationState,
    Piece,
    PieceKind,
    PieceOperation,
    PieceState,
)
from shared.schemas.entities import ENTITY_NAMES, Entity, parent_of
from shared.schemas.order import LineKind, Opening, Specification
from shared.schemas.people import Person, PinHash, Role
from shared.schemas.production import RouteOperation, RouteVersion, Site, Station, Strictness, WorkCalendar, WorkCenter
from shared.schemas.quality import Conflict, ConflictKind, ConflictState, LeaderCall
from shared.schemas.rack import Rack

NOW_US = 1_795_364_460_000_000  # 2026-11-23 00:21 in China
MINUTE_US = 60_000_000
PIN = "2468"
ITERATIONS = 1


def numbered(number: int) -> str:
    """An id that is easily made again."""
    return f"00000000-0000-7000-8000-{number:012d}"


EVERY_DAY = WorkCalendar(work_days=list(range(7)))
SITE = Site(id=numbered(1), code="HZ", name="杭州厂", calendar=EVERY_DAY)
CENTERS = {
    code: WorkCenter(id=numbered(40 + n), site_id=SITE.id, code=code, name=name, name_en=english)
    for n, (code, name, english) in enumerate(
        [
            ("CUT", "开料", "Cutting"),
            ("PRESS", "压贴", "Pressing"),
            ("EDGE", "封边", "Edge banding"),
            ("WQC", "白坯检验", "White inspection"),
            ("SAND", "底漆打磨", "Primer sanding"),
            ("PAINT", "面漆", "Top coat"),
            ("QC", "终检", "Final inspection"),
            ("PACK", "包装", "Packing"),
            ("STORE", "成品入库", "Stock in"),
        ]
    )
}
STATIONS = {
    code: Station(
        id=numbered(20 + n), site_id=SITE.id, work_center_id=CENTERS[code.rsplit("-")[0]].id, code=code, name=name,
        name_en=english,
    )
    for n, (code, name, english) in enumerate(
        [
            ("CUT-1", "开料 1 号位", "Cutting 1"),
            ("CUT-2", "开料 2 号位", "Cutting 2"),
            ("PRESS-1", "压贴 1 号位", "Pressing 1"),
            ("EDGE-1", "封边 1 号位", "Edge banding 1"),
            ("WQC-1", "白坯检验", "White inspection"),
            ("SAND-1", "底漆打磨", "Primer sanding"),
            ("PAINT-1", "面漆 1 号位", "Top coat 1"),
            ("QC-1", "终检", "Final inspection"),
            ("PACK-1", "包装", "Packing"),
            ("STORE-1", "成品入库", "Stock in"),
        ]
    )
}  # fmt: skip
SALT = "00" * 16
_DIGEST = hashlib.pbkdf2_hmac("sha256", PIN.encode(), bytes.fromhex(SALT), ITERATIONS).hex()
PEOPLE = {
    name: Person(
        id=numbered(60 + n), site_id=SITE.id, number=f"10{n + 1:02d}", name=name, roles=[role],
        pin=PinHash(salt=SALT, digest=_DIGEST, iterations=ITERATIONS),
    )
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
}  # fmt: skip


def _route(number: int, kind: PieceKind, *codes: str) -> RouteVersion:
    operations = [
        RouteOperation(
            number=10 * n, code=code, name=CENTERS[code].name, name_en=CENTERS[code].name_en,
            work_center_id=CENTERS[code].id, is_inspection=code in {"WQC", "QC"},
        )
        for n, code in enumerate(codes, start=1)
    ]  # fmt: skip
    return RouteVersion(id=numbered(number), code=kind.value.upper(), piece_kind=kind, operations=operations)


LEAVES = _route(80, PieceKind.LEAF, "CUT", "PRESS", "EDGE", "WQC", "SAND", "PAINT", "QC", "PACK", "STORE")
FRAMES = _route(81, PieceKind.FRAME, "CUT", "PRESS", "PACK", "STORE")
ROUTES = {PieceKind.LEAF: LEAVES, PieceKind.FRAME: FRAMES}
SPECIFICATION = Specification(
    id=numbered(90), kind=LineKind.DOOR_SET, model_id=numbered(91), model_code="M-301", model_name="平板门",
    height_tenth_mm=20_500, width_tenth_mm=8_000, thickness_tenth_mm=400, opening=Opening.LEFT_IN, colour="胡桃色",
    content_hash="0" * 64,
)  # fmt: skip


@dataclass(frozen=True)
class Made:
    """One labelled piece: how far it has come (operation codes), and what is special about it."""

    code: str
    done: tuple[str, ...] = ()
    order: str = "MD-20261123-0007"
    room: str = "主卧"
    kind: PieceKind = PieceKind.LEAF
    changed: dict[str, object] = field(default_factory=dict[str, object])
    label: dict[str, object] = field(default_factory=dict[str, object])
    strictness: Strictness = Strictness.WARN
    """What the office has set the station to when this one is scanned."""


def _code(number: int) -> str:
    return make(CodeKind.PIECE, (number << 45) + 7)


WHITE = ("CUT", "PRESS", "EDGE", "WQC")
PAINTED = (*WHITE, "SAND", "PAINT")
PRODUCED: dict[str, Made] = {
    "completed": Made(_code(1), WHITE),
    "already": Made(_code(2), (*WHITE, "SAND")),
    "late": Made(_code(3), ("EDGE", "WQC"), "MD-20261123-0012", "次卧"),
    "held": Made(_code(4), ("CUT", "WQC"), "MD-20261123-0012", "次卧", strictness=Strictness.ENFORCE),
    "uninspected": Made(_code(5), WHITE[:3], "MD-20261123-0012", "次卧"),
    "on_hold": Made(
        _code(6), WHITE, "MD-20261123-0009", "书房",
        changed={"holds": [Hold(code="customer_change", reason="客户改尺寸", since_us=NOW_US)]},
    ),
    "cancelled": Made(_code(7), WHITE, changed={"state": PieceState.CANCELLED}),
    "elsewhere": Made(_code(8), ("CUT",), kind=PieceKind.FRAME),
    "replaced": Made(_code(9), WHITE, label={"state": LabelState.REPLACED, "replaced_by": _code(1)}),
    "inspection": Made(_code(10), PAINTED, "MD-20261123-0009", "书房"),
    "second inspection": Made(_code(11), PAINTED, "MD-20261123-0009", "书房"),
    "full": Made(_code(12), WHITE),
    "news-held": Made(_code(20), WHITE, "MD-20261123-0009", "书房"),
    "news-gone": Made(_code(21), WHITE),
    **{f"earlier-{n}": Made(_code(30 + n), WHITE, f"MD-20261122-000{n}", "客厅") for n in range(5)},
    "long room": Made(_code(37), (*WHITE, "SAND"), room="三号楼二单元十七层东户北侧的次卧室套间" * 6),
    "disputed": Made(
        _code(40), (*PAINTED, "QC"), "MD-20261123-0009", "书房",
        changed={"holds": [Hold(code="inspection_failed", reason="划伤", since_us=NOW_US, operation_number=70)]},
    ),
    "too early": Made(_code(41), ("CUT", "WQC"), "MD-20261123-0012", "次卧"),
    "not inspected": Made(_code(42), WHITE[:3], "MD-20261122-0004", "三号楼二单元十七层东户北侧的次卧室套间"),
    "earlier-late": Made(_code(36), ("EDGE", "WQC"), "MD-20261122-0006", "儿童房"),
    "revoked": Made(
        _code(43), WHITE,
        label={"state": LabelState.REVOKED, "replaced_by": _code(1), "revoked_at_us": NOW_US - 50 * MINUTE_US},
    ),
}  # fmt: skip
RACK, EMPTY_RACK = (Rack(id=numbered(6_000 + n), site_id=SITE.id, code=f"R-0{n}", name="油漆车间") for n in (7, 8))
ON_RACK = ("completed", "already", "late", "on_hold", "elsewhere", "earlier-0", "earlier-1")
"""The pieces that are on the first of them."""

RACK_CODES = {"rack": (make(CodeKind.RACK, 7), RACK), "empty rack": (make(CodeKind.RACK, 8), EMPTY_RACK)}
_NEWER = "D27K3M9QX2RT4W"
CODES: dict[str, str] = {name: made.code for name, made in PRODUCED.items()} | {
    "unknown": make(CodeKind.PIECE, 999),
    "foreign": "https://example.com/p/6901234567892",
    "damaged": _code(1)[:9],
    "wrong_check": _code(1)[:-1] + ("0" if _code(1)[-1] != "0" else "1"),
    "newer_label": _NEWER + check_characters(_NEWER),
    **{name: code for name, (code, _) in RACK_CODES.items()},
}
"""What a gun reads, by a name that says what comes of it at the sanding station."""


def conflicts() -> list[Conflict]:
    """Two inspectors who disagree, a scan that waits for others, and one that came without an inspection."""

    def one(number: int, name: str, minutes: int, **changed: object) -> Conflict:
        given: dict[str, object] = {
            "id": numbered(number), "kind": ConflictKind.OUT_OF_ORDER, "state": ConflictState.OPEN,
            "piece_id": piece_of(name).id, "opened_at_us": NOW_US - minutes * MINUTE_US, "operation_number": 50,
            "people": [PEOPLE["李强"].id],
        }  # fmt: skip
        return Conflict.model_validate(given | changed)

    return [
        one(
            5_000, "disputed", 90, kind=ConflictKind.CONTRADICTION, operation_number=70, code="contradicted",
            people=[PEOPLE["王芳"].id, PEOPLE["欧阳婷婷"].id], facts={"reason": "划伤"},
        ),
        one(
            5_001, "too early", 30, state=ConflictState.WAITING, due_at_us=NOW_US + 240 * MINUTE_US,
            code="earlier_operation_missing", facts={"missing": [20, 30], "station_id": STATIONS["SAND-1"].id},
        ),
        one(
            5_002, "not inspected", 600, code="inspection_missing",
            facts={"missing": [40], "station_id": STATIONS["SAND-1"].id},
        ),
    ]  # fmt: skip


def call() -> LeaderCall:
    """Somebody who was told that the piece is on hold."""
    return LeaderCall(
        id=numbered(5_100), piece_id=piece_of("on_hold").id, label_code=CODES["on_hold"], code="piece_on_hold",
        called_by=PEOPLE["刘洋"].id, station_id=STATIONS["PACK-1"].id, called_at_us=NOW_US - 3 * MINUTE_US,
    )  # fmt: skip


def rows() -> list[Entity]:
    """Everything that the device holds."""
    found: list[Entity] = [
        SITE,
        *CENTERS.values(),
        *STATIONS.values(),
        *PEOPLE.values(),
        *ROUTES.values(),
        SPECIFICATION,
    ]
    for n, made in enumerate(PRODUCED.values()):
        found += _piece_rows(n, made)
    for code, rack in RACK_CODES.values():
        found += [rack, Label(id=code, kind=CodeKind.RACK, target_id=rack.id)]
    return [*found, *conflicts(), call()]


def keep(store: Store, *kept: Entity) -> None:
    """Puts rows into the mirror, as a pull would have."""
    for row in kept:
        body = row.model_dump_json(exclude_defaults=True)
        values = {
            "scope": "floor", "entity": ENTITY_NAMES[type(row)], "id": row.id, "rev": 1, "parent": parent_of(row),
            "row_hash": "", "body": body,
        }  # fmt: skip
        statement = insert(MirrorRow).values(values)
        keys = [col(MirrorRow.scope), col(MirrorRow.entity), col(MirrorRow.id)]
        store.connection.execute(statement.on_conflict_do_update(index_elements=keys, set_={"body": body}))


def drop(store: Store, row: Entity) -> None:
    """Takes a row out of the mirror, as a pull would have."""
    store.connection.execute(delete(MirrorRow).where(col(MirrorRow.id) == row.id))


def piece_of(name: str) -> Piece:
    """The piece of this name as the mirror first had it."""
    index = list(PRODUCED).index(name)
    return next(row for row in _piece_rows(index, PRODUCED[name]) if isinstance(row, Piece))


def _piece_rows(n: int, made: Made) -> list[Entity]:
    door = Door(
        id=numbered(1_000 + n), order_id=numbered(3_000 + n), order_number=made.order,
        order_line_id=numbered(4_000 + n), specification_id=SPECIFICATION.id, number=2, of=6, room=made.room,
    )  # fmt: skip
    route = ROUTES[made.kind]
    operations = [
        PieceOperation(
            number=operation.number, state=OperationState.COMPLETED, worker_ids=[PEOPLE["李强"].id],
            station_id=STATIONS[f"{operation.code}-1"].id, event_time_us=NOW_US - 40 * MINUTE_US, event_offset_min=480,
        )
        for operation in route.operations
        if operation.code in made.done
    ]  # fmt: skip
    piece = Piece(
        id=numbered(2_000 + n), door_id=door.id, number=2 if made.kind is PieceKind.FRAME else 1, of=4, kind=made.kind,
        route_version_id=route.id, specification_id=SPECIFICATION.id, state=PieceState.IN_PROCESS,
        operations=operations,
    )  # fmt: skip
    label = Label(id=made.code, target_id=piece.id, specification_id=SPECIFICATION.id)
    if any(PRODUCED[name] is made for name in ON_RACK):
        piece = piece.model_copy(update={"rack_id": RACK.id})
    return [door, piece.model_copy(update=made.changed), label.model_copy(update=made.label)]
