"""The file that a device exports (`shared/schemas/outbox_file.py`): its pushes go the way of any other push.

The signatures must fit; the nonces may be old, because the file may have been carried for days.
"""

import asyncio
import base64
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.rules.refusals import RefusalCode
from shared.schemas.outbox_file import OUTBOX_FILE_FORMAT, OUTBOX_FILE_VERSION, OutboxFile, OutboxFileHead, SignedPush
from shared.schemas.people import Device, DeviceState
from shared.schemas.sync import PUSH_PATH, WITHOUT_EFFECT, PushRequest
from sync_server.devices.exchange import parcels
from sync_server.devices.push import Arrived, Pushed, arrived
from sync_server.devices.signatures import SignedRequest, is_genuine, signed_request
from sync_server.errors import RequestFault
from sync_server.services import Services
from sync_server.storage.rows import SessionRows
from sync_server.tables import DeviceRow

LOG = logging.getLogger(__name__)


class ImportProblem(StrEnum):
    """Why nothing of a file can be taken in."""

    STRANGE_FILE = "strange_file"
    NEWER_FILE = "newer_file"
    WRONG_SIGNATURE = "wrong_signature"
    REVOKED = "revoked"
    NO_RECORDS = "no_records"


class ImportFault(Exception):  # noqa: N818 - named as the other faults are
    """Nothing of the file was taken in."""

    def __init__(self, problem: ImportProblem) -> None:
        """Say what is wrong with it."""
        super().__init__(problem.value)
        self.problem = problem


@dataclass
class Imported:
    """What a file brought, as far as it was taken in; that stays, and the same file again counts nothing twice."""

    device_name: str
    total: int
    booked: int = 0
    """How many have a verdict in the log."""
    refused: int = 0
    """How many of those are refused or wait for something."""
    known: int = 0
    """How many of those had arrived before."""
    quarantined: int = 0
    """How many others are kept until a team leader vouches for them: the device is a copy of another."""
    need: int | None = None
    """The number that is missing, where it stopped before a gap."""
    stopped_by: RequestFault | SQLAlchemyError | None = None


@dataclass(frozen=True)
class _Outbox:
    """What the file holds of one enrolment of the device."""

    device: Device
    last_n: int
    """How far the server had got before."""
    commands: list[Arrived]


async def import_outbox(services: Services, content: bytes) -> Imported:
    """Takes in every push of the file, in order, as far as it goes. Raises `ImportFault`."""
    outboxes = await _outboxes(services, await asyncio.to_thread(_requests, content))
    imported = Imported(outboxes[-1].device.name, sum(len(outbox.commands) for outbox in outboxes))
    for outbox in outboxes:
        try:
            await _deliver(services, outbox, imported)
        except RequestFault as fault:
            imported.stopped_by = fault
        except SQLAlchemyError as error:
            LOG.exception("the import of %s stopped after %s records", outbox.device.id, imported.booked)
            imported.stopped_by = error
        if imported.stopped_by is not None or imported.need is not None:
            break
    return imported


async def _deliver(services: Services, outbox: _Outbox, imported: Imported) -> None:
    """Sends the outbox through the lane of its site, one transaction after the other."""
    for parcel in parcels(services, outbox.device, outbox.commands):
        (pushed,) = await services.write_in_order([parcel])
        _count(imported, pushed, outbox.last_n)
        imported.need = pushed.need
        if pushed.need is not None:
            return


def _count(imported: Imported, pushed: Pushed, last_n: int) -> None:
    booked = [verdict for verdict in pushed.verdicts if verdict.code != RefusalCode.QUARANTINED]
    imported.booked += len(booked)
    imported.quarantined += len(pushed.verdicts) - len(booked)
    imported.refused += sum(verdict.status in WITHOUT_EFFECT for verdict in booked)
    imported.known += sum(verdict.n <= last_n for verdict in booked)


async def _outboxes(services: Services, requests: Sequence[tuple[SignedRequest, list[Arrived]]]) -> list[_Outbox]:
    """The requests by the enrolment that signed them. Raises `ImportFault` where one is not to be heard."""
    found: dict[str, _Outbox] = {}
    for signed, commands in requests:
        if not commands:
            continue
        device, last_n = await services.read(lambda session, signed=signed: _sender(session, signed))
        outbox = found.setdefault(device.id, _Outbox(device, last_n, []))
        outbox.commands.extend(commands)
    if not found:
        raise ImportFault(ImportProblem.NO_RECORDS)
    return list(found.values())


def _sender(session: Session, signed: SignedRequest) -> tuple[Device, int]:
    """The device that signed this, and how far the server has got with it."""
    device = SessionRows(session).get(Device, signed.device_id)
    if device is None or not is_genuine(signed, device):
        raise ImportFault(ImportProblem.WRONG_SIGNATURE)
    if device.state is DeviceState.REVOKED:
        raise ImportFault(ImportProblem.REVOKED)
    return device, session.execute(select(col(DeviceRow.last_n)).where(col(DeviceRow.id) == device.id)).scalar_one()


def _requests(content: bytes) -> list[tuple[SignedRequest, list[Arrived]]]:
    try:
        document: Any = json.loads(content)
        head = OutboxFileHead.model_validate(document)
        if head.format == OUTBOX_FILE_FORMAT and head.version != OUTBOX_FILE_VERSION:
            raise ImportFault(ImportProblem.NEWER_FILE)
        if head.format != OUTBOX_FILE_FORMAT:
            raise ImportFault(ImportProblem.STRANGE_FILE)
        return [_request(one) for one in OutboxFile.model_validate(document).requests]
    except (ValueError, RecursionError, RequestFault) as error:
        raise ImportFault(ImportProblem.STRANGE_FILE) from error


def _request(push: SignedPush) -> tuple[SignedRequest, list[Arrived]]:
    body = base64.b64decode(push.body, validate=True)
    asked = PushRequest.model_validate_json(body)
    return signed_request("POST", PUSH_PATH, body, push.headers), [arrived(raw) for raw in asked.commands]
