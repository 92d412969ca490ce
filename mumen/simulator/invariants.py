"""What must hold when a world has come to rest, whatever happened in it: I1 to I7 of `docs/sync.md`."""

import json
from collections import Counter
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from mumen.simulator.factory import SECRET, TRIP_SECRET
from mumen.simulator.tablet import SimTablet
from mumen.simulator.world import World
from shared.canonical import canonical_json, checksum_hex, row_checksum, sha256_hex
from shared.rules import routing
from shared.schemas.door import OperationState, Piece, PieceState
from shared.schemas.entities import ENTITY_NAMES, Entity
from shared.schemas.production import RouteVersion
from sync_server.scopes import FIELDS, body_of, scopes_of
from sync_server.storage.columns import entity_table
from sync_server.storage.rows import SessionRows
from sync_server.tables import TABLES

E = TypeVar("E", bound=Entity)
EFFECTS = ("operation_completed", "operation_started", "inspection_passed", "inspection_failed")


def check(world: World) -> None:
    """Raises `AssertionError` with the invariant's number and what broke it."""
    _nothing_lost(world)
    _exactly_once(world)
    _feed_is_the_tables(world)
    _mirrors_are_the_feed(world)
    _nothing_leaked(world)
    _histories_are_legal(world)
    _conflicts_match_held(world)


def _rows(world: World, query: str) -> list[tuple[Any, ...]]:
    return world.server.disk.connection.execute(query).fetchall()


def _nothing_lost(world: World) -> None:
    """I1: what a person was told is recorded lies in the outbox, and in the server's log or quarantine."""
    log = {(o, k): h for o, k, h in _rows(world, "SELECT origin, key, hash FROM command_log")}
    kept = {h for (h,) in _rows(world, "SELECT hash FROM quarantine")}
    names = dict(_rows(world, "SELECT incarnation, id FROM device"))
    for tablet in world.tablets:
        recorded = {(i, n): text for i, n, text in tablet.recorded()}
        for one in tablet.confirmed:
            assert (one.incarnation, one.n) in recorded, f"I1: the device forgot {one}"
        if tablet.is_revoked:
            continue
        for (incarnation, n), text in recorded.items():
            if incarnation not in names:
                continue  # its enrolment was undone by a restored backup: nobody knows this device any more
            digest = sha256_hex(canonical_json(json.loads(text)))
            found = log.get((f"device:{names[incarnation]}/{incarnation}", str(n)))
            assert digest in {found} | kept, f"I1: the server never got {incarnation}/{n}"


def _exactly_once(world: World) -> None:
    """I2: no command had its effect twice, and its verdict is the one that the device holds."""
    query = f"SELECT origin, key, kind, subject FROM event WHERE kind IN {EFFECTS}"  # noqa: S608 - our own words
    twice = [found for found, count in Counter(_rows(world, query)).items() if count > 1]
    assert not twice, f"I2: applied twice: {twice[0]}"
    log = {(o, k): json.loads(v) for o, k, v in _rows(world, "SELECT origin, key, verdict FROM command_log")}
    names = dict(_rows(world, "SELECT incarnation, id FROM device"))
    for tablet in world.tablets:
        if tablet.is_revoked or tablet.is_clone or tablet.engine.sync_state.problem:
            continue
        identity = tablet.engine.identity
        for (incarnation, n), status in tablet.verdicts().items():
            stored = log.get((f"device:{names.get(incarnation)}/{incarnation}", str(n)))
            is_current = identity is not None and incarnation == identity.incarnation
            if stored is not None and is_current:
                assert status == stored["status"], f"I2: {incarnation}/{n} is {stored['status']}, shown {status}"


def _feed_is_the_tables(world: World) -> None:
    """I3, I4: the feed holds exactly what its scopes should show, numbered without doubles, with the right checksum."""
    wanted: dict[tuple[str, str, str], tuple[int, str]] = {}

    def read(session: Any) -> None:
        rows = SessionRows(session)
        for kind in TABLES:
            if kind not in FIELDS:
                continue
            for row in _all(session, rows, kind):
                for scope in scopes_of(row):
                    wanted[scope, ENTITY_NAMES[kind], row.id] = (row.rev, body_of(row))

    world.server.database.run(read)
    query = "SELECT scope, entity, entity_id, rev, body, row_hash, sequence, op FROM feed_entry"
    found = _rows(world, query)
    shown = {(s, e, i): (rev, body) for s, e, i, rev, body, _, _, op in found if op == "put" and e != "verdict"}
    differing = {key for key in wanted.keys() | shown.keys() if wanted.get(key) != shown.get(key)}
    assert not differing, f"I3: the feed differs from the tables at {min(differing)}"
    sequences = Counter((s, sequence) for s, _, _, _, _, _, sequence, _ in found)
    assert all(count == 1 for count in sequences.values()), "I4: a sequence was given twice"
    for scope, head, checksum in _rows(world, "SELECT scope, head, checksum FROM scope_head"):
        here = [row for row in found if row[0] == scope]
        assert all(row[6] <= head for row in here), f"I4: {scope} has rows beyond its head"
        total = sum(row_checksum(e, i, rev, h) for _, e, i, rev, _, h, _, op in here if op == "put")
        assert checksum_hex(total) == checksum, f"I3: the checksum of {scope} does not fit its rows"


