"""The factory's clock: times and shifts as the people there say them, wherever the device believes to be."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from mobile.strings import OUTSIDE_SHIFTS
from shared.rules.calendar import factory_time, shift_at
from shared.schemas.identifiers import DEFAULT_OFFSET_MIN
from shared.schemas.production import Site
from shared.words import Phrase

MINUTE_US = 60_000_000
NOT_KNOWN = Phrase("", "")


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
        """The shift of now by the site's calendar, or that there is none; empty before a site is known."""
        site = self.site()
        if site is None:
            return NOT_KNOWN
        found = shift_at(site, self.now_us())
        return Phrase(found.shift.name, found.shift.name_en or found.shift.name) if found else OUTSIDE_SHIFTS

    def minutes_since(self, at_us: int | None) -> int | None:
        """Whole minutes from then until now; None where there was no such time."""
        return None if at_us is None else (self.now_us() - at_us) // MINUTE_US

    def _local(self, at_us: int) -> datetime:
        site = self.site()
        return factory_time(at_us, site.utc_offset_min if site else DEFAULT_OFFSET_MIN)
