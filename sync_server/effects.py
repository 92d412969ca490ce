"""What a decision does to a unit of work: rows, history, and the progress of doors and orders that follows."""

from collections.abc import Iterable

from shared.rules.decision import Accepted, Context, Decision
from shared.rules.progress import door_with_progress, order_with_progress
from shared.schemas.door import Door, Piece
from shared.schemas.entities import Entity
from shared.schemas.order import Order
from sync_server.scopes import scopes_of
from sync_server.submission import Submission
from sync_server.unit import Unit


def context_of(unit: Unit, submission: Submission, *, accepts_gap: bool = False) -> Context:
    """The circumstances of a submission, as the rules want them."""
    return Context(
        event_time_us=submission.event_time_us,
        event_offset_min=submission.event_offset_min,
        record_time_us=unit.moment.record_time_us,
        mint=unit.moment.mint,
        worker_id=submission.person_id,
        station_id=submission.station_id,
        device_id=submission.device_id,
        was_offline=submission.was_offline,
        is_trusted=submission.is_trusted,
        accepts_gap=accepts_gap,
    )


def apply(unit: Unit, submission: Submission, decision: Decision) -> list[Entity]:
    """Writes an accepted command's rows and history, and what follows from them; the rows that changed."""
    if not isinstance(decision, Accepted):
        return []
    written = [unit.put(row) for row in decision.change.puts]
    written += _progressed(unit, written)
    unit.record(submission, decision.change.events)
    return written


def touched_scopes(changed: Iterable[Entity], piece: Piece | None) -> set[str]:
    """Where a command's effect can be seen: the scopes of what it changed, and of the piece that it was about."""
    return {scope for row in (*changed, *([piece] if piece else [])) for scope in scopes_of(row)}


def _progressed(unit: Unit, written: Iterable[Entity]) -> list[Entity]:
    """Doors and orders whose state follows from pieces that were just written."""
    doors_written = {row.id for row in written if isinstance(row, Door)}
    door_ids = {row.door_id for row in written if isinstance(row, Piece)} - doors_written
    moved: list[Entity] = []
    for door_id in sorted(door_ids):
        door = unit.rows.get(Door, door_id)
        assert door is not None, "a piece always belongs to a door"
        after = door_with_progress(door, unit.rows.children(Piece, door_id))
        if after != door:
            moved.append(unit.put(after))
    for order_id in sorted({row.order_id for row in moved if isinstance(row, Door)}):
        order = unit.rows.get(Order, order_id)
        assert order is not None, "a door always belongs to an order"
        after_order = order_with_progress(order, unit.rows.children(Door, order_id), unit.moment.record_time_us)
        if after_order != order:
            moved.append(unit.put(after_order))
    return moved
