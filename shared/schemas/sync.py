"""The wire between a device and the server: pushes of commands, pulls of rows, verdicts.

A scope is a set of rows that a device may hold: `floor:<site>`, `people:<site>`, `catalog`, `device:<id>`.
"""

from enum import StrEnum

from pydantic import Field, JsonValue
from sqlmodel import SQLModel

from shared.schemas.identifiers import OUTBOX_BATCH_MAX, PULL_ROWS_MAX, Id, OffsetMin, ShortText, TimeUs

WIRE_SCHEMA = 1
"""The version of this file's shapes; every request names it."""

FIRST_PREVIOUS_HASH = "0" * 64
"""What the first command of an incarnation names as its predecessor's hash."""

HEADER_DEVICE = "Mumen-Device"
HEADER_INCARNATION = "Mumen-Incarnation"
HEADER_NONCE = "Mumen-Nonce"
HEADER_NEXT_NONCE = "Mumen-Next-Nonce"
HEADER_SIGNATURE = "Mumen-Signature"


def signed_message(method: str, path: str, body_sha256: str, device_id: str, incarnation: str, nonce: str) -> bytes:
    """The bytes that a device's key signs for one request; no clock is in them."""
    return f"{method}\n{path}\n{body_sha256}\n{device_id}\n{incarnation}\n{nonce}".encode()


class VerdictStatus(StrEnum):
    """What became of a command. `PARKED` exists on the server only: it did not understand and keeps the payload."""

    OK = "ok"
    OK_ALREADY = "ok_already"
    OK_LATE = "ok_late"
    HELD = "held"
    REJECTED = "rejected"
    PARKED = "parked"


class Cursor(SQLModel):
    """How far a device has got in a scope."""

    epoch: int = 0
    sequence: int = 0


class Verdict(SQLModel):
    """The server's stored answer to one command; a replay gets the same one."""

    n: int
    status: VerdictStatus
    code: ShortText = ""
    """A refusal's stable code from `rules/refusals.py`; empty where nothing was refused."""
    facts: dict[str, JsonValue] = Field(default_factory=dict)
    next_steps: list[ShortText] = Field(default_factory=list[ShortText])
    waits_for: list[int] = Field(default_factory=list[int])
    """For `held`: the numbers of the operations that are missing."""
    visible_at: dict[str, Cursor] = Field(default_factory=dict)
    record_time_us: TimeUs


class VerdictRow(Verdict):
    """A verdict as it travels in the scope `device:<id>`; the row's id is `<incarnation>/<n>`."""

    id: str
    rev: int = 0


class Envelope(SQLModel):
    """One command as a device recorded it. On the wire it travels as this object's JSON; `envelope_hash` chains them.

    `n` is dense from 1 within an incarnation. Times are the device's own and count as evidence, not as order.
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


class PushRequest(SQLModel):
    """POST /v1/sync/push. Commands stay raw: one that nobody understands is parked and blocks nothing."""

    schema_version: int = WIRE_SCHEMA
    incarnation: str
    commands: list[dict[str, JsonValue]] = Field(max_length=OUTBOX_BATCH_MAX)


class PushAnswer(SQLModel):
    """Verdicts for the pushed numbers; `need` names the first missing number where there was a gap."""

    verdicts: list[Verdict] = Field(default_factory=list[Verdict])
    last_n: int
    need: int | None = None
    server_epoch: int


class RowOp(StrEnum):
    """What a feed row says."""

    PUT = "put"
    REMOVE = "remove"


class FeedRow(SQLModel):
    """One row of a scope. `body` is JSON text as the server rendered it; `row_hash` is the SHA-256 of its bytes."""

    sequence: int
    op: RowOp
    entity: ShortText
    id: str
    rev: int
    row_hash: str = ""
    body: str = ""


class PullRequest(SQLModel):
    """POST /v1/sync/pull: the cursors of all scopes that the device holds; an unknown scope starts at 0."""

    schema_version: int = WIRE_SCHEMA
    cursors: dict[str, Cursor] = Field(default_factory=dict)
    limit: int = Field(default=PULL_ROWS_MAX, ge=1, le=PULL_ROWS_MAX)


class ScopePage(SQLModel):
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


class PullAnswer(SQLModel):
    """All scopes that the server grants; the device purges every scope that is not named here."""

    scopes: list[ScopePage]
    server_epoch: int
    record_time_us: TimeUs


class EnrolRequest(SQLModel):
    """POST /v1/enrol: the one-time code as typed or scanned, and the device's public key (SPKI DER, base64)."""

    code: ShortText
    incarnation: ShortText
    public_key: str = Field(max_length=400)


class EnrolAnswer(SQLModel):
    """Who the device is from now on, and the first nonce."""

    device_id: Id
    device_name: ShortText
    site_id: Id
    site_name: ShortText
    server_epoch: int
    nonce: str


class Fault(SQLModel):
    """The body of every answer that is not 2xx: a stable code, a sentence for people, and what to do next."""

    code: ShortText
    message: str
    message_en: str
    next_steps: list[ShortText] = Field(default_factory=list[ShortText])
    facts: dict[str, JsonValue] = Field(default_factory=dict)
