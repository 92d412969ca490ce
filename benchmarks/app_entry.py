"""The app over a store filled beforehand; `?pieces=500` says how many. Built for the browser by `app.py`."""

import hashlib
import json
import time
from urllib.parse import parse_qs

import flet as ft

from mobile import app
from mobile.device_engine import DeviceEngine
from mobile.engine import Engine
from mobile.platform import Platform
from mobile.store import identities, settings
from mobile.store.database import Store
from mobile.store.tables import Identity
from mobile.web.browser_platform import open_browser_platform
from shared.label_code import CodeKind, make
from shared.schemas.door import Door, Label, Piece, PieceKind
from shared.schemas.entities import ENTITY_NAMES, Entity, parent_of
from shared.schemas.order import LineKind, Specification
from shared.schemas.people import Person, PinHash, Role
from shared.schemas.production import RouteOperation, RouteVersion, Site, Station, WorkCenter

COMMITS = 200


def numbered(n: int) -> str:
    """An id that is easily made again."""
    return f"00000000-0000-7000-8000-{n:012x}"


def code_of(n: int) -> str:
    """The code on the n-th piece."""
    return make(CodeKind.PIECE, n)


def rows(pieces: int) -> list[Entity]:
    """A small factory with this many pieces that wait to be cut."""
    site, center, station, route, made, person = (numbered(n) for n in range(1, 7))
    pin = PinHash(salt="00" * 16, digest=hashlib.sha256(b"").hexdigest(), iterations=1)
    operation = RouteOperation(number=10, code="CUT", name="开料", work_center_id=center)
    found: list[Entity] = [
        Site(id=site, code="A", name="工厂"),
        WorkCenter(id=center, site_id=site, code="CUT", name="开料"),
        Station(id=station, site_id=site, work_center_id=center, code="CUT-1", name="开料 1 号位"),
        RouteVersion(id=route, code="LEAF", piece_kind=PieceKind.LEAF, operations=[operation]),
        Person(id=person, site_id=site, number="1001", name="张伟", roles=[Role.OPERATOR], pin=pin),
        Specification(
            id=made, kind=LineKind.DOOR_SET, model_id=numbered(7), model_code="M-301", model_name="平板门",
            height_tenth_mm=20_500, width_tenth_mm=8_000, thickness_tenth_mm=400, colour="胡桃色",
            content_hash="0" * 64,
        ),
    ]  # fmt: skip
    for n in range(pieces):
        door, piece = numbered(1_000_000 + n), numbered(2_000_000 + n)
        found += [
            Door(
                id=door, order_id=numbered(8), order_number=f"MD-{n:06d}", order_line_id=numbered(9),
                specification_id=made, number=1, of=1, room="主卧",
            ),
            Piece(
                id=piece, door_id=door, number=1, of=1, kind=PieceKind.LEAF, route_version_id=route,
                specification_id=made,
            ),
            Label(id=code_of(n), target_id=piece, specification_id=made),
        ]  # fmt: skip
    return found


def fill(store: Store, pieces: int) -> None:
    """Writes the mirror as a first pull would have left it, and who works where."""
    insert = (
        "INSERT INTO mirror_row (scope, entity, id, rev, parent, row_hash, body) VALUES ('floor', ?, ?, 1, ?, '', ?)"
    )
    with store.transaction() as connection:
        values = [
            (ENTITY_NAMES[type(row)], row.id, parent_of(row), row.model_dump_json(exclude_defaults=True))
            for row in rows(pieces)
        ]
        connection.exec_driver_sql(insert, values)
    known = Identity(
        incarnation="bench",
        device_id=numbered(10),
        device_name="bench",
        site_id=numbered(1),
        nonce="",
        server_epoch=1,
        number=0,
    )
    identities.add(store, known)
    settings.set_setting(store, settings.STATION_ID, numbered(3))


def time_commits(store: Store) -> float:
    """The median of durable commits of one row, in ms."""
    taken: list[float] = []
    for n in range(COMMITS):
        began = time.perf_counter()
        settings.set_setting(store, "bench", str(n))
        taken.append((time.perf_counter() - began) * 1_000)
    return sorted(taken)[COMMITS // 2]


async def main(page: ft.Page) -> None:
    """Fill, sign in, and be the app."""
    app.dress(page)
    platform = await open_browser_platform()
    pieces = int(parse_qs(platform.start_query()).get("pieces", ["500"])[0])

    async def opener(opened: Platform) -> Engine:
        store = Store(await opened.open_files())
        fill(store, pieces)
        print("FIGURES", json.dumps({"commit_ms": time_commits(store)}), flush=True)
        engine = DeviceEngine(opened, store, lambda: time.monotonic_ns() // 1_000)
        engine.people._worker = engine.people.workers()[0]  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        return engine

    await app.start(page, platform, opener)


ft.run(main)
