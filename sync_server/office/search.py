"""The search box of every page: a label's code, a rack's name, or words for an order. A gun types straight into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from shared.label_code import LENGTH, LabelCode, fold, parse
from shared.near_codes import is_like_a_code
from shared.schemas.rack import Rack
from shared.words import Phrase
from sync_server.office.shell.language import NOTHING
from sync_server.office.shell.page import page
from sync_server.office.shell.viewer import Viewer, viewer_of
from sync_server.office.shell.words import CARDS
from sync_server.queries.orders import find_orders
from sync_server.queries.search import NearPiece, find_by_code, find_ending, find_near, find_racks
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
NO_RACK = Phrase("没有叫“{name}”的架，也没有这样的订单。", "There is no rack '{name}', and no such order.")
MISTYPED = Phrase(
    "码里有打错的字符：末两位校验不对。", "A character of the code is wrong: its last two, which check it, do not fit."
)


@dataclass(frozen=True)
class Found:
    """What a text may mean: where it leads at once, else what there is to choose from."""

    path: str | None = None
    near: Sequence[NearPiece] = ()
    racks: Sequence[Rack] = ()
    orders: int = 0
    problem: Phrase = NOTHING
    is_code: bool = False
    """Whether it was meant for a code, which may be typed once more."""


@router.get("/search")
async def search(request: Request, q: str = "") -> Response:
    """Leads to the piece or the rack that carries this code, to the rack of this name, else to a list of orders.

    A code with a slip in it is said to be one, with the pieces that may be meant. Where a text may mean several things,
    they are listed.
    """
    viewer = await viewer_of(request)
    found = await services_of(request).read(lambda session: _find(session, viewer, q))
    if found.path is not None:
        return RedirectResponse(found.path, 303)
    return page(request, "search.html", viewer, {"q": q, "found": found})


def _find(session: Session, viewer: Viewer, text: str) -> Found:
    site_id, read = viewer.person.site_id, parse(text)
    if isinstance(read, LabelCode):
        path = find_by_code(session, read.text)
        return Found(path) if path else Found(problem=_of_no_page(read, path), is_code=True)
    named = find_racks(session, site_id, text)
    if len(named.racks) == 1:
        return Found(_rack_path(named.racks[0]))
    if named.racks:
        return Found(racks=named.racks)
    near, racks = find_ending(session, site_id, text)
    if is_like_a_code(text):
        return Found(near=[*find_near(session, text), *near], racks=racks, problem=_slip(fold(text)), is_code=True)
    orders = find_orders(session, text.strip(), None, 1, has_customers=viewer.sees_customers).total
    of_orders = f"/orders?{urlencode({'q': text})}"
    if orders and (text.strip().isdecimal() or not (near or racks)):  # a number is an order's or a phone's
        return Found(of_orders)
    if len(near) + len(racks) == 1 and not orders:
        return Found(_piece_path(near[0]) if near else _rack_path(racks[0]))
    if near or racks:
        return Found(near=near, racks=racks, orders=orders)
    return Found(problem=NO_RACK.filled(name=text.strip())) if named.is_asked_for else Found(of_orders)


def _rack_path(rack: Rack) -> str:
    return f"/racks/{rack.id}"


def _piece_path(found: NearPiece) -> str:
    return f"/pieces/{found.piece.id}?{urlencode({'label': found.code})}"


def _of_no_page(code: LabelCode, path: str | None) -> Phrase:
    """Why a whole code leads nowhere."""
    return UNKNOWN if path is None else NO_PAGE.filled(kind=CARDS.get(code.kind, Phrase(code.kind, code.kind)))


def _slip(folded: str) -> Phrase:
    """What is wrong with a text that was meant to be a code."""
    more = len(folded) - LENGTH
    if more:
        return TOO_LONG.filled(more=more, length=LENGTH) if more > 0 else TOO_SHORT.filled(missing=-more, length=LENGTH)
    return MISTYPED
