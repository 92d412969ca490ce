"""Which scopes a row belongs to, and what each scope shows of it.

`floor:<site>` what is made, without a word about the customer; `people:<site>` who may sign in; `catalog` what the
factory consists of; `device:<id>` a device's own verdicts.
"""

from shared.schemas.door import Door, Label, Piece
from shared.schemas.entities import Entity
from shared.schemas.order import Specification
from shared.schemas.people import Device, Person
from shared.schemas.production import DoorModel, RouteVersion, Site, Station, WorkCenter
from shared.schemas.sync import VerdictRow

CATALOG = "catalog"

FIELDS: dict[type[Entity], frozenset[str]] = {
    Site: frozenset({"id", "rev", "code", "name", "utc_offset_min"}),
    WorkCenter: frozenset({"id", "rev", "site_id", "code", "name", "name_en"}),
    Station: frozenset({"id", "rev", "site_id", "work_center_id", "code", "name", "name_en", "strictness"}),
    RouteVersion: frozenset({"id", "rev", "code", "version", "piece_kind", "operations"}),
    DoorModel: frozenset({"id", "rev", "code", "name", "family", "height", "width", "thickness", "is_active"}),
    Person: frozenset({"id", "rev", "site_id", "number", "name", "roles", "pin", "badge_code", "is_active"}),
    Device: frozenset({"id", "rev", "site_id", "name", "incarnation", "public_key", "state", "enrolled_at_us"}),
    Specification: frozenset(Specification.model_fields) - {"site_id"},
    Door: frozenset(Door.model_fields) - {"site_id"},
    Piece: frozenset(Piece.model_fields) - {"site_id"},
    Label: frozenset(Label.model_fields) - {"site_id"},
    VerdictRow: frozenset(VerdictRow.model_fields),
}
"""The allow-list: a field that is not named here does not leave the server. Kinds that are absent never do."""


def scope_of(row: Entity) -> str | None:
    """The scope in which this row travels; None for what stays on the server."""
    match row:
        case Site() | WorkCenter() | Station() | RouteVersion() | DoorModel():
            return CATALOG
        case Person():
            return f"people:{row.site_id}"
        case Device():
            return f"device:{row.id}"
        case Specification() | Door() | Piece() | Label():
            return f"floor:{row.site_id}"
        case _:
            return None


def scopes_for(device: Device) -> tuple[str, ...]:
    """The scopes that this device may hold, in ascending order; computed anew at every pull."""
    return (CATALOG, f"device:{device.id}", f"floor:{device.site_id}", f"people:{device.site_id}")


def body_of(row: Entity) -> str:
    """The row's JSON as it travels: only the fields of the allow-list, and of those only what is not the default."""
    return row.model_dump_json(include=set(FIELDS[type(row)]), exclude_defaults=True)
