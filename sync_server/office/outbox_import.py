"""The file that a device exports: signed pushes that go through the same push as any other.

`{"format": "mumen-outbox", "version": 1, "device_name", "requests": [{"headers": {...}, "body": base64}]}`.
The signature must fit; the nonce may be old, because the file may have been carried for days.
"""

import base64
import json
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from shared.canonical import sha256_hex
from shared.schemas.identifiers import TRANSACTION_COMMANDS_MAX
from shared.schemas.people import Device
from shared.schemas.sync import PushRequest, VerdictStatus, signed_message
from sync_server.device_auth import SignedRequest, is_signed_by, signed_request
from sync_server.errors import RequestFault
from sync_server.push import Sender, push
from sync_server.rows import SessionRows
from sync_server.services import Services

PUSH_PATH = "/v1/sync/push"
_REFUSED = {VerdictStatus.REJECTED, VerdictStatus.HELD, VerdictStatus.PARKED}


class ImportFault(Exception):  # noqa: N818 - named as the other faults are
    """The file cannot be taken in; the sentence says why. Nothing was changed by the part that failed."""


@dataclass(frozen=True)
class Imported:
    """What a file brought."""

    device_name: str
    count: int
    refused: int


async def import_outbox(services: Services, content: bytes) -> Imported:
    """Takes in every push of the file, in order. Raises `ImportFault`."""
    name, count, refused = "", 0, 0
    for signed, asked in _requests(content):
        device = await services.read(lambda session, signed=signed: SessionRows(session).get(Device, signed.device_id))
        if device is None or not _is_genuine(signed, device):
            raise ImportFault("文件的签名不符，或服务器不认识这台设备；没有导入。请让设备重新导出。")
        sender = Sender(device.id, signed.incarnation)
        for start in range(0, len(asked.commands), TRANSACTION_COMMANDS_MAX):
            chunk = asked.commands[start : start + TRANSACTION_COMMANDS_MAX]
            try:
                pushed = await services.write(
                    lambda s, chunk=chunk, sender=sender: push(
                        s, sender, chunk, services.mint, services.now_us(), services.identity.epoch
                    )
                )
            except RequestFault as fault:
                raise ImportFault(fault.fault.message) from fault
            if pushed.need is not None:
                raise ImportFault(f"缺少第 {pushed.need} 条以前的记录，请让设备联网或重新导出。")
            count += len(pushed.verdicts)
            refused += sum(verdict.status in _REFUSED for verdict in pushed.verdicts)
        name = device.name
    if not count:
        raise ImportFault("文件里没有记录：设备已经全部上传过了。")
    return Imported(name, count, refused)


def _requests(content: bytes) -> list[tuple[SignedRequest, PushRequest]]:
    try:
        document: Any = json.loads(content)
        if document["format"] != "mumen-outbox" or document["version"] != 1:
            raise ImportFault("这个文件来自更新的版本，请先更新服务器。")
        found: list[tuple[SignedRequest, PushRequest]] = []
        for one in document["requests"]:
            body = base64.b64decode(one["body"], validate=True)
            signed = signed_request("POST", PUSH_PATH, body, {str(k): str(v) for k, v in one["headers"].items()})
            found.append((signed, PushRequest.model_validate_json(body)))
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError, RequestFault) as error:
        raise ImportFault("这不是设备导出的文件，请选择 mumen-outbox-….json。") from error
    return found


def _is_genuine(signed: SignedRequest, device: Device) -> bool:
    message = signed_message(
        signed.method, signed.path, sha256_hex(signed.body), signed.device_id, signed.incarnation, signed.nonce
    )
    return device.incarnation == signed.incarnation and is_signed_by(device.public_key, signed.signature, message)
