"""The devices and when each was last heard of."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.rules.calendar import US_PER_S
from shared.schemas.people import DeviceState
from sync_server.tables import DeviceRow, PersonRow

ONLINE_WITHIN_US = 120 * US_PER_S
"""A connected device asks twice a minute, and the server notes that every half minute: this many were missed."""

SILENT_AFTER_US = 3_600 * US_PER_S


class Contact(StrEnum):
    """How long ago a device was heard of."""

    ONLINE = "online"
    RECENT = "recent"
    """Not just now: it may be switched off, or out of reach."""
    SILENT = "silent"
    """So long ago that what it scanned may not be here yet."""


@dataclass(frozen=True)
class DeviceLine:
    """A device, and whether it can be reached."""

    id: str
    name: str
    state: DeviceState
    last_contact_us: int | None
    commands: int
    contact: Contact
    person_name: str
    """Whose phone it is; empty where it is nobody's."""


def list_devices(session: Session, now_us: int) -> list[DeviceLine]:
    """All devices, by name."""
    query = select(DeviceRow, col(PersonRow.name)).outerjoin(PersonRow, col(PersonRow.id) == col(DeviceRow.person_id))
    found = session.execute(query.order_by(col(DeviceRow.name), col(DeviceRow.id)))
    return [
        DeviceLine(
            id=row.id,
            name=row.name,
            state=DeviceState(row.state),
            last_contact_us=row.last_contact_us,
            commands=row.last_n,
            contact=_contact(row.last_contact_us, now_us),
            person_name=person_name or "",
        )
        for row, person_name in found
    ]


def _contact(last_us: int | None, now_us: int) -> Contact:
    if last_us is None or now_us - last_us > SILENT_AFTER_US:
        return Contact.SILENT
    return Contact.ONLINE if now_us - last_us <= ONLINE_WITHIN_US else Contact.RECENT
