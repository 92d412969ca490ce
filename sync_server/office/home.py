"""The first page: how many orders stand where and since when, which devices are silent."""

from fastapi import APIRouter, Request, Response

from shared.rules.permissions import Right
from shared.schemas.identifiers import DAY_US
from shared.schemas.people import DeviceState
from shared.schemas.quality import ConflictState
from shared.words import Phrase
from sync_server.office.shell.page import page
from sync_server.office.shell.viewer import Viewer, viewer_of
from sync_server.office.shell.words import State
from sync_server.queries.calls import count_calls
from sync_server.queries.conflicts import count_conflicts
from sync_server.queries.devices import Contact, DeviceLine, list_devices
from sync_server.queries.orders import find_orders, stages
from sync_server.services import services_of

router = APIRouter(include_in_schema=False)
LATEST = 10
SILENT = Phrase(
    "{count} 台设备超过 1 小时没有联系：{names}。它们扫的码可能还没到，下面的进度可能偏旧。",
    "{count} device(s) silent for more than 1 hour: {names}. What they scanned may not be here yet; the progress below "
    "may be behind.",
)
AWAY = Phrase(
    "{count} 台设备里 {online} 台在线。其余最近联系：{names}。",
    "{online} of {count} devices are online. The others were last heard of at: {names}.",
)
ALL_ONLINE = Phrase("{count} 台设备都在线。", "All {count} devices are online.")


@router.get("/")
async def home(request: Request) -> Response:
    """Where everything stands."""
    viewer, services = await viewer_of(request), services_of(request)
    now_us = services.now_us()
    sees = viewer.sees_customers
    counts, devices, conflicts, calls, latest = await services.read(
        lambda session: (
            stages(session),
            list_devices(session, now_us),
            count_conflicts(session),
            count_calls(session),
            find_orders(session, "", None, 1, has_customers=sees).orders[:LATEST],
        )
    )
    in_use = [device for device in devices if device.state is not DeviceState.REVOKED]
    context = {
        "stages": [(stage, (now_us - stage.oldest_us) // DAY_US if stage.oldest_us else None) for stage in counts],
        "reach": _reach(viewer, in_use),
        "devices": in_use,
        "calls": calls if viewer.may(Right.SEE_CONFLICTS) else 0,
        "to_decide": conflicts[ConflictState.OPEN] if viewer.may(Right.SEE_CONFLICTS) else 0,
        "orders": latest,
    }
    return page(request, "home.html", viewer, context)


def _reach(viewer: Viewer, devices: list[DeviceLine]) -> State:
    """Which figures to distrust, and why; else who is online."""
    silent = [device.name for device in devices if device.contact is Contact.SILENT]
    if silent:
        return State(SILENT.filled(count=len(silent), names=_listed(silent)), "wait")
    away = [f"{one.name} {viewer.clock(one.last_contact_us)}" for one in devices if one.contact is Contact.RECENT]
    if away:
        return State(AWAY.filled(online=len(devices) - len(away), count=len(devices), names=_listed(away)), "info")
    return State(ALL_ONLINE.filled(count=len(devices)), "ok")


def _listed(names: list[str]) -> Phrase:
    return Phrase("、".join(names), ", ".join(names))
