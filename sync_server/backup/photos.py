"""Photographs' bytes at a restore: from the backup into the data folder, and what lies there already."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from sqlalchemy import Connection, insert, select, update

from sync_server.backup.files import written_whole
from sync_server.backup.read import photos_in
from sync_server.backup.shape import PHOTOS, photo_member
from sync_server.tables import METADATA

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Settled:
    """Files that the backup did not know of and that are what their names say; and rows whose file is nowhere."""

    found: int
    missing: int


def extract(archive: ZipFile, data_dir: Path) -> int:
    """Writes the backup's photographs that are not here yet; how many the backup has."""
    hashes = photos_in(archive)
    for sha256 in hashes:
        file = data_dir / photo_member(sha256)
        if not is_whole(file):
            file.parent.mkdir(parents=True, exist_ok=True)
            with written_whole(file, [archive.read(photo_member(sha256))]):
                pass
    return len(hashes)


def settle(connection: Connection, data_dir: Path, now_us: int) -> Settled:
    """Lets the table of bytes say what is on the disk.

    A photograph that was taken after the backup lies here while nothing speaks of it. Its device sends word of it
    again, but may have let go of the bytes: they are found again by their hash.
    """
    blob = METADATA.tables["blob"]
    rows = connection.execute(select(blob.c.sha256, blob.c.stored_at_us)).all()
    stored = {sha256 for sha256, stored_at_us in rows if stored_at_us is not None}
    missing = sorted(sha256 for sha256 in stored if not (data_dir / photo_member(sha256)).is_file())
    for sha256 in missing:
        connection.execute(update(blob).where(blob.c.sha256 == sha256).values(stored_at_us=None))
    expected, found = {sha256 for sha256, _ in rows} - stored, 0
    for file in sorted((data_dir / PHOTOS).glob("*/*")):
        if file.name in stored or not is_whole(file):
            continue
        here = {"byte_count": file.stat().st_size, "stored_at_us": now_us}
        if file.name in expected:
            connection.execute(update(blob).where(blob.c.sha256 == file.name).values(here))
        else:
            connection.execute(insert(blob).values(sha256=file.name, media_type="", **here))
        found += 1
    return Settled(found, len(missing))


def is_whole(file: Path) -> bool:
    """Whether the file is here, named by a hash, and what its name says."""
    if not _HASH.fullmatch(file.name) or not file.is_file():
        return False
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest() == file.name
