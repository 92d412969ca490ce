"""Cancelling an order: a page that says what becomes of its pieces, asks why, and lets people turn back."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.rules.permissions import Right
from shared.rules.progress import GONE, MADE
from shared.schemas.commands import CancelOrder
from shared.schemas.identifiers import SHORT_TEXT_MAX, Id
from shared.words import Phrase
from sync_server.office.orders.order_lookup import order_view
from sync_server.office.shell.errors import OfficeFault
from sync_server.office.shell.forms import read_form, text_of
from sync_server.office.shell.language import NOTHING
from sync_server.office.shell.page import page
from sync_server.office.shell.submit import submit_or_fault
from sync_server.office.shell.viewer import Viewer, viewer_of
from sync_server.office.shell.words import OPEN_ORDERS
from sync_server.queries.orders import OrderView
from sync_server.services import services_of

router = APIRouter(include_in_schema=False)
NO_REASON = Phrase("请写下原因，车间和客户会问起。", "Give a reason: the floor and the customer will ask.")
NOT_OPEN = (
    Phrase("这张订单不能取消", "This order cannot be cancelled"),
    Phrase("它已经取消或全部做完了。", "It was cancelled already, or everything is made."),
)


@router.get("/orders/{order_id}/cancel")
async def ask(request: Request, order_id: Id) -> Response:
    """What would be cancelled, and why."""
    viewer = await viewer_of(request, Right.CANCEL_ORDER)
    view = await order_view(request, viewer, order_id)
    if view.order.state not in OPEN_ORDERS:
        raise OfficeFault(409, *NOT_OPEN)
    return _page(request, viewer, view)


@router.post("/orders/{order_id}/cancel")
async def cancel(request: Request, order_id: Id) -> Response:
    """Cancels it, once however often the form is sent."""
    viewer = await viewer_of(request, Right.CANCEL_ORDER)
    sent = await read_form(request, viewer)
    reason = text_of(sent, "reason")[:SHORT_TEXT_MAX]
    if not reason:
        return _page(request, viewer, await order_view(request, viewer, order_id), NO_REASON, 422)
    await submit_or_fault(
        request, viewer, CancelOrder(order_id=order_id, reason=reason), text_of(sent, "key"), NOT_OPEN[0]
    )
    return RedirectResponse(f"/orders/{order_id}", 303)


def _page(
    request: Request, viewer: Viewer, view: OrderView, complaint: Phrase = NOTHING, status: int = 200
) -> Response:
    states = [line.piece.state for block in view.doors for line in block.pieces]
    context = {
        "order": view.order,
        "unfinished": sum(state not in MADE and state not in GONE for state in states),
        "finished": sum(state in MADE for state in states),
        "reason_max": SHORT_TEXT_MAX,
        "key": services_of(request).mint.new_id(),
        "complaint": complaint,
    }
    return page(request, "orders/order_cancel.html", viewer, context, status)
