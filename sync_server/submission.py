"""A command as it arrived, from a device, the office, a channel or a timer."""

from dataclasses import dataclass
from functools import cached_property

from pydantic import JsonValue
from sqlmodel import SQLModel

from shared.canonical import canonical_json, sha256_hex
from sync_server.tables import CommandLogRow

SYSTEM = "system"


@dataclass(frozen=True)
class Submission:
    """A command as it arrived: who sent it under which key, and the circumstances that it claims."""

    origin: str
    key: str
    body: dict[str, JsonValue]
    """The command's JSON (for a device, the whole envelope), as it is kept in the log."""
    command: dict[str, JsonValue]
    event_time_us: int
    event_offset_min: int
    person_id: str | None = None
    station_id: str | None = None
    device_id: str | None = None
    incarnation: str | None = None
    n: int | None = None
    was_offline: bool = False
    is_trusted: bool = False
    canonical_body: bytes | None = None
    """The body's canonical bytes, where the caller has them already."""

    @cached_property
    def canonical(self) -> bytes:
        """The body's canonical bytes: what is hashed, and kept in the log."""
        return self.canonical_body if self.canonical_body is not None else canonical_json(self.body)

    @cached_property
    def hash(self) -> str:
        """What tells a replay from another command under the same key."""
        return sha256_hex(self.canonical)


def system_submission(key: str, command: SQLModel, now_us: int) -> Submission:
    """A command of the server itself; its key is derived from what is due, so that it happens once."""
    body = command.model_dump(mode="json")
    return Submission(
        origin=SYSTEM, key=key, body=body, command=body, event_time_us=now_us, event_offset_min=0, is_trusted=True
    )


def submission_again(row: CommandLogRow) -> Submission:
    """A logged command as it was submitted."""
    inner = row.body.get("command")
    device, _, incarnation = row.origin.partition("/")
    return Submission(
        origin=row.origin,
        key=row.key,
        body=row.body,
        command=inner if isinstance(inner, dict) else row.body,
        event_time_us=row.event_time_us,
        event_offset_min=row.event_offset_min,
        person_id=row.person_id,
        station_id=row.station_id,
        device_id=row.device_id,
        # What was released from quarantine has no number any more, and its device waits for no verdict.
        incarnation=incarnation if device.startswith("device:") else None,
        n=row.n,
        was_offline=row.was_offline,
    )
