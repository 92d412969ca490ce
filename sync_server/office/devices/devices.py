"""Devices: who is out there, and letting one more in."""

import io
from typing import Any

import qrcode
from fastapi import APIRouter, Request, Response
from qrcode.image.svg import SvgPathImage

from shared.canonical import sha256_hex
from shared.label_code import CodeKind, pretty
from shared.rules.permissions import Right
from shared.schemas.commands import InviteDevice
from shared.schemas.identifiers import ENROLMENT_VALID_US
from shared.schemas.sync import VerdictStatus
from shared.words import Phrase
from sync_server.devices import quarantine
from sync_server.office.shell.errors import NOT_PERMITTED, OfficeFault
from sync_server.office.shell.forms import read_form, text_of
from sync_server.office.shell.language import NOTHING
from sync_server.office.shell.page import page
from sync_server.office.shell.submit import submit
from sync_server.office.shell.viewer import Viewer, viewer_of
from sync_server.queries.devices import list_devices
from sync_server.services import services_of

router = APIRouter(include_in_schema=False)
NO_NAME = Phrase("请给设备起个名字，例如“开料平板”。", "Give the device a name, for example 'cutting tablet'.")


@router.get("/devices")
async def show_devices(request: Request) -> Response:
    """The list."""
    return await devices_page(request, await viewer_of(request, Right.SEE_DEVICES))


@router.post("/devices/invite")
async def invite(request: Request) -> Response:
    """A one-time code, shown once: as a QR for the tablet's own camera, and as text to type."""
    viewer, services = await viewer_of(request, Right.INVITE_DEVICE), services_of(request)
    form = await read_form(request, viewer)
    name = text_of(form, "device_name")[:60]
    if not name:
        return await devices_page(request, viewer, complaint=NO_NAME, status=422)
    code = services.mint.new_code(CodeKind.ENROLMENT)
    expires_at_us = services.now_us() + ENROLMENT_VALID_US
    command = InviteDevice(
        enrolment_id=services.mint.new_id(),
        site_id=viewer.person.site_id,
        device_name=name,
        token_hash=sha256_hex(code.encode()),
        expires_at_us=expires_at_us,
    )
    verdict = await submit(request, viewer, command, services.mint.new_id())
    if verdict.status is VerdictStatus.REJECTED:
        raise OfficeFault(403, *NOT_PERMITTED)
    url = f"{services.public_url}/app/?code={code}"
    context = {"name": name, "code": pretty(code), "url": url, "qr": qr_svg(url), "until": viewer.when(expires_at_us)}
    return page(request, "devices/invitation.html", viewer, context)


def qr_svg(text: str) -> str:
    """The text as a QR, as SVG to stand in a page."""
    made: Any = qrcode.make(text, image_factory=SvgPathImage, border=2)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue().decode().partition("?>")[2]


async def devices_page(
    request: Request, viewer: Viewer, *, complaint: Phrase = NOTHING, done: Phrase = NOTHING, status: int = 200
) -> Response:
    """The list, with what there is to say of what was just done."""
    services = services_of(request)
    now_us = services.now_us()
    devices, piles = await services.read(lambda session: (list_devices(session, now_us), quarantine.piles(session)))
    context = {
        "devices": devices,
        "piles": piles,
        "keys": [services.mint.new_id() for _ in piles],
        "complaint": complaint,
        "done": done,
        "may_revoke": viewer.may(Right.REVOKE_DEVICE),
        "may_release": viewer.may(Right.RELEASE_QUARANTINE),
        "may_assign": viewer.may(Right.ASSIGN_DEVICE),
        "may_invite": viewer.may(Right.INVITE_DEVICE),
        "may_import": viewer.may(Right.IMPORT_OUTBOX),
    }
    return page(request, "devices/devices.html", viewer, context, status)
