"""The devices and when each was last heard of."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.schemas.people import DeviceState
from sync_server.tables import DeviceRow

SILENT_AFTER_US = 3_600 * 1_000_000


@dataclass(frozen=True)
class DeviceLine:
    """A device; `is_silent` means that what it scanned may not be here yet."""

    id: str
    name: str
    state: DeviceState
    last_contact_us: int | None
    commands: int
    is_silent: bool


def list_devices(session: Session, now_us: int) -> list[DeviceLine]:
    """All devices, by name."""
    found = session.execute(select(DeviceRow).order_by(col(DeviceRow.name), col(DeviceRow.id))).scalars()
    return [
        DeviceLine(
            id=row.id,
            name=row.name,
            state=row.state,
            last_contact_us=row.last_contact_us,
            commands=row.last_n,
            is_silent=row.last_contact_us is None or now_us - row.last_contact_us > SILENT_AFTER_US,
        )
        for row in found
    ]
