"""The only HTTP of the app: signed requests, and enrolment, which is not signed yet."""

from dataclasses import dataclass

from pydantic import ValidationError

from mobile.platform import HttpAnswer, Platform
from mobile.store import settings
from mobile.store.database import Store
from shared.canonical import sha256_hex
from shared.schemas.sync import (
    HEADER_DEVICE,
    HEADER_INCARNATION,
    HEADER_NEXT_NONCE,
    HEADER_NONCE,
    HEADER_SIGNATURE,
    EnrolAnswer,
    EnrolRequest,
    Fault,
    signed_message,
)

PUSH = "/v1/sync/push"
PULL = "/v1/sync/pull"
ENROL = "/v1/enrol"
OK = 200
JSON = {"Content-Type": "application/json"}
NONCE_STALE = "nonce_stale"


@dataclass
class ServerFault(Exception):  # noqa: N818 - the wire's word for it
    """The server answered, and refused; `code` is stable, `status` is HTTP's."""

    status: int
    code: str


async def enrol(platform: Platform, code: str, incarnation: str) -> EnrolAnswer:
    """Shows the one-time code and this device's public key. Raises `ServerFault`, or the platform's `Offline`."""
    asked = EnrolRequest(code=code, incarnation=incarnation, public_key=await platform.public_key())
    answer = await platform.post(f"{platform.origin()}{ENROL}", asked.model_dump_json().encode(), JSON)
    return EnrolAnswer.model_validate_json(_body(answer))


async def send(platform: Platform, store: Store, path: str, body: bytes) -> bytes:
    """The body of the server's answer to a signed request; a stale nonce is renewed once.

    Raises `ServerFault`, or the platform's `Offline`.
    """
    answer = await _send(platform, store, path, body)
    if answer.status != OK and _fault(answer).code == NONCE_STALE:
        answer = await _send(platform, store, path, body)
    return _body(answer)


async def signed_headers(platform: Platform, store: Store, path: str, body: bytes, incarnation: str) -> dict[str, str]:
    """The headers that prove that this device sent this body."""
    device_id = settings.get_setting(store, settings.DEVICE_ID) or ""
    nonce = settings.get_setting(store, settings.NONCE) or ""
    message = signed_message("POST", path, sha256_hex(body), device_id, incarnation, nonce)
    return {
        HEADER_DEVICE: device_id,
        HEADER_INCARNATION: incarnation,
        HEADER_NONCE: nonce,
        HEADER_SIGNATURE: await platform.sign(message),
    }


async def _send(platform: Platform, store: Store, path: str, body: bytes) -> HttpAnswer:
    incarnation = settings.get_setting(store, settings.INCARNATION) or ""
    headers = JSON | await signed_headers(platform, store, path, body, incarnation)
    answer = await platform.post(f"{platform.origin()}{path}", body, headers)
    nonce = answer.headers.get(HEADER_NEXT_NONCE.lower())
    if nonce:
        settings.set_setting(store, settings.NONCE, nonce)
    return answer


def _body(answer: HttpAnswer) -> bytes:
    if answer.status == OK:
        return answer.body
    raise _fault(answer)


def _fault(answer: HttpAnswer) -> ServerFault:
    try:
        return ServerFault(answer.status, Fault.model_validate_json(answer.body).code)
    except ValidationError:  # a proxy's page, not our server's
        return ServerFault(answer.status, f"http_{answer.status}")
