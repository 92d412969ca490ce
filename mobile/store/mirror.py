"""The mirror: rows as the server sent them, read by the rules; `pages.py` is the only one that changes it."""

from collections.abc import Sequence
from typing import TypeVar, cast

from sqlalchemy import bindparam, func, select, text
from sqlmodel import col

from mobile.store.database import Store
from mobile.store.statements import column, value
from mobile.store.tables import RACK, MirrorRow
from shared.schemas.entities import ENTITY_NAMES, Entity
from shared.schemas.people import Person
from shared.schemas.production import RouteVersion, Site, Station, WorkCenter
from shared.schemas.quality import Conflict, ConflictState

E = TypeVar("E", bound=Entity)

KEPT_KINDS = (Person, RouteVersion, Site, Station, WorkCenter)
"""Few rows, read at every scan, changed hardly ever: kept in memory between two pulls."""

_ONE = (
    select(col(MirrorRow.body))
    .where(col(MirrorRow.entity) == bindparam("entity"), col(MirrorRow.id) == bindparam("id"))
    .order_by(col(MirrorRow.rev).desc())
    .limit(1)
)
_CHILDREN = (
    select(col(MirrorRow.body), func.max(col(MirrorRow.rev)))
    .where(col(MirrorRow.entity) == bindparam("entity"), col(MirrorRow.parent) == bindparam("parent"))
    .group_by(col(MirrorRow.id))
    .order_by(col(MirrorRow.id))
)
_ALL = (
    select(col(MirrorRow.body), func.max(col(MirrorRow.rev)))
    .where(col(MirrorRow.entity) == bindparam("entity"))
    .group_by(col(MirrorRow.id))
    .order_by(col(MirrorRow.id))
)
_UNSETTLED = _ALL.having(func.json_extract(col(MirrorRow.body), "$.state") != ConflictState.RESOLVED.value)
_ON_RACK = select(col(MirrorRow.id)).where(text("entity = 'piece'"), text(f"{RACK} = :rack_id")).distinct()
"""As the index `mirror_row_by_rack` holds it."""


class MirrorRows:
    """Reads what the server last sent; a row held through two scopes counts once, in its newest revision."""

    def __init__(self, store: Store) -> None:
        """Read this store; an open transaction is seen."""
        self._store = store
        self._kept: dict[tuple[type[Entity], str], Entity | None] = {}
        self.version = 0
        """Rises with every change: what was made of these rows holds as long as it stays."""

    def forget(self) -> None:
        """The mirror has changed: read everything anew."""
        self._kept.clear()
        self.version += 1

    def get(self, kind: type[E], row_id: str) -> E | None:
        """The current row, or None where this device does not hold it."""
        is_kept = kind in KEPT_KINDS
        if is_kept and (kind, row_id) in self._kept:
            return cast("E | None", self._kept[kind, row_id])
        asked = {"entity": ENTITY_NAMES[kind], "id": row_id}
        body = value(self._store, _ONE, asked)
        row = kind.model_validate_json(body) if body is not None else None
        if is_kept:
            self._kept[kind, row_id] = row
        return row

    def children(self, kind: type[E], parent_id: str) -> Sequence[E]:
        """The rows of this parent, ordered by id."""
        asked = {"entity": ENTITY_NAMES[kind], "parent": parent_id}
        return [kind.model_validate_json(body) for body in column(self._store, _CHILDREN, asked)]

    def all(self, kind: type[E]) -> list[E]:
        """Every row of this kind, ordered by id."""
        found = column(self._store, _ALL, {"entity": ENTITY_NAMES[kind]})
        return [kind.model_validate_json(body) for body in found]

    def on_rack(self, rack_id: str) -> frozenset[str]:
        """The ids of the pieces that are on this rack."""
        return frozenset(column(self._store, _ON_RACK, {"rack_id": rack_id}))

    def unsettled_conflicts(self) -> list[Conflict]:
        """The conflicts that nobody has decided and that have not resolved themselves, ordered by id."""
        found = column(self._store, _UNSETTLED, {"entity": ENTITY_NAMES[Conflict]})
        return [Conflict.model_validate_json(body) for body in found]
