"""When a label was revoked stands in its row, so that tablets can say it; earlier revocations have it in the log."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Adds the column, empty for what was revoked before."""
    op.add_column("label", sa.Column("revoked_at_us", sa.BigInteger(), nullable=True))
