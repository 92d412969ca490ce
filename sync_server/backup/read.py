"""A backup that is read: to its end, to see that it is what was written, and then table by table."""

import errno
import hashlib
import json
import struct
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from sync_server.backup.faults import BackupDamaged, BackupFault, BackupNewer
from sync_server.backup.shape import FORMAT, MANIFEST, PHOTOS, Manifest, TableSum, member_of, photo_member
from sync_server.migrations import is_known

CHUNK_BYTES = 1_000_000
_NOT_A_ZIP = (
    *(BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, OverflowError),
    *(KeyError, TypeError, ValueError),
)
"""What a damaged file makes of `zipfile`, and then of what is read from it."""


def check_archive(path: Path) -> Manifest:
    """Reads a whole backup and gives what it holds. Raises `BackupNewer`, `BackupDamaged` or another `BackupFault`."""
    with opened_archive(path) as (archive, manifest):
        for table, expected in manifest.tables.items():
            if _table_sum(archive, table) != expected:
                raise BackupDamaged(member_of(table))
        photos = photos_in(archive)
        for sha256 in photos:
            if _digest(archive, photo_member(sha256)) != sha256:
                raise BackupDamaged(photo_member(sha256))
        if len(photos) != manifest.photos.count:
            raise BackupDamaged(PHOTOS)
        return manifest


@contextmanager
def opened_archive(path: Path) -> Generator[tuple[ZipFile, Manifest], None, None]:
    """A backup to read from. Raises as `check_archive` does, also where a part of it turns out to be damaged."""
    try:
        with ZipFile(path) as archive:
            yield archive, _manifest_of(archive)
    except FileNotFoundError as error:
        if error.filename != str(path):
            raise
        raise BackupFault(f"没有这个文件：{path}", f"There is no file {path}.") from error
    except _NOT_A_ZIP as error:
        raise BackupDamaged(path.name) from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place that is not in the file
            raise
        raise BackupDamaged(path.name) from error


def table_lines(archive: ZipFile, table: str) -> Iterator[bytes]:
    """The rows of a table as lines."""
    with archive.open(member_of(table)) as member:
        yield from member


def photos_in(archive: ZipFile) -> list[str]:
    """The hashes of the photographs in a backup."""
    return [name.rpartition("/")[2] for name in archive.namelist() if name.startswith(f"{PHOTOS}/")]


def _manifest_of(archive: ZipFile) -> Manifest:
    raw = archive.read(MANIFEST)
    written_format = json.loads(raw)["format"]
    if written_format > FORMAT:
        raise BackupNewer(f"format {written_format}")
    manifest = Manifest.model_validate_json(raw)
    if not is_known(manifest.revision):
        raise BackupNewer(manifest.revision)
    return manifest


def _table_sum(archive: ZipFile, table: str) -> TableSum:
    digest, rows = hashlib.sha256(), 0
    with archive.open(member_of(table)) as member:
        while chunk := member.read(CHUNK_BYTES):
            digest.update(chunk)
            rows += chunk.count(b"\n")
    return TableSum(rows=rows, sha256=digest.hexdigest())


def _digest(archive: ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as member:
        while chunk := member.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
