"""A real server whose disk is full: it says so and goes on answering, and a tablet keeps what it could not take."""

import random
import resource
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

import httpx2
import pytest
from fastapi.testclient import TestClient

from sync_server.migrations import migrate
from sync_server.storage.database import Database
from tests.factory import Factory
from tests.mumen.site import Site
from tests.simulation.world import World, run
from tests.sync_server.server import Server

pytestmark = pytest.mark.slow
UNLIMITED = resource.RLIM_INFINITY


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "data")


@pytest.fixture
def world(site: Site) -> Iterator[World]:
    """A factory whose server is about to run as a process over the same file."""
    with closing(Database(f"sqlite:///{site.data_dir / 'mumen.db'}")) as database:
        migrate(database.engine)
        server = Server(database, Factory())
        server.factory.clock.now = time.time_ns() // 1_000
        server.system(server.factory.master_data())
        with closing(World(server, site.data_dir.parent, random.Random(3))) as world:
            yield world


def let_grow(pid: int, most_bytes: int) -> None:
    """How large that process's files may become: what a full disk is to a program."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most_bytes, UNLIMITED))


def test_nothing_is_lost_and_everything_goes_on_when_there_is_room_again(site: Site, world: World) -> None:
    pieces = world.server.released(10)
    with site.serving() as process, httpx2.Client(base_url=f"http://localhost:{site.port}") as client:
        world.client = cast("TestClient", client)  # another of the same make, over a real socket
        tablet = world.tablet()
        run(tablet.engine.sync_once())
        tablet.work_at("CUT", "张伟")
        assert all(tablet.engine.on_code(world.server.code_of(piece)).is_recorded for piece in pieces)

        let_grow(process.pid, 1)
        for _ in range(3):
            assert not run(tablet.engine.sync_once())
            assert tablet.engine.sync_state.retry_after_s
            assert tablet.engine.waiting().effects == len(pieces)
        refused = client.post("/sign-in", data={"number": "9001", "password": "wrong"})
        assert (refused.status_code, int(refused.headers["Retry-After"]) > 0) == (503, True)
        assert "还没有保存" in refused.text
        assert client.get("/healthz").json()["status"] == "ok"

        let_grow(process.pid, UNLIMITED)
        assert run(tablet.engine.sync_once())
        assert tablet.engine.waiting().effects == 0
        done = [entry.kind for piece in pieces for entry in world.server.events(piece.id) if entry.device_id]
        assert done == ["operation_completed"] * len(pieces)
