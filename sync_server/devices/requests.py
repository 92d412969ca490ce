"""Who sends a request, whether it may be listened to, and that each device asks for one thing at a time."""

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from shared.schemas.identifiers import OUTBOX_BATCH_BYTES_MAX
from shared.schemas.people import Device
from sync_server.devices.signatures import SignedRequest, authenticate, not_enrolled, refuse_revoked
from sync_server.errors import RequestFault, request_fault
from sync_server.services import Services
from sync_server.storage.rows import SessionRows

BODY_BYTES_MAX = 4 * OUTBOX_BATCH_BYTES_MAX
DEVICES_KNOWN_MAX = 10_000


async def authenticated(services: Services, request: SignedRequest, bytes_max: int = BODY_BYTES_MAX) -> Device:
    """The device that signed this request, as this process first read it: only its key and its id are sure.

    What else it is, and whether it has been revoked, is asked in the transaction that serves it. Raises `RequestFault`
    401, and 413 for a body that is too large.
    """
    if len(request.body) > bytes_max:
        raise request_fault(413, "too_large", "一次上传太多,请分批。", "Too much at once; send less.", max=bytes_max)
    device = services.known_devices.get(request.device_id)
    if device is None:
        device = await services.read(lambda session: SessionRows(session).get(Device, request.device_id))
    genuine = authenticate(request, device, services.identity.nonce_secret, services.now_us())
    if len(services.known_devices) >= DEVICES_KNOWN_MAX:
        services.known_devices.clear()
    services.known_devices[genuine.id] = genuine
    return genuine


def current_device(session: Session, device_id: str, server_epoch: int, *, may_be_revoked: bool = False) -> Device:
    """The device as it is now. Raises `RequestFault` where it is not enrolled (401) or has been shut out (403)."""
    device = SessionRows(session).get(Device, device_id)
    if device is None:
        raise not_enrolled()
    if not may_be_revoked:
        refuse_revoked(device, server_epoch)
    return device


@contextmanager
def one_at_a_time(services: Services, device: Device, what: str) -> Generator[None, None, None]:
    """Raises 429 where the device has a request of this kind in flight already."""
    key = (device.id, what)
    if key in services.in_flight:
        fault = request_fault(429, "one_at_a_time", "上一个请求还在处理。", "Your last request is still being served.")
        raise RequestFault(fault.status, fault.fault, {"Retry-After": "1"})
    services.in_flight.add(key)
    try:
        yield
    finally:
        services.in_flight.discard(key)
