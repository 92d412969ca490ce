"""I3, I4, I5 and I7: every device shows exactly what the server holds for it, and nothing else."""

import json
from collections import Counter
from typing import Any

from mumen.simulator.factory import SECRET, TRIP_SECRET
from mumen.simulator.invariants.reading import all_of, device_of, device_rows, server_rows
from mumen.simulator.world import World
from shared.canonical import checksum_hex, row_checksum
from shared.schemas.entities import ENTITY_NAMES
from shared.schemas.sync import PULL_PATH
from sync_server.scopes import FIELDS, body_of, scopes_of
from sync_server.storage.rows import SessionRows
from sync_server.tables import TABLES

RETIRED = "SELECT id FROM piece WHERE is_retired UNION SELECT id FROM door WHERE is_retired"


def check(world: World) -> None:
    """Raises `AssertionError` with the invariant's number and what broke it."""
    _feed_is_the_tables(world)
    _mirrors_are_the_feed(world)
    _nothing_is_built_twice(world)
    _nothing_leaked(world)
    _retired_are_off_the_floor(world)
    _floors_are_ones_own(world)


def _feed_is_the_tables(world: World) -> None:
    """I3, I4: the feed holds exactly what its scopes should show, numbered without doubles, with the right checksum."""
    wanted: dict[tuple[str, str, str], tuple[int, str]] = {}

    def read(session: Any) -> None:
        rows = SessionRows(session)
        for kind in TABLES:
            if kind not in FIELDS:
                continue
            for row in all_of(session, rows, kind):
                for scope in scopes_of(row):
                    wanted[scope, ENTITY_NAMES[kind], row.id] = (row.rev, body_of(row))

    world.server.database.run(read)
    query = "SELECT scope, entity, entity_id, rev, body, row_hash, sequence, op FROM feed_entry"
    found = server_rows(world, query)
    shown = {(s, e, i): (rev, body) for s, e, i, rev, body, _, _, op in found if op == "put" and e != "verdict"}
    differing = {key for key in wanted.keys() | shown.keys() if wanted.get(key) != shown.get(key)}
    assert not differing, f"I3: the feed differs from the tables at {min(differing)}"
    sequences = Counter((s, sequence) for s, _, _, _, _, _, sequence, _ in found)
    assert all(count == 1 for count in sequences.values()), "I4: a sequence was given twice"
    for scope, head, checksum in server_rows(world, "SELECT scope, head, checksum FROM scope_head"):
        here = [row for row in found if row[0] == scope]
        assert all(row[6] <= head for row in here), f"I4: {scope} has rows beyond its head"
        total = sum(row_checksum(e, i, rev, h) for _, e, i, rev, _, h, _, op in here if op == "put")
        assert checksum_hex(total) == checksum, f"I3: the checksum of {scope} does not fit its rows"


def _mirrors_are_the_feed(world: World) -> None:
    """I3: every device shows, to the byte, what the server holds for it, and nothing of a scope that it has left."""
    feed: dict[str, set[tuple[Any, ...]]] = {}
    for scope, *row in server_rows(
        world, "SELECT scope, entity, entity_id, rev, row_hash, body FROM feed_entry WHERE op='put'"
    ):
        feed.setdefault(scope, set()).add(tuple(row))
    heads = {scope: (epoch, head) for scope, epoch, head in world.heads()}
    known = {device_id for (device_id,) in server_rows(world, "SELECT id FROM device WHERE state = 'active'")}
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
    for exchange in world.server.exchanges:
        assert SECRET.encode() not in exchange.reply.body, "I5: a customer's data were sent to a device"
    driver = world.factory.people["driver"].id
    drivers = {device_of(tablet) for tablet in world.tablets if tablet.worker == "driver"}
    # Of a device and its copy one may have been enrolled anew since: the other one is the driver's still.
    drivers |= {
        device_id for device_id, owner in server_rows(world, "SELECT id, person_id FROM device") if owner == driver
    }
    for tablet in world.tablets:
        texts = tablet.store.connection.exec_driver_sql("SELECT scope, body FROM mirror_row").all()
        for scope, body in texts:
            assert SECRET not in body, "I5: a customer's data are on a device"
            is_trip = str(scope).startswith("trip:")
            assert is_trip or TRIP_SECRET not in body, f"I5: a trip's address travelled in {scope}"
            assert not is_trip or device_of(tablet) in drivers, "I5: a trip is on the device of somebody else"


def _nothing_is_built_twice(world: World) -> None:
    """I3: no checksum ever failed to fit: that a device makes up for it would only hide why."""
    for exchange in world.server.exchanges:
        if exchange.ask.path == PULL_PATH:
            rebuilt = json.loads(exchange.ask.body).get("rebuilt")
            assert not rebuilt, f"I3: what a device held of {rebuilt} did not fit its checksum"


def _retired_are_off_the_floor(world: World) -> None:
    """I5: what is done with travels on no floor."""
    retired = {row_id for (row_id,) in server_rows(world, RETIRED)}
    shown = server_rows(world, "SELECT scope, entity_id FROM feed_entry WHERE op = 'put' AND scope LIKE 'floor:%'")
    for scope, entity_id in shown:
        assert entity_id not in retired, f"I5: {entity_id} is retired and still on {scope}"


def _floors_are_ones_own(world: World) -> None:
    """I5: a device holds the floor where it stands and no other; a driver's phone holds none."""
    driver = world.factory.people["driver"].id
    sites = dict(server_rows(world, "SELECT id, site_id FROM station"))
    devices = {
        device_id: () if person_id == driver else (f"floor:{sites.get(station_id, site_id)}",)
        for device_id, site_id, station_id, person_id in server_rows(
            world, "SELECT id, site_id, station_id, person_id FROM device WHERE state = 'active'"
        )
    }
    for tablet in world.tablets:
        allowed = devices.get(device_of(tablet) or "")
        if allowed is None:
            continue
        held = {scope for (scope,) in device_rows(tablet, "SELECT scope FROM scope_cursor")}
        foreign = {scope for scope in held if scope.startswith("floor:")} - set(allowed)
        assert not foreign, f"I5: device {tablet.number} holds {foreign}"
