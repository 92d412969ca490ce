"""Handing a phone to a person: a driver's holds his own trips, a tablet of nobody's holds the floor."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from shared.rules.permissions import Right
from shared.rules.refusals import RefusalCode
from shared.schemas.commands import AssignDevice
from shared.schemas.identifiers import Id
from shared.words import Phrase
from sync_server.office.devices.device_revoke import device_in_use
from sync_server.office.shell.errors import OfficeFault
from sync_server.office.shell.forms import read_form, text_of
from sync_server.office.shell.page import page
from sync_server.office.shell.submit import submit_or_fault
from sync_server.office.shell.viewer import viewer_of
from sync_server.office.shell.words import refusal_text
from sync_server.queries.people import list_people
from sync_server.services import services_of

router = APIRouter(include_in_schema=False)
NOT_ASSIGNED = Phrase("没有保存", "Nothing was saved")


@router.get("/devices/{device_id}/assign")
async def ask(request: Request, device_id: Id) -> Response:
    """Whose phone it is, to choose from."""
    viewer, services = await viewer_of(request, Right.ASSIGN_DEVICE), services_of(request)
    device = await device_in_use(request, device_id)
    people = await services.read(lambda session: list_people(session, device.site_id))
    context = {"device": device, "people": people, "key": services.mint.new_id()}
    return page(request, "devices/device_assign.html", viewer, context)


@router.post("/devices/{device_id}/assign")
async def assign(request: Request, device_id: Id) -> Response:
    """Hands it over, once however often the form is sent."""
    viewer = await viewer_of(request, Right.ASSIGN_DEVICE)
    sent = await read_form(request, viewer)
    try:
        command = AssignDevice(device_id=device_id, person_id=text_of(sent, "person_id") or None)
    except ValidationError as error:
        raise OfficeFault(422, NOT_ASSIGNED, refusal_text(RefusalCode.PERSON_UNKNOWN)) from error
    await submit_or_fault(request, viewer, command, text_of(sent, "key"), NOT_ASSIGNED)
    return RedirectResponse("/devices", 303)
