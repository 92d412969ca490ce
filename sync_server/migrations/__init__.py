"""The server's database, from empty to this version: forward only, one migration a change."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from sync_server.errors import DatabaseNewer


def migrate(engine: Engine) -> None:
    """Brings the database to this program's version; refuses one that a newer program wrote."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with engine.begin() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if current is not None and current not in known:
            raise DatabaseNewer(
                f"The database is of version {current}, newer than this program. Start the newer program. / "
                f"数据库由更新的程序写过(版本 {current}),请使用新版本程序。数据没有改动。"
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
