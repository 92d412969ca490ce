"""Which scopes a row belongs to, what each scope shows of it, and which scopes a device may hold.

`floor:<site>` what is made, without a word about the customer; `people:<site>` who may sign in; `catalog` what the
factory consists of; `trip:<id>` a driver's manifest with its addresses; `device:<id>` a device's own verdicts.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.schemas.commands import CardKind
from shared.schemas.door import Door, Label, Piece
from shared.schemas.entities import Entity
from shared.schemas.order import Specification
from shared.schemas.people import Device, Person, Role
from shared.schemas.production import DoorModel, RouteVersion, Site, Station, WorkCenter
from shared.schemas.quality import Conflict, LeaderCall, Photo
from shared.schemas.rack import Rack
from shared.schemas.shipment import Trip, TripState
from shared.schemas.sync import VerdictRow
from sync_server.storage.rows import SessionRows
from sync_server.tables import TripRow

CATALOG = "catalog"
ROAD_ROLES = frozenset({Role.DRIVER, Role.INSTALLER})
"""People who see what they carry, not what is made."""

_NEVER = {"site_id", "is_retired"}
_IN_THE_OFFICE = frozenset(CardKind)
"""Labels that no device can do anything with yet."""

FIELDS: dict[type[Entity], frozenset[str]] = {
    Site: frozenset({"id", "rev", "code", "name", "utc_offset_min", "calendar"}),
    WorkCenter: frozenset({"id", "rev", "site_id", "code", "name", "name_en"}),
    Station: frozenset({"id", "rev", "site_id", "work_center_id", "code", "name", "name_en", "strictness"}),
    RouteVersion: frozenset({"id", "rev", "code", "version", "piece_kind", "operations"}),
    DoorModel: frozenset({"id", "rev", "code", "name", "family", "height", "width", "thickness", "is_active"}),
    Person: frozenset({"id", "rev", "site_id", "number", "name", "roles", "pin", "badge_code", "is_active"}),
    Device: frozenset(
        {
            "id",
            "rev",
            "site_id",
            "name",
            "incarnation",
            "public_key",
            "state",
            "enrolled_at_us",
            "station_id",
            "person_id",
        }
    ),
    Specification: frozenset(Specification.model_fields) - _NEVER,
    Door: frozenset(Door.model_fields) - _NEVER,
    Piece: frozenset(Piece.model_fields) - _NEVER,
    Label: frozenset(Label.model_fields) - _NEVER,
    Rack: frozenset(Rack.model_fields),
    Photo: frozenset(Photo.model_fields) - _NEVER,
    Conflict: frozenset(Conflict.model_fields) - _NEVER,
    LeaderCall: frozenset(LeaderCall.model_fields) - _NEVER,
    Trip: frozenset({"id", "rev", "site_id", "number", "driver_id", "planned_on", "state", "stops"}),
    VerdictRow: frozenset(VerdictRow.model_fields),
}
"""The allow-list: a field that is not named here does not leave the server. Kinds that are absent never do."""

_INCLUDED = {kind: set(fields) for kind, fields in FIELDS.items()}


def scopes_of(row: Entity) -> frozenset[str]:
    """The scopes in which this row travels; none for what stays on the server."""
    match row:  # what changes most often comes first
        case Piece():
            floor = frozenset[str]() if row.is_retired else frozenset({f"floor:{row.site_id}"})
            return floor | {f"trip:{row.trip_id}"} if row.trip_id else floor
        case Label() if row.kind in _IN_THE_OFFICE:
            return frozenset()
        case Specification() | Door() | Label():
            return frozenset[str]() if row.is_retired else frozenset({f"floor:{row.site_id}"})
        case Site() | WorkCenter() | Station() | RouteVersion() | DoorModel():
            return frozenset({CATALOG})
        case Person():
            return frozenset({f"people:{row.site_id}"})
        case Device():
            return frozenset({f"device:{row.id}"})
        case Trip():
            return frozenset({f"trip:{row.id}"}) if row.state is not TripState.CLOSED else frozenset()
        case Photo() | Conflict() | Rack():
            return frozenset({f"floor:{row.site_id}"})
        case LeaderCall():
            return frozenset({f"floor:{row.site_id}"}) if row.closed_at_us is None else frozenset()
        case _:
            return frozenset()


def scopes_for(session: Session, device: Device) -> tuple[str, ...]:
    """The scopes that this device may hold, in ascending order; computed anew at every pull.

    From its site, the station that it stands at, and the person whose phone it is: a driver's phone holds the trips of
    its driver and nothing of the floor.
    """
    rows = SessionRows(session)
    granted = {CATALOG, f"device:{device.id}", f"people:{device.site_id}"}
    person = rows.get(Person, device.person_id) if device.person_id else None
    station = rows.get(Station, device.station_id) if device.station_id else None
    if person is not None and person.is_active:
        query = select(col(TripRow.id)).where(
            col(TripRow.driver_id) == person.id, col(TripRow.state) != TripState.CLOSED
        )
        granted |= {f"trip:{trip_id}" for trip_id in session.execute(query).scalars()}
    if person is None or not set(person.roles) <= ROAD_ROLES:
        granted.add(f"floor:{station.site_id if station else device.site_id}")
    return tuple(sorted(granted))


def body_of(row: Entity) -> str:
    """The row's JSON as it travels: only the fields of the allow-list, and of those only what is not the default."""
    return row.model_dump_json(include=_INCLUDED[type(row)], exclude_defaults=True)
