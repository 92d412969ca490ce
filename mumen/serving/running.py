"""The real services of this process: clock, randomness, a migrated database and the server's identity."""

import gc
import secrets
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from mumen.settings import BY_NAME, Settings, SettingWrong
from shared.mint import RandomMint
from sync_server.jobs import JobRunner
from sync_server.migrations import migrate, refuse_newer_file
from sync_server.printing.spool import Spool
from sync_server.services import Services
from sync_server.storage.blobs import BlobStore
from sync_server.storage.database import Database
from sync_server.storage.meta import ensure_identity

SECRET_BYTES = 32
OBJECTS_UNTIL_COLLECTION = 50_000


def now_us() -> int:
    """UTC microseconds."""
    return time.time_ns() // 1_000


def calm_garbage_collector() -> None:
    """For a process that serves: what is loaded by now stays, so the collector need not look through it ever again.

    A push makes some hundred objects a command and next to no cycles; collecting after every 700 took a tenth of it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_UNTIL_COLLECTION, 20, 50)


@contextmanager
def jobs_running(services: Services) -> Generator[None, None, None]:
    """Does what falls due while the block runs."""
    runner = JobRunner(services)
    runner.start()
    try:
        yield
    finally:
        runner.stop()


@contextmanager
def spool_running(services: Services, settings: Settings) -> Generator[None, None, None]:
    """Sends to the label printers what waits for them while the block runs."""
    spool = Spool(services, settings.build_dir / "fonts", settings.data_dir)
    spool.start()
    try:
        yield
    finally:
        spool.stop()


@contextmanager
def open_services(settings: Settings, *, is_demo: bool = False) -> Generator[Services, None, None]:
    """Opens and migrates the database; closes it afterwards. Raises a `StartFault` where it must not be opened."""
    ensure_writable(settings.data_dir, "data_dir")
    database = open_database(settings.database_url)
    try:
        migrate(database.engine)
        identity = database.write(lambda session: ensure_identity(session, secrets.token_bytes(SECRET_BYTES))).result()
        mint = RandomMint(now_us, secrets.randbits)
        blobs = BlobStore(settings.data_dir / "photos")
        public_url = settings.public_url or settings.local_url
        yield Services(database, identity, now_us, mint, public_url, is_demo, blobs=blobs)
    finally:
        database.close()


def ensure_writable(folder: Path, name: str) -> None:
    """Makes the folder of the setting `name`, and a file in it for a moment. Raises `SettingWrong`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        if folder.exists() and not folder.is_dir():
            zh, en = f"要是一个文件夹，{folder} 是文件。", f"must be a folder; {folder} is a file."
        else:
            zh = f"这个文件夹不能写入：{folder}（{error.strerror}）。请换一个，或改它的权限。"
            en = f"is a folder that cannot be written to: {folder} ({error.strerror}). Choose another or permit it."
        raise SettingWrong(BY_NAME[name].where, zh, en) from error


def open_database(url: str) -> Database:
    """A database that answers. Raises `SettingWrong`, which never shows a password."""
    named = make_url(url)
    if named.drivername == "sqlite":
        refuse_newer_file(Path(named.database or ""))
    database = None
    try:
        database = Database(url)
        database.engine.connect().close()
    except (DBAPIError, OSError) as error:
        if database is not None:
            database.close()
        shown = named.render_as_string(hide_password=True)
        reason = str(error.orig if isinstance(error, DBAPIError) else error.strerror).strip().partition("\n")[0]
        raise SettingWrong(
            BY_NAME["database_url"].where,
            f"连不上数据库 {shown}：{reason}。请检查地址，以及数据库是否在运行。",
            f"does not lead to a database: {shown}: {reason}. Check the address, and whether the database runs.",
        ) from error
    return database
