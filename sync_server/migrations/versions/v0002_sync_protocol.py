"""Conflicts, photographs, trips, jobs and quarantine; a feed that forgets its tombstones; orders that leave tablets."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Creates the tables and extends the old ones; existing rows get what they have meant so far."""
    _conflicts_and_trips()
    _photographs()
    _devices_and_jobs()
    _columns()


def _conflicts_and_trips() -> None:
    op.create_table(
        "conflict",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("piece_id", sa.String(), nullable=False),
        sa.Column("operation_number", sa.BigInteger(), nullable=False),
        sa.Column("loop_number", sa.BigInteger(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("opened_at_us", sa.BigInteger(), nullable=False),
        sa.Column("due_at_us", sa.BigInteger(), nullable=True),
        sa.Column("resolution", sa.String(), nullable=True),
        sa.Column("resolved_by", sa.String(), nullable=True),
        sa.Column("resolved_at_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("conflict_state", "conflict", ["state", "due_at_us"], unique=False)
    op.create_index("ix_conflict_piece_id", "conflict", ["piece_id"], unique=False)
    op.create_table(
        "trip",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("driver_id", sa.String(), nullable=False),
        sa.Column("planned_on", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("stops", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_trip_driver_id", "trip", ["driver_id"], unique=False)


def _photographs() -> None:
    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("stored_at_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "photo",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("piece_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("taken_by", sa.String(), nullable=True),
        sa.Column("taken_at_us", sa.BigInteger(), nullable=False),
        sa.Column("is_stored", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_photo_piece_id", "photo", ["piece_id"], unique=False)
    op.create_index("ix_photo_sha256", "photo", ["sha256"], unique=False)
    op.create_table(
        "upload",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.Column("described_as", sa.String(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("expires_at_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("upload_device", "upload", ["device_id"], unique=False)
    op.create_index("upload_expires", "upload", ["expires_at_us"], unique=False)


def _devices_and_jobs() -> None:
    op.create_table(
        "job",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("due_at_us", sa.BigInteger(), nullable=False),
        sa.Column("lease_until_us", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key"),
    )
    op.create_index("job_due", "job", ["due_at_us"], unique=False)
    op.create_table(
        "quarantine",
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("incarnation", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("record_time_us", sa.BigInteger(), nullable=False),
        sa.Column("released_at_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("device_id", "incarnation", "hash"),
    )
    op.create_index("quarantine_device", "quarantine", ["device_id", "incarnation", "n"], unique=False)


def _columns() -> None:
    no, zero = sa.false(), sa.text("0")
    for table in ("door", "label", "piece", "specification"):
        op.add_column(table, sa.Column("is_retired", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("device", sa.Column("station_id", sa.String(), nullable=True))
    op.add_column("device", sa.Column("person_id", sa.String(), nullable=True))
    op.add_column("device", sa.Column("rebuilds", sa.BigInteger(), nullable=False, server_default=zero))
    op.add_column("feed_entry", sa.Column("record_time_us", sa.BigInteger(), nullable=False, server_default=zero))
    op.create_index("feed_op_recorded", "feed_entry", ["op", "record_time_us"], unique=False)
    op.add_column("order", sa.Column("ended_at_us", sa.BigInteger(), nullable=True))
    op.add_column("order", sa.Column("retired_at_us", sa.BigInteger(), nullable=True))
    op.create_index("order_ended", "order", ["ended_at_us"], unique=False)
    op.execute(
        sa.text(
            'UPDATE "order" SET ended_at_us = COALESCE(cancelled_at_us, released_at_us) '
            "WHERE state IN ('complete', 'cancelled')"
        )
    )
    op.add_column("piece", sa.Column("trip_id", sa.String(), nullable=True))
    op.add_column("scope_head", sa.Column("horizon", sa.BigInteger(), nullable=False, server_default=zero))
    op.add_column("site", sa.Column("calendar", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
