"""What a person has to decide: scans that wait for others, and inspectors who disagree."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.conflict_cards import ConflictCard, card_of
from shared.schemas.quality import Conflict, ConflictState
from sync_server.storage.rows import SessionRows
from sync_server.tables import ConflictRow

SETTLED_SHOWN = 50


def find_conflicts(session: Session, state: ConflictState) -> list[ConflictCard]:
    """Those in this state: what is due first comes first; of the settled ones only the latest."""
    query = select(col(ConflictRow.id)).where(col(ConflictRow.state) == state)
    if state is ConflictState.RESOLVED:
        query = query.order_by(col(ConflictRow.resolved_at_us).desc(), col(ConflictRow.id)).limit(SETTLED_SHOWN)
    else:
        query = query.order_by(col(ConflictRow.due_at_us), col(ConflictRow.opened_at_us), col(ConflictRow.id))
    rows = SessionRows(session)
    found = [rows.get(Conflict, conflict_id) for conflict_id in session.execute(query).scalars()]
    return [card for conflict in found if conflict is not None and (card := card_of(conflict, rows)) is not None]


def count_conflicts(session: Session) -> dict[ConflictState, int]:
    """How many are in each state."""
    query = select(col(ConflictRow.state), func.count()).group_by(col(ConflictRow.state))
    found = {ConflictState(state): count for state, count in session.execute(query)}
    return {state: found.get(state, 0) for state in ConflictState}
