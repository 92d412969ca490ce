"""I12: a piece is where its last move that counted put it, and work by way of a rack was on what was on it."""

import json
from dataclasses import dataclass
from typing import Any

from mumen.simulator.invariants.reading import server_rows
from mumen.simulator.world import World

HISTORY = """SELECT event.kind, event.subject, event.event_time_us, log.body FROM event
    JOIN command_log AS log ON log.origin = event.origin AND log.key = event.key
    WHERE event.kind IN ('piece_bound', 'piece_unbound', 'operation_completed', 'operation_started',
                         'trip_closed', 'order_retired') ORDER BY event.rowid"""
PIECES = "SELECT id, rack_id FROM piece"
CLEARING = {"trip_closed", "order_retired"}
"""They take pieces off racks, and do not say which."""


@dataclass
class _Place:
    """Where a piece is, and since when by the clock of the device that said so."""

    rack_id: str | None = None
    since_us: int = 0
    may_be_off: bool = False
    """Something that takes pieces off racks has happened since."""


def check(world: World) -> None:
    """Raises `AssertionError` with the invariant's number and what broke it."""
    places: dict[str, _Place] = {}
    for kind, subject, at_us, body in server_rows(world, HISTORY):
        if kind in CLEARING:
            for place in places.values():
                place.may_be_off = True
            continue
        place = places.setdefault(subject, _Place())
        if kind in {"piece_bound", "piece_unbound"}:
            _moves(subject, place, kind, at_us, _command(body))
        else:
            _was_on_it(subject, place, at_us, _command(body))
    for piece_id, rack_id in server_rows(world, PIECES):
        place = places.get(piece_id, _Place())
        is_so = rack_id == place.rack_id or (place.may_be_off and rack_id is None)
        assert is_so, f"I12: {piece_id} is on {rack_id}, its history says {place.rack_id}"


def _moves(piece_id: str, place: _Place, kind: str, at_us: int, command: dict[str, Any]) -> None:
    is_unseen = kind == "piece_bound" and command["from_rack_id"] != place.rack_id and not place.may_be_off
    assert not is_unseen or at_us >= place.since_us, f"I12: {piece_id} was moved by what was recorded before"
    if kind == "piece_unbound" and not place.may_be_off:
        assert command["rack_id"] == place.rack_id, f"I12: {piece_id} was taken off a rack that it was not on"
    place.rack_id = command["rack_id"] if kind == "piece_bound" else None
    place.since_us, place.may_be_off = at_us, False


def _was_on_it(piece_id: str, place: _Place, at_us: int, command: dict[str, Any]) -> None:
    """What left the rack later, by the clock of whoever moved it, was on it when the work was reported."""
    rack_id = command.get("rack_id")
    was_on_it = rack_id is None or rack_id == place.rack_id or place.since_us > at_us or place.may_be_off
    assert was_on_it, f"I12: work on {rack_id} was booked on {piece_id}, which was on {place.rack_id}"


def _command(body: str) -> dict[str, Any]:
    read = json.loads(body)
    command: dict[str, Any] = read.get("command", read)
    return command
