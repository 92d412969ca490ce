"""The rows that a transaction's commands will be decided on, read in a handful of statements, not several each."""

from collections.abc import Iterable, Sequence

from pydantic import JsonValue

from shared.label_code import CodeKind
from shared.schemas.door import Door, Label, Piece, PieceState
from shared.schemas.order import Order
from shared.schemas.people import Person
from shared.schemas.production import RouteVersion, Station
from shared.schemas.quality import Conflict
from sync_server.unit import Unit

Json = dict[str, JsonValue]


def prefetch(unit: Unit, envelopes: Sequence[Json]) -> None:
    """Reads who scanned what and where: people, stations, labels, pieces with their doors and all that hangs on them.

    A decision about a conflict is one about its piece.
    An order is read where a door of it has not begun, because the first scan moves both on; else few scans need it.
    """
    rows = unit.rows
    commands = commands_of(envelopes)
    rows.prefetch(Person, _texts(envelopes, "worker_id"))
    rows.prefetch(Station, _texts(envelopes, "station_id"))
    codes = _texts(commands, "label_code")
    rows.prefetch(Label, codes)
    targets = {label.target_id for code in codes if (label := rows.get(Label, code)) and label.kind == CodeKind.PIECE}
    conflict_ids = _texts(commands, "conflict_id")
    rows.prefetch(Conflict, conflict_ids)
    disputed = {conflict.piece_id for one in conflict_ids if (conflict := rows.get(Conflict, one))}
    piece_ids = targets | disputed | _texts(commands, "piece_id")
    rows.prefetch(Piece, piece_ids)
    pieces = [piece for piece_id in piece_ids if (piece := rows.get(Piece, piece_id))]
    rows.prefetch(RouteVersion, {piece.route_version_id for piece in pieces})
    door_ids = {piece.door_id for piece in pieces}
    rows.prefetch(Door, door_ids)
    rows.prefetch_children(Piece, door_ids)
    doors = (rows.get(Door, door_id) for door_id in door_ids)
    order_ids = {door.order_id for door in doors if door and door.state is PieceState.PLANNED}
    rows.prefetch(Order, order_ids)
    rows.prefetch_children(Door, order_ids)
    rows.prefetch_children(Conflict, piece_ids)
    unit.prefetch_held(piece_ids)


def commands_of(envelopes: Iterable[Json]) -> list[Json]:
    """What the envelopes hold, as far as it has the shape of a command."""
    return [command for envelope in envelopes if isinstance(command := envelope.get("command"), dict)]


def _texts(objects: Iterable[Json], field: str) -> set[str]:
    return {value for one in objects if isinstance(value := one.get(field), str)}
