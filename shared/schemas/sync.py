"""The wire between a device and the server: pushes of commands, pulls of rows, verdicts.

A scope is a set of rows that a device may hold: `floor:<site>`, `people:<site>`, `catalog`, `device:<id>`.
"""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, Field, JsonValue

from shared.schemas.identifiers import (
    OUTBOX_BATCH_MAX,
    PULL_ROWS_MAX,
    Id,
    IncarnationText,
    OffsetMin,
    ShortText,
    TimeUs,
)

WIRE_SCHEMA = 2
"""The version of this file's shapes; every request names it. The server renders the feed in this one only."""

WIRE_SCHEMA_MIN = 2
"""An older app gets no rows any more (426), but may push for ever, so that its outbox drains."""

CURSORS_MAX = 200
FORMER_MAX = 50

FIRST_PREVIOUS_HASH = "0" * 64
"""What the first command of an incarnation names as its predecessor's hash."""

PUSH_PATH = "/v1/sync/push"
PULL_PATH = "/v1/sync/pull"
POKE_PATH = "/v1/sync/poke"
ENROL_PATH = "/v1/enrol"

HEADER_DEVICE = "Mumen-Device"
HEADER_INCARNATION = "Mumen-Incarnation"
HEADER_NONCE = "Mumen-Nonce"
HEADER_NEXT_NONCE = "Mumen-Next-Nonce"
HEADER_SIGNATURE = "Mumen-Signature"
HEADER_TIME_US = "Mumen-Time-Us"
"""The server's clock beside an answer without a body: a device's own clock counts for nothing."""


def signed_message(method: str, path: str, body_sha256: str, device_id: str, incarnation: str, nonce: str) -> bytes:
    """The bytes that a device's key signs for one request; no clock is in them."""
    return f"{method}\n{path}\n{body_sha256}\n{device_id}\n{incarnation}\n{nonce}".encode()


def device_origin(device_id: str, incarnation: str) -> str:
    """The origin under which a device's commands stand in the log; their key is their number."""
    return f"device:{device_id}/{incarnation}"


class VerdictStatus(StrEnum):
    """What became of a command. `PARKED` exists on the server only: it did not understand and keeps the payload."""

    OK = "ok"
    OK_ALREADY = "ok_already"
    OK_LATE = "ok_late"
    HELD = "held"
    REJECTED = "rejected"
    PARKED = "parked"


DEVICE_REVOKED = "device_revoked"
"""The code of the fault that a device is shut out; its facts name the server's epoch."""

WITHOUT_EFFECT = frozenset({VerdictStatus.REJECTED, VerdictStatus.PARKED, VerdictStatus.HELD})
"""Verdicts on commands that changed nothing (yet)."""


class Cursor(BaseModel):
    """How far a device has got in a scope."""

    epoch: int = Field(default=0, ge=0, le=2**62)
    sequence: int = Field(default=0, ge=0, le=2**62)


class Verdict(BaseModel):
    """The server's stored answer to one command; a replay gets the same one."""

    n: int
    status: VerdictStatus
    code: ShortText = ""
    """A refusal's stable code from `rules/refusals.py`; empty where nothing was refused."""
    facts: dict[str, JsonValue] = Field(default_factory=dict)
    next_steps: list[ShortText] = Field(default_factory=list[ShortText])
    waits_for: list[int] = Field(default_factory=list[int])
    """For `held`: the numbers of the operations that are missing."""
    until_us: TimeUs | None = None
    """For `held`: when a person decides if they have not come by then."""
    visible_at: dict[str, Cursor] = Field(default_factory=dict)
    record_time_us: TimeUs


COMMAND_HASH_CHARACTERS = 16


class VerdictRow(Verdict):
    """A verdict as it travels in the scope `device:<id>`; the row's id is `<incarnation>/<n>`."""

    id: str
    rev: int = 0
    command_hash: str = ""
    """How the SHA-256 of the command begins that it answers: a copy of the device may have recorded another one under
    this number. Rows of before there was a copy to fear name none."""


class Envelope(BaseModel):
    """One command as a device recorded it. On the wire it travels as this object's JSON; `envelope_hash` chains them.

    `n` is dense from 1 within an incarnation. Times are the device's own and count as evidence, not as order:
    `event_time_us` by its wall clock, which people can set, and `monotonic_us`, microseconds since a moment that stays
    the same while the app runs (another one after each start), which nobody can. `was_offline`: the last attempt to
    reach the server had failed.
    """

    n: int = Field(ge=1)
    command: dict[str, JsonValue]
    seen_rev: int | None = None
    station_id: Id | None = None
    worker_id: Id | None = None
    event_time_us: TimeUs
    event_offset_min: OffsetMin
    monotonic_us: int
    was_offline: bool = False
    prev_hash: str


