"""Photographs' bytes as files: `ab/<sha256>` for what is whole and checked, `parts/<upload>` for what is on its way.

Several server processes may share the folder. A file under its hash is never changed, only put there whole.
"""

import hashlib
import logging
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

LOG = logging.getLogger(__name__)
PARTS = "parts"
CAN_SYNC_FOLDERS = hasattr(os, "O_DIRECTORY")


class PartLost(Exception):  # noqa: N818 - what it says
    """The bytes that an upload counts on are not here: its file was cleared away, or the server was restored."""


class BlobStore:
    """Owns one folder; makes it when the first bytes come. Every method may raise `OSError` where it writes."""

    def __init__(self, folder: Path) -> None:
        """Keep everything below this folder, which has to lie on one file system."""
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where the bytes of this hash (64 hex digits) lie, or would lie."""
        assert len(sha256) == 64, "a name that is no hash would lead out of the folder"
        assert sha256.isalnum(), "the same"
        return self.folder / sha256[:2] / sha256

    def append(self, upload_id: str, offset: int, chunk: bytes) -> None:
        """Puts the chunk at this offset of a part, in place of whatever came there before. Raises `PartLost`."""
        part = self._part(upload_id)
        part.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(part, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0) as file:  # noqa: PTH123
            if os.fstat(file.fileno()).st_size < offset:
                raise PartLost
            file.seek(offset)
            _write_all(file.fileno(), chunk)
            file.truncate(offset + len(chunk))

    def part_size(self, upload_id: str) -> int:
        """How many bytes of this upload are here."""
        try:
            return self._part(upload_id).stat().st_size
        except FileNotFoundError:
            return 0

    def finish(self, upload_id: str, sha256: str) -> bool:
        """Moves a part to its place, durably; False, and the part is gone, where its bytes have another hash.

        Where the bytes are here already, they stay as they are.
        """
        part, target = self._part(upload_id), self.path(sha256)
        with part.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                part.unlink()
                return False
            os.fsync(file.fileno())
        if self.read(sha256) is not None:
            part.unlink()
        else:
            target.parent.mkdir(exist_ok=True)
            part.replace(target)
        _sync_folder(target.parent)
        _sync_folder(self.folder)
        return True

    def discard(self, upload_id: str) -> None:
        """Clears away what came of this upload."""
        with suppress(FileNotFoundError):
            self._part(upload_id).unlink()

    def read(self, sha256: str) -> bytes | None:
        """The bytes of this hash, checked anew; None where they are not here, or are not what they were."""
        path = self.path(sha256)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError:
            LOG.exception("%s cannot be read", path)
            return None
        if hashlib.sha256(content).hexdigest() == sha256:
            return content
        LOG.error("%s is damaged: its bytes do not fit its name", path)
        return None

    def clear_strays(self, known: Iterable[str], before_us: int) -> int:
        """Clears away parts that no upload knows and that nobody wrote to since then; how many they were."""
        folder, kept = self.folder / PARTS, set(known)
        strays = 0
        for part in folder.iterdir() if folder.is_dir() else ():
            with suppress(FileNotFoundError):  # another process was quicker
                if part.name not in kept and part.stat().st_mtime_ns < before_us * 1_000:
                    part.unlink()
                    strays += 1
        return strays

    def _part(self, upload_id: str) -> Path:
        return self.folder / PARTS / upload_id


def _write_all(descriptor: int, content: bytes) -> None:
    """A full disk may take half of it and say so only at the next try."""
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]


def _sync_folder(folder: Path) -> None:
    """A name is on the disk when its folder is."""
    if CAN_SYNC_FOLDERS:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
