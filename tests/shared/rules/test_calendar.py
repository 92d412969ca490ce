"""Deadlines and shifts on a factory's own calendar."""

from datetime import UTC, datetime

import pytest

from shared.rules.calendar import factory_day, hold_deadline_us, shift_at
from shared.schemas.production import ClosedDays, Site, WorkCalendar

LATEST_US = 2**62
"""The latest time that a device may claim."""

SITE = Site(id="00000000-0000-7000-8000-000000000000", code="A", name="东区工厂")


def us(text: str) -> int:
    """A time in China, as UTC microseconds."""
    return int((datetime.fromisoformat(text).replace(tzinfo=UTC)).timestamp() - 8 * 3_600) * 1_000_000


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-25 09:00", "2026-11-25 20:00"),  # within the day shift
        ("2026-11-25 17:00", "2026-11-26 08:00"),  # too little of it is left
        ("2026-11-25 23:00", "2026-11-26 08:00"),  # within the night shift
        ("2026-11-28 21:00", "2026-11-29 08:00"),  # Saturday's night shift ends on Sunday
        ("2026-11-29 07:00", "2026-11-30 20:00"),  # nothing falls due on a Sunday
    ],
)
def test_a_held_scan_waits_until_the_end_of_a_shift(now: str, due: str) -> None:
    assert hold_deadline_us(SITE, us(now)) == us(due)


def test_nothing_falls_due_in_a_closed_season() -> None:
    closed = ClosedDays(first_on="2027-01-30", last_on="2027-02-21", reason="春节")
    site = SITE.model_copy(update={"calendar": WorkCalendar(closed=[closed])})
    assert hold_deadline_us(site, us("2027-01-30 09:00")) == us("2027-02-22 20:00")


def test_a_factory_without_shifts_has_half_a_day() -> None:
    site = SITE.model_copy(update={"calendar": WorkCalendar(shifts=[])})
    assert hold_deadline_us(site, us("2026-11-25 09:00")) == us("2026-11-25 21:00")


def test_a_night_shift_belongs_to_the_day_it_began_on() -> None:
    found = shift_at(SITE, us("2026-11-26 03:00"))
    assert found is not None
    assert (found.shift.name, found.day.isoformat()) == ("夜班", "2026-11-25")
    assert shift_at(SITE, us("2026-11-29 12:00")) is None


@pytest.mark.parametrize(
    ("at", "offset_min", "day"),
    [
        ("2028-02-29 23:59", 480, "2028-02-29"),
        ("2028-03-01 00:00", 480, "2028-03-01"),
        ("2028-03-01 00:00", 360, "2028-02-29"),
        ("2027-01-01 07:59", 0, "2026-12-31"),
    ],
)
def test_a_day_begins_at_midnight_where_the_factory_is(at: str, offset_min: int, day: str) -> None:
    assert factory_day(us(at), offset_min).isoformat() == day


def test_a_clock_that_is_thousands_of_years_off_is_shown_as_the_last_day() -> None:
    assert factory_day(LATEST_US, 480).isoformat() == "9999-01-01"
    assert shift_at(SITE, LATEST_US) is None
