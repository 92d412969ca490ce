"""Codes that became no command: damaged, foreign, or scanned before anybody had signed in. They stay on the device."""

from sqlalchemy import bindparam, insert

from mobile.store import statements
from mobile.store.database import Store
from mobile.store.tables import ScanLogEntry

_ADD = insert(ScanLogEntry).values(
    {name: bindparam(name) for name in ("text", "problem", "event_time_us", "station_id", "worker_id")}
)


def add(
    store: Store, text: str, problem: str, event_time_us: int, station_id: str | None, worker_id: str | None
) -> None:
    """Keep such a code; why it became none is in `problem`."""
    values = {
        "text": text[:500],
        "problem": problem,
        "event_time_us": event_time_us,
        "station_id": station_id,
        "worker_id": worker_id,
    }
    with store.transaction():
        statements.run(store, _ADD, values)
