"""Orders and door models as the pages of an order need them."""

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.schemas.production import DoorModel
from shared.words import Phrase
from sync_server.office.shell.errors import OfficeFault
from sync_server.office.shell.viewer import Viewer
from sync_server.queries.orders import OrderView, view_order
from sync_server.services import services_of
from sync_server.tables import DoorModelRow

NO_ORDER = (
    Phrase("没有这张订单", "No such order"),
    Phrase("请检查网址，或用搜索框查找。", "Check the address, or look for it with the search box."),
)


async def order_view(request: Request, viewer: Viewer, order_id: str) -> OrderView:
    """The order with everything below it, as far as this person may see it. Raises `OfficeFault` 404."""
    has_customers = viewer.sees_customers
    view = await services_of(request).read(lambda session: view_order(session, order_id, has_customers=has_customers))
    if view is None:
        raise OfficeFault(404, *NO_ORDER)
    return view


async def door_models(request: Request) -> dict[str, DoorModel]:
    """Every model by its id, ordered by code; those that are no longer made too, because older orders name them."""
    return await services_of(request).read(list_models)


def list_models(session: Session) -> dict[str, DoorModel]:
    """As `door_models`, within a reading that has begun."""
    rows = session.execute(select(DoorModelRow).order_by(col(DoorModelRow.code))).scalars()
    return {row.id: DoorModel.model_validate(row.model_dump()) for row in rows}
