"""POST /v1/enrol: HTTP around `devices.enrolment`."""

from fastapi import APIRouter, Request

from shared.schemas.sync import ENROL_PATH, EnrolAnswer, EnrolRequest
from sync_server.api.description import faults
from sync_server.devices.enrolment import code_of, enrol_device
from sync_server.services import services_of

router = APIRouter(tags=["devices"])


@router.post(ENROL_PATH, responses=faults(404, 410, 422, 503))
async def enrol(request: Request, asked: EnrolRequest) -> EnrolAnswer:
    """Lets a device in, once per code. Refusals are 4xx with a code of `RefusalCode`."""
    services = services_of(request)
    code = code_of(asked)
    return await services.write(lambda session: enrol_device(session, services, asked, code))
