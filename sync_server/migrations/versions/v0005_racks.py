"""Racks, and since when a piece is on one."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Creates their table; pieces say when they were last moved, and by whom."""
    op.create_table(
        "rack",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("rack_code", "rack", ["site_id", "code"], unique=True)
    op.add_column("piece", sa.Column("rack_changed_us", sa.BigInteger(), nullable=True))
    op.add_column("piece", sa.Column("rack_changed_by", sa.String(), nullable=True))
    op.create_index("ix_piece_rack_id", "piece", ["rack_id"], unique=False)
