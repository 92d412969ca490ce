"""The demo factory's floor and its door models."""

from dataclasses import dataclass

from shared.rules.decision import Mint
from shared.schemas.door import PieceKind
from shared.schemas.order import LineKind
from shared.schemas.production import (
    DoorModel,
    ModelPart,
    RouteOperation,
    RouteVersion,
    Site,
    SizeLimit,
    Station,
    WorkCenter,
)

CENTERS = (
    ("CUT", "开料", "Cutting"),
    ("PRESS", "压贴", "Pressing"),
    ("EDGE", "封边", "Edge banding"),
    ("MILL", "铣型开孔", "Milling and boring"),
    ("PAINT", "涂装", "Painting"),
    ("ASM", "组装", "Assembly"),
    ("KIT", "五金配货", "Hardware kitting"),
    ("FQC", "成品检验", "Final inspection"),
    ("PACK", "包装", "Packing"),
)
INSPECTION = "FQC"
ROUTES = (
    (PieceKind.LEAF, ("CUT", "PRESS", "EDGE", "MILL", "PAINT", "FQC", "PACK")),
    (PieceKind.FRAME, ("CUT", "PRESS", "MILL", "PAINT", "ASM", "FQC", "PACK")),
    (PieceKind.ARCHITRAVE, ("CUT", "EDGE", "PAINT", "FQC", "PACK")),
    (PieceKind.HARDWARE, ("KIT", "PACK")),
)
LINE_KINDS = {
    PieceKind.LEAF: [LineKind.DOOR_SET],
    PieceKind.FRAME: [LineKind.DOOR_SET, LineKind.FRAME_ONLY],
    PieceKind.ARCHITRAVE: [LineKind.DOOR_SET, LineKind.FRAME_ONLY, LineKind.TRIM],
    PieceKind.HARDWARE: [LineKind.DOOR_SET, LineKind.HARDWARE_ONLY],
}
MODELS = (
    ("MX-101", "现代平板门", "现代", ("暖白", "浅灰", "胡桃色")),
    ("MX-108", "竖纹肌理门", "现代", ("橡木原色", "胡桃色")),
    ("MX-118", "极简隐形门", "现代", ("暖白", "雅灰")),
    ("MX-126", "铝线条平板门", "现代", ("暖白", "雅灰", "深咖")),
    ("OS-201", "欧式凸线门", "欧式", ("象牙白", "樱桃木")),
    ("OS-207", "欧式雕花门", "欧式", ("象牙白", "红橡")),
    ("MS-302", "美式四格门", "美式", ("哑白", "雾蓝")),
    ("MS-305", "美式拱形门", "美式", ("哑白", "胡桃色")),
    ("ZS-401", "新中式格栅门", "中式", ("黑胡桃", "花梨")),
    ("ZS-405", "新中式铜线门", "中式", ("黑胡桃", "深咖")),
    ("WS-501", "卫浴防潮门", "防潮", ("暖白", "浅灰")),
    ("GB-601", "谷仓移门", "移门", ("橡木原色", "黑胡桃")),
)


@dataclass(frozen=True)
class Catalogue:
    """The floor by code, and what it makes."""

    site: Site
    centers: dict[str, WorkCenter]
    stations: dict[str, Station]
    routes: dict[PieceKind, RouteVersion]
    models: list[DoorModel]


def make_catalogue(mint: Mint) -> Catalogue:
    """Everything above as rows with fresh ids."""
    site = Site(id=mint.new_id(), code="FS", name="佛山顺德工厂")
    centers = {
        code: WorkCenter(id=mint.new_id(), site_id=site.id, code=code, name=name, name_en=english)
        for code, name, english in CENTERS
    }
    stations = {
        code: Station(
            id=mint.new_id(),
            site_id=site.id,
            work_center_id=center.id,
            code=f"{code}-1",
            name=f"{center.name} 1 号位",
            name_en=f"{center.name_en} 1",
        )
        for code, center in centers.items()
    }
    routes = {kind: _route(mint, kind, codes, centers) for kind, codes in ROUTES}
    return Catalogue(site, centers, stations, routes, [_model(mint, routes, *model) for model in MODELS])


def _route(mint: Mint, kind: PieceKind, codes: tuple[str, ...], centers: dict[str, WorkCenter]) -> RouteVersion:
    operations = [
        RouteOperation(
            number=number * 10,
            code=code,
            name=centers[code].name,
            name_en=centers[code].name_en,
            work_center_id=centers[code].id,
            is_inspection=code == INSPECTION,
        )
        for number, code in enumerate(codes, start=1)
    ]
    return RouteVersion(id=mint.new_id(), code=kind.value.upper(), piece_kind=kind, operations=operations)


def _model(
    mint: Mint, routes: dict[PieceKind, RouteVersion], code: str, name: str, family: str, colours: tuple[str, ...]
) -> DoorModel:
    return DoorModel(
        id=mint.new_id(),
        code=code,
        name=name,
        family=family,
        colours=list(colours),
        height=SizeLimit(min_tenth_mm=18_000, max_tenth_mm=24_000),
        width=SizeLimit(min_tenth_mm=6_000, max_tenth_mm=11_000),
        thickness=SizeLimit(min_tenth_mm=380, max_tenth_mm=450),
        parts=[
            ModelPart(piece_kind=kind, route_version_id=route.id, line_kinds=LINE_KINDS[kind])
            for kind, route in routes.items()
        ],
    )
