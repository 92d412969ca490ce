"""`mumen backup`: the whole database and its photographs in one file, while the server goes on working."""

import argparse
from collections.abc import Generator, Iterable
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx2
from sqlalchemy.exc import SQLAlchemyError

from mumen.commands.command import Command
from mumen.progress import Bytes
from mumen.serving.control import Control, connected, find_control, is_answering
from mumen.serving.owner import sqlite_file
from mumen.serving.running import now_us, open_database
from mumen.settings import Settings
from mumen.voice import say, warn
from sync_server.api.control import PREFIX
from sync_server.backup.faults import BackupFault, NothingToBackUp
from sync_server.backup.files import write_backup
from sync_server.backup.shape import Manifest
from sync_server.backup.write import archive_pieces
from sync_server.errors import NotNow

FOLDER = "backups"
OK = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="file to write (DATA_DIR/backups/mumen-TIME.zip) / 写到哪个文件"
    )


def run(settings: Settings, chosen: argparse.Namespace) -> int:
    """Writes a backup, by way of the running server where there is one. Raises a `StartFault`."""
    out: Path = chosen.out.absolute() if chosen.out else default_file(settings, "mumen")
    control = _running_server(settings)
    if control is None:
        back_up_here(settings, out)
    else:
        # It knows which database it serves, whatever this command's own environment says.
        with _answer_of(control) as pieces:
            _write(out, pieces)
    return 0


def default_file(settings: Settings, name: str) -> Path:
    """A file named after this moment, in UTC, below the data folder."""
    return settings.data_dir / FOLDER / f"{name}-{stamp(now_us())}.zip"


def stamp(time_us: int) -> str:
    """A moment as it stands in the names of files."""
    return datetime.fromtimestamp(time_us // 1_000_000, UTC).strftime("%Y%m%d-%H%M%S")


def back_up_here(settings: Settings, out: Path) -> None:
    """Reads the database itself; for when no server runs. Raises a `StartFault`."""
    file = sqlite_file(settings.database_url)
    if file is not None and not file.exists():
        raise NothingToBackUp
    try:
        with closing(open_database(settings.database_url)) as database, database.snapshot() as session:
            _write(out, archive_pieces(session, settings.data_dir, now_us()))
    except (NotNow, SQLAlchemyError) as error:
        raise BackupFault(
            "数据库读不出来，没有备份。", "The database cannot be read; nothing was backed up."
        ) from error


def _running_server(settings: Settings) -> Control | None:
    """The server that uses this data folder now. Raises `BackupFault` where it belongs to somebody else."""
    try:
        control = find_control(settings.data_dir)
    except PermissionError as error:
        raise BackupFault(
            "服务器由另一个用户运行：请用同一个用户执行这条命令。",
            "The server runs as another user; run this command as the same one.",
        ) from error
    return control if control is not None and is_answering(control) else None


def _write(out: Path, pieces: Iterable[bytes]) -> None:
    """Writes the file and says what is in it, and what is not."""
    manifest = write_backup(out, pieces, Bytes())
    size_mb = out.stat().st_size / 1_000_000
    say(f"已备份并核对 Backed up and checked: {out}")
    say(f"  {manifest.rows} 行 rows, {manifest.photos.count} 张照片 photos, {size_mb:.1f} MB")
    _warn_of_missing(manifest)


def _warn_of_missing(manifest: Manifest) -> None:
    if manifest.photos.missing:
        count = len(manifest.photos.missing)
        warn(
            f"{count} 张照片的文件不在磁盘上或已损坏，备份里没有。\n"
            f"The files of {count} photographs are not on the disk, or damaged; they are not in the backup."
        )


@contextmanager
def _answer_of(control: Control) -> Generator[Iterable[bytes], None, None]:
    try:
        with connected(control) as client, client.stream("POST", f"{PREFIX}/backup") as answer:
            if answer.status_code != OK:
                raise _not_answered(f"HTTP {answer.status_code}")
            yield answer.iter_bytes()
    except httpx2.TransportError as error:
        raise _not_answered(str(error)) from error


def _not_answered(reason: str) -> BackupFault:
    return BackupFault(
        f"服务器没有给出完整的备份（{reason}），没有写成文件。请再试一次。",
        f"The server did not deliver a whole backup ({reason}); no file was written. Try again.",
    )


COMMAND = Command("backup", "write database and photographs into one file / 备份", run, add_arguments)
