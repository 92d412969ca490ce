"""A factory with some history, backups of it, and backups that somebody has spoilt."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session

from shared.canonical import sha256_hex
from sync_server.backup.files import write_backup
from sync_server.backup.shape import Manifest, member_of, photo_member
from sync_server.backup.write import archive_pieces
from sync_server.storage.database import Database
from sync_server.tables import METADATA
from tests.sync_server.server import Server

NOW_US = 1_795_000_500_000_000
BackUp = Callable[[Database, str], tuple[Path, Manifest]]


def work(server: Server, quantity: int) -> None:
    """An order of so many doors, the first operation of each of its pieces done."""
    pieces = server.released(quantity)
    tablet = server.device()
    for piece in pieces:
        tablet.scan(piece)
    tablet.push()


def written(session: Session, out: Path, data_dir: Path) -> Manifest:
    """A backup of what this snapshot sees."""
    return write_backup(out, archive_pieces(session, data_dir, NOW_US), lambda _: None)


def rows_of(path: Path, table: str) -> list[dict[str, object]]:
    """A table's rows as they stand in a backup."""
    with zipfile.ZipFile(path) as archive:
        return [json.loads(line) for line in archive.read(member_of(table)).splitlines()]


def lay(data_dir: Path, content: bytes) -> Path:
    """A photograph's file where the server keeps it."""
    file = data_dir / photo_member(sha256_hex(content))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def put_blobs(database: Database, contents: list[bytes]) -> None:
    """The rows that say that these bytes are here."""
    rows = [
        {"sha256": sha256_hex(one), "byte_count": len(one), "media_type": "image/jpeg", "stored_at_us": 5}
        for one in contents
    ]
    database.write(lambda session: session.execute(METADATA.tables["blob"].insert(), rows)).result()


def rewritten(source: Path, target: Path, member: str, edit: Callable[[list[bytes]], list[bytes]]) -> Path:
    """The same archive, whole as a zip, with the lines of one member changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == member:
                content = b"".join(line + b"\n" for line in edit(content.splitlines()))
            new.writestr(name, content)
    return target
