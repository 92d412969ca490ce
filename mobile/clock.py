"""The factory's clock: times and shifts as the people there say them, wherever the device believes to be."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mobile.strings import DAY_SHIFT, NIGHT_SHIFT, Phrase
from shared.schemas.identifiers import DEFAULT_OFFSET_MIN
from shared.schemas.production import Site

MINUTE_US = 60_000_000
DAY_SHIFT_FROM_HOUR, DAY_SHIFT_UNTIL_HOUR = 8, 20


@dataclass(frozen=True)
class FactoryClock:
    """The clock on the wall of the site; `now_us` gives UTC microseconds. Before a site is known, China's time."""

    now_us: Callable[[], int]
    site: Callable[[], Site | None]

    def say(self, at_us: int) -> str:
        """A time (UTC microseconds) as `16:40`; with the date where it is another day than today."""
        at, today = self._local(at_us), self._local(self.now_us())
        return f"{at:%H:%M}" if at.date() == today.date() else f"{at:%m-%d %H:%M}"

    def shift(self) -> Phrase:
        """The shift of this hour; a factory's own calendar of shifts takes its place one day."""
        is_day = DAY_SHIFT_FROM_HOUR <= self._local(self.now_us()).hour < DAY_SHIFT_UNTIL_HOUR
        return DAY_SHIFT if is_day else NIGHT_SHIFT

    def minutes_since(self, at_us: int | None) -> int | None:
        """Whole minutes from then until now; None where there was no such time."""
        return None if at_us is None else (self.now_us() - at_us) // MINUTE_US

    def _local(self, at_us: int) -> datetime:
        site = self.site()
        offset = timedelta(minutes=site.utc_offset_min if site else DEFAULT_OFFSET_MIN)
        return datetime.fromtimestamp(at_us / 1_000_000, UTC) + offset
