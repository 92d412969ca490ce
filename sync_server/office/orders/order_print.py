"""An order's labels on a label printer: which printer, all of them or what is left, and what they will look like."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from shared.rules.permissions import Right
from shared.rules.refusals import RefusalCode
from shared.schemas.commands import PrintLabels
from shared.schemas.identifiers import SHORT_TEXT_MAX, Id
from shared.schemas.sync import VerdictStatus
from shared.words import Phrase
from sync_server.office.labels.label_pictures import PREVIEWS_MAX, label_urls
from sync_server.office.orders.order_lookup import order_view
from sync_server.office.shell.errors import OfficeFault
from sync_server.office.shell.forms import read_form, text_of
from sync_server.office.shell.language import NOTHING
from sync_server.office.shell.page import page
from sync_server.office.shell.submit import submit
from sync_server.office.shell.viewer import Viewer, viewer_of
from sync_server.office.shell.words import refusal_text
from sync_server.printing.overview import labels_to_print, list_printers
from sync_server.services import services_of

router = APIRouter(include_in_schema=False)
NOT_DONE = Phrase("没有打印", "Nothing was printed")
NO_PRINTER = Phrase("请选一台打印机。", "Choose a printer.")
NO_REASON = Phrase(
    "这些标签打过了：选一个原因才再打，打出来的算副本。",
    "These labels were printed before: choose a reason to print them again; they count as copies.",
)


@router.get("/orders/{order_id}/print")
async def ask(request: Request, order_id: Id) -> Response:
    """What would be printed, and where."""
    return await _page(request, await viewer_of(request, Right.PRINT_LABELS), order_id)


@router.post("/orders/{order_id}/print")
async def print_order(request: Request, order_id: Id) -> Response:
    """Queues the labels, once however often the form is sent."""
    viewer = await viewer_of(request, Right.PRINT_LABELS)
    sent = await read_form(request, viewer)
    services = services_of(request)
    view = await order_view(request, viewer, order_id)
    wanted = await services.read(lambda session: labels_to_print(session, view))
    is_again = text_of(sent, "which") == "all" or not wanted.unprinted
    reason = text_of(sent, "reason")[:SHORT_TEXT_MAX]
    try:
        command = PrintLabels(
            job_id=text_of(sent, "key"),
            printer_id=text_of(sent, "printer_id"),
            order_id=order_id,
            label_codes=[] if is_again else wanted.unprinted,
            reason=reason if is_again else "",
        )
    except ValidationError:
        return await _page(request, viewer, order_id, NO_PRINTER, 422)
    verdict = await submit(request, viewer, command, command.job_id)
    if verdict.status is not VerdictStatus.REJECTED:
        return RedirectResponse("/printing", 303)
    if verdict.code == RefusalCode.LABELS_PRINTED:
        return await _page(request, viewer, order_id, NO_REASON, 422)
    raise OfficeFault(409, NOT_DONE, refusal_text(verdict.code))


async def _page(
    request: Request, viewer: Viewer, order_id: str, complaint: Phrase = NOTHING, status: int = 200
) -> Response:
    services = services_of(request)
    view = await order_view(request, viewer, order_id)
    wanted, printers = await services.read(lambda session: (labels_to_print(session, view), list_printers(session)))
    context = {
        "order": view.order,
        "wanted": wanted,
        "printers": printers,
        "pictures": label_urls(view)[:PREVIEWS_MAX],
        "complaint": complaint,
        "key": services.mint.new_id(),
        "may_edit": viewer.may(Right.PUT_MASTER_DATA),
    }
    return page(request, "orders/order_print.html", viewer, context, status)
