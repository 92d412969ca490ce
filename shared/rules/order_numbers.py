"""How orders are numbered: anew each day, by a counter of its own."""

from shared.rules.calendar import factory_day
from shared.schemas.production import Counter

_SERIES = "order/"


def order_series(now_us: int, utc_offset_min: int) -> str:
    """The id of the counter that numbers this factory day's orders, e.g. `order/20261123`."""
    return f"{_SERIES}{factory_day(now_us, utc_offset_min):%Y%m%d}"


def order_number(counter: Counter) -> str:
    """The number that the last order of this counter bears, e.g. `MD-20261123-0007`."""
    return f"MD-{counter.id.removeprefix(_SERIES)}-{counter.last:04d}"
