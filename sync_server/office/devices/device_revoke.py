"""Shutting a device out, and vouching for what such a device still delivered."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.rules.permissions import Right
from shared.schemas.commands import ReleaseQuarantine, RevokeDevice
from shared.schemas.identifiers import SHORT_TEXT_MAX, Id
from shared.schemas.people import Device, DeviceState
from shared.schemas.sync import VerdictStatus
from shared.words import Phrase
from sync_server.devices import quarantine
from sync_server.office.shell.errors import NOT_PERMITTED, OfficeFault
from sync_server.office.shell.forms import read_form, text_of
from sync_server.office.shell.language import NOTHING
from sync_server.office.shell.page import page
from sync_server.office.shell.submit import submission_of, submit_or_fault
from sync_server.office.shell.viewer import Viewer, viewer_of
from sync_server.services import services_of
from sync_server.storage.rows import SessionRows

router = APIRouter(include_in_schema=False)
NO_DEVICE = (
    Phrase("没有这台设备", "No such device"),
    Phrase("请回到“设备”页。", "Go back to the devices page."),
)
NO_REASON = Phrase("请写下原因，例如“丢了”。", "Give a reason, for example 'lost'.")
ALREADY = (
    Phrase("这台设备已经停用", "It is revoked already"),
    Phrase("请回到“设备”页。", "Go back to the devices page."),
)


async def device_in_use(request: Request, device_id: str) -> Device:
    """The device. Raises `OfficeFault` where it is not there (404) or revoked (409)."""
    found = await services_of(request).read(lambda session: SessionRows(session).get(Device, device_id))
    if found is None:
        raise OfficeFault(404, *NO_DEVICE)
    if found.state is DeviceState.REVOKED:
        raise OfficeFault(409, *ALREADY)
    return found


@router.get("/devices/{device_id}/revoke")
async def ask(request: Request, device_id: Id) -> Response:
    """What becomes of the device and of what it has not sent."""
    viewer = await viewer_of(request, Right.REVOKE_DEVICE)
    return _page(request, viewer, await device_in_use(request, device_id))


@router.post("/devices/{device_id}/revoke")
async def revoke(request: Request, device_id: Id) -> Response:
    """Shuts it out, once however often the form is sent."""
    viewer = await viewer_of(request, Right.REVOKE_DEVICE)
    sent = await read_form(request, viewer)
    reason = text_of(sent, "reason")[:SHORT_TEXT_MAX]
    if not reason:
        return _page(request, viewer, await device_in_use(request, device_id), NO_REASON, 422)
    await submit_or_fault(
        request, viewer, RevokeDevice(device_id=device_id, reason=reason), text_of(sent, "key"), NO_DEVICE[0]
    )
    return RedirectResponse("/devices", 303)


@router.post("/devices/{device_id}/release")
async def release(request: Request, device_id: Id) -> Response:
    """A team leader vouches for what lies in quarantine: it is taken in now, in its order."""
    viewer = await viewer_of(request, Right.RELEASE_QUARANTINE)
    sent = await read_form(request, viewer)
    services = services_of(request)
    command = ReleaseQuarantine(device_id=device_id, incarnation=text_of(sent, "incarnation")[:SHORT_TEXT_MAX])
    moment = services.moment()
    submission = submission_of(viewer, command, text_of(sent, "key"), moment)
    verdict = await services.write(lambda session: quarantine.vouch(session, submission, command, moment))
    if verdict.status is VerdictStatus.REJECTED:
        raise OfficeFault(403, *NOT_PERMITTED)
    return RedirectResponse("/devices", 303)


def _page(request: Request, viewer: Viewer, device: Device, complaint: Phrase = NOTHING, status: int = 200) -> Response:
    context = {
        "device": device,
        "reason_max": SHORT_TEXT_MAX,
        "key": services_of(request).mint.new_id(),
        "complaint": complaint,
    }
    return page(request, "devices/device_revoke.html", viewer, context, status)
