"""Facts about this device that outlive a restart."""

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col

from mobile.store import statements
from mobile.store.database import Store
from mobile.store.tables import Setting

INCARNATION = "incarnation"
"""The incarnation with which this device asks to be enrolled; `Identity` holds those that were."""

SERVER_EPOCH = "server_epoch"
CLONED = "cloned"
"""The incarnation of which the server says that another device uses it too; it holds until the next enrolment."""

REBUILT = "rebuilt"
"""The scopes whose checksum did not fit since the last pull, as a JSON list."""

ENROLLED_WITH = "enrolled_with"
"""The one-time code of the enrolment that holds; used up, so that nobody can do anything with it."""

STATION_ID = "station_id"
SERVER_TIME_US = "server_time_us"
"""The server's clock at the last pull: what is kept for a time is kept by it."""

LAST_CONTACT_US = "last_contact_us"
HAS_ENGLISH = "has_english"

_GET = select(col(Setting.value)).where(col(Setting.name) == bindparam("name"))
_PUT = insert(Setting).values(name=bindparam("name"), value=bindparam("value"))
_SET = _PUT.on_conflict_do_update(index_elements=["name"], set_={"value": _PUT.excluded.value})
_FORGET = delete(Setting).where(col(Setting.name) == bindparam("name"))


def get_setting(store: Store, name: str) -> str | None:
    """The fact of this name, or None."""
    found = statements.value(store, _GET, {"name": name})
    return None if found is None else str(found)


def set_setting(store: Store, name: str, value: str | None) -> None:
    """Keep the fact; None forgets it."""
    with store.transaction():
        if value is None:
            statements.run(store, _FORGET, {"name": name})
        else:
            statements.run(store, _SET, {"name": name, "value": value})
