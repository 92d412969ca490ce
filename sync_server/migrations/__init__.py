"""The server's database, from empty to this version: forward only, one migration a change."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from sync_server.errors import DatabaseNewer

HEAD = "head"


def migrate(engine: Engine) -> None:
    """Brings the database to this program's version. Raises `DatabaseNewer` for one that a newer program wrote."""
    with engine.begin() as connection:
        refuse_newer(revision_of(connection))
        upgrade_to(connection)


def revision_of(connection: Connection) -> str | None:
    """The version of this database; None for one that is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def is_known(revision: str) -> bool:
    """Whether this program can bring a database of that version to its own."""
    return revision in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def upgrade_to(connection: Connection, revision: str = HEAD) -> None:
    """Brings an older or empty database to this version, in the connection's transaction."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def refuse_newer_file(path: Path) -> None:
    """Looks at a SQLite file without changing it. Raises `DatabaseNewer`.

    Opening it the usual way would put it into WAL mode before its version is known.
    """
    has_wal = path.with_name(f"{path.name}-wal").exists()
    if not path.exists():
        return
    # What a killed server has left in the WAL can only be read with the files beside it.
    mode = "mode=ro" if has_wal else "immutable=1"
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True)) as connection:
        try:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError:
            return  # new, or no database at all: opening it will tell
    refuse_newer(found[0] if found else None)


def refuse_newer(revision: str | None) -> None:
    """Raises `DatabaseNewer` unless this program knows the revision."""
    if revision is not None and not is_known(revision):
        raise DatabaseNewer(
            f"数据库由更新的程序写过（版本 {revision}），请使用新版本程序。数据没有改动。",
            f"The database is of version {revision}, newer than this program. Start the newer program. "
            "Nothing was changed.",
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
