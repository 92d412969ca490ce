"""What people do in a simulated world, on the floor and in the office."""

import hashlib
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue

from mumen.simulator.actions import Action
from mumen.simulator.factory import ROUTE, TRIP_SECRET, WORKERS
from mumen.simulator.server import place_and_release
from shared.canonical import sha256_hex
from shared.label_code import CodeKind, make
from shared.rules.conflicts import choices
from shared.schemas.commands import (
    AssignDevice,
    CancelOrder,
    CloseTrip,
    InspectionOutcome,
    PutMasterData,
    PutRack,
    PutTrip,
    ReprintLabel,
    ResolveConflict,
    RetireOrder,
    RevokeLabel,
    ReworkPiece,
)
from shared.schemas.identifiers import PHOTO_CHUNK_BYTES
from shared.schemas.quality import Conflict, ConflictState
from shared.schemas.shipment import Trip, TripStop
from sync_server.storage.rows import SessionRows
from sync_server.tables import LabelRow, OrderRow, PieceRow

if TYPE_CHECKING:
    from mumen.simulator.world import World

RACK_USES = ("bind", "bind", "bind", "bind", "take_off", "work", "work", "empty")


def scan(world: "World", action: Action) -> None:
    """Somebody scans a label: mostly of a piece that is on its way, sometimes of any."""
    codes = _column(world, LabelRow)
    if not codes:
        return
    few = codes[: 4 + world.plan.seed % 5]
    code = few[action.b % len(few)] if action.c % 8 else codes[action.b % len(codes)]
    if action.c % 37 == 0:
        code = make(CodeKind.PIECE, action.b)
    outcome = InspectionOutcome.FAIL if action.c % 3 == 0 else InspectionOutcome.PASS
    world.pick(action).scan(code, outcome)


def photograph(world: "World", action: Action) -> None:
    """Somebody takes a picture of a piece; one in four is too large for a single chunk."""
    size = PHOTO_CHUNK_BYTES + action.b if action.c % 4 == 0 else 1 + action.b
    content = hashlib.shake_256(str(action).encode()).digest(1 + action.b % 64).ljust(size, b".")
    world.pick(action).photograph(_one(world, PieceRow, action.b), content)


def poison(world: "World", action: Action) -> None:
    """A command of a type or a shape that this server has never heard of."""
    bodies: tuple[dict[str, JsonValue], ...] = (
        {"type": "paint_it_blue", "version": 9},
        {"type": "complete_operation"},
        {},
        {"type": None},
    )
    world.pick(action).append(bodies[action.b % len(bodies)])


def old_command(world: "World", action: Action) -> None:
    """What an app of the first version recorded at an inspection."""
    codes = _column(world, LabelRow)
    label = _row(world, "SELECT id, target_id FROM label WHERE id = ?", codes[action.b % len(codes)])
    body = {
        "type": "record_inspection",
        "version": 1,
        "piece_id": label[1],
        "label_code": label[0],
        "operation_number": 100,
        "loop_number": 0,
        "outcome": "fail" if action.c % 2 else "pass",
        "reason": "划伤",
    }
    world.pick(action).append(body, piece_id=label[1])


