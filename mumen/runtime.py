"""The real services of this process: clock, randomness, a migrated database and the server's identity."""

import secrets
import time
from collections.abc import Generator
from contextlib import contextmanager

from mumen.settings import Settings
from shared.mint import RandomMint
from sync_server.database import Database
from sync_server.meta import ensure_identity
from sync_server.migrations import migrate
from sync_server.services import Services

SECRET_BYTES = 32


def now_us() -> int:
    """UTC microseconds."""
    return time.time_ns() // 1_000


@contextmanager
def open_services(settings: Settings, *, is_demo: bool = False) -> Generator[Services, None, None]:
    """Opens and migrates the database; closes it afterwards. Raises a `StartFault` where it must not be opened."""
    database = Database(settings.database_url)
    try:
        migrate(database.engine)
        identity = database.write(lambda session: ensure_identity(session, secrets.token_bytes(SECRET_BYTES))).result()
        mint = RandomMint(now_us, secrets.randbits)
        yield Services(database, identity, now_us, mint, settings.public_url, is_demo)
    finally:
        database.close()
