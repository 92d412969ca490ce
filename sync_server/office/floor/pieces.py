"""A piece and its history."""

from fastapi import APIRouter, Request, Response

from shared.rules.permissions import Right
from shared.rules.progress import GONE
from shared.schemas.identifiers import Id
from shared.words import Phrase
from sync_server.office.shell.errors import OfficeFault
from sync_server.office.shell.page import page
from sync_server.office.shell.viewer import viewer_of
from sync_server.printing.overview import list_printers
from sync_server.queries.pieces import view_piece
from sync_server.services import services_of

router = APIRouter(include_in_schema=False)
NO_PIECE = (
    Phrase("没有这件", "No such piece"),
    Phrase("请扫一下标签，或用搜索框查找。", "Scan its label, or look for it with the search box."),
)


@router.get("/pieces/{piece_id}")
async def show_piece(request: Request, piece_id: Id, label: str = "") -> Response:
    """Who did what to it, where, when, and when that became known; `label` is the code that led here."""
    viewer = await viewer_of(request)
    services = services_of(request)
    detail, printers = await services.read(lambda session: (view_piece(session, piece_id), list_printers(session)))
    if detail is None:
        raise OfficeFault(404, *NO_PIECE)
    context = {
        "printers": printers,
        "sees_label": viewer.may(Right.SEE_LABELS),
        "detail": detail,
        "ended": detail.end_of(label),
        "key": services.mint.new_id(),
        "may_reprint": viewer.may(Right.REPRINT_LABEL),
        "may_revoke": viewer.may(Right.REVOKE_LABEL),
        "is_live": detail.line.piece.state not in GONE,
    }
    return page(request, "floor/piece.html", viewer, context)