def rack(world: "World", action: Action) -> None:
    """Pieces on racks: two tablets may move the same one without knowing of each other."""
    codes = _column(world, LabelRow)
    few = codes[: 4 + world.plan.seed % 5]
    rack_id = world.factory.racks[action.b % len(world.factory.racks)].id
    world.pick(action).use_rack(rack_id, few[action.c // 8 % len(few)], RACK_USES[action.c % len(RACK_USES)])


def put_rack(world: "World", action: Action) -> None:
    """The office takes a rack out of use, or back."""
    changed = world.factory.racks[action.b % len(world.factory.racks)].model_copy(
        update={"is_active": bool(action.c % 2)}
    )
    world.office(PutRack(rack=changed), "manager")


def order(world: "World", action: Action) -> None:
    """The office releases one more order."""
    place_and_release(world.server, 1 + action.a % 2, world.mint.new_id())


def cancel(world: "World", action: Action) -> None:
    """An order is called off."""
    world.office(CancelOrder(order_id=_one(world, OrderRow, action.a)), "manager")


def reprint(world: "World", action: Action) -> None:
    """One more copy of a label: asked for in the office, or at a tablet, whose outbox may be told twice."""
    code = _one(world, LabelRow, action.b)
    command = ReprintLabel(label_code=code, reason="torn")
    if action.c % 3 == 0:
        world.office(command)
    else:
        world.pick(action).append_as_leader(command.model_dump(mode="json"))


def revoke_label(world: "World", action: Action) -> None:
    """The office finds a label on the wrong piece; tablets that are away go on scanning it."""
    world.office(RevokeLabel(label_code=_one(world, LabelRow, action.b), reason="wrong_piece"))


def rework(world: "World", action: Action) -> None:
    """A leader sends a piece back."""
    piece_id = _one(world, PieceRow, action.a)
    numbers = [number for number, _, _ in ROUTE]
    first = action.b % 3
    loop_number = action.c % 2
    command = ReworkPiece(piece_id=piece_id, from_number=numbers[first], to_number=numbers[2], loop_number=loop_number)
    world.office(command)


def resolve(world: "World", action: Action) -> None:
    """A leader decides a conflict."""
    rows = _ids(world, "SELECT id FROM conflict WHERE state != 'resolved' ORDER BY id")
    if not rows:
        return
    conflict_id = rows[action.a % len(rows)]
    conflict = world.server.run(lambda session: SessionRows(session).get(Conflict, conflict_id))
    offered = choices(conflict) if conflict is not None and conflict.state is not ConflictState.RESOLVED else ()
    if offered:
        world.office(ResolveConflict(conflict_id=conflict_id, resolution=offered[action.b % len(offered)]))


def retire(world: "World", action: Action) -> None:
    """The timer takes an ended order off the tablets."""
    world.server.submit(RetireOrder(order_id=_one(world, OrderRow, action.a)), None, world.mint.new_id())


def move_person(world: "World", action: Action) -> None:
    """Somebody moves to the other site."""
    name = WORKERS[action.a % len(WORKERS)]
    site = world.factory.sites["AB"[action.b % 2]]
    person = world.factory.people[name].model_copy(update={"site_id": site.id})
    world.server.submit(PutMasterData(people=[person]), None, world.mint.new_id())


def trip(world: "World", action: Action) -> None:
    """A trip is planned, or planned anew."""
    pieces = _column(world, PieceRow)
    chosen = [piece_id for number, piece_id in enumerate(pieces) if (action.b >> (number % 16)) & 1]
    trip_id = sha256_hex(b"trip%d" % (action.a % 2))[:32]
    trip_id = f"{trip_id[:8]}-{trip_id[8:12]}-{trip_id[12:16]}-{trip_id[16:20]}-{trip_id[20:32]}"
    stop = TripStop(number=1, consignee_name=f"{TRIP_SECRET} 李", address=f"{TRIP_SECRET} 路", piece_ids=chosen)
    trip = Trip(
        id=trip_id,
        site_id=world.factory.sites["A"].id,
        number="T1",
        driver_id=world.factory.people["driver"].id,
        stops=[stop],
    )
    world.office(PutTrip(trip=trip), "manager")
    _hand_out_a_phone(world)


def close_trip(world: "World", action: Action) -> None:
    """A trip is over."""
    trips = _ids(world, "SELECT id FROM trip ORDER BY id")
    if trips:
        world.office(CloseTrip(trip_id=trips[action.a % len(trips)]), "manager")


def _hand_out_a_phone(world: "World") -> None:
    """The last device becomes the driver's phone."""
    tablet = world.tablets[-1]
    tablet.worker = "driver"
    identity = tablet.engine.identity
    if identity is not None:
        driver = world.factory.people["driver"].id
        world.office(AssignDevice(device_id=identity.device_id, person_id=driver), "manager")


def _column(world: "World", table: Any) -> list[str]:
    """The ids of a table's rows, in order."""
    return _ids(world, f'SELECT id FROM "{table.__tablename__}" ORDER BY id')  # noqa: S608 - our own table's name


def _one(world: "World", table: Any, number: int) -> str:
    ids = _column(world, table)
    return ids[number % len(ids)]


def _ids(world: "World", query: str) -> list[str]:
    return [row[0] for row in world.server.disk.connection.execute(query).fetchall()]


def _row(world: "World", query: str, *values: object) -> tuple[Any, ...]:
    row: tuple[Any, ...] = world.server.disk.connection.execute(query, values).fetchone()
    return row
