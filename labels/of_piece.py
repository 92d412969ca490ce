"""The label of a piece from the rows that are everywhere the same: device and server print one text."""

from labels.content import PieceLabel, size_text
from shared.rules.routing import first_operation
from shared.schemas.door import Door, Piece
from shared.schemas.order import Specification
from shared.schemas.production import RouteVersion
from shared.words import PIECE_KINDS


def piece_label(
    code: str, copy_number: int, piece: Piece, door: Door, made: Specification, route: RouteVersion | None
) -> PieceLabel:
    """What is printed on this copy of the piece's label, however far the piece has got meanwhile."""
    first = first_operation(route) if route else None
    return PieceLabel(
        code=code,
        order_number=door.order_number,
        door_number=door.number,
        door_of=door.of,
        piece_number=piece.number,
        piece_of=piece.of,
        piece_kind=PIECE_KINDS[piece.kind].zh,
        room=door.room,
        model=f"{made.model_code} {made.model_name}",
        size=size_text(made.height_tenth_mm, made.width_tenth_mm, made.thickness_tenth_mm),
        opening=made.opening,
        colour=made.colour,
        first_operation=first.name if first else "",
        copy_number=copy_number,
    )
