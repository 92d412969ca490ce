"""Orders: the list, the form, release, and the sheet of labels."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select
from sqlmodel import col

from labels.pdf import label_sheet_pdf
from shared.rules.order_check import find_problems
from shared.rules.permissions import Right
from shared.rules.refusals import RefusalCode
from shared.schemas.commands import PlaceOrder, ReleaseOrder, ReviseOrder
from shared.schemas.order import LineTerms, OrderState, OrderTerms
from shared.schemas.production import DoorModel
from shared.schemas.sync import Verdict, VerdictStatus
from sync_server.office import words
from sync_server.office.frame import (
    OfficeFault,
    Viewer,
    number_of,
    page,
    read_form,
    services_of,
    submit,
    text_of,
    viewer_of,
)
from sync_server.office.label_sheets import fonts_of, labels_of
from sync_server.office.order_form import (
    FORM_LINES_MAX,
    OrderForm,
    empty_form,
    form_of,
    show_problems,
    terms_of,
    typed_form,
)
from sync_server.queries.orders import OrderView, find_orders, view_order
from sync_server.tables import DoorModelRow

router = APIRouter(include_in_schema=False)


@router.get("/orders")
async def list_orders(request: Request, q: str = "", state: str = "", page_number: int = 1) -> Response:
    """The list, searched and filtered."""
    viewer = await viewer_of(request)
    chosen = OrderState(state) if state in set(OrderState) else None
    found = await services_of(request).read(lambda s: find_orders(s, q.strip(), chosen, max(1, page_number)))
    return page(request, "orders.html", viewer, {"found": found, "q": q, "state": state})


@router.get("/orders/new")
async def new_order(request: Request) -> Response:
    """An empty form; its ids are minted here, so that sending it twice makes one order."""
    viewer = await viewer_of(request, Right.PLACE_ORDER)
    return await _form_page(request, viewer, empty_form(), services_of(request).mint.new_id(), seen_rev=0)


@router.post("/orders/check")
async def check(request: Request) -> Response:
    """What is missing or wrong so far, while somebody types."""
    viewer = await viewer_of(request, Right.PLACE_ORDER)
    form = typed_form(await read_form(request, viewer))
    terms = terms_of(form)
    if terms is not None:
        show_problems(form, find_problems(*terms, await _models(request)))
    return page(request, "problems.html", viewer, {"form": form})


@router.post("/orders/{order_id}")
async def save(request: Request, order_id: str) -> Response:
    """Keeps the form, and releases it if that button was pressed. Nothing typed is lost when it cannot."""
    viewer = await viewer_of(request, Right.PLACE_ORDER)
    sent = await read_form(request, viewer)
    form, action = typed_form(sent), text_of(sent, "action")
    seen_rev = number_of(sent, "seen_rev", 0)
    if action == "add_line" and len(form.lines) >= FORM_LINES_MAX:
        advice = f"一张订单最多 {FORM_LINES_MAX} 行，请把其余的另开一张。"
        return await _form_page(request, viewer, form, order_id, seen_rev, advice, 422)
    if action == "add_line":
        form.lines.append(dict(form.lines[-1], room="", remarks="") if form.lines else empty_form().lines[0])
        return await _form_page(request, viewer, form, order_id, seen_rev)
    terms = terms_of(form)
    if terms is None:
        return await _form_page(request, viewer, form, order_id, seen_rev, "有内容填得不对，还没有保存。", 422)
    key = text_of(sent, "key")
    verdict = await _keep(request, viewer, order_id, seen_rev, *terms, key=key)
    if verdict.status is VerdictStatus.REJECTED:
        if verdict.code == RefusalCode.ORDER_CHANGED_MEANWHILE:
            # Whoever has read the warning and saves again means it.
            seen_rev = (await _view(request, order_id)).order.rev
        return await _form_page(request, viewer, form, order_id, seen_rev, _said(verdict), 409)
    if action == "release":
        return await _release(request, viewer, order_id, key)
    return RedirectResponse(f"/orders/{order_id}", 303)


@router.post("/orders/{order_id}/release")
async def release(request: Request, order_id: str) -> Response:
    """Releases a draft as it is kept."""
    viewer = await viewer_of(request, Right.RELEASE_ORDER)
    sent = await read_form(request, viewer)
    return await _release(request, viewer, order_id, text_of(sent, "key"))


@router.get("/orders/{order_id}")
async def show_order(request: Request, order_id: str) -> Response:
    """A draft is its form; a released order is its doors and pieces."""
    viewer = await viewer_of(request)
    view = await _view(request, order_id)
    if view.order.state is OrderState.DRAFT and viewer.may(Right.REVISE_ORDER):
        form = form_of(view.order, view.lines)
        show_problems(form, find_problems(view.order, view.lines, await _models(request)))
        return await _form_page(request, viewer, form, order_id, view.order.rev, number=view.order.number)
    return page(request, "order.html", viewer, {"view": view})


@router.get("/orders/{order_id}/labels.pdf")
async def label_sheet(request: Request, order_id: str) -> Response:
    """The labels of all pieces that are still to be made or handed over."""
    await viewer_of(request)
    view, services = await _view(request, order_id), services_of(request)
    labels = labels_of(view)
    if not labels:
        raise OfficeFault(409, "还没有标签 No labels yet", "订单下达以后才有标签。")
    fonts = fonts_of(request)
    content = label_sheet_pdf(labels, fonts, view.order.number, services.now_us())
    name = f"labels-{view.order.number}.pdf"
    return Response(
        content, media_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


async def _keep(
    request: Request,
    viewer: Viewer,
    order_id: str,
    seen_rev: int,
    terms: OrderTerms,
    lines: list[LineTerms],
    *,
    key: str,
) -> Verdict:
    if seen_rev == 0:
        return await submit(request, viewer, PlaceOrder(order_id=order_id, terms=terms, lines=lines), key)
    revised = ReviseOrder(order_id=order_id, seen_rev=seen_rev, terms=terms, lines=lines)
    return await submit(request, viewer, revised, key)


async def _release(request: Request, viewer: Viewer, order_id: str, key: str) -> Response:
    verdict = await submit(request, viewer, ReleaseOrder(order_id=order_id), f"{key}/release")
    if verdict.status is not VerdictStatus.REJECTED:
        return RedirectResponse(f"/orders/{order_id}", 303)
    view = await _view(request, order_id)
    form = form_of(view.order, view.lines)
    show_problems(form, find_problems(view.order, view.lines, await _models(request)))
    return await _form_page(
        request, viewer, form, order_id, view.order.rev, f"已保存，但不能下达：{_said(verdict)}", 409, view.order.number
    )


async def _form_page(
    request: Request,
    viewer: Viewer,
    form: OrderForm,
    order_id: str,
    seen_rev: int,
    complaint: str = "",
    status: int = 200,
    number: str = "",
) -> Response:
    models: Sequence[DoorModel] = sorted((await _models(request)).values(), key=lambda model: model.code)
    context: Mapping[str, object] = {
        "form": form,
        "order_id": order_id,
        "seen_rev": seen_rev,
        "key": services_of(request).mint.new_id(),
        "models": models,
        "complaint": complaint,
        "number": number,
        "may_release": viewer.may(Right.RELEASE_ORDER),
    }
    return page(request, "order_form.html", viewer, context, status)


async def _view(request: Request, order_id: str) -> OrderView:
    view = await services_of(request).read(lambda session: view_order(session, order_id))
    if view is None:
        raise OfficeFault(404, "没有这张订单 No such order", "请检查网址，或用上面的搜索框查找。")
    return view


async def _models(request: Request) -> dict[str, DoorModel]:
    query = select(DoorModelRow).order_by(col(DoorModelRow.code))
    rows = await services_of(request).read(
        lambda s: [DoorModel.model_validate(row.model_dump()) for row in s.execute(query).scalars()]
    )
    return {model.id: model for model in rows}


def _said(verdict: Verdict) -> str:
    return words.REFUSALS.get(verdict.code, f"{verdict.code}，请找主管。")
