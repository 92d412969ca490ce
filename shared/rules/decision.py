"""What deciding a command yields, and what it is decided with. Refusals are values, never exceptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from pydantic import JsonValue

from shared.rules.refusals import NextStep, RefusalCode
from shared.schemas.entities import Entity
from shared.schemas.sync import VerdictStatus


class Flag(StrEnum):
    """How an accepted command relates to what was already known."""

    NONE = "none"
    ALREADY = "already"
    """The same goal had been reached before; both scans stay on record."""
    LATE = "late"
    """Applied out of order: something before it was not scanned and was inferred."""


class EventKind(StrEnum):
    """What happened, in the past tense; the timeline of a piece is a list of these."""

    OPERATION_STARTED = "operation_started"
    OPERATION_COMPLETED = "operation_completed"
    OPERATION_REPEATED = "operation_repeated"
    OPERATION_INFERRED = "operation_inferred"
    INSPECTION_PASSED = "inspection_passed"
    INSPECTION_FAILED = "inspection_failed"
    INSPECTION_CONTRADICTED = "inspection_contradicted"
    REWORK_STARTED = "rework_started"
    OLD_LOOP_SCANNED = "old_loop_scanned"
    CONFLICT_OPENED = "conflict_opened"
    CONFLICT_ESCALATED = "conflict_escalated"
    CONFLICT_RESOLVED = "conflict_resolved"
    PHOTO_ATTACHED = "photo_attached"
    PHOTO_STORED = "photo_stored"
    VERDICT_ANSWERED = "verdict_answered"
    CALL_CLOSED = "call_closed"
    LEADER_CALLED = "leader_called"
    PIECE_IDENTIFIED = "piece_identified"
    ORDER_PLACED = "order_placed"
    ORDER_REVISED = "order_revised"
    ORDER_RELEASED = "order_released"
    ORDER_CANCELLED = "order_cancelled"
    MASTER_DATA_PUT = "master_data_put"
    DEVICE_INVITED = "device_invited"
    DEVICE_ENROLLED = "device_enrolled"
    DEVICE_BOUND = "device_bound"
    DEVICE_ASSIGNED = "device_assigned"
    DEVICE_REVOKED = "device_revoked"
    QUARANTINE_RELEASED = "quarantine_released"
    TRIP_PUT = "trip_put"
    TRIP_CLOSED = "trip_closed"
    RACK_PUT = "rack_put"
    PIECE_BOUND = "piece_bound"
    PIECE_UNBOUND = "piece_unbound"
    ORDER_RETIRED = "order_retired"
    LABELS_MADE = "labels_made"
    LABEL_REPRINTED = "label_reprinted"
    LABEL_REVOKED = "label_revoked"
    LABELS_PRINTED = "labels_printed"
    PRINTING_CANCELLED = "printing_cancelled"


STATUS_OF_FLAG = {
    Flag.NONE: VerdictStatus.OK,
    Flag.ALREADY: VerdictStatus.OK_ALREADY,
    Flag.LATE: VerdictStatus.OK_LATE,
}
"""What an accepted command's verdict says of it."""


@dataclass(frozen=True)
class EventDraft:
    """One entry of the history; who, where and when are added by whoever stores it."""

    kind: EventKind
    subject: str
    """The id of the piece, order, device or site that it happened to."""
    detail: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])


@dataclass(frozen=True)
class Change:
    """New versions of rows (their `rev` is set by the server) and what happened."""

    puts: tuple[Entity, ...] = ()
    events: tuple[EventDraft, ...] = ()


@dataclass(frozen=True)
class Accepted:
    """The command is applied. `facts` say what a person wants to know: who was first, what comes next."""

    change: Change
    flag: Flag = Flag.NONE
    facts: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])


@dataclass(frozen=True)
class Held:
    """The command waits until the operations numbered in `waits_for` have been recorded on its piece."""

    waits_for: tuple[int, ...]
    code: RefusalCode
    facts: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    next_steps: tuple[NextStep, ...] = ()


@dataclass(frozen=True)
class Rejected:
    """The command is not applied, and stays on record with this reason."""

    code: RefusalCode
    facts: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    next_steps: tuple[NextStep, ...] = (NextStep.CALL_LEADER,)


Decision = Accepted | Held | Rejected


class Mint(Protocol):
    """Where new ids and codes come from: the caller's clock and randomness."""

    def new_id(self) -> str:
        """A fresh UUIDv7."""
        ...

    def new_code(self, kind: str) -> str:
        """A fresh code of this kind; see `shared/label_code.py`."""
        ...


@dataclass(frozen=True)
class Context:
    """The circumstances of a command that are not rows: who sent it, when, from where.

    `event_time_us` is when it happened by the sender's clock (evidence); `record_time_us` is the decider's own clock.
    `is_trusted` marks the system itself (timers, first set-up), which no role table limits.
    """

    event_time_us: int
    event_offset_min: int
    record_time_us: int
    mint: Mint
    worker_id: str | None = None
    station_id: str | None = None
    device_id: str | None = None
    was_offline: bool = False
    is_trusted: bool = False
    accepts_gap: bool = False
    """A person has decided that this command counts although something before it was never scanned."""
