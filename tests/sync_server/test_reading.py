"""Whoever only looks waits for nobody: a page opens while scans of what it shows are being written."""

from collections.abc import Callable
from contextlib import closing

import pytest
from sqlalchemy import update
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from shared.schemas.door import Piece
from shared.schemas.production import Strictness
from shared.schemas.quality import ConflictState
from shared.schemas.sync import VerdictStatus
from sync_server.queries.conflicts import find_conflicts
from sync_server.queries.orders import view_order
from sync_server.queries.pieces import view_piece
from sync_server.storage.database import Database
from sync_server.tables import ConflictRow, OrderRow, PieceRow
from tests.sync_server.server import Server

WRITTEN = (OrderRow, PieceRow, ConflictRow)
WAITED_MAX = "-c lock_timeout=1000"


def impatient(database_url: str) -> Database:
    """The same database for somebody who would rather fail than wait for a lock."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        url = url.update_query_dict({"options": WAITED_MAX})
    return Database(url.render_as_string(hide_password=False))


def order_page(session: Session, leaf: Piece, order_id: str) -> bool:
    del leaf
    return view_order(session, order_id, has_customers=True) is not None


def piece_page(session: Session, leaf: Piece, order_id: str) -> bool:
    del order_id
    return view_piece(session, leaf.id) is not None


def conflicts_page(session: Session, leaf: Piece, order_id: str) -> bool:
    del order_id
    return [line.piece.id for line in find_conflicts(session, ConflictState.WAITING)] == [leaf.id]


@pytest.mark.parametrize("is_shown", [order_page, piece_page, conflicts_page])
def test_a_page_does_not_wait_for_a_scan_that_is_not_committed(
    server: Server, database_url: str, is_shown: Callable[[Session, Piece, str], bool]
) -> None:
    server.system(server.factory.strict("PRESS", Strictness.ENFORCE))
    leaf = server.released()[0]
    order_id = server.order_of(leaf).id
    tablet = server.device()
    tablet.scan(leaf, 20, station="PRESS")
    assert tablet.statuses() == [VerdictStatus.HELD]
    with closing(impatient(database_url)) as office, Session(server.database.engine) as scan:
        for row in WRITTEN:
            scan.execute(update(row).values(rev=row.rev + 1))
        assert office.read(lambda session: is_shown(session, leaf, order_id))
        scan.rollback()
