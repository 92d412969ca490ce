"""POST /v1/sync/push, /v1/sync/pull and /v1/sync/poke: HTTP around `exchange`."""

from fastapi import APIRouter, Request, Response

from shared.schemas.sync import (
    POKE_PATH,
    PULL_PATH,
    PUSH_PATH,
    PokeAnswer,
    PokeRequest,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushRequest,
)
from sync_server.api.description import faults, signed_body
from sync_server.api.signed import signed
from sync_server.devices import exchange
from sync_server.devices.exchange import WireAnswer
from sync_server.services import services_of

router = APIRouter(tags=["sync"])


@router.post(
    PUSH_PATH,
    response_model=PushAnswer,
    openapi_extra=signed_body(PushRequest),
    responses=faults(401, 413, 422, 429, 503),
)
async def push(request: Request) -> Response:
    """A device delivers its outbox."""
    return _response(await exchange.push_commands(services_of(request), await signed(request)))


@router.post(
    PULL_PATH,
    response_model=PullAnswer,
    openapi_extra=signed_body(PullRequest),
    responses=faults(401, 403, 410, 413, 422, 426, 429, 503),
)
async def pull(request: Request) -> Response:
    """A device asks what changed in its scopes."""
    return _response(await exchange.pull_rows(services_of(request), await signed(request)))


@router.post(
    POKE_PATH,
    response_model=PokeAnswer,
    openapi_extra=signed_body(PokeRequest),
    responses=faults(401, 403, 413, 422, 503),
)
async def poke(request: Request) -> Response:
    """A device waits until there is something to pull."""
    return _response(await exchange.wait_for_news(services_of(request), await signed(request)))


def _response(answer: WireAnswer) -> Response:
    return Response(answer.body, media_type="application/json", headers=answer.headers)
