"""Who sent a request: every request of a device is signed with its key over a nonce that the server gave it.

The nonce holds the server's own time and a MAC, so that no server has to remember it and no device clock counts.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from shared.canonical import sha256_hex
from shared.schemas.people import Device, DeviceState
from shared.schemas.sync import (
    DEVICE_REVOKED,
    HEADER_DEVICE,
    HEADER_INCARNATION,
    HEADER_NEXT_NONCE,
    HEADER_NONCE,
    HEADER_SIGNATURE,
    signed_message,
)
from sync_server.errors import RequestFault, request_fault

NONCE_VALID_US = 15 * 60 * 1_000_000
SIGNATURE_BYTES = 64
KEYS_LOADED_MAX = 4_096


@dataclass(frozen=True)
class SignedRequest:
    """What a signature covers, and the signature itself."""

    method: str
    path: str
    body: bytes
    device_id: str
    incarnation: str
    nonce: str
    signature: str


def signed_request(method: str, path: str, body: bytes, headers: Mapping[str, str]) -> SignedRequest:
    """The request with its signature's headers; a fault where one is missing."""
    values = [headers.get(name, "") for name in (HEADER_DEVICE, HEADER_INCARNATION, HEADER_NONCE, HEADER_SIGNATURE)]
    if not values[0] or not values[1]:
        raise not_enrolled()
    return SignedRequest(method, path, body, values[0], values[1], values[2], values[3])


def make_nonce(secret: bytes, device_id: str, now_us: int) -> str:
    """A nonce for the device's next request."""
    stamp = f"{now_us:x}"
    return f"{stamp}.{_nonce_mac(secret, device_id, stamp)}"


def authenticate(request: SignedRequest, device: Device | None, secret: bytes, now_us: int) -> Device:
    """The device that signed this request.

    Raises a `RequestFault` 401 (`nonce_stale` with a fresh nonce in `Mumen-Next-Nonce`, `wrong_signature`,
    `not_enrolled`). Whether it has been revoked is asked by `refuse_revoked`.
    """
    if device is None or device.incarnation != request.incarnation:
        raise not_enrolled()
    if not _is_fresh(request.nonce, secret, device.id, now_us):
        stale = request_fault(
            401, "nonce_stale", "会话已过期,正在重试。", "The nonce is stale; retry with the new one."
        )
        headers = {HEADER_NEXT_NONCE: make_nonce(secret, device.id, now_us)}
        raise RequestFault(stale.status, stale.fault, headers)
    if not is_genuine(request, device):
        raise request_fault(
            401, "wrong_signature", "签名不符,请重新登记设备。", "The signature does not match; enrol the device again."
        )
    return device


def is_genuine(request: SignedRequest, device: Device) -> bool:
    """Whether this device signed this request, whenever that was."""
    message = signed_message(
        request.method, request.path, sha256_hex(request.body), device.id, device.incarnation, request.nonce
    )
    return is_signed_by(device.public_key, request.signature, message)


def not_enrolled() -> RequestFault:
    """What a device hears that is not known here (any more)."""
    return request_fault(
        401,
        "not_enrolled",
        "设备没有登记,请到办公室重新登记。",
        "The device is not enrolled; have the office enrol it again.",
    )


def refuse_revoked(device: Device, server_epoch: int) -> None:
    """Raises where the device has been shut out.

    It is told the epoch all the same: a server that was restored may lack what the device has sent before.
    """
    if device.state is DeviceState.REVOKED:
        raise request_fault(
            403,
            DEVICE_REVOKED,
            "这台设备已停用,请联系办公室。",
            "This device has been revoked; ask the office. What it recorded is kept.",
            server_epoch=server_epoch,
        )


def is_signed_by(public_key: str, signature: str, message: bytes) -> bool:
    """Whether this is the key's ECDSA P-256 signature (r and s of 32 bytes each, base64) of the message."""
    try:
        raw = base64.b64decode(signature, validate=True)
        key = _loaded(public_key)
    except ValueError:
        return False
    if len(raw) != SIGNATURE_BYTES or key is None:
        return False
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    try:
        key.verify(der, message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def is_public_key(text: str) -> bool:
    """Whether this is a P-256 public key as SubjectPublicKeyInfo in base64."""
    try:
        key = _loaded(text)
    except ValueError:
        return False
    return key is not None and key.curve.name == "secp256r1"


@lru_cache(maxsize=KEYS_LOADED_MAX)
def _loaded(public_key: str) -> ec.EllipticCurvePublicKey | None:
    """The key of this text, None for one of another kind; loading takes as long as checking a signature with it."""
    key = load_der_public_key(base64.b64decode(public_key, validate=True))
    return key if isinstance(key, ec.EllipticCurvePublicKey) else None


def _nonce_mac(secret: bytes, device_id: str, stamp: str) -> str:
    return hmac.new(secret, f"{device_id}|{stamp}".encode(), hashlib.sha256).hexdigest()[:32]


def _is_fresh(nonce: str, secret: bytes, device_id: str, now_us: int) -> bool:
    stamp, _, mac = nonce.partition(".")
    if not nonce.isascii() or not hmac.compare_digest(mac, _nonce_mac(secret, device_id, stamp)):
        return False
    return 0 <= now_us - int(stamp, 16) <= NONCE_VALID_US
