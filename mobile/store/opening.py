"""Opening the device's file, and why it cannot be opened."""

import sqlite3

from sqlalchemy.exc import OperationalError

from mobile.platform import StorageUnavailable
from mobile.store.database import Store

PRIMARY_CODE = 0xFF
"""The part of SQLite's error codes that says what kind of fault it is."""

_WHY_NOT = {sqlite3.SQLITE_BUSY: "other_tab", sqlite3.SQLITE_FULL: "quota", sqlite3.SQLITE_IOERR: "quota"}


def open_store(path: str) -> Store:
    """The device's file, ready for use. Raises `StorageUnavailable`, or `NewerStoreError`."""
    try:
        return Store(path)
    except OperationalError as error:
        code = _WHY_NOT.get(getattr(error.orig, "sqlite_errorcode", 0) & PRIMARY_CODE)
        if code is None:
            raise
        raise StorageUnavailable(code) from error
