"""What a device asks and what it is answered, whatever carries it: HTTP in production, a simulated wire in tests.

Every function takes the signed request as it came and gives the answer's body; faults are raised as `RequestFault`.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError
from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.schemas.people import Device
from shared.schemas.sync import (
    HEADER_NEXT_NONCE,
    WIRE_SCHEMA,
    WIRE_SCHEMA_MIN,
    Cursor,
    PokeAnswer,
    PokeRequest,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushRequest,
)
from sync_server.devices.push import Arrived, Delivery, Pushed, Sender, arrived, push_together
from sync_server.devices.requests import authenticated, current_device, one_at_a_time
from sync_server.devices.signatures import SignedRequest, make_nonce
from sync_server.errors import RequestFault, request_fault, wrong_shape
from sync_server.feed.reading import expired, read_pages
from sync_server.scopes import scopes_for
from sync_server.services import Services
from sync_server.storage.lanes import JointJob
from sync_server.tables import DeviceRow

LOG = logging.getLogger(__name__)
M = TypeVar("M", bound=BaseModel)

CONTACT_NOTED_US = 30 * 1_000_000
"""A pull is written down as contact at most this often."""

POKE_WAIT_S = 15.0
"""How long a poke is kept waiting at most; under the 20 s after which a device gives an answer up."""


@dataclass(frozen=True)
class WireAnswer:
    """The body of a 200, and the headers beside it."""

    body: bytes
    headers: dict[str, str]


async def push_commands(services: Services, request: SignedRequest) -> WireAnswer:
    """A device delivers its outbox: a verdict for every number, each stored with its effect.

    An app of any age may push, so that old outboxes drain; a revoked device may too, into quarantine.
    """
    device = await authenticated(services, request)
    asked = _parsed(PushRequest, _json(request.body))
    commands = [arrived(raw) for raw in asked.commands]
    with one_at_a_time(services, device, "push"):
        pushed = await services.write_in_order(parcels(services, device, commands))
    count = next((at for at, one in enumerate(pushed, start=1) if one.need is not None), len(pushed))
    last = pushed[count - 1]
    answer = PushAnswer(
        verdicts=[verdict for one in pushed[:count] for verdict in one.verdicts],
        last_n=last.last_n,
        last_hash=last.last_hash,
        need=last.need,
        server_epoch=services.identity.epoch,
        is_cloned=any(one.is_cloned for one in pushed[:count]),
    )
    return answered(services, device, answer)


def parcels(services: Services, device: Device, commands: Sequence[Arrived]) -> list[JointJob[Delivery, Pushed]]:
    """The commands in parcels of one transaction each; an empty one where there are none, for its `last_n`."""

    def run(session: Session, deliveries: Sequence[Delivery]) -> list[Pushed | RequestFault]:
        return push_together(session, deliveries, services.moment())

    sender = Sender(device.id, device.incarnation)
    step = services.transaction_commands_max
    starts = range(0, max(1, len(commands)), step)
    deliveries = [Delivery(sender, commands[start : start + step]) for start in starts]
    return [JointJob(f"push/{device.site_id}", run, one, max(1, len(one.commands))) for one in deliveries]


async def pull_rows(services: Services, request: SignedRequest) -> WireAnswer:
    """A device asks what changed in its scopes after its cursors."""
    device = await authenticated(services, request)
    body = _json(request.body)
    refuse_other_schema(body.get("schema_version"))
    asked = _parsed(PullRequest, body)
    with one_at_a_time(services, device, "pull"):
        answer = await services.read(lambda session: _pages(session, services, device.id, asked))
        await _note_contact(services, device, len(asked.rebuilt))
    if asked.rebuilt:
        LOG.warning("%s (%s) builds anew what did not fit: %r", device.name, device.id, asked.rebuilt)
    return answered(services, device, answer)


async def wait_for_news(services: Services, request: SignedRequest) -> WireAnswer:
    """Answers when a pull would bring something, or after `POKE_WAIT_S`; carries no data."""
    device = await authenticated(services, request)
    asked = _parsed(PokeRequest, _json(request.body))
    epoch = services.identity.epoch
    scopes = await services.read(lambda session: scopes_for(session, current_device(session, device.id, epoch)))
    known = {scope: asked.cursors.get(scope, Cursor()) for scope in scopes}
    is_news = set(asked.cursors) != set(scopes) or await services.watcher.wait(device.id, known, POKE_WAIT_S)
    return answered(services, device, PokeAnswer(has_news=is_news))


def _pages(session: Session, services: Services, device_id: str, asked: PullRequest) -> PullAnswer:
    """One page a scope, from one snapshot. Raises `RequestFault`: 401, 403, and 410 where a cursor is too old."""
    epoch = services.identity.epoch
    granted = scopes_for(session, current_device(session, device_id, epoch))
    too_old = expired(session, {scope: cursor for scope, cursor in asked.cursors.items() if scope in granted})
    if too_old:
        raise request_fault(
            410, "cursor_expired", "本机太久没有同步,正在重新下载。", "Too old; start these anew.", scopes=list(too_old)
        )
    pages = read_pages(session, {scope: asked.cursors.get(scope, Cursor()) for scope in granted}, asked.limit, epoch)
    return PullAnswer(scopes=pages, server_epoch=epoch, record_time_us=services.now_us())


async def _note_contact(services: Services, device: Device, rebuilds: int) -> None:
    """An idle tablet is not a silent one; written seldom, because pulls are many."""
    now_us = services.now_us()
    if not rebuilds and now_us - services.contacts.get(device.id, 0) < CONTACT_NOTED_US:
        return
    services.contacts[device.id] = now_us
    here = update(DeviceRow).where(col(DeviceRow.id) == device.id)
    noted = here.values(last_contact_us=now_us, rebuilds=DeviceRow.rebuilds + rebuilds)
    await services.write(lambda session: session.execute(noted.execution_options(synchronize_session=False)))


def refuse_other_schema(version: object) -> None:
    """Raises 426 where the app is too old for the rows that we send, or newer than we are."""
    if not isinstance(version, int) or version < WIRE_SCHEMA_MIN:
        raise request_fault(
            426,
            "app_too_old",
            "应用版本太旧,请联网刷新应用。已记录的会照常上传。",
            "The app is too old; reload it. What was recorded is still sent.",
            min=WIRE_SCHEMA_MIN,
            current=WIRE_SCHEMA,
        )
    if version > WIRE_SCHEMA:
        raise request_fault(
            426,
            "server_too_old",
            "服务器版本比应用旧,请更新服务器。已记录的会照常上传。",
            "The server is older than the app; update it. What was recorded is still sent.",
            min=WIRE_SCHEMA_MIN,
            current=WIRE_SCHEMA,
        )


def _json(body: bytes) -> dict[str, Any]:
    """The body as an object. What is no number to us (NaN) becomes a text: it must not keep the rest from arriving."""
    try:
        value = json.loads(body, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise wrong_shape(str(error)) from error
    if not isinstance(value, dict):
        raise wrong_shape("an object is expected")
    return cast("dict[str, Any]", value)


def _parsed(kind: type[M], value: dict[str, Any]) -> M:
    try:
        return kind.model_validate(value)
    except (ValidationError, RecursionError) as error:
        raise wrong_shape(str(error)) from error


def answered(services: Services, device: Device, answer: BaseModel) -> WireAnswer:
    """The answer to this device, with its next nonce."""
    nonce = make_nonce(services.identity.nonce_secret, device.id, services.now_us())
    return WireAnswer(answer.model_dump_json().encode(), {HEADER_NEXT_NONCE: nonce, "Cache-Control": "no-store"})
