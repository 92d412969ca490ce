"""The label of a piece from the rows on this device: what the server prints for the same piece, word for word."""

from collections.abc import Iterable

from labels.of_piece import piece_label
from mobile.outcome import LabelInHand
from shared.rules.facts import RowSource
from shared.rules.permissions import Right, may
from shared.rules.targets import label_refusal, piece_refusal
from shared.schemas.door import Door, Label, LabelState, Piece
from shared.schemas.order import Specification
from shared.schemas.people import Role
from shared.schemas.production import RouteVersion


def label_in_hand(
    piece_id: str, rows: RowSource, roles: Iterable[Role], *, is_counted: bool = False
) -> LabelInHand | None:
    """The live label of this piece, else one that is dead; None while any of what stands on it is not here.

    `is_counted` says that the copy to be made is on record already, so that anybody may make it.
    """
    piece = rows.get(Piece, piece_id)
    label = _label_of(piece, rows) if piece else None
    if piece is None or label is None:
        return None
    door, made = rows.get(Door, piece.door_id), rows.get(Specification, piece.specification_id)
    route = rows.get(RouteVersion, piece.route_version_id)
    if door is None or made is None or route is None:
        return None
    refused = label_refusal(label) or piece_refusal(piece)
    may_copy = refused is None and (is_counted or may(roles, Right.REPRINT_LABEL))
    number = max(1, label.copies + (may_copy and not is_counted))
    content = piece_label(label.id, number, piece, door, made, route)
    return LabelInHand(content, refused.code if refused else "", refused.facts if refused else {}, may_copy)


def _label_of(piece: Piece, rows: RowSource) -> Label | None:
    labels = rows.children(Label, piece.id)
    live = [label for label in labels if label.state is LabelState.LIVE]
    return next(iter(live or labels), None)
