"""The interface's description in OpenAPI, with the shapes of bodies that no endpoint parses before it has checked them.

A device's signature covers the bytes of its request, so push and pull read those bytes themselves; FastAPI cannot see
what they expect. Here it is told.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from shared.schemas.commands import COMMAND
from shared.schemas.sync import (
    HEADER_DEVICE,
    HEADER_INCARNATION,
    HEADER_NEXT_NONCE,
    HEADER_NONCE,
    HEADER_SIGNATURE,
    Envelope,
    Fault,
    PokeRequest,
    PullRequest,
    PushRequest,
)

SCHEMAS = "#/components/schemas/"
TEMPLATE = SCHEMAS + "{model}"
DESCRIBED: tuple[type[BaseModel], ...] = (PushRequest, PullRequest, PokeRequest, Envelope)
ABOUT = f"""
设备与其他程序的接口。 The interface for devices and other programs.

**Signed requests.** A device enrols once with its public key (`POST /v1/enrol`) and signs every later request with
ECDSA P-256 over SHA-256. What is signed is six lines, joined by `\\n`: the method, the path, the SHA-256 of the body in
hex, and the values of `{HEADER_DEVICE}`, `{HEADER_INCARNATION}` and `{HEADER_NONCE}`. `{HEADER_SIGNATURE}` is *r* and
*s*, 32 bytes each, in base64. Every answer brings the next nonce in `{HEADER_NEXT_NONCE}`; a stale one is answered with
401 and a fresh one.

**Commands.** Everything that changes something is a command, numbered by its device without gaps from 1 and chained by
`prev_hash`. The same number is answered with the same verdict, however often it is sent.

**Faults.** Every answer that is not 2xx is a `Fault`: a stable code, and what to do next as a sentence in Chinese and
in English.

**Photographs.** The word of a picture is a command (`attach_photo`) with its SHA-256. Its bytes come by
[tus 1.0](https://tus.io/protocols/resumable-upload) at `/v1/photos` in signed requests; they count when the whole fits
that hash. A device lets go of its copy only after a 200 to HEAD on the hash.

A picture in which a device reads no code may be sent to `/v1/read-picture`; nothing of it is kept.
""".strip()

_HEADERS = {
    HEADER_DEVICE: "The device's id, from its enrolment.",
    HEADER_INCARNATION: "The life of the device's store: a new one begins when it is set up anew.",
    HEADER_NONCE: "The nonce that the last answer brought.",
    HEADER_SIGNATURE: "The signature, in base64.",
}
_FAULTS = {
    400: "A header is missing or wrong",
    401: "Not enrolled, a stale nonce, or a signature that does not fit",
    403: "The device was revoked",
    404: "No such code",
    409: "The same number came with other content before: the device may be a clone",
    410: "The code has expired; or cursors are older than what the feed remembers, and their scopes start anew",
    412: "Another version of tus than 1.0.0",
    413: "Too much at once",
    415: "Not a picture, or not a chunk of one",
    422: "The body has a wrong shape",
    426: "App and server are too far apart in age for rows; a push is still taken",
    429: "The device's last request of this kind is still being served",
    460: "The bytes do not fit their hash: send them again",
    501: "The server has no library for it",
    503: "Nothing was kept (a full queue, a full disk, no database): try again after `Retry-After` seconds",
}


def faults(*statuses: int, said: Mapping[int, str] = MappingProxyType({})) -> dict[int | str, dict[str, Any]]:
    """What an endpoint may answer besides its success, for its `responses`; `said` is what is special about it."""
    described = {status: _FAULTS[status] for status in statuses} | dict(said)
    return {status: {"model": Fault, "description": text} for status, text in sorted(described.items())}


def signed(headers: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    """The headers of a signed request, and these beside them, for an endpoint's `openapi_extra`."""
    return {
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}, "description": text}
            for name, text in (_HEADERS | dict(headers)).items()
        ]
    }


def signed_body(model: type[BaseModel]) -> dict[str, Any]:
    """The headers and the body of a signed request, for an endpoint's `openapi_extra`."""
    content = {"application/json": {"schema": {"$ref": SCHEMAS + model.__name__}}}
    return signed() | {"requestBody": {"required": True, "content": content}}


def describe(app: FastAPI) -> None:
    """Adds the shapes that `signed_body` names to the application's description."""
    generated = app.openapi

    def openapi() -> dict[str, Any]:
        description = generated()
        description["components"]["schemas"].update(_schemas())
        return description

    app.openapi = openapi  # type: ignore[method-assign]  # how FastAPI's own guide extends it


def _schemas() -> dict[str, Any]:
    _, described = models_json_schema([(model, "validation") for model in DESCRIBED], ref_template=TEMPLATE)
    command = COMMAND.json_schema(ref_template=TEMPLATE)
    schemas: dict[str, Any] = described["$defs"] | command.pop("$defs") | {"Command": command}
    # Both are read as plain objects, so that what nobody understands is parked and not refused; this is what to send.
    schemas["Envelope"]["properties"]["command"] = {"$ref": SCHEMAS + "Command"}
    schemas["PushRequest"]["properties"]["commands"]["items"] = {"$ref": SCHEMAS + "Envelope"}
    return schemas
