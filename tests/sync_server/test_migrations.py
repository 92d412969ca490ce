"""What the migrations make is what the tables say, on each database."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from sync_server.storage.database import Database
from sync_server.tables import METADATA


def test_a_migrated_database_has_the_tables_that_the_program_expects(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
