"""The states of doors and orders as pure functions of their pieces."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.schemas.door import Door, Piece, PieceState
from shared.schemas.order import Order, OrderState

MADE = frozenset(
    {PieceState.PASSED, PieceState.IN_STOCK, PieceState.LOADED, PieceState.IN_TRANSIT, PieceState.HANDED_OVER}
)
"""The states in which a piece is finished as far as making it goes."""

GONE = frozenset({PieceState.SCRAPPED, PieceState.CANCELLED})
"""The states in which a piece no longer counts towards its door."""

_ALONG_THE_WAY = (
    PieceState.PLANNED,
    PieceState.IN_PROCESS,
    PieceState.AWAITING_INSPECTION,
    PieceState.RETURNED,
    PieceState.PASSED,
    PieceState.IN_STOCK,
    PieceState.LOADED,
    PieceState.IN_TRANSIT,
    PieceState.HANDED_OVER,
)


@dataclass(frozen=True)
class Progress:
    """How many of the pieces that count are made."""

    done: int
    total: int


def piece_progress(pieces: Iterable[Piece]) -> Progress:
    """The pieces that count, and those of them that are made and not on hold."""
    counted = [piece for piece in pieces if piece.state not in GONE]
    return Progress(done=sum(piece.state in MADE and not piece.holds for piece in counted), total=len(counted))


def door_state(pieces: Sequence[Piece]) -> PieceState:
    """The state of the piece that is furthest behind; in process as soon as any piece has begun."""
    counted = [piece.state for piece in pieces if piece.state not in GONE]
    if not counted:
        return PieceState.CANCELLED
    behind = min(counted, key=_ALONG_THE_WAY.index)
    has_begun = any(state is not PieceState.PLANNED for state in counted)
    return PieceState.IN_PROCESS if behind is PieceState.PLANNED and has_begun else behind


def door_with_progress(door: Door, pieces: Sequence[Piece]) -> Door:
    """The door with its state and counts as its pieces say."""
    progress = piece_progress(pieces)
    return door.model_copy(
        update={
            "state": door_state(pieces),
            "pieces_done": progress.done,
            "pieces_total": progress.total,
            "is_complete": progress.total > 0 and progress.done == progress.total,
        }
    )


def order_with_progress(order: Order, doors: Sequence[Door], record_time_us: int) -> Order:
    """The order with its state and counts as its doors and its own decisions say."""
    done, total = sum(door.pieces_done for door in doors), sum(door.pieces_total for door in doors)
    state = _order_state(order, doors)
    has_ended = state in {OrderState.COMPLETE, OrderState.CANCELLED}
    return order.model_copy(
        update={
            "state": state,
            "ended_at_us": (order.ended_at_us or record_time_us) if has_ended else None,
            "pieces_done": done,
            "pieces_total": total,
            "doors_total": sum(door.state is not PieceState.CANCELLED for door in doors),
        }
    )


def _order_state(order: Order, doors: Sequence[Door]) -> OrderState:
    if order.cancelled_at_us is not None:
        return OrderState.CANCELLED
    if order.released_at_us is None:
        return OrderState.DRAFT
    if doors and all(door.is_complete or door.state is PieceState.CANCELLED for door in doors):
        return OrderState.COMPLETE
    if all(door.state in {PieceState.PLANNED, PieceState.CANCELLED} for door in doors):
        return OrderState.RELEASED
    return OrderState.IN_PRODUCTION
