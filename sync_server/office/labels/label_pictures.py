"""Labels as pictures, dot by dot as a printer would print them: previews for a page."""

import asyncio
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from labels.content import PieceLabel
from labels.fonts import LabelFonts
from labels.rolls import template_of
from shared.rules.permissions import Right
from shared.rules.progress import GONE
from shared.schemas.identifiers import Id
from shared.schemas.printing import LabelSize, PrintHead
from sync_server.office.labels.label_sheets import fonts_of
from sync_server.office.labels.piece_labels import label_of
from sync_server.office.shell.viewer import viewer_of
from sync_server.queries.orders import OrderView

if TYPE_CHECKING:
    from labels.picture import Press

router = APIRouter(include_in_schema=False)
PREVIEWS_MAX = 6
_PRESS = Lock()


@router.get("/pieces/{piece_id}/label.png")
async def piece_picture(request: Request, piece_id: Id, size: str = "", head: str = "") -> Response:
    """The label of this size, for this print head."""
    await viewer_of(request, Right.SEE_LABELS)
    label, fonts = await label_of(request, piece_id), fonts_of(request)
    drawn = await asyncio.to_thread(_drawn, fonts, label, _size_of(size), _head_of(head))
    return Response(drawn, media_type="image/png", headers={"Cache-Control": "no-store"})


def label_urls(view: OrderView) -> list[str]:
    """Where the pictures of an order's labels are."""
    lines = [line for block in view.doors for line in block.pieces]
    return [f"/pieces/{line.piece.id}/label.png" for line in lines if line.code and line.piece.state not in GONE]


def _size_of(text: str) -> LabelSize:
    return LabelSize(text) if text in set(LabelSize) else LabelSize.SIZE_60X40


def _head_of(text: str) -> PrintHead:
    return PrintHead(text) if text in set(PrintHead) else PrintHead.DPI_203


def _drawn(fonts: LabelFonts, label: PieceLabel, size: LabelSize, head: PrintHead) -> bytes:
    # As heavy as printing itself: imported by the first who looks.
    from labels.picture import label_bitmap, png  # noqa: PLC0415

    template = template_of(size, head)
    with _PRESS:
        return png(label_bitmap(_press(fonts), label, template), template.dots_per_mm)


@lru_cache(maxsize=1)
def _press(fonts: LabelFonts) -> "Press":
    from labels.picture import Press  # noqa: PLC0415

    return Press(fonts)
