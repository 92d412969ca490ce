"""A tablet that lay in a drawer: a store of the first version with 5,000 commands, opened by today's app."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from mobile.device_engine import DeviceEngine
from mobile.store.database import Store
from mobile.store.migrations import MIGRATIONS
from mobile.store.tables import Identity
from shared.canonical import canonical_json, sha256_hex
from shared.schemas.door import Piece
from shared.schemas.sync import FIRST_PREVIOUS_HASH, Envelope
from sync_server.tables import CommandLogRow
from tests.simulation.world import Tablet, World, run

QUEUED = 5_000
FIRST_VERSION = 1
ENTRY = """INSERT INTO outbox_entry (incarnation, n, envelope, piece_id, event_time_us, is_waiting, is_repeat,
    is_overlaid, outcome, verdict, is_seen) VALUES (?, ?, ?, ?, ?, 1, 0, 1, ?, NULL, 1)"""
SHOWN = '{"tone":"ok","code":"completed"}'


def first_version_of(command: dict[str, Any], number: int) -> dict[str, Any]:
    """Every seventh command is an inspection as the first app wrote it."""
    if number % 7:
        return command
    inspected = {"type": "record_inspection", "operation_number": 60, "outcome": "pass", "reason": ""}
    return command | inspected


def queue(world: World, tablet: Tablet, pieces: list[Piece]) -> list[tuple[object, ...]]:
    """The outbox's rows, chained as that app chained them."""
    engine = tablet.engine
    assert engine.people.worker is not None
    assert engine.station is not None
    identity = identity_of(tablet)
    codes = {piece.id: world.server.code_of(piece) for piece in pieces}
    previous, rows = FIRST_PREVIOUS_HASH, list[tuple[object, ...]]()
    for n in range(1, QUEUED + 1):
        piece = pieces[n % len(pieces)]
        about = {"piece_id": piece.id, "label_code": codes[piece.id], "operation_number": 10, "loop_number": 0}
        command = first_version_of({"type": "complete_operation", "version": 1} | about, n)
        envelope = Envelope(
            n=n,
            command=command,
            worker_id=engine.people.worker.id,
            station_id=engine.station.id,
            event_time_us=world.clock.now + n,
            event_offset_min=480,
            monotonic_us=n,
            was_offline=True,
            prev_hash=previous,
        )
        text = canonical_json(envelope.model_dump(mode="json")).decode()
        previous = sha256_hex(text.encode())
        rows.append((identity.incarnation, n, text, piece.id, envelope.event_time_us, SHOWN))
    return rows


def identity_of(tablet: Tablet) -> Identity:
    store = tablet.engine._store  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    return Identity(**store.connection.execute(select(Identity)).mappings().one())


def store_of_the_first_version(path: Path, identity: Identity, rows: list[tuple[object, ...]]) -> None:
    known = {name: getattr(identity, name) for name in ("incarnation", "device_id", "device_name", "site_id", "nonce")}
    with closing(sqlite3.connect(path)) as connection:
        for statement in MIGRATIONS[0]:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {FIRST_VERSION}")
        connection.executemany("INSERT INTO setting VALUES (?, ?)", [*known.items(), ("server_epoch", "1")])
        connection.executemany(ENTRY, rows)
        connection.commit()


@pytest.mark.slow
def test_everything_arrives_once_and_in_order(world: World) -> None:
    pieces = world.server.released(quantity=50)
    tablet = world.tablet()
    run(tablet.engine.sync_once())
    # The station is looked up, not bound: what binds it would be this device's first command.
    station = next(s for s in tablet.engine.stations() if s.code == "S-CUT")
    tablet.engine = DeviceEngine(tablet.platform, at_station(tablet, station.id), tablet.platform.clock)
    tablet.sign_in("张伟")
    identity, rows = identity_of(tablet), queue(world, tablet, pieces)
    tablet.engine.close()

    path = tablet.platform.path.with_name("drawer.db")
    store_of_the_first_version(path, identity, rows)
    tablet.engine = DeviceEngine(tablet.platform, Store(str(path)), tablet.platform.clock)
    assert tablet.engine.waiting().effects == QUEUED
    world.clock.now += 1_000_000
    while run(tablet.engine.sync_once()):
        assert tablet.engine.sync_state.problem is None

    assert tablet.engine.waiting().effects == 0
    query = (
        select(col(CommandLogRow.n)).where(col(CommandLogRow.origin).like("device:%")).order_by(col(CommandLogRow.n))
    )
    numbers = world.server.database.read(lambda session: list(session.execute(query).scalars()))
    assert numbers == list(range(1, QUEUED + 1))
    done = Counter(event.kind for piece in pieces for event in world.server.events(piece.id))
    assert done["operation_completed"] == len(pieces)
    assert all(entry.outcome.is_synced for entry in tablet.engine.verdicts.recent(QUEUED))


def at_station(tablet: Tablet, station_id: str) -> Store:
    """The same store, which stands at this station."""
    tablet.engine.close()
    with closing(sqlite3.connect(tablet.platform.path)) as connection:
        connection.execute("INSERT INTO setting VALUES ('station_id', ?)", (station_id,))
        connection.commit()
    return Store(str(tablet.platform.path))
