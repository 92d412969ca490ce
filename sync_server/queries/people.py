"""The people of a site, to choose from."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.schemas.people import Role
from sync_server.scopes import ROAD_ROLES
from sync_server.tables import PersonRow


@dataclass(frozen=True)
class PersonLine:
    """A person who works here, and whether he works on the road."""

    id: str
    name: str
    number: str
    is_on_the_road: bool


def list_people(session: Session, site_id: str) -> list[PersonLine]:
    """Whoever works here, those on the road first, then by number."""
    columns = (col(PersonRow.id), col(PersonRow.name), col(PersonRow.number), col(PersonRow.roles))
    query = select(*columns).where(col(PersonRow.site_id) == site_id, col(PersonRow.is_active))
    found = [_line(*row) for row in session.execute(query)]
    return sorted(found, key=lambda line: (not line.is_on_the_road, line.number))


def _line(person_id: str, name: str, number: str, roles: list[Role]) -> PersonLine:
    return PersonLine(person_id, name, number, bool(ROAD_ROLES & set(roles)))
