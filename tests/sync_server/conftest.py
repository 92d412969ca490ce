"""A server with master data, on each database."""

import pytest

from sync_server.storage.database import Database
from tests.factory import Factory
from tests.sync_server.server import Server


@pytest.fixture
def server(database: Database) -> Server:
    """The real intake and feed over a real database, with the test factory's master data."""
    server = Server(database, Factory())
    server.system(server.factory.master_data())
    return server
