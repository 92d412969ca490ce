"""How much was scanned at each station in a day, and how much of it again: a gun or a habit to look at.

Read from the history by the time that is in its ids, so that a week is one stretch of its primary key. Scans that were
refused, or that still wait, are not in it; a scan of a rack counts for each piece on it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.rules.calendar import US_PER_MIN, factory_day
from shared.rules.decision import EventKind
from shared.schemas.identifiers import DAY_US, uuid7
from shared.schemas.production import Station
from sync_server.storage.rows import SessionRows
from sync_server.tables import EventRow

DAYS = 7
MANY_REPEATS = 5
MANY_SHARE = 0.1
SCANS = (
    EventKind.OPERATION_STARTED,
    EventKind.OPERATION_COMPLETED,
    EventKind.OPERATION_REPEATED,
    EventKind.INSPECTION_PASSED,
    EventKind.INSPECTION_FAILED,
    EventKind.OLD_LOOP_SCANNED,
)


@dataclass(frozen=True)
class StationScans:
    """A station's scans of a day; `repeats` are those of an operation that was done already, on `repeated` pieces."""

    station: Station
    scans: int
    repeats: int
    repeated: int

    @property
    def share(self) -> float:
        """The repeats among all scans, from 0 to 1."""
        return self.repeats / self.scans

    @property
    def is_many(self) -> bool:
        """Whether somebody should look at the gun there, or at how it is used."""
        return self.repeats >= MANY_REPEATS and self.share >= MANY_SHARE


@dataclass(frozen=True)
class ScanDay:
    """A day of the factory with its stations, the most repeats first."""

    day: date
    stations: list[StationScans]

    @property
    def scans(self) -> int:
        """At all stations."""
        return sum(one.scans for one in self.stations)

    @property
    def repeats(self) -> int:
        """At all stations."""
        return sum(one.repeats for one in self.stations)


def list_scan_days(session: Session, now_us: int, utc_offset_min: int) -> list[ScanDay]:
    """The last `DAYS` days of the factory, today first; a scan belongs to the day on which it happened."""
    today = factory_day(now_us, utc_offset_min)
    offset_us = utc_offset_min * US_PER_MIN
    last = (now_us + offset_us) // DAY_US
    since_us = (last - DAYS + 1) * DAY_US - offset_us
    day = (col(EventRow.event_time_us) + offset_us) // DAY_US
    is_repeat = col(EventRow.kind) == EventKind.OPERATION_REPEATED
    query = (
        select(
            day,
            col(EventRow.station_id),
            func.count(),
            func.count().filter(is_repeat),
            func.count(col(EventRow.subject).distinct()).filter(is_repeat),
        )
        .where(
            col(EventRow.id) >= uuid7(since_us, 0),
            col(EventRow.event_time_us) >= since_us,
            col(EventRow.kind).in_(SCANS),
            col(EventRow.station_id).is_not(None),
        )
        .group_by(day, col(EventRow.station_id))
    )
    rows = SessionRows(session)
    found: dict[int, list[StationScans]] = {}
    for number, station_id, *counts in session.execute(query):
        station = rows.get(Station, station_id) if station_id else None
        if station is not None:
            found.setdefault(number, []).append(StationScans(station, *counts))
    return [ScanDay(today - timedelta(days=ago), _sorted(found.get(last - ago, []))) for ago in range(DAYS)]


def _sorted(stations: list[StationScans]) -> list[StationScans]:
    return sorted(stations, key=lambda one: (-one.repeats, -one.scans, one.station.code))
