"""The only HTTP of the app: signed requests, and enrolment, which is not signed yet."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue, ValidationError

from mobile.platform import HttpAnswer, Platform
from mobile.store import identities
from mobile.store.database import Store
from mobile.store.tables import Identity
from shared.canonical import sha256_hex
from shared.schemas.sync import (
    ENROL_PATH,
    FORMER_MAX,
    HEADER_DEVICE,
    HEADER_INCARNATION,
    HEADER_NEXT_NONCE,
    HEADER_NONCE,
    HEADER_SIGNATURE,
    EnrolAnswer,
    EnrolRequest,
    Fault,
    FormerDevice,
    signed_message,
)

OK = 200
UNAUTHORIZED = 401
JSON = {"Content-Type": "application/json"}
RETRY_AFTER_S_MAX = 600.0


@dataclass
class ServerFault(Exception):  # noqa: N818 - the wire's word for it
    """The server answered, and refused; `code` is stable, `status` is HTTP's.

    `retry_after_s` is how long it asks to be left alone, where it asks for that.
    """

    status: int
    code: str
    facts: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    retry_after_s: float | None = None


@dataclass(frozen=True)
class Request:
    """What is asked of the server in a device's name; `path` begins behind the origin."""

    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict[str, str])


async def enrol(platform: Platform, code: str, incarnation: str, former: Sequence[Identity]) -> EnrolAnswer:
    """Shows the one-time code, this device's public key, and who it was before.

    Raises `ServerFault`, or the platform's `Offline`.
    """
    asked = EnrolRequest(
        code=code,
        incarnation=incarnation,
        public_key=await platform.public_key(),
        former=[FormerDevice(device_id=one.device_id, incarnation=one.incarnation) for one in former[-FORMER_MAX:]],
    )
    answer = await platform.request("POST", f"{platform.origin()}{ENROL_PATH}", asked.model_dump_json().encode(), JSON)
    return EnrolAnswer.model_validate_json(_body(answer))


async def send(platform: Platform, store: Store, identity: Identity, path: str, body: bytes) -> bytes:
    """The body of the server's answer to a request in this identity's name; a stale nonce is renewed once.

    Raises `ServerFault`, or the platform's `Offline`.
    """
    return _body(await ask(platform, store, identity, Request("POST", path, body, JSON)))


async def ask(platform: Platform, store: Store, identity: Identity, request: Request) -> HttpAnswer:
    """The answer to a signed request, whatever its status; a stale nonce is renewed once. Raises `Offline`."""
    answer = await _ask(platform, store, identity, request)
    is_stale = answer.status == UNAUTHORIZED and HEADER_NEXT_NONCE.lower() in answer.headers  # HEAD has no words for it
    return await _ask(platform, store, identity, request) if is_stale else answer


async def signed_headers(
    platform: Platform, identity: Identity, path: str, body: bytes, method: str = "POST"
) -> dict[str, str]:
    """The headers that prove that this device sent this body."""
    digest = sha256_hex(body)
    message = signed_message(method, path, digest, identity.device_id, identity.incarnation, identity.nonce)
    return {
        HEADER_DEVICE: identity.device_id,
        HEADER_INCARNATION: identity.incarnation,
        HEADER_NONCE: identity.nonce,
        HEADER_SIGNATURE: await platform.sign(message),
    }


async def _ask(platform: Platform, store: Store, identity: Identity, request: Request) -> HttpAnswer:
    signed = await signed_headers(platform, identity, request.path, request.body, request.method)
    url = f"{platform.origin()}{request.path}"
    answer = await platform.request(request.method, url, request.body, request.headers | signed)
    nonce = answer.headers.get(HEADER_NEXT_NONCE.lower())
    if nonce:
        identity.nonce = nonce
        identities.keep_nonce(store, identity.incarnation, nonce)
    return answer


def _body(answer: HttpAnswer) -> bytes:
    if answer.status == OK:
        return answer.body
    raise fault_of(answer)


def fault_of(answer: HttpAnswer) -> ServerFault:
    """What an answer that is no success says; `http_<status>` where it has no words (HEAD) or is not our server's."""
    wait_s = _retry_after_s(answer)
    try:
        fault = Fault.model_validate_json(answer.body)
    except ValidationError:  # a proxy's page, not our server's
        return ServerFault(answer.status, f"http_{answer.status}", retry_after_s=wait_s)
    return ServerFault(answer.status, fault.code, fault.facts, wait_s)


def _retry_after_s(answer: HttpAnswer) -> float | None:
    """Seconds from the header, bounded: a proxy's mistake must not silence a tablet for a day."""
    text = answer.headers.get("retry-after", "")
    return min(float(text), RETRY_AFTER_S_MAX) if text.isascii() and text.isdecimal() and len(text) < 9 else None
