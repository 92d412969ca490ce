"""Files that come into being whole or not at all: a backup, and what a restore puts on the disk."""

import contextlib
import errno
import os
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

from sync_server.backup.faults import BackupFault, NoRoom
from sync_server.backup.read import check_archive
from sync_server.backup.shape import Manifest

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def write_backup(out: Path, pieces: Iterable[bytes], tell: Callable[[int], None]) -> Manifest:
    """Writes an archive and gives what it holds, after it was read again and found right.

    `tell` hears how many bytes there are so far. Raises a `BackupFault`; then there is no file, whole or half.
    """
    if out.exists():
        raise BackupFault(f"已经有这个文件了：{out}。请换一个名字。", f"{out} exists already; choose another name.")
    with _told_what_is_wrong(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(out, _told(pieces, tell)) as partial:
            return check_archive(partial)


@contextmanager
def written_whole(file: Path, pieces: Iterable[bytes]) -> Generator[Path, None, None]:
    """Writes beside the file's place; only where the block finds nothing wrong with it, it goes there, durably.

    Only its owner may read it: a backup holds customers' names and everybody's PIN hashes.
    """
    partial = file.with_name(f".{file.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            for piece in pieces:
                opened.write(piece)
            opened.flush()
            os.fsync(opened.fileno())
        yield partial
        partial.replace(file)
        sync_folder(file.parent)
    finally:
        partial.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """A new name is on the disk when its folder is, where the system can be asked for that."""
    with contextlib.suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def is_no_room(error: OSError) -> bool:
    """Whether the disk is full, or as good as."""
    return error.errno in _NO_ROOM


def _told(pieces: Iterable[bytes], tell: Callable[[int], None]) -> Generator[bytes, None, None]:
    size = 0
    for piece in pieces:
        yield piece
        size += len(piece)
        tell(size)


@contextmanager
def _told_what_is_wrong(out: Path) -> Generator[None, None, None]:
    try:
        yield
    except OSError as error:
        if is_no_room(error):
            raise NoRoom(
                f"磁盘空间不够，没有写成备份 {out}，也没有留下半个文件。请腾出空间，或用 --out 换一个磁盘。",
                f"The disk is full: the backup {out} was not written, and no half file is left. Make room, or choose "
                "another disk with --out.",
            ) from error
        raise BackupFault(f"写不了 {out}：{error.strerror}。", f"{out} cannot be written: {error.strerror}.") from error
