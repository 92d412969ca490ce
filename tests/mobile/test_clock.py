"""Times and shifts as the factory's wall clock has them."""

import pytest

from mobile.clock import FactoryClock
from mobile.strings import DAY_SHIFT, NIGHT_SHIFT
from shared.schemas.production import Site

DAY_US = 86_400_000_000
HOUR_US = 3_600_000_000
NOON_US = 20_780 * DAY_US + 4 * HOUR_US
"""Noon in China."""

URUMQI = Site(id="00000000-0000-7000-8000-000000000001", code="U", name="乌鲁木齐厂", utc_offset_min=360)


def clock(now_us: int = NOON_US, site: Site | None = None) -> FactoryClock:
    return FactoryClock(lambda: now_us, lambda: site)


def test_a_time_of_today_is_said_without_the_date_and_another_with_it() -> None:
    assert clock().say(NOON_US - HOUR_US) == "11:00"
    assert clock().say(NOON_US - DAY_US) == "11-22 12:00"
    assert clock().say(NOON_US - 13 * HOUR_US) == "11-22 23:00"


def test_a_site_has_its_own_clock() -> None:
    assert clock(site=URUMQI).say(NOON_US) == "10:00"


@pytest.mark.parametrize(
    ("hour", "is_day"), [(-4, True), (-5, False), (7, True), (8, False)], ids=["08:00", "07:00", "19:00", "20:00"]
)
def test_the_day_shift_is_from_eight_to_eight(hour: int, *, is_day: bool) -> None:
    assert clock(NOON_US + hour * HOUR_US).shift() == (DAY_SHIFT if is_day else NIGHT_SHIFT)


def test_minutes_are_counted_from_a_time_that_was() -> None:
    assert clock().minutes_since(NOON_US - 90_000_000) == 1
    assert clock().minutes_since(None) is None
