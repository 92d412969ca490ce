"""The mirror as a source of rows for the rules."""

import sqlite3
from collections.abc import Sequence
from typing import TypeVar

from shared.schemas.entities import ENTITY_NAMES, Entity

E = TypeVar("E", bound=Entity)


class MirrorRows:
    """Reads what the server last sent; a row held through two scopes counts once, in its newest revision."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Read through this connection, so that a caller's transaction is seen."""
        self._connection = connection

    def get(self, kind: type[E], row_id: str) -> E | None:
        """The current row, or None where this device does not hold it."""
        found = self._connection.execute(
            "SELECT body FROM mirror_row WHERE entity = ? AND id = ? ORDER BY rev DESC LIMIT 1",
            (ENTITY_NAMES[kind], row_id),
        ).fetchone()
        return kind.model_validate_json(found[0]) if found else None

    def children(self, kind: type[E], parent_id: str) -> Sequence[E]:
        """The rows of this parent, ordered by id."""
        found = self._connection.execute(
            "SELECT body, max(rev) FROM mirror_row WHERE entity = ? AND parent = ? GROUP BY id ORDER BY id",
            (ENTITY_NAMES[kind], parent_id),
        ).fetchall()
        return [kind.model_validate_json(body) for body, _ in found]
