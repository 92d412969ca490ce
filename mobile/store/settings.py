"""Facts about this device that outlive a restart."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col

from mobile.store.database import Store
from mobile.store.tables import Setting

DEVICE_ID = "device_id"
DEVICE_NAME = "device_name"
INCARNATION = "incarnation"
SITE_ID = "site_id"
NONCE = "nonce"
SERVER_EPOCH = "server_epoch"
STATION_ID = "station_id"
LAST_CONTACT_US = "last_contact_us"


def get_setting(store: Store, name: str) -> str | None:
    """The fact of this name, or None."""
    found = store.connection.execute(select(col(Setting.value)).where(col(Setting.name) == name)).scalar_one_or_none()
    return None if found is None else str(found)


def set_setting(store: Store, name: str, value: str | None) -> None:
    """Keep the fact; None forgets it."""
    with store.transaction() as connection:
        if value is None:
            connection.execute(delete(Setting).where(col(Setting.name) == name))
            return
        statement = insert(Setting).values(name=name, value=value)
        connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
