"""What is printed on the labels of an order, and a sheet to try a demo factory with."""

from pathlib import Path

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from labels.canvas import LabelFonts
from labels.content import PieceLabel, size_text
from labels.pdf import label_sheet_pdf
from shared.rules.progress import GONE, MADE
from shared.schemas.order import OrderState
from sync_server.office import words
from sync_server.office.frame import OfficeFault, services_of
from sync_server.queries.orders import OrderView, find_orders, view_order

router = APIRouter(include_in_schema=False)
DEMO_LABELS = 48
DEMO_TITLE = "演示标签 Demo labels"


@router.get("/demo-labels.pdf")
async def demo_labels(request: Request) -> Response:
    """A sheet of labels to scan at once, without signing in; there is one in a demo factory only."""
    services = services_of(request)
    if not services.is_demo:
        raise OfficeFault(404, "没有演示标签 No demo labels", "这是正式的工厂：请在订单页打印标签。")
    labels = await services.read(find_demo_labels)
    content = label_sheet_pdf(labels, fonts_of(request), DEMO_TITLE, services.now_us())
    return Response(content, media_type="application/pdf")


def find_demo_labels(session: Session) -> list[PieceLabel]:
    """Labels of pieces that are still to be made, the newest orders first."""
    found: list[PieceLabel] = []
    for state in (OrderState.RELEASED, OrderState.IN_PRODUCTION):
        for order in find_orders(session, "", state, 1).orders:
            view = view_order(session, order.id)
            assert view is not None, "it was listed in this transaction"
            found += labels_of(view, is_open_only=True)
            if len(found) >= DEMO_LABELS:
                return found[:DEMO_LABELS]
    return found


def fonts_of(request: Request) -> LabelFonts:
    """The fonts of labels. Raises `OfficeFault` 503 where the build has not put them there."""
    fonts = fonts_in(request.app.state.fonts_dir)
    if fonts is None:
        raise OfficeFault(
            503, "缺少字体 Fonts are missing", "请在服务器上运行 make run（或 mumen build-app）后再打印。"
        )
    return fonts


def fonts_in(folder: Path | None) -> LabelFonts | None:
    """The two weights that the build keeps in this folder, if they are there."""
    if folder is None or not (folder / "regular.ttf").exists():
        return None
    return LabelFonts(folder / "regular.ttf", folder / "semibold.ttf")


def labels_of(view: OrderView, *, is_open_only: bool = False) -> list[PieceLabel]:
    """What is printed for each live piece, in the order of doors and pieces."""
    left_out = GONE | MADE if is_open_only else GONE
    return [
        PieceLabel(
            code=line.code,
            order_number=view.order.number,
            door_number=block.door.number,
            door_of=block.door.of,
            piece_number=line.piece.number,
            piece_of=line.piece.of,
            piece_kind=words.KINDS[line.piece.kind],
            room=block.door.room,
            model=f"{made.model_code} {made.model_name}",
            size=size_text(made.height_tenth_mm, made.width_tenth_mm, made.thickness_tenth_mm),
            opening=made.opening,
            colour=made.colour,
            first_operation=line.next_name,
        )
        for block in view.doors
        if (made := block.specification) is not None
        for line in block.pieces
        if line.code and line.piece.state not in left_out
    ]