class PushRequest(BaseModel):
    """POST /v1/sync/push. Commands stay raw: one that nobody understands is parked and blocks nothing."""

    schema_version: int = WIRE_SCHEMA
    incarnation: str
    commands: list[dict[str, Any]] = Field(max_length=OUTBOX_BATCH_MAX)


class PushAnswer(BaseModel):
    """Verdicts for the pushed numbers; `need` names the first missing number where there was a gap.

    `last_hash` is the hash of the command `last_n`, empty where the server cannot tell: a device that recorded another
    one under this number has a copy, and sends all that it has kept.
    """

    verdicts: list[Verdict] = Field(default_factory=list[Verdict])
    last_n: int
    last_hash: str = ""
    need: int | None = None
    server_epoch: int
    is_cloned: bool = False
    """A number came with other content than before: from there on the commands lie in quarantine."""


class RowOp(StrEnum):
    """What a feed row says."""

    PUT = "put"
    REMOVE = "remove"


class FeedRow(BaseModel):
    """One row of a scope. `body` is JSON text as the server rendered it; `row_hash` is the SHA-256 of its bytes."""

    sequence: int
    op: RowOp
    entity: ShortText
    id: str
    rev: int
    row_hash: str = ""
    body: str = ""


class PullRequest(BaseModel):
    """POST /v1/sync/pull: the cursors of all scopes that the device holds; an unknown scope starts at 0."""

    schema_version: int = WIRE_SCHEMA
    cursors: dict[str, Cursor] = Field(default_factory=dict, max_length=CURSORS_MAX)
    limit: int = Field(default=PULL_ROWS_MAX, ge=1, le=PULL_ROWS_MAX)
    rebuilt: list[ShortText] = Field(default_factory=list[ShortText], max_length=CURSORS_MAX)
    """Scopes whose checksum did not fit since the last pull, so that the device is building them anew."""


class ScopePage(BaseModel):
    """What changed in one scope after the device's cursor.

    `is_reset` tells the device to rebuild the scope from this page on (its cursor was of another epoch). `checksum` is
    that of the whole scope at `head`; compare it when `has_more` is false and `next.sequence == head`.
    """

    scope: str
    rows: list[FeedRow] = Field(default_factory=list[FeedRow])
    next: Cursor
    head: int
    checksum: str
    has_more: bool = False
    is_reset: bool = False


class PullAnswer(BaseModel):
    """All scopes that the server grants; the device purges every scope that is not named here."""

    scopes: list[ScopePage]
    server_epoch: int
    record_time_us: TimeUs


class PokeRequest(BaseModel):
    """POST /v1/sync/poke: answered as soon as one of these scopes goes past its cursor, or after some seconds."""

    schema_version: int = WIRE_SCHEMA
    cursors: dict[str, Cursor] = Field(default_factory=dict, max_length=CURSORS_MAX)


class PokeAnswer(BaseModel):
    """Carries no data: the device pulls."""

    has_news: bool


class FormerDevice(BaseModel):
    """Who a device was in an earlier enrolment; what it recorded then is still sent in that name."""

    device_id: Id
    incarnation: IncarnationText


class EnrolRequest(BaseModel):
    """POST /v1/enrol: the one-time code as typed or scanned, and the device's public key (SPKI DER, base64).

    `former` names its earlier enrolments with the same key: a server that was put back to a day before one of them
    learns of it anew, so that nothing that was recorded in that time stays behind.
    """

    code: ShortText
    incarnation: IncarnationText
    public_key: str = Field(max_length=400)
    former: list[FormerDevice] = Field(default_factory=list[FormerDevice], max_length=FORMER_MAX)


class EnrolAnswer(BaseModel):
    """Who the device is from now on, and the first nonce."""

    device_id: Id
    device_name: ShortText
    site_id: Id
    site_name: ShortText
    server_epoch: int
    nonce: str


class Fault(BaseModel):
    """The body of every answer that is not 2xx: a stable code, and a sentence that says what to do next."""

    code: ShortText
    message: str
    message_en: str
    facts: dict[str, JsonValue] = Field(default_factory=dict)
