"""POST /v1/sync/push and /v1/sync/pull."""

import json
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from shared.schemas.identifiers import OUTBOX_BATCH_BYTES_MAX, TRANSACTION_COMMANDS_MAX
from shared.schemas.people import Device
from shared.schemas.sync import (
    HEADER_NEXT_NONCE,
    Cursor,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushRequest,
    ScopePage,
    Verdict,
)
from sync_server.device_auth import authenticate, make_nonce, refuse_revoked, signed_request
from sync_server.errors import request_fault
from sync_server.feed import read_page
from sync_server.push import Pushed, Sender, push
from sync_server.rows import SessionRows
from sync_server.scopes import scopes_for
from sync_server.services import Services

BODY_BYTES_MAX = 4 * OUTBOX_BATCH_BYTES_MAX
router = APIRouter(prefix="/v1/sync", tags=["sync"])


@router.post("/push")
async def push_commands(request: Request) -> Response:
    """A device delivers its outbox: verdicts for every number, each stored with its effect."""
    services: Services = request.app.state.services
    device, body = await _authenticated(request, services)
    refuse_revoked(device)
    asked = _parsed(PushRequest, body)
    sender = Sender(device.id, device.incarnation)
    verdicts: list[Verdict] = []
    pushed = Pushed([], 0)
    for start in range(0, max(1, len(asked.commands)), TRANSACTION_COMMANDS_MAX):
        chunk = asked.commands[start : start + TRANSACTION_COMMANDS_MAX]
        pushed = await services.write(
            lambda session, chunk=chunk: push(
                session, sender, chunk, services.mint, services.now_us(), services.identity.epoch
            )
        )
        verdicts += pushed.verdicts
        if pushed.need is not None:
            break
    answer = PushAnswer(verdicts=verdicts, last_n=pushed.last_n, need=pushed.need, server_epoch=services.identity.epoch)
    return _answered(services, device, answer)


@router.post("/pull")
async def pull_rows(request: Request) -> Response:
    """A device asks what changed in its scopes after its cursors."""
    services: Services = request.app.state.services
    device, body = await _authenticated(request, services)
    refuse_revoked(device)
    asked = _parsed(PullRequest, body)
    answer = await services.read(lambda session: _pages(session, services, device, asked))
    return _answered(services, device, answer)


def _pages(session: Session, services: Services, device: Device, asked: PullRequest) -> PullAnswer:
    """One page a scope, from one snapshot."""
    epoch, left = services.identity.epoch, asked.limit
    pages: list[ScopePage] = []
    for scope in scopes_for(device):
        page = read_page(session, scope, asked.cursors.get(scope, Cursor()), left, epoch)
        left = max(1, left - len(page.rows))
        pages.append(page)
    return PullAnswer(scopes=pages, server_epoch=epoch, record_time_us=services.now_us())


async def _authenticated(request: Request, services: Services) -> tuple[Device, bytes]:
    body = await request.body()
    if len(body) > BODY_BYTES_MAX:
        raise request_fault(
            413, "too_large", "一次上传太多,请分批。", "Too much at once; send less.", max=BODY_BYTES_MAX
        )
    signed = signed_request(request.method, request.url.path, body, request.headers)
    device = await services.read(lambda session: SessionRows(session).get(Device, signed.device_id))
    return authenticate(signed, device, services.identity.nonce_secret, services.now_us()), body


def _parsed(kind: type[Any], body: bytes) -> Any:
    try:
        return kind.model_validate(json.loads(body))
    except (ValidationError, ValueError) as error:
        raise request_fault(
            422, "shape", "请求格式不对,应用可能需要更新。", "The request has a wrong shape.", reason=str(error)[:500]
        ) from error


def _answered(services: Services, device: Device, answer: BaseModel) -> Response:
    nonce = make_nonce(services.identity.nonce_secret, device.id, services.now_us())
    return Response(
        answer.model_dump_json(exclude_defaults=False),
        media_type="application/json",
        headers={HEADER_NEXT_NONCE: nonce, "Cache-Control": "no-store"},
    )
