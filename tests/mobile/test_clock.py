"""Times and shifts as the factory's wall clock has them."""

from datetime import datetime, timedelta, timezone

import pytest

from mobile.clock import FactoryClock
from mobile.strings import OUTSIDE_SHIFTS
from shared.schemas.production import ClosedDays, Shift, Site, WorkCalendar
from shared.words import Phrase

DAY_US = 86_400_000_000
HOUR_US = 3_600_000_000
NOON_US = 20_780 * DAY_US + 4 * HOUR_US
"""Noon in China."""

URUMQI = Site(id="00000000-0000-7000-8000-000000000001", code="U", name="乌鲁木齐厂", utc_offset_min=360)

EARLY = Shift(name="早班", name_en="early shift", start_min=8 * 60, end_min=16 * 60)
LATE = Shift(name="晚班", name_en="late shift", start_min=22 * 60, end_min=6 * 60)
HOLIDAY = ClosedDays(first_on="2026-11-25", last_on="2026-11-25")
TWO_SHIFTS = Site(id=URUMQI.id, code="F", name="佛山厂", calendar=WorkCalendar(shifts=[EARLY, LATE], closed=[HOLIDAY]))


def us(text: str) -> int:
    """A time in China, as UTC microseconds."""
    china = timezone(timedelta(hours=8))
    return int(datetime.fromisoformat(text).replace(tzinfo=china).timestamp()) * 1_000_000


def clock(now_us: int = NOON_US, site: Site | None = None) -> FactoryClock:
    return FactoryClock(lambda: now_us, lambda: site)


def test_a_time_of_today_is_said_without_the_date_and_another_with_it() -> None:
    assert clock().say(NOON_US - HOUR_US) == "11:00"
    assert clock().say(NOON_US - DAY_US) == "11-22 12:00"
    assert clock().say(NOON_US - 13 * HOUR_US) == "11-22 23:00"


def test_a_site_has_its_own_clock() -> None:
    assert clock(site=URUMQI).say(NOON_US) == "10:00"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-23 07:59", None),  # Monday, before the first shift of the week
        ("2026-11-23 08:00", EARLY),
        ("2026-11-23 15:59", EARLY),
        ("2026-11-23 16:00", None),
        ("2026-11-23 22:00", LATE),
        ("2026-11-24 05:59", LATE),  # after midnight it is still Monday's
        ("2026-11-24 06:00", None),
        ("2026-11-25 05:00", LATE),  # the night before a closed day goes on into it
        ("2026-11-25 12:00", None),
        ("2026-11-25 23:00", None),
        ("2026-11-26 05:00", None),  # and no night began on the closed day
        ("2026-11-29 12:00", None),  # Sunday
    ],
)
def test_the_shift_is_that_of_the_sites_own_calendar(at: str, expected: Shift | None) -> None:
    said = clock(us(at), TWO_SHIFTS).shift()
    assert said == (Phrase(expected.name, expected.name_en) if expected else OUTSIDE_SHIFTS)


def test_the_shift_begins_where_the_site_is() -> None:
    assert clock(us("2026-11-23 08:30"), URUMQI).shift() == OUTSIDE_SHIFTS  # 06:30 in Ürümqi
    assert clock(us("2026-11-23 10:30"), URUMQI).shift().zh == "白班"


def test_a_shift_without_an_english_name_keeps_its_own() -> None:
    site = TWO_SHIFTS.model_copy(update={"calendar": WorkCalendar(shifts=[Shift(name="甲班", start_min=0, end_min=0)])})
    assert clock(site=site).shift() == Phrase("甲班", "甲班")


def test_no_shift_is_said_before_a_site_is_known() -> None:
    assert not clock().shift()


def test_minutes_are_counted_from_a_time_that_was() -> None:
    assert clock().minutes_since(NOON_US - 90_000_000) == 1
    assert clock().minutes_since(None) is None
