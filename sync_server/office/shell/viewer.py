"""Who looks at the office's pages, and what they may see."""

import contextlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fastapi import Request

from shared.rules.calendar import factory_day, factory_time
from shared.rules.permissions import Right, may
from shared.schemas.identifiers import DEFAULT_OFFSET_MIN
from shared.schemas.people import Person
from shared.schemas.production import Site
from sync_server import auth
from sync_server.errors import NotNow
from sync_server.office.shell.errors import NOT_PERMITTED, NeedsSignIn, OfficeFault
from sync_server.services import services_of
from sync_server.storage.rows import SessionRows

COOKIE = "mumen_office"


@dataclass(frozen=True)
class Viewer:
    """Who looks at a page; `csrf_token` must come back with every form."""

    person: Person
    csrf_token: str
    utc_offset_min: int

    def may(self, right: Right) -> bool:
        """Whether this person has the right."""
        return may(self.person.roles, right)

    @property
    def sees_customers(self) -> bool:
        """Whether this person may know whose order it is."""
        return self.may(Right.SEE_CUSTOMERS)

    def when(self, at_us: int | None) -> str:
        """A day and a time by the factory's clock."""
        return "—" if at_us is None else f"{self._at(at_us):%Y-%m-%d %H:%M}"

    def clock(self, at_us: int | None) -> str:
        """A time of the last hours by the factory's clock."""
        return "—" if at_us is None else f"{self._at(at_us):%H:%M}"

    def day(self, at_us: int) -> date:
        """The factory's day at this time."""
        return factory_day(at_us, self.utc_offset_min)

    def _at(self, at_us: int) -> datetime:
        return factory_time(at_us, self.utc_offset_min)


async def viewer_of(request: Request, right: Right = Right.SEE_OFFICE) -> Viewer:
    """Who is signed in. Raises `NeedsSignIn`, or `OfficeFault` 403 where the right is missing."""
    services, token = services_of(request), request.cookies.get(COOKIE, "")
    now_us = services.now_us()

    def read(session: Any) -> tuple[Viewer, bool] | None:
        known = auth.find_session(session, token, now_us)
        rows = SessionRows(session)
        person = rows.get(Person, known.person_id) if known else None
        if known is None or person is None or not person.is_active:
            return None
        site = rows.get(Site, person.site_id)
        viewer = Viewer(person, known.csrf_token, site.utc_offset_min if site else DEFAULT_OFFSET_MIN)
        return viewer, auth.is_seen_long_ago(known, now_us)

    found = await services.read(read)
    if found is None:
        raise NeedsSignIn
    viewer, is_seen_long_ago = found
    with contextlib.suppress(NotNow):  # a page is worth more than knowing to the minute who reads it
        if is_seen_long_ago:
            await services.write(lambda session: auth.note_seen(session, token, now_us))
    if not viewer.may(right):
        raise OfficeFault(403, *NOT_PERMITTED)
    return viewer
