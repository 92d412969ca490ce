"""Who calls for a leader."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.call_cards import CallCard, call_card
from shared.schemas.quality import LeaderCall
from sync_server.storage.rows import SessionRows
from sync_server.tables import LeaderCallRow

CALLS_SHOWN = 200
_IS_OPEN = col(LeaderCallRow.closed_at_us).is_(None)


def find_calls(session: Session) -> list[CallCard]:
    """Those that nobody has seen to, the oldest first."""
    query = select(col(LeaderCallRow.id)).where(_IS_OPEN)
    query = query.order_by(col(LeaderCallRow.called_at_us), col(LeaderCallRow.id)).limit(CALLS_SHOWN)
    rows = SessionRows(session)
    found = (rows.get(LeaderCall, call_id) for call_id in session.execute(query).scalars())
    return [call_card(call, rows) for call in found if call is not None]


def count_calls(session: Session) -> int:
    """How many wait for somebody."""
    return session.execute(select(func.count()).select_from(LeaderCallRow).where(_IS_OPEN)).scalar_one()
