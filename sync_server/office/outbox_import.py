"""The file that a device exports: signed pushes that go through the same push as any other.

`{"format": "mumen-outbox", "version": 1, "device_name", "requests": [{"headers": {...}, "body": base64}]}`.
The signature must fit; the nonce may be old, because the file may have been carried for days.
"""

import asyncio
import base64
import json
import logging
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import JsonValue
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.canonical import sha256_hex
from shared.schemas.identifiers import TRANSACTION_COMMANDS_MAX
from shared.schemas.people import Device, DeviceState
from shared.schemas.sync import PushRequest, VerdictStatus, signed_message
from shared.words import Phrase
from sync_server.device_auth import SignedRequest, is_signed_by, signed_request
from sync_server.errors import RequestFault
from sync_server.push import Pushed, Sender, push
from sync_server.rows import SessionRows
from sync_server.services import Services
from sync_server.tables import DeviceRow

LOG = logging.getLogger(__name__)
PUSH_PATH = "/v1/sync/push"
_REFUSED = {VerdictStatus.REJECTED, VerdictStatus.HELD, VerdictStatus.PARKED}


STRANGE_FILE = Phrase(
    "这不是设备导出的文件，请选择 mumen-outbox-….json。", "No device exported this file; choose mumen-outbox-….json."
)
NEWER_FILE = Phrase(
    "这个文件来自更新的版本，请先更新服务器。", "A newer version wrote this file; update the server first."
)
WRONG_SIGNATURE = Phrase(
    "文件的签名不符，或服务器不认识这台设备。请让设备重新导出。",
    "The signature does not fit, or the server does not know this device. Let the device export again.",
)
REVOKED = Phrase("这台设备已停用。", "This device has been revoked.")
NO_RECORDS = Phrase(
    "文件里没有记录：设备已经全部上传过了。", "The file holds no records: the device has sent them all."
)
GAP = Phrase(
    "缺少第 {need} 条以前的记录，请让设备联网或重新导出。",
    "Records before number {need} are missing: connect the device, or let it export again.",
)
DATABASE_FAILED = Phrase("数据库出错，请稍后再试。", "The database failed; try again later.")
NOT_IMPORTED = Phrase("没有导入任何记录。{why}", "Nothing was imported. {why}")
STOPPED = Phrase(
    "文件里的 {total} 条记录，前 {done} 条已入账，其余 {rest} 条没有导入。{why}"
    "可以放心再次导入同一个文件：已入账的不会重复。",
    "Of {total} records the first {done} are in the books, the other {rest} were not imported. {why} "
    "It is safe to import the same file again: nothing counts twice.",
)


class ImportFault(Exception):  # noqa: N818 - named as the other faults are
    """The file cannot be taken in, or not to its end; `said` tells why, and how much of it counts already."""

    def __init__(self, said: Phrase) -> None:
        """What to tell whoever brought the file."""
        super().__init__(said.en)
        self.said = said


@dataclass(frozen=True)
class Imported:
    """What a file brought."""

    device_name: str
    count: int
    refused: int
    known: int
    """How many of them had arrived before."""


async def import_outbox(services: Services, content: bytes) -> Imported:
    """Takes in every push of the file, in order. Raises `ImportFault`; then what it says was taken in stays."""
    requests = await asyncio.to_thread(_requests, content)
    total = sum(len(asked.commands) for _, asked in requests)
    if not total:
        raise ImportFault(NO_RECORDS)
    devices = [await _genuine_device(services, signed) for signed, _ in requests]
    arrived = {device.id: await services.read(partial(_last_number, device_id=device.id)) for device in devices}
    done, refused, known = 0, 0, 0
    for device, (_, asked) in zip(devices, requests, strict=True):
        for start in range(0, len(asked.commands), TRANSACTION_COMMANDS_MAX):
            try:
                pushed = await _push(services, device, asked.commands[start : start + TRANSACTION_COMMANDS_MAX])
            except RequestFault as fault:
                why = Phrase(fault.fault.message, fault.fault.message_en)
                raise _stopped(why, done, total) from fault
            except SQLAlchemyError as error:
                LOG.exception("the import of %s stopped after %s records", device.id, done)
                raise _stopped(DATABASE_FAILED, done, total) from error
            done += len(pushed.verdicts)
            refused += sum(verdict.status in _REFUSED for verdict in pushed.verdicts)
            known += sum(verdict.n <= arrived[device.id] for verdict in pushed.verdicts)
            if pushed.need is not None:
                raise _stopped(GAP.filled(need=pushed.need), done, total)
    return Imported(devices[-1].name, done, refused, known)


def _last_number(session: Session, device_id: str) -> int:
    query = select(col(DeviceRow.last_n)).where(col(DeviceRow.id) == device_id)
    return int(session.execute(query).scalar_one())


async def _push(services: Services, device: Device, commands: list[dict[str, JsonValue]]) -> Pushed:
    sender, mint, epoch = Sender(device.id, device.incarnation), services.mint, services.identity.epoch
    return await services.write(lambda s: push(s, sender, commands, mint, services.now_us(), epoch))


def _stopped(why: Phrase, done: int, total: int) -> ImportFault:
    if not done:
        return ImportFault(NOT_IMPORTED.filled(why=why))
    return ImportFault(STOPPED.filled(total=total, done=done, rest=total - done, why=why))


async def _genuine_device(services: Services, signed: SignedRequest) -> Device:
    device = await services.read(lambda session: SessionRows(session).get(Device, signed.device_id))
    if device is None or not _is_genuine(signed, device):
        raise ImportFault(NOT_IMPORTED.filled(why=WRONG_SIGNATURE))
    if device.state is DeviceState.REVOKED:
        raise ImportFault(NOT_IMPORTED.filled(why=REVOKED))
    return device


def _requests(content: bytes) -> list[tuple[SignedRequest, PushRequest]]:
    try:
        document: Any = json.loads(content)
        if document["format"] != "mumen-outbox" or document["version"] != 1:
            raise ImportFault(NOT_IMPORTED.filled(why=NEWER_FILE))
        found: list[tuple[SignedRequest, PushRequest]] = []
        for one in document["requests"]:
            body = base64.b64decode(one["body"], validate=True)
            signed = signed_request("POST", PUSH_PATH, body, {str(k): str(v) for k, v in one["headers"].items()})
            found.append((signed, PushRequest.model_validate_json(body)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, RequestFault) as error:
        raise ImportFault(NOT_IMPORTED.filled(why=STRANGE_FILE)) from error
    return found


def _is_genuine(signed: SignedRequest, device: Device) -> bool:
    message = signed_message(
        signed.method, signed.path, sha256_hex(signed.body), signed.device_id, signed.incarnation, signed.nonce
    )
    return device.incarnation == signed.incarnation and is_signed_by(device.public_key, signed.signature, message)
