"""How often the same scan came again: same piece, same station, same operation, however long ago the first one was."""

from collections.abc import Mapping

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from mobile.outcome import Tone
from mobile.store import statements
from mobile.store.database import Store
from mobile.store.tables import OutboxEntry

COUNT = "repeats"
"""The fact that says it: 1 for the second scan."""

_OUTCOME = col(OutboxEntry.outcome)
_COUNT = select(func.count()).where(
    col(OutboxEntry.piece_id) == bindparam("piece_id"),
    col(OutboxEntry.is_repeat),
    func.json_extract(_OUTCOME, "$.tone") == Tone.REPEAT.value,
    func.json_extract(_OUTCOME, "$.facts.station_id") == bindparam("station_id"),
    func.json_extract(_OUTCOME, "$.facts.operation_number") == bindparam("operation_number"),
    func.json_extract(_OUTCOME, "$.facts.event_time_us") == bindparam("event_time_us"),
)


def count(store: Store, piece_id: str, station_id: str, facts: Mapping[str, object]) -> int:
    """The repeats of the scan that `facts` call the first one, as far as this device made them.

    When the first one was tells it from an operation of the same number in another rework loop.
    """
    asked = {"piece_id": piece_id, "station_id": station_id}
    asked |= {name: facts.get(name) for name in ("operation_number", "event_time_us")}
    return int(statements.value(store, _COUNT, asked))
