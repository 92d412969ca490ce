"""Sixteen writers at once: whoever reads the feed sees every change. With a sequence for a cursor, many are missed."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from shared.schemas.door import Piece
from sync_server.feed.reading import read_pages
from sync_server.migrations import migrate
from sync_server.publishing import finish
from sync_server.storage.database import Database
from sync_server.unit import Unit
from tests.factory import Factory
from tests.sync_server.server import EPOCH, Server

WRITERS, SECONDS, DAWDLE_S = 16, 3.0, 0.02
PAGE = 200


@pytest.fixture
def server(postgres_url: str) -> Iterator[Server]:
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    database = Database(postgres_url)
    migrate(database.engine)
    made = Server(database, Factory())
    made.system(made.factory.master_data())
    yield made
    database.close()


def hammer(write: Callable[[int, random.Random], None], read: Callable[[], int]) -> None:
    """Everybody writes for some seconds while one reads; the reader goes on until it finds nothing any more."""
    end = time.monotonic() + SECONDS

    def writer(number: int) -> None:
        chance = random.Random(number)
        while time.monotonic() < end:
            write(number, chance)

    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(writer, number) for number in range(WRITERS)]
        while not all(one.done() for one in writing) or read():
            read()
        for one in writing:
            one.result()


def test_a_reader_of_the_feed_misses_no_row_of_sixteen_writers(server: Server) -> None:
    pieces = server.released(WRITERS)[: 2 * WRITERS]
    scope = f"floor:{server.factory.site.id}"
    written: dict[str, int] = {}
    seen: dict[str, list[int]] = {}
    versions = threading.Lock()
    cursor = server.page(scope).next
    databases = [Database(str(server.database.engine.url.render_as_string(hide_password=False))) for _ in range(2)]

    def write(number: int, chance: random.Random) -> None:
        """As another process would, in a transaction that takes its time between what it reads and what it writes."""
        ids = [piece.id for piece in pieces[number::WRITERS]]

        def change(session: Session) -> tuple[str, int]:
            unit = Unit(session, server.moment())
            piece = unit.rows.get(Piece, min(ids, key=lambda one: written.get(one, 0)))  # each comes, on any machine
            assert piece is not None
            unit.put(piece.model_copy(update={"lots": [str(chance.random())]}))
            time.sleep(chance.uniform(0, DAWDLE_S))
            finish(unit)
            session.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": chance.uniform(0, DAWDLE_S / 4)})
            return piece.id, piece.rev + 1

        piece_id, rev = databases[number % 2].write(change).result()
        with versions:
            written[piece_id] = max(rev, written.get(piece_id, 0))

    def read() -> int:
        nonlocal cursor
        page = server.database.read(lambda session: read_pages(session, {scope: cursor}, PAGE, EPOCH)[0])
        for row in page.rows:
            seen.setdefault(row.id, []).append(row.rev)
        cursor = page.next
        return len(page.rows)

    hammer(write, read)
    for database in databases:
        database.close()
    assert len(written) == len(pieces)
    assert {piece_id: seen[piece_id][-1] for piece_id in written} == written
    assert all(revs == sorted(set(revs)) for revs in seen.values())


def test_with_a_sequence_for_a_cursor_it_would_miss_some(postgres_url: str) -> None:
    """What this test is worth: the same writers, the same reader, and the cursor that everybody thinks of first."""
    engine = create_engine(postgres_url, pool_size=WRITERS + 1)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS naive"))
        connection.execute(text("CREATE TABLE naive (id bigserial PRIMARY KEY)"))
    written: list[int] = []
    seen: set[int] = set()

    def write(_number: int, chance: random.Random) -> None:
        with engine.begin() as connection:
            made = connection.execute(text("INSERT INTO naive DEFAULT VALUES RETURNING id")).scalar_one()
            time.sleep(chance.uniform(0, DAWDLE_S))
        written.append(made)

    def read() -> int:
        with engine.begin() as connection:
            after = {"after": max(seen, default=0)}
            found = connection.execute(text("SELECT id FROM naive WHERE id > :after ORDER BY id LIMIT 200"), after)
            fresh = set(found.scalars())
        seen.update(fresh)
        return len(fresh)

    hammer(write, read)
    engine.dispose()
    assert len(set(written) - seen) > len(written) / 10
