"""A store of every version that was ever published opens with this app, and its full outbox is all there.

To a new migration belongs a new file in `versions/`, frozen from then on: the store as the app of that version leaves
it, with a full outbox. It is what a tablet brings that lay in a drawer since.
"""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from mobile.store import identities, outbox, photo_files, settings
from mobile.store.database import Store
from mobile.store.migrations import MIGRATIONS
from mobile.store.tables import PinTry, ScanLogEntry
from shared.canonical import sha256_hex
from shared.schemas.identifiers import OUTBOX_BATCH_MAX
from shared.schemas.sync import Envelope

VERSIONS = sorted((Path(__file__).parent / "versions").glob("*.sql"))
LATER_US = 1_795_000_001_000_000
SQL = "SELECT incarnation, n, envelope, is_waiting, is_repeat, is_overlaid, verdict FROM outbox_entry ORDER BY 1, 2"


@pytest.fixture
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A store as this version left it."""
    path = tmp_path / "mumen.db"
    version: Path = request.param
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(version.read_text(encoding="utf-8"))
        connection.commit()
    return path


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def schema(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Columns of tables and indexes, without the way in which they were written down."""
    found = connection.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
    return {name: connection.execute(f"PRAGMA {kind}_info({name})").fetchall() for kind, name in found}


def test_every_version_is_kept() -> None:
    assert [int(path.stem) for path in VERSIONS] == list(range(1, len(MIGRATIONS) + 1))


each_version = pytest.mark.parametrize("old", VERSIONS, indirect=True, ids=lambda path: path.stem)


@each_version
def test_a_published_migration_still_makes_what_it_made(old: Path, request: pytest.FixtureRequest) -> None:
    version = rows(old, "PRAGMA user_version")[0][0]
    assert isinstance(version, int)
    assert f"{version:04}" in request.node.name
    with closing(sqlite3.connect(":memory:")) as made, closing(sqlite3.connect(old)) as frozen:
        for statements in MIGRATIONS[:version]:
            for statement in statements:
                made.execute(statement)
        assert schema(made) == schema(frozen)


@each_version
def test_a_full_outbox_survives_the_upgrade(old: Path) -> None:
    before = rows(old, SQL)
    assert len(before) == 2_005
    store = Store(str(old))
    waiting = [str(envelope) for who, _, envelope, is_waiting, *_ in before if who == "second" and is_waiting]
    assert outbox.all_waiting(store, "second") == waiting
    assert outbox.batch(store, "second") == waiting[:OUTBOX_BATCH_MAX]
    assert set(outbox.incarnations(store)) == {"first", "second"}
    found = outbox.waiting(store)
    assert (found.effects + found.repeats, found.repeats) == (1_003, 100)
    assert len(outbox.latest(store, 3_000)) == 2_005
    store.close()
    assert rows(old, SQL) == before


@each_version
def test_the_chain_goes_on_where_it_ended(old: Path) -> None:
    store = Store(str(old))
    last = outbox.all_waiting(store, "second")[-1]
    envelope = Envelope.model_validate(json.loads(last) | {"event_time_us": LATER_US})
    with store.transaction():
        assert outbox.append(store, "second", envelope, None, is_repeat=False) == 2_001
    assert json.loads(outbox.all_waiting(store, "second")[-1])["prev_hash"] == sha256_hex(last.encode())
    store.close()


@each_version
def test_who_the_device_is_and_what_it_noted_survive(old: Path) -> None:
    version = rows(old, "PRAGMA user_version")[0][0]
    store = Store(str(old))
    who = identities.current(store)
    assert who is not None
    assert (who.incarnation, who.device_name, who.nonce, who.server_epoch) == ("second", "开料平板", "a1b2", 1)
    assert settings.get_setting(store, settings.INCARNATION) == "second"
    tries = store.connection.execute(select(PinTry)).all()
    assert [(one.person_id[-1], one.wrong, one.locked_until_us) for one in tries] == [("6", 4, 0)]
    assert len(store.connection.execute(select(ScanLogEntry)).all()) == 1
    assert photo_files.counts(store) == (0 if version == 1 else 1, 0)
    store.close()
