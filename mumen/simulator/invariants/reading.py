"""How the invariants read what lies on a world's disks."""

from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from mumen.simulator.tablet import SimTablet
from mumen.simulator.world import World
from shared.schemas.entities import Entity
from sync_server.storage.columns import entity_table
from sync_server.storage.rows import SessionRows

E = TypeVar("E", bound=Entity)


def server_rows(world: World, query: str) -> list[tuple[Any, ...]]:
    """What the server's database holds, past all of the server's code."""
    return world.server.disk.connection.execute(query).fetchall()


def device_rows(tablet: SimTablet, query: str) -> list[Any]:
    """What a device's store holds."""
    return list(tablet.store.connection.exec_driver_sql(query).all())


def all_of(session: Session, rows: SessionRows, kind: type[E]) -> list[E]:
    """Every row of this kind, as the server itself reads it."""
    ids = session.execute(select(entity_table(kind).c.id)).scalars().all()
    rows.prefetch(kind, ids)
    return [row for row_id in ids if (row := rows.get(kind, row_id)) is not None]


def device_of(tablet: SimTablet) -> str | None:
    """Who this device is to the server: a copy of it, key and all, is the same."""
    identity = tablet.engine.identity
    return identity.device_id if identity is not None else None
