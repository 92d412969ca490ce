"""The factory's own time: which shift an instant belongs to, and until when a scan may wait for another one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from shared.schemas.production import Shift, Site, WorkCalendar

US_PER_S = 1_000_000
SHOWN_MAX_US = 253_370_764_800 * US_PER_S
"""The year 9999: later times cannot be told as a date."""

US_PER_MIN = 60 * US_PER_S
HOLD_LEAST_US = 4 * 60 * US_PER_MIN
"""A held scan waits at least this long: a tablet that was out of reach gets a meal's time to come back."""

HOLD_WITHOUT_CALENDAR_US = 12 * 60 * US_PER_MIN
DAYS_AHEAD_MAX = 120
"""How far a closed season is looked past."""


@dataclass(frozen=True)
class ShiftTime:
    """One shift of one day, in UTC microseconds; `day` is the day on which it begins."""

    shift: Shift
    day: date
    start_us: int
    end_us: int


def hold_deadline_us(site: Site, record_time_us: int) -> int:
    """When a person has to decide about a scan that was recorded now and waits for another one.

    The end of the first shift that ends `HOLD_LEAST_US` or more from now, on the site's calendar: nothing falls due on
    a Sunday or in a closed season.
    """
    for shift_time in _shift_times(site, record_time_us):
        if shift_time.end_us >= record_time_us + HOLD_LEAST_US:
            return shift_time.end_us
    return record_time_us + HOLD_WITHOUT_CALENDAR_US


def shift_at(site: Site, at_us: int) -> ShiftTime | None:
    """The shift that this instant falls into; None outside of all shifts."""
    for shift_time in _shift_times(site, at_us):
        if shift_time.start_us <= at_us < shift_time.end_us:
            return shift_time
        if shift_time.start_us > at_us:
            return None
    return None


def factory_time(at_us: int, utc_offset_min: int) -> datetime:
    """What a clock there shows at this instant; a device whose clock is thousands of years off is shown as the last."""
    return datetime.fromtimestamp(min(at_us, SHOWN_MAX_US) / US_PER_S, UTC) + timedelta(minutes=utc_offset_min)


def factory_day(at_us: int, utc_offset_min: int) -> date:
    """The day that it is there at this instant."""
    return factory_time(at_us, utc_offset_min).date()


def is_working_day(calendar: WorkCalendar, day: date) -> bool:
    """Whether shifts begin on this day."""
    iso = day.isoformat()
    is_closed = any(closed.first_on <= iso <= closed.last_on for closed in calendar.closed)
    return day.weekday() in calendar.work_days and not is_closed


def _shift_times(site: Site, from_us: int) -> Iterator[ShiftTime]:
    """The site's shifts in the order of their ends, from the day before this instant."""
    first = factory_day(from_us, site.utc_offset_min) - timedelta(days=1)
    shifts = sorted(site.calendar.shifts, key=lambda shift: shift.start_min)
    for number in range(DAYS_AHEAD_MAX):
        day = first + timedelta(days=number)
        if is_working_day(site.calendar, day):
            yield from (_on(site, day, shift) for shift in shifts)


def _on(site: Site, day: date, shift: Shift) -> ShiftTime:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    midnight_us = int(midnight.timestamp()) * US_PER_S - site.utc_offset_min * US_PER_MIN
    length_min = (shift.end_min - shift.start_min) % (24 * 60) or 24 * 60
    start_us = midnight_us + shift.start_min * US_PER_MIN
    return ShiftTime(shift, day, start_us, start_us + length_min * US_PER_MIN)
