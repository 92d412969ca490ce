"""A world for each test, on each database."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_server.storage.database import Database
from tests.factory import Factory
from tests.simulation.world import World
from tests.sync_server.server import Server


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Iterator[World]:
    """A factory with master data and no tablets yet."""
    server = Server(database, Factory())
    server.system(server.factory.master_data())
    world = World(server, tmp_path, random.Random(11))
    yield world
    world.close()
