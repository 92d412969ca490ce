"""The first page: how many orders stand where and since when, which devices are silent, and one search box."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.label_code import CodeKind, LabelCode, parse
from sync_server.office.frame import page, services_of, viewer_of
from sync_server.queries.devices import list_devices
from sync_server.queries.orders import find_orders, stages
from sync_server.queries.pieces import find_piece_by_code

router = APIRouter(include_in_schema=False)
US_PER_DAY = 86_400_000_000


@router.get("/")
async def home(request: Request) -> Response:
    """Where everything stands."""
    viewer, services = await viewer_of(request), services_of(request)
    now_us = services.now_us()
    found = await services.read(lambda s: (stages(s), list_devices(s, now_us), find_orders(s, "", None, 1).orders[:10]))
    counts, devices, latest = found
    context = {
        "stages": [(stage, (now_us - stage.oldest_us) // US_PER_DAY if stage.oldest_us else None) for stage in counts],
        "silent": [device for device in devices if device.is_silent],
        "devices": devices,
        "orders": latest,
    }
    return page(request, "home.html", viewer, context)


@router.get("/search")
async def search(request: Request, q: str = "") -> Response:
    """A label's code leads to its piece, anything else to a list of orders. A gun types straight into this box."""
    await viewer_of(request)
    code = parse(q)
    if isinstance(code, LabelCode) and code.kind is CodeKind.PIECE:
        piece_id = await services_of(request).read(lambda session: find_piece_by_code(session, code.text))
        if piece_id is not None:
            return RedirectResponse(f"/pieces/{piece_id}", 303)
    url = request.url_for("list_orders").include_query_params(q=q)
    return RedirectResponse(f"{url.path}?{url.query}", 303)
