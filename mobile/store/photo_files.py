"""Which photographs' bytes lie on this device, and what has become of them at the server; the bytes are files.

A row is written in the transaction of the command that names its hash, when the file is on the disk already.
"""

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col

from mobile.store.database import Store
from mobile.store.tables import PhotoFile
from shared.schemas.identifiers import DAY_US

KEPT_US = 7 * DAY_US
"""Bytes that the server has proved to hold stay this long, by its own clock: it may turn out to be restored from an
older copy and ask for them again."""

GONE_SHOWN_US = 60 * DAY_US
"""As long as an answered command stays."""


class PhotoState(StrEnum):
    """What is to be done about a file."""

    WAITING = "waiting"
    """The server has not proved yet that it holds the bytes."""
    STORED = "stored"
    """It has; the file is kept for a while longer."""
    GONE = "gone"
    """The file is not here any more, or damaged, and the server does not have it either."""


_COLUMNS = tuple(col(getattr(PhotoFile, name)) for name in PhotoFile.model_fields)


def add(store: Store, sha256: str, byte_count: int, media_type: str, now_us: int) -> None:
    """A picture was taken, and its file is whole; one that was gone before waits again."""
    values = {
        "sha256": sha256,
        "byte_count": byte_count,
        "media_type": media_type,
        "state": PhotoState.WAITING.value,
        "upload": None,
        "taken_at_us": now_us,
        "epoch": 0,
        "settled_at_us": None,
    }
    again = {"state": PhotoState.WAITING.value, "upload": None}
    statement = insert(PhotoFile).values(values)
    is_gone = col(PhotoFile.state) == PhotoState.GONE.value
    with store.transaction() as connection:
        connection.execute(statement.on_conflict_do_update(index_elements=["sha256"], set_=again, where=is_gone))


def counts(store: Store) -> tuple[int, int]:
    """How many wait to be sent, and how many are gone."""
    query = select(
        func.count().filter(col(PhotoFile.state) == PhotoState.WAITING.value),
        func.count().filter(col(PhotoFile.state) == PhotoState.GONE.value),
    ).select_from(PhotoFile)
    waiting, gone = store.connection.execute(query).one()
    return waiting, gone


def next_due(store: Store, epoch: int, put_off: Collection[str]) -> PhotoFile | None:
    """The oldest one that the server has not proved to hold in this epoch of its, but for those put off."""
    is_due = or_(
        col(PhotoFile.state) == PhotoState.WAITING.value,
        (col(PhotoFile.state) == PhotoState.STORED.value) & (col(PhotoFile.epoch) != epoch),
    )
    query = select(*_COLUMNS).where(is_due, col(PhotoFile.sha256).not_in(put_off))
    ordered = query.order_by(col(PhotoFile.taken_at_us), col(PhotoFile.sha256)).limit(1)
    found = store.connection.execute(ordered).mappings().one_or_none()
    return PhotoFile(**found) if found is not None else None


def keep_upload(store: Store, sha256: str, upload: str | None) -> None:
    """Where its bytes go on the server; None where an upload has to begin anew. It waits (again)."""
    _set(store, sha256, {"state": PhotoState.WAITING.value, "upload": upload})


def settle(store: Store, sha256: str, state: PhotoState, epoch: int, server_time_us: int | None) -> None:
    """The server has proved that it holds it, or it is gone; in which epoch and when, by the server's clock.

    One without a time is kept for good.
    """
    _set(store, sha256, {"state": state.value, "upload": None, "epoch": epoch, "settled_at_us": server_time_us})


def outlived(store: Store, epoch: int, server_time_us: int) -> list[str]:
    """Those that need not be kept any longer: proved in this epoch a week ago, or gone two months ago."""
    is_stored = (col(PhotoFile.state) == PhotoState.STORED.value) & (col(PhotoFile.epoch) == epoch)
    is_gone = col(PhotoFile.state) == PhotoState.GONE.value
    query = select(col(PhotoFile.sha256)).where(
        or_(
            is_stored & (col(PhotoFile.settled_at_us) < server_time_us - KEPT_US),
            is_gone & (col(PhotoFile.settled_at_us) < server_time_us - GONE_SHOWN_US),
        )
    )
    return list(store.connection.execute(query).scalars())


def forget(store: Store, sha256: str) -> None:
    """Its file may go."""
    with store.transaction() as connection:
        connection.execute(delete(PhotoFile).where(col(PhotoFile.sha256) == sha256))


def known(store: Store) -> set[str]:
    """The hashes that commands of this device have named, as far as their files are still of use."""
    return set(store.connection.execute(select(col(PhotoFile.sha256))).scalars())


def _set(store: Store, sha256: str, values: dict[str, object]) -> None:
    with store.transaction() as connection:
        connection.execute(update(PhotoFile).where(col(PhotoFile.sha256) == sha256).values(values))
