"""The list of orders: searched, filtered, sorted, page by page."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from shared.schemas.order import OrderState
from shared.words import Phrase
from sync_server.office.shell.forms import half_width
from sync_server.office.shell.page import page
from sync_server.office.shell.viewer import viewer_of
from sync_server.queries.orders import Sort, SortKey, find_orders
from sync_server.services import services_of

router = APIRouter(include_in_schema=False)
PAGES_MAX = 1_000_000
SORTS = {
    str(Sort()): Phrase("最新下单在前", "Latest first"),
    "placed": Phrase("最早下单在前", "Oldest first"),
    "promised": Phrase("交期最近在前", "Promised soonest"),
    "-promised": Phrase("交期最远在前", "Promised latest"),
    "number": Phrase("订单号，从小到大", "Order, ascending"),
    "-number": Phrase("订单号，从大到小", "Order, descending"),
    "customer": Phrase("客户，从前到后", "Customer, ascending"),
    "-customer": Phrase("客户，从后到前", "Customer, descending"),
    "state": Phrase("状态，从草稿起", "State, drafts first"),
    "-state": Phrase("状态，从取消起", "State, cancelled first"),
}


@router.get("/orders")
async def list_orders(
    request: Request,
    q: str = "",
    state: str = "",
    sort: str = "",
    page_number: Annotated[int, Query(le=PAGES_MAX)] = 1,
) -> Response:
    """The list."""
    viewer = await viewer_of(request)
    chosen, sorted_by = OrderState(state) if state in set(OrderState) else None, Sort.parse(sort)
    sees, number = viewer.sees_customers, max(1, page_number)
    wanted = half_width(q).replace("\0", "").strip()  # which no database could look for
    found = await services_of(request).read(
        lambda session: find_orders(session, wanted, chosen, number, sorted_by, has_customers=sees)
    )
    context = {
        "found": found,
        "orders": found.orders,
        "q": q,
        "state": chosen or "",
        "sort": sorted_by,
        "sorts": {key: said for key, said in SORTS.items() if sees or Sort.parse(key).key is not SortKey.CUSTOMER},
    }
    return page(request, "orders/orders.html", viewer, context)
