"""A thing has one live label of a kind at most, whoever makes it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Of two that were made at the same moment, the first stays."""
    op.execute(
        "UPDATE label SET state = 'revoked', rev = rev + 1, replaced_by = (SELECT min(o.id) FROM label o "
        "WHERE o.target_id = label.target_id AND o.kind = label.kind AND o.state = 'live') "
        "WHERE state = 'live' AND id > (SELECT min(o.id) FROM label o "
        "WHERE o.target_id = label.target_id AND o.kind = label.kind AND o.state = 'live')"
    )
    live = sa.text("state = 'live'")
    op.create_index(
        "label_one_live", "label", ["target_id", "kind"], unique=True, sqlite_where=live, postgresql_where=live
    )
