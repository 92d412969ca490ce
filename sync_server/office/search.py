"""The search box of every page: a label's code, a rack's name, or words for an order. A gun types straight into it."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from shared.label_code import LENGTH, LabelCode, fold, parse
from shared.near_codes import is_like_a_code
from shared.words import Phrase
from sync_server.office.page import page
from sync_server.office.viewer import viewer_of
from sync_server.office.words import CARDS
from sync_server.queries.search import NearPiece, find_by_code, find_near, find_rack
from sync_server.services import services_of

router = APIRouter(include_in_schema=False)
UNKNOWN = Phrase("这个码打对了，但这里没有它：可能是别的工厂的。", "The code is typed right, but is not known here.")
NO_PAGE = Phrase(
    "这是{kind}上的码，它没有自己的页。", "This code belongs to: {kind}. There is no page about one of them."
)
TOO_SHORT = Phrase(
    "码少了 {missing} 个字符：一共 {length} 个。", "The code lacks {missing} character(s): it has {length} in all."
)
TOO_LONG = Phrase(
    "码多了 {more} 个字符：一共 {length} 个。", "The code has {more} character(s) too many: it has {length} in all."
)
MISTYPED = Phrase(
    "码里有打错的字符：末两位校验不对。", "A character of the code is wrong: its last two, which check it, do not fit."
)


@router.get("/search")
async def search(request: Request, q: str = "") -> Response:
    """Leads to the piece or the rack that carries this code, to the rack of this name, else to a list of orders.

    A code with a slip in it is said to be one, with the pieces that may be meant.
    """
    viewer = await viewer_of(request)
    read = parse(q)

    def found(session: Session) -> tuple[str | None, list[NearPiece]]:
        if isinstance(read, LabelCode):
            return find_by_code(session, read.text), []
        rack_id = find_rack(session, viewer.person.site_id, q)
        return f"/racks/{rack_id}" if rack_id else None, find_near(session, q) if is_like_a_code(q) else []

    path, near = await services_of(request).read(found)
    if path:
        return RedirectResponse(path, 303)
    if isinstance(read, LabelCode) or is_like_a_code(q):
        problem = _of_no_page(read, path) if isinstance(read, LabelCode) else _slip(fold(q))
        return page(request, "search.html", viewer, {"q": q, "problem": problem, "near": near})
    url = request.url_for("list_orders").include_query_params(q=q)
    return RedirectResponse(f"{url.path}?{url.query}", 303)


def _of_no_page(code: LabelCode, path: str | None) -> Phrase:
    """Why a whole code leads nowhere."""
    return UNKNOWN if path is None else NO_PAGE.filled(kind=CARDS.get(code.kind, Phrase(code.kind, code.kind)))


def _slip(folded: str) -> Phrase:
    """What is wrong with a text that was meant to be a code."""
    more = len(folded) - LENGTH
    if more:
        return TOO_LONG.filled(more=more, length=LENGTH) if more > 0 else TOO_SHORT.filled(missing=-more, length=LENGTH)
    return MISTYPED
