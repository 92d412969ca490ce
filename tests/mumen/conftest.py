"""A demo factory and a backup of it, made once: making them takes its time."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from shared.canonical import sha256_hex
from sync_server.backup.shape import photo_member
from tests.mumen.site import Site

PHOTO = b"not really a picture, but nobody looks"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a demo factory in `data` and a backup of it."""
    folder = tmp_path_factory.mktemp("made")
    site = Site(folder / "data")
    assert site.run("demo").returncode == 0
    lay_photo(site.data_dir, PHOTO)
    assert site.run("backup", "--out", str(folder / "backup.zip")).returncode == 0
    return folder


@pytest.fixture
def site(made: Path, tmp_path: Path) -> Site:
    """A demo factory that nobody has worked in yet."""
    shutil.copytree(made / "data", tmp_path / "data")
    return Site(tmp_path / "data")


@pytest.fixture
def backup(made: Path, tmp_path: Path) -> Path:
    """A backup of the demo factory."""
    return Path(shutil.copy(made / "backup.zip", tmp_path / "backup.zip"))


def lay_photo(data_dir: Path, content: bytes) -> Path:
    """A photograph that has arrived: its bytes, and the row that says so."""
    file = data_dir / photo_member(sha256_hex(content))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    with closing(sqlite3.connect(data_dir / "mumen.db")) as connection, connection:
        connection.execute(
            "INSERT INTO blob (sha256, byte_count, media_type, stored_at_us) VALUES (?, ?, 'image/jpeg', 1)",
            (sha256_hex(content), len(content)),
        )
    return file
