"""What stands on the labels of an order's pieces, and on those of a print job."""

from dataclasses import replace

from sqlalchemy.orm import Session

from labels.content import CodeCard, FlowCard, Label, PieceLabel
from labels.of_piece import piece_label
from shared.label_code import SELF_TEST_CODE
from shared.rules.progress import GONE, MADE
from shared.schemas.printing import Printer, PrintJob
from sync_server.queries.cards import cards_of
from sync_server.queries.orders import OrderView, view_order


def labels_of(view: OrderView, *, is_open_only: bool = False) -> list[PieceLabel]:
    """What is printed for each live piece, in the order of doors and pieces."""
    left_out = GONE | MADE if is_open_only else GONE
    return [
        piece_label(line.code, max(1, line.copies), line.piece, block.door, made, line.route)
        for block in view.doors
        if (made := block.specification) is not None
        for line in block.pieces
        if line.code and line.piece.state not in left_out
    ]


def flow_cards_of(view: OrderView) -> list[FlowCard]:
    """A card for each live piece with the operations of its route, and what was remarked on its door."""
    made = {line.code: (block, line.route) for block in view.doors for line in block.pieces}
    cards: list[FlowCard] = []
    for label in labels_of(view):
        block, route = made[label.code]
        names = tuple(operation.name for operation in route.operations) if route else ()
        cards.append(FlowCard(label, names, block.specification.remarks if block.specification else ""))
    return cards


def labels_of_job(session: Session, job: PrintJob, printer: Printer) -> list[Label | None]:
    """The labels of a job in its order; None for one whose code is dead by now, or whose piece is not made any more."""
    if job.order_id is None and [item.label_code for item in job.items] != [SELF_TEST_CODE]:
        cards = cards_of(session, [item.label_code for item in job.items])
        return [cards.get(item.label_code) for item in job.items]
    if job.order_id is None:
        about = f"{printer.label_size} mm · {printer.print_head} dpi · {printer.language.upper()}"
        return [CodeCard(item.label_code, printer.name, about) for item in job.items]
    view = view_order(session, job.order_id, has_customers=False)
    live = {label.code: label for label in labels_of(view)} if view else {}
    return [
        replace(live[item.label_code], copy_number=item.copy_number) if item.label_code in live else None
        for item in job.items
    ]
