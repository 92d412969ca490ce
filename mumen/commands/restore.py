"""`mumen restore`: an empty database filled from a backup, or another one replaced by it."""

import argparse
from contextlib import closing
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from mumen.commands.backup import back_up_here, default_file, stamp
from mumen.commands.command import Command
from mumen.progress import Rows
from mumen.serving.owner import Owned, sole_owner, sqlite_file
from mumen.serving.running import ensure_writable, now_us, open_database
from mumen.settings import Settings
from mumen.voice import say, warn
from sync_server.backup.faults import BackupFault, NoRoom, ServerRuns
from sync_server.backup.files import is_no_room
from sync_server.backup.read import check_archive
from sync_server.backup.restore import Present, Restored, fill, next_epoch, present, refuse_filled, refuse_used
from sync_server.backup.shape import Manifest
from sync_server.backup.swap import put_in_place, staging_of
from sync_server.errors import NotNow, StorageFull
from sync_server.storage.database import Database
from sync_server.storage.faults import as_not_now


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which backup, and whether something may be in its place."""
    parser.add_argument("file", type=Path, help="a file that `mumen backup` has written / 备份文件")
    parser.add_argument(
        "--replace", action="store_true", help="put it in the place of a database that holds data / 替换已有数据"
    )


def run(settings: Settings, chosen: argparse.Namespace) -> int:
    """Restores a backup; a database that it replaces is kept. Raises a `StartFault`."""
    path: Path = chosen.file
    ensure_writable(settings.data_dir, "data_dir")
    file = sqlite_file(settings.database_url)
    try:
        with sole_owner(settings.database_url):
            say("核对备份 Checking the backup")
            manifest = check_archive(path)
            if file is not None:
                restored = _into_sqlite(settings, file, path, manifest, may_replace=chosen.replace)
            else:
                restored = _into_postgres(settings, path, manifest, may_replace=chosen.replace)
    except Owned as owned:
        raise ServerRuns from owned
    except (OSError, NotNow, SQLAlchemyError) as error:
        raise _failed(error) from error
    _tell(restored)
    return 0


def _into_sqlite(settings: Settings, file: Path, path: Path, manifest: Manifest, *, may_replace: bool) -> Restored:
    """Builds the new file beside the old one, and lets it take its place when it is whole."""
    now = _present_in(file)
    refuse_filled(now, may_replace=may_replace)
    epoch = next_epoch(max(now.epoch, manifest.server_epoch), now_us())
    staging = staging_of(file)
    try:
        with closing(Database(f"sqlite:///{staging}")) as database:
            restored = fill(database, path, settings.data_dir, epoch, now_us(), Rows())
        aside = put_in_place(staging, file, stamp(now_us()), keeps_old=now.has_rows)
    finally:
        staging_of(file)
    if aside is not None:
        say(f"原来的数据库 The former database: {aside}")
    return restored


def _present_in(file: Path) -> Present:
    """What is in a SQLite file; one that cannot be read may hold anything."""
    if not file.exists():
        return Present(0, has_rows=False)
    try:
        with closing(Database(f"sqlite:///{file}")) as database:
            return present(database)
    except SQLAlchemyError:
        warn(f"{file} 读不出来。\n{file} cannot be read.")
        return Present(0, has_rows=True)


def _into_postgres(settings: Settings, path: Path, manifest: Manifest, *, may_replace: bool) -> Restored:
    """In one transaction; what is replaced is backed up first."""
    with closing(open_database(settings.database_url)) as database:
        refuse_used(database)
        now = present(database)
        refuse_filled(now, may_replace=may_replace)
        if now.has_rows:
            say("先备份现有的数据 Backing up what is there now")
            back_up_here(settings, default_file(settings, "before-restore"))
        epoch = next_epoch(max(now.epoch, manifest.server_epoch), now_us())
        return fill(database, path, settings.data_dir, epoch, now_us(), Rows())


def _failed(error: Exception) -> BackupFault:
    if (isinstance(error, OSError) and is_no_room(error)) or isinstance(as_not_now(error), StorageFull):
        return NoRoom(
            "磁盘空间不够，没有恢复，原来的数据没有改动。请腾出空间再试。",
            "The disk is full: nothing was restored, and what was there is unchanged. Make room and try again.",
        )
    reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    return BackupFault(
        f"没有恢复，原来的数据没有改动：{reason}", f"Nothing was restored, and what was there is unchanged: {reason}"
    )


def _tell(restored: Restored) -> None:
    say(f"已恢复并核对 Restored and checked: {restored.rows} 行 rows, {restored.photos} 张照片 photos")
    if restored.found:
        say(f"  另外找回 {restored.found} 张照片 photographs found on the disk besides")
    if restored.missing:
        warn(
            f"{restored.missing} 张照片的文件找不到了。\n"
            f"The files of {restored.missing} photographs are nowhere to be found."
        )
    say(
        "  启动服务器后，设备会自动补传备份之后的记录；办公室人员要重新登录；备份之后登记的设备要重新登记。\n"
        "  Start the server: devices send again by themselves what they recorded after the backup, people in the "
        "office sign in again, and devices that were enrolled after the backup are enrolled anew."
    )


COMMAND = Command("restore", "fill the database from a backup / 从备份恢复", run, add_arguments)
