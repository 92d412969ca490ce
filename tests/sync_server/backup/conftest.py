"""A factory with some history, and backups of it."""

from pathlib import Path

import pytest

from sync_server.backup.shape import Manifest
from sync_server.storage.database import Database
from tests.factory import Factory
from tests.sync_server.backup.samples import BackUp, work, written
from tests.sync_server.server import Server


@pytest.fixture
def server(database: Database) -> Server:
    """A server with master data, a released order, and scans of its pieces by a tablet."""
    server = Server(database, Factory())
    server.system(server.factory.master_data())
    work(server, quantity=3)
    return server


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def back_up(tmp_path: Path, data_dir: Path) -> BackUp:
    """Writes a backup of a database under this name."""

    def write(database: Database, name: str = "backup.zip") -> tuple[Path, Manifest]:
        out = tmp_path / name
        return out, database.read(lambda session: written(session, out, data_dir))

    return write
