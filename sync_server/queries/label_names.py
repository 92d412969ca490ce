"""Which label of a print job is meant, for somebody who looks for it among others: its code, and what stands on it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from labels.content import CodeCard, PackageLabel, ShipmentLabel
from shared.label_code import SELF_TEST_CODE
from shared.schemas.door import Door, Label, Piece
from shared.schemas.printing import PrintJob
from sync_server.queries.cards import cards_of
from sync_server.storage.rows import SessionRows


@dataclass(frozen=True)
class LabelName:
    """A label of a job. `piece` and `door` are there where it is a piece's, `title` where it is another thing's."""

    code: str
    copy_number: int
    piece: Piece | None = None
    door: Door | None = None
    title: str = ""


def label_name(session: Session, job: PrintJob, number: int, printer: str) -> LabelName | None:
    """The label at this place of the job, from 1; None where it has none there. A test label bears its printer's name.

    What was revoked since it was sent keeps its name: it may have come out all the same.
    """
    if not 1 <= number <= len(job.items):
        return None
    item = job.items[number - 1]
    if item.label_code == SELF_TEST_CODE:
        return LabelName(item.label_code, item.copy_number, title=printer)
    rows = SessionRows(session)
    label = rows.get(Label, item.label_code)
    piece = rows.get(Piece, label.target_id) if label else None
    if piece is not None:
        return LabelName(item.label_code, item.copy_number, piece, rows.get(Door, piece.door_id))
    return LabelName(item.label_code, item.copy_number, title=_title(session, item.label_code))


def _title(session: Session, code: str) -> str:
    """What stands large on a label that is no piece's; empty where it stands for nothing any more."""
    match cards_of(session, [code]).get(code):
        case CodeCard(title=title, subtitle=subtitle):
            return " · ".join(filter(None, (title, subtitle)))
        case PackageLabel(order_number=order, package_number=number, package_of=of, contents=contents):
            return " · ".join((f"{order} {number}/{of}", *contents[:1]))
        case ShipmentLabel(order_number=order, package_number=number, package_of=of):
            return f"{order} {number}/{of}"
        case None:
            return ""
