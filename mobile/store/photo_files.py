"""Which photographs' bytes lie on this device, and what has become of them at the server; the bytes are files.

A row is written in the transaction of the command that names its hash, when the file is on the disk already.
"""

import json
from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import and_, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col

from mobile.store import statements
from mobile.store.database import Store
from mobile.store.statements import is_one_of
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
_IS_WAITING, _IS_STORED, _IS_GONE = (col(PhotoFile.state) == state.value for state in PhotoState)
_PUT = insert(PhotoFile).values({name: bindparam(name) for name in PhotoFile.model_fields})
_ADD = _PUT.on_conflict_do_update(
    index_elements=["sha256"], set_={name: _PUT.excluded[name] for name in ("state", "upload")}, where=_IS_GONE
)
_COUNTS = select(func.count().filter(_IS_WAITING), func.count().filter(_IS_GONE)).select_from(PhotoFile)
_NEXT_DUE = (
    select(*_COLUMNS)
    .where(
        or_(_IS_WAITING, and_(_IS_STORED, col(PhotoFile.epoch) != bindparam("epoch"))),
        ~is_one_of(col(PhotoFile.sha256), "put_off"),
    )
    .order_by(col(PhotoFile.taken_at_us), col(PhotoFile.sha256))
    .limit(1)
)
_OUTLIVED = select(col(PhotoFile.sha256)).where(
    or_(
        and_(
            _IS_STORED, col(PhotoFile.epoch) == bindparam("epoch"), col(PhotoFile.settled_at_us) < bindparam("kept_us")
        ),
        and_(_IS_GONE, col(PhotoFile.settled_at_us) < bindparam("shown_us")),
    )
)
_HERE = col(PhotoFile.sha256) == bindparam("of_sha256")
_FORGET = delete(PhotoFile).where(_HERE)
_KNOWN = select(col(PhotoFile.sha256))
_KEEP_UPLOAD = update(PhotoFile).where(_HERE).values(state=PhotoState.WAITING.value, upload=bindparam("upload"))
_SETTLE = (
    update(PhotoFile)
    .where(_HERE)
    .values(state=bindparam("state"), upload=None, epoch=bindparam("epoch"), settled_at_us=bindparam("settled_at_us"))
)


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
    with store.transaction():
        statements.run(store, _ADD, values)


def counts(store: Store) -> tuple[int, int]:
    """How many wait to be sent, and how many are gone."""
    found = statements.row(store, _COUNTS)
    assert found is not None, "a count always has a row"
    return found[0], found[1]


def next_due(store: Store, epoch: int, put_off: Collection[str]) -> PhotoFile | None:
    """The oldest one that the server has not proved to hold in this epoch of its, but for those put off."""
    found = statements.named_rows(store, _NEXT_DUE, {"epoch": epoch, "put_off": json.dumps(list(put_off))})
    return PhotoFile(**found[0]) if found else None


def keep_upload(store: Store, sha256: str, upload: str | None) -> None:
    """Where its bytes go on the server; None where an upload has to begin anew. It waits (again)."""
    with store.transaction():
        statements.run(store, _KEEP_UPLOAD, {"of_sha256": sha256, "upload": upload})


def settle(store: Store, sha256: str, state: PhotoState, epoch: int, server_time_us: int | None) -> None:
    """The server has proved that it holds it, or it is gone; in which epoch and when, by the server's clock.

    One without a time is kept for good.
    """
    settled = {"of_sha256": sha256, "state": state.value, "epoch": epoch, "settled_at_us": server_time_us}
    with store.transaction():
        statements.run(store, _SETTLE, settled)


def outlived(store: Store, epoch: int, server_time_us: int) -> list[str]:
    """Those that need not be kept any longer: proved in this epoch a week ago, or gone two months ago."""
    before = {"kept_us": server_time_us - KEPT_US, "shown_us": server_time_us - GONE_SHOWN_US}
    return statements.column(store, _OUTLIVED, {"epoch": epoch, **before})


def forget(store: Store, sha256: str) -> None:
    """Its file may go."""
    with store.transaction():
        statements.run(store, _FORGET, {"of_sha256": sha256})


def known(store: Store) -> set[str]:
    """The hashes that commands of this device have named, as far as their files are still of use."""
    return set(statements.column(store, _KNOWN))
