"""What is printed on the labels of an order, and a sheet to try a demo factory with."""

import asyncio
import logging
from collections.abc import Sequence
from threading import Lock

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from labels.content import Label, PieceLabel, SetupSheet
from labels.fonts import LabelFonts, fonts_in
from labels.templates import A4_3X8, FLOW_CARDS_A4_2X2, SETUP_SHEET, SheetTemplate
from shared.rules.permissions import Right
from shared.schemas.identifiers import Id
from shared.schemas.order import OrderState
from shared.words import Phrase
from sync_server.office.orders.order_lookup import order_view
from sync_server.office.shell.errors import OfficeFault
from sync_server.office.shell.page import assets_of
from sync_server.office.shell.viewer import viewer_of
from sync_server.queries.labels import flow_cards_of, labels_of
from sync_server.queries.orders import find_orders, view_order
from sync_server.services import services_of

LOG = logging.getLogger(__name__)
router = APIRouter(include_in_schema=False)
DEMO_LABELS = 48
_PRESS = Lock()
DEMO_TITLE = "演示标签 Demo labels"
NO_DEMO_LABELS = (
    Phrase("没有演示标签", "No demo labels"),
    Phrase("这是正式的工厂：请在订单页打印标签。", "This is a real factory: print labels from an order's page."),
)
NO_LABELS = (
    Phrase("还没有标签", "No labels yet"),
    Phrase("订单下达以后才有标签。", "An order has labels once it is released."),
)
NO_LABELS_ANY_MORE = (
    Phrase("没有标签可打", "No labels to print"),
    Phrase("订单已取消，没有要做的件了。", "The order was cancelled: nothing of it is made any more."),
)
UNREADABLE = (
    Phrase("标签没有通过检查", "The labels did not pass their check"),
    Phrase(
        "打印前的检查发现有的码扫不出来，所以没有给出。请把这页和订单号告诉管理员。",
        "Some codes could not be read back before printing, so nothing was handed out. Tell your administrator.",
    ),
)
NO_FONTS = (
    Phrase("缺少字体", "Fonts are missing"),
    Phrase(
        "请在服务器上运行 make run（或 mumen build-app）后再打印。",
        "Run make run (or mumen build-app) on the server, then print again.",
    ),
)


@router.get("/orders/{order_id}/labels.pdf")
async def order_labels(request: Request, order_id: Id) -> Response:
    """The labels of all pieces that are still to be made or handed over."""
    viewer = await viewer_of(request, Right.SEE_LABELS)
    view = await order_view(request, viewer, order_id)
    labels = labels_of(view)
    if not labels:
        is_cancelled = view.order.state is OrderState.CANCELLED
        raise OfficeFault(409, *(NO_LABELS_ANY_MORE if is_cancelled else NO_LABELS))
    named = {"Content-Disposition": f'inline; filename="labels-{view.order.number}.pdf"'}
    return await printed(request, labels, view.order.number, named)


@router.get("/orders/{order_id}/flow-cards.pdf")
async def flow_cards(request: Request, order_id: Id) -> Response:
    """A card for each piece, to be signed at every operation where no label survives; four on an A4 page."""
    viewer = await viewer_of(request, Right.SEE_LABELS)
    view = await order_view(request, viewer, order_id)
    cards = flow_cards_of(view)
    if not cards:
        raise OfficeFault(409, *NO_LABELS)
    named = {"Content-Disposition": f'inline; filename="flow-cards-{view.order.number}.pdf"'}
    return await printed(request, cards, view.order.number, named, FLOW_CARDS_A4_2X2)


@router.get("/demo-labels.pdf")
async def demo_labels(request: Request) -> Response:
    """A sheet of labels to scan at once, without signing in; there is one in a demo factory only."""
    services = services_of(request)
    if not services.is_demo:
        raise OfficeFault(404, *NO_DEMO_LABELS)
    labels = await services.read(find_demo_labels)
    return await printed(request, labels, DEMO_TITLE, {})


@router.get("/scanner-setup.pdf")
async def scanner_setup(request: Request) -> Response:
    """How a scanner gun is set up, and a code to try it with."""
    await viewer_of(request, Right.SEE_LABELS)
    return await printed(request, [SetupSheet()], "扫码枪设置 Scanner setup", {}, SETUP_SHEET)


async def printed(
    request: Request, labels: Sequence[Label], title: str, headers: dict[str, str], sheet: SheetTemplate = A4_3X8
) -> Response:
    """The labels as PDF, each read back first. Raises `OfficeFault`.

    Drawn beside the server's loop, because a large order takes seconds; one at a time, to leave room for scans.
    """
    fonts, now_us = fonts_of(request), services_of(request).now_us()

    def drawn() -> bytes:
        # A fifth of a resting server's memory, and many a process never prints: imported by the first who does.
        from labels.reading.release import Unreadable, verified_pdf  # noqa: PLC0415

        try:
            with _PRESS:
                return verified_pdf(labels, fonts, title, now_us, sheet)
        except Unreadable as fault:
            LOG.exception("labels of %s were not released", title)
            raise OfficeFault(500, *UNREADABLE) from fault

    return Response(await asyncio.to_thread(drawn), media_type="application/pdf", headers=headers)


def find_demo_labels(session: Session) -> list[PieceLabel]:
    """Labels of pieces that are still to be made, the newest orders first."""
    found: list[PieceLabel] = []
    for state in (OrderState.RELEASED, OrderState.IN_PRODUCTION):
        for order in find_orders(session, "", state, 1, has_customers=False).orders:
            view = view_order(session, order.id, has_customers=False)
            assert view is not None, "it was listed in this transaction"
            found += labels_of(view, is_open_only=True)
            if len(found) >= DEMO_LABELS:
                return found[:DEMO_LABELS]
    return found


def fonts_of(request: Request) -> LabelFonts:
    """The fonts of labels. Raises `OfficeFault` 503 where the build has not put them there."""
    assets = assets_of(request)
    fonts = fonts_in(assets.build_dir / "fonts" if assets.build_dir else None)
    if fonts is None:
        raise OfficeFault(503, *NO_FONTS)
    return fonts
