"""One order: a draft is its form, for whoever may edit it; everything else is its facts, its doors and their pieces."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.rules.order_check import find_problems
from shared.rules.permissions import Right
from shared.schemas.commands import ReleaseOrder
from shared.schemas.identifiers import Id
from shared.schemas.order import OrderState
from shared.schemas.sync import VerdictStatus
from shared.words import Phrase
from sync_server.office.orders.order_edit import kept_form_page
from sync_server.office.orders.order_form import form_of, show_problems
from sync_server.office.orders.order_lookup import list_models, order_view
from sync_server.office.shell.forms import read_form, text_of
from sync_server.office.shell.language import NOTHING
from sync_server.office.shell.page import page
from sync_server.office.shell.submit import submit
from sync_server.office.shell.viewer import Viewer, viewer_of
from sync_server.office.shell.words import OPEN_ORDERS, refusal_text
from sync_server.printing.overview import list_printers
from sync_server.queries.orders import OrderView
from sync_server.services import services_of

router = APIRouter(include_in_schema=False)


@router.get("/orders/{order_id}")
async def show_order(request: Request, order_id: Id) -> Response:
    """The order as it stands."""
    viewer = await viewer_of(request)
    return await _order_page(request, viewer, await order_view(request, viewer, order_id))


@router.post("/orders/{order_id}/release")
async def release(request: Request, order_id: Id) -> Response:
    """Releases a draft as it is kept."""
    viewer = await viewer_of(request, Right.RELEASE_ORDER)
    sent = await read_form(request, viewer)
    verdict = await submit(request, viewer, ReleaseOrder(order_id=order_id), text_of(sent, "key"))
    if verdict.status is not VerdictStatus.REJECTED:
        return RedirectResponse(f"/orders/{order_id}", 303)
    view = await order_view(request, viewer, order_id)
    return await _order_page(request, viewer, view, refusal_text(verdict.code), 409)


async def _order_page(
    request: Request, viewer: Viewer, view: OrderView, complaint: Phrase = NOTHING, status: int = 200
) -> Response:
    if view.order.state is OrderState.DRAFT and viewer.may(Right.REVISE_ORDER):
        return await kept_form_page(request, viewer, view, complaint, status)
    services = services_of(request)
    models, printers = await services.read(lambda session: (list_models(session), list_printers(session)))
    form = form_of(view.order, view.lines)
    if view.order.state is OrderState.DRAFT:
        today = viewer.day(services.now_us())
        show_problems(form, find_problems(view.order, view.lines, models, today))
    context = {
        "view": view,
        "models": {model.id: f"{model.code} {model.name}" for model in models.values()},
        "form": form,
        "is_open": view.order.state in OPEN_ORDERS,
        "has_printers": bool(printers),
        "key": services.mint.new_id(),
        "complaint": complaint,
    }
    return page(request, "orders/order.html", viewer, context, status)
