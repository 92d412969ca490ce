"""What was last done with a piece's label, and the print job that brings it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.rules.decision import EventKind
from shared.schemas.door import Door, Label, LabelState, Piece
from shared.schemas.people import Person
from shared.schemas.printing import PrintJob
from sync_server.storage.rows import SessionRows
from sync_server.tables import EventRow

ACTS = (EventKind.LABEL_REPRINTED, EventKind.LABEL_REVOKED)


@dataclass(frozen=True)
class LabelAct:
    """A copy that was counted, or a code that was revoked, and who did it when and why."""

    is_revocation: bool
    old_code: str
    """The code that was revoked, or of which one more copy was made."""
    copy_number: int
    """Which copy it was; 0 for a revocation."""
    reason: str
    person: str
    at_us: int | None
    """None where nobody did it: two codes of one thing were made one when that was forbidden."""


@dataclass(frozen=True)
class LabelStory:
    """A piece's live code, its last act, and the print job since then that has this code; each where there is one."""

    piece: Piece
    code: str
    act: LabelAct | None
    job_id: str | None


def label_story(session: Session, piece_id: str) -> LabelStory | None:
    """The last act of this piece's label; None where there is no such piece."""
    rows = SessionRows(session)
    piece = rows.get(Piece, piece_id)
    door = rows.get(Door, piece.door_id) if piece else None
    if piece is None or door is None:
        return None
    live = [label.id for label in rows.children(Label, piece_id) if label.state is LabelState.LIVE]
    code = live[0] if live else ""
    act = _last_act(session, rows, piece_id)
    since_us = (act.at_us if act else None) or 0
    jobs = [
        job
        for job in rows.children(PrintJob, door.order_id)
        if job.created_at_us >= since_us and code in {item.label_code for item in job.items}
    ]
    newest = max(jobs, key=lambda job: job.created_at_us, default=None)
    return LabelStory(piece, code, act, newest.id if newest else None)


def revocations(session: Session, rows: SessionRows, piece_id: str) -> list[LabelAct]:
    """The end of each code of this piece that counts no more, the latest first."""
    query = select(EventRow).where(col(EventRow.subject) == piece_id, col(EventRow.kind) == EventKind.LABEL_REVOKED)
    acts = [_act(rows, event) for event in session.execute(query.order_by(col(EventRow.id).desc())).scalars()]
    dead = {label.id for label in rows.children(Label, piece_id) if label.state is not LabelState.LIVE}
    untold = [LabelAct(True, code, 0, "", "", None) for code in sorted(dead - {act.old_code for act in acts})]
    return [*(act for act in acts if act.old_code in dead), *untold]


def _last_act(session: Session, rows: SessionRows, piece_id: str) -> LabelAct | None:
    query = select(EventRow).where(col(EventRow.subject) == piece_id, col(EventRow.kind).in_(ACTS))
    event = session.execute(query.order_by(col(EventRow.id).desc()).limit(1)).scalars().first()
    return _act(rows, event) if event is not None else None


def _act(rows: SessionRows, event: EventRow) -> LabelAct:
    person = rows.get(Person, event.person_id) if event.person_id else None
    number = event.detail.get("copy_number")
    return LabelAct(
        is_revocation=event.kind == EventKind.LABEL_REVOKED,
        old_code=str(event.detail.get("label_code") or ""),
        copy_number=number if isinstance(number, int) else 0,
        reason=str(event.detail.get("reason") or ""),
        person=person.name if person else "",
        at_us=event.record_time_us,
    )
