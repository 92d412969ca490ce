"""Scans and repeats at each station, day by day: where a gun or a habit is to be looked at."""

from fastapi import APIRouter, Request, Response

from shared.rules.permissions import Right
from sync_server.office.shell.page import page
from sync_server.office.shell.viewer import viewer_of
from sync_server.queries.repeats import list_scan_days
from sync_server.services import services_of

router = APIRouter(include_in_schema=False)


@router.get("/scans")
async def show_scans(request: Request, day: str = "") -> Response:
    """One of the last days, today where none is chosen."""
    viewer, services = await viewer_of(request, Right.SEE_CONFLICTS), services_of(request)
    now_us = services.now_us()
    days = await services.read(lambda session: list_scan_days(session, now_us, viewer.utc_offset_min))
    shown = next((one for one in days if one.day.isoformat() == day), days[0])
    return page(request, "floor/scans.html", viewer, {"days": days, "shown": shown, "today": viewer.day(now_us)})