def _all(session: Session, rows: SessionRows, kind: type[E]) -> list[E]:
    """Every row of this kind, as the server itself reads it."""
    ids = session.execute(select(entity_table(kind).c.id)).scalars().all()
    rows.prefetch(kind, ids)
    return [row for row_id in ids if (row := rows.get(kind, row_id)) is not None]


def _mirrors_are_the_feed(world: World) -> None:
    """I3: every device shows, to the byte, what the server holds for it, and nothing of a scope that it has left."""
    feed: dict[str, set[tuple[Any, ...]]] = {}
    for scope, *row in _rows(
        world, "SELECT scope, entity, entity_id, rev, row_hash, body FROM feed_entry WHERE op='put'"
    ):
        feed.setdefault(scope, set()).add(tuple(row))
    heads = {scope: (epoch, head) for scope, epoch, head in world.heads()}
    known = {device_id for (device_id,) in _rows(world, "SELECT id FROM device WHERE state = 'active'")}
    for tablet in world.tablets:
        identity = tablet.engine.identity
        if identity is None or identity.device_id not in known:
            continue
        execute = tablet.store.connection.exec_driver_sql
        cursors = {s: (e, n) for s, e, n in execute("SELECT scope, epoch, sequence FROM scope_cursor")}
        assert not execute("SELECT 1 FROM shadow_cursor").all(), "I7: a scope is still being built anew"
        for scope, cursor in cursors.items():
            expected = heads.get(scope, (cursor[0], 0))
            assert cursor == expected, f"I7: device {tablet.number} is at {cursor} of {scope}, the server at {expected}"
        mirror: dict[str, set[tuple[Any, ...]]] = {}
        for scope, *row in execute("SELECT scope, entity, id, rev, row_hash, body FROM mirror_row"):
            mirror.setdefault(scope, set()).add(tuple(row))
        assert mirror.keys() <= cursors.keys(), "I5: rows of a scope that the device has left"
        for scope in cursors:
            assert mirror.get(scope, set()) == feed.get(scope, set()), f"I3: device {tablet.number} differs in {scope}"
        overlaid = "SELECT count(*) FROM outbox_entry WHERE is_overlaid AND NOT is_waiting"
        assert execute(overlaid).scalar_one() == 0, "I7: an answered command still lies over the mirror"


def _nothing_leaked(world: World) -> None:
    """I5: no customer's data ever left the server; a trip's addresses are on its driver's device only."""
    for body in world.server.replies:
        assert SECRET.encode() not in body, "I5: a customer's data were sent to a device"
    drivers = {_device_of(tablet) for tablet in world.tablets if tablet.worker == "driver"}
    for tablet in world.tablets:
        texts = tablet.store.connection.exec_driver_sql("SELECT scope, body FROM mirror_row").all()
        for scope, body in texts:
            assert SECRET not in body, "I5: a customer's data are on a device"
            is_trip = str(scope).startswith("trip:")
            assert is_trip or TRIP_SECRET not in body, f"I5: a trip's address travelled in {scope}"
            assert not is_trip or _device_of(tablet) in drivers, "I5: a trip is on the device of somebody else"


def _device_of(tablet: SimTablet) -> str | None:
    """Who this device is to the server: a copy of it, key and all, is the same."""
    identity = tablet.engine.identity
    return identity.device_id if identity is not None else None


def _histories_are_legal(world: World) -> None:
    """I6: no piece skipped an inspection, and its state is the one that its operations say."""

    def read(session: Any) -> None:
        rows = SessionRows(session)
        for piece in _all(session, rows, Piece):
            route = rows.get(RouteVersion, piece.route_version_id)
            assert route is not None, "a piece always has a route"
            _is_legal(piece, route)

    world.server.database.run(read)


def _is_legal(piece: Piece, route: RouteVersion) -> None:
    inspections = {operation.number for operation in route.operations if operation.is_inspection}
    for record in piece.operations:
        is_inferred_gate = record.number in inspections and record.state is OperationState.INFERRED
        assert not is_inferred_gate, f"I6: the inspection of {piece.id} was inferred"
    last = max((o.number for o in piece.operations if o.state in routing.ENDED), default=0)
    loop = routing.current_loop(piece)
    for operation in route.operations:
        if operation.number < last and loop == 0:
            assert routing.is_ended(piece, operation.number), f"I6: {piece.id} skipped {operation.number} unlabelled"
    if piece.state in {PieceState.CANCELLED, PieceState.SCRAPPED}:
        return
    due = routing.next_operation(piece, route)
    begun = [o for o in piece.operations if o.state is not OperationState.PLANNED]
    if due is None:
        expected = PieceState.PASSED
    elif not begun and loop == 0:
        expected = PieceState.PLANNED
    else:
        expected = PieceState.AWAITING_INSPECTION if due.is_inspection else PieceState.IN_PROCESS
    assert piece.state is expected, f"I6: {piece.id} is {piece.state}, its operations say {expected}"


def _conflicts_match_held(world: World) -> None:
    """Every held command has one card that waits for somebody, and every such card its command."""
    held = set(_rows(world, "SELECT origin, key FROM command_log WHERE status = 'held'"))
    cards = _rows(world, "SELECT origin, key FROM conflict WHERE kind = 'out_of_order' AND state != 'resolved'")
    assert len(cards) == len(set(cards)), "a held command has two cards"
    assert held == set(cards), f"held commands and their cards differ: {sorted(held ^ set(cards))[:1]}"
