"""What revoked and copied devices deliver: kept as it came, processed only when a team leader vouches for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue, ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.canonical import canonical_json, sha256_hex
from shared.rules.refusals import RefusalCode
from shared.schemas.commands import ReleaseQuarantine
from shared.schemas.sync import Envelope, Verdict, VerdictStatus
from sync_server import intake
from sync_server.devices.chains import Chain
from sync_server.locks import lock_families
from sync_server.moment import Moment
from sync_server.publishing import finish
from sync_server.submission import Submission
from sync_server.tables import DeviceRow, QuarantineRow
from sync_server.unit import Unit
from sync_server.verdicts import parked

REVOKED = "device_revoked"
CLONED = "cloned_device"

Raw = dict[str, JsonValue]


@dataclass(frozen=True)
class Pile:
    """What lies in quarantine from one incarnation of a device."""

    device_id: str
    device_name: str
    incarnation: str
    reason: str
    count: int
    first_record_time_us: int


def keep(session: Session, device: Chain, commands: Sequence[Raw], reason: str, now_us: int) -> None:
    """Keeps these commands; the same one again is the same row."""
    for raw in commands:
        digest = sha256_hex(canonical_json(raw))
        n = raw.get("n")
        if session.get(QuarantineRow, (device.id, device.incarnation, digest)) is None:
            session.add(
                QuarantineRow(
                    device_id=device.id,
                    incarnation=device.incarnation,
                    hash=digest,
                    n=n if isinstance(n, int) else 0,
                    reason=reason,
                    body=raw,
                    record_time_us=now_us,
                )
            )
    session.flush()


def goes_on_from(session: Session, device: Chain, raw: Raw) -> bool:
    """Whether this command was recorded after one that lies in quarantine: then no number is missing before it."""
    previous, n = raw.get("prev_hash"), raw.get("n")
    if isinstance(previous, str):
        return session.get(QuarantineRow, (device.id, device.incarnation, previous)) is not None
    here = (col(QuarantineRow.device_id) == device.id, col(QuarantineRow.incarnation) == device.incarnation)
    before = select(col(QuarantineRow.hash)).where(*here, col(QuarantineRow.n) == (n - 1 if isinstance(n, int) else 0))
    return session.execute(before.limit(1)).first() is not None  # apps of the first version name no hash


def quarantined_verdict(n: int, reason: str, now_us: int) -> Verdict:
    """What the device hears: nothing is lost, and a leader decides."""
    return parked(n, reason, now_us, RefusalCode.QUARANTINED)


def piles(session: Session) -> list[Pile]:
    """What waits for a leader, the oldest first."""
    query = (
        select(
            col(QuarantineRow.device_id),
            col(DeviceRow.name),
            col(QuarantineRow.incarnation),
            col(QuarantineRow.reason),
            func.count(),
            func.min(col(QuarantineRow.record_time_us)),
        )
        .join(DeviceRow, col(DeviceRow.id) == col(QuarantineRow.device_id))
        .where(col(QuarantineRow.released_at_us).is_(None))
        .group_by(
            col(QuarantineRow.device_id),
            col(DeviceRow.name),
            col(QuarantineRow.incarnation),
            col(QuarantineRow.reason),
        )
        .order_by(func.min(col(QuarantineRow.record_time_us)))
    )
    return [Pile(*row) for row in session.execute(query)]


def vouch(session: Session, submission: Submission, command: ReleaseQuarantine, moment: Moment) -> Verdict:
    """A team leader's word and what it sets free, in one transaction; said twice, it is said once."""
    unit = Unit(session, moment)
    verdict = intake.process(unit, submission)
    if verdict.status is not VerdictStatus.REJECTED:
        release(unit, command.device_id, command.incarnation)
    finish(unit)
    return verdict


def release(unit: Unit, device_id: str, incarnation: str) -> list[Verdict]:
    """Processes what waits of this incarnation, in the order of its numbers; called with `ReleaseQuarantine`.

    Each command gets a key of its own (`quarantine:<device>/<incarnation>`, its hash), for its number may be taken.
    """
    query = (
        select(QuarantineRow)
        .where(
            col(QuarantineRow.device_id) == device_id,
            col(QuarantineRow.incarnation) == incarnation,
            col(QuarantineRow.released_at_us).is_(None),
        )
        .order_by(col(QuarantineRow.n), col(QuarantineRow.hash))
        .with_for_update()
    )
    rows = list(unit.session.execute(query).scalars())
    lock_families(unit.session, [body for row in rows if isinstance(body := row.body.get("command"), dict)])
    verdicts: list[Verdict] = []
    for row in rows:
        row.released_at_us = unit.moment.record_time_us
        verdicts.append(intake.process_or_park(unit, _submission(row)))
    return verdicts


def _submission(row: QuarantineRow) -> Submission:
    try:
        envelope = Envelope.model_validate(row.body)
    except ValidationError:
        envelope = None
    return Submission(
        origin=f"quarantine:{row.device_id}/{row.incarnation}",
        key=row.hash,
        body=row.body,
        command=envelope.command if envelope else {},
        event_time_us=envelope.event_time_us if envelope else row.record_time_us,
        event_offset_min=envelope.event_offset_min if envelope else 0,
        person_id=envelope.worker_id if envelope else None,
        station_id=envelope.station_id if envelope else None,
        device_id=row.device_id,
        was_offline=True,
    )
