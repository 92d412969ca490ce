"""Which pieces may be on a rack: those of the mirror that say so, and those that were put on one here since."""

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from mobile.store.database import Store
from mobile.store.statements import column
from mobile.store.tables import MirrorRow, OutboxEntry

_MIRRORED = (
    select(col(MirrorRow.id))
    # An id stands nowhere else in a piece's row, and looking for it as text is ten times as quick as reading JSON.
    .where(col(MirrorRow.entity) == "piece", func.instr(col(MirrorRow.body), bindparam("rack_id")) > 0)
    .distinct()
)
_PENDING = select(col(OutboxEntry.piece_id)).where(
    col(OutboxEntry.is_overlaid),
    col(OutboxEntry.piece_id).is_not(None),
    func.json_extract(col(OutboxEntry.envelope), "$.command.type") == "bind_piece",
    func.json_extract(col(OutboxEntry.envelope), "$.command.rack_id") == bindparam("rack_id"),
)


def may_be_on(store: Store, rack_id: str) -> set[str]:
    """The ids of these pieces; what is pending on each of them says whether it still is."""
    return {*column(store, _MIRRORED, {"rack_id": rack_id}), *column(store, _PENDING, {"rack_id": rack_id})}
