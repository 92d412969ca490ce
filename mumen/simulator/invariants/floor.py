"""I6: pieces have legal histories, doors follow their pieces, and what is held waits for a reason."""

import json
from typing import Any

from mumen.simulator.invariants.reading import all_of, server_rows
from mumen.simulator.world import World
from shared.rules import routing
from shared.rules.progress import door_with_progress
from shared.schemas.door import Door, OperationState, Piece, PieceState
from shared.schemas.production import RouteVersion
from sync_server.storage.rows import SessionRows


def check(world: World) -> None:
    """Raises `AssertionError` with the invariant's number and what broke it."""
    pieces: dict[str, Piece] = {}
    doors: list[Door] = []

    def read(session: Any) -> None:
        rows = SessionRows(session)
        doors.extend(all_of(session, rows, Door))
        for piece in all_of(session, rows, Piece):
            route = rows.get(RouteVersion, piece.route_version_id)
            assert route is not None, "a piece always has a route"
            _is_legal(piece, route)
            pieces[piece.id] = piece

    world.server.database.run(read)
    _doors_follow(doors, pieces)
    _conflicts_match_held(world)
    _held_for_a_reason(world, pieces)


def _is_legal(piece: Piece, route: RouteVersion) -> None:
    inspections = {operation.number for operation in route.operations if operation.is_inspection}
    for record in piece.operations:
        is_inferred_gate = record.number in inspections and record.state is OperationState.INFERRED
        assert not is_inferred_gate, f"I6: the inspection of {piece.id} was inferred"
    last = max((o.number for o in piece.operations if o.state in routing.ENDED), default=0)
    loop = routing.current_loop(piece)
    for operation in route.operations:
        if operation.number < last and loop == 0:
            assert routing.is_ended(piece, operation.number), f"I6: {piece.id} skipped {operation.number} unlabelled"
    if piece.state in {PieceState.CANCELLED, PieceState.SCRAPPED}:
        return
    due = routing.next_operation(piece, route)
    begun = [o for o in piece.operations if o.state is not OperationState.PLANNED]
    if due is None:
        expected = PieceState.PASSED
    elif not begun and loop == 0:
        expected = PieceState.PLANNED
    else:
        expected = PieceState.AWAITING_INSPECTION if due.is_inspection else PieceState.IN_PROCESS
    assert piece.state is expected, f"I6: {piece.id} is {piece.state}, its operations say {expected}"


def _doors_follow(doors: list[Door], pieces: dict[str, Piece]) -> None:
    """I6: a door's state and counts are those of its pieces."""
    of_door: dict[str, list[Piece]] = {}
    for piece in pieces.values():
        of_door.setdefault(piece.door_id, []).append(piece)
    for door in doors:
        said = door_with_progress(door, of_door.get(door.id, []))
        assert door == said, f"I6: door {door.id} is {door.state}, its pieces say {said.state}"


def _conflicts_match_held(world: World) -> None:
    """Every held command has one card that waits for somebody, and every such card its command."""
    held = set(server_rows(world, "SELECT origin, key FROM command_log WHERE status = 'held'"))
    cards = server_rows(world, "SELECT origin, key FROM conflict WHERE kind = 'out_of_order' AND state != 'resolved'")
    assert len(cards) == len(set(cards)), "a held command has two cards"
    assert held == set(cards), f"held commands and their cards differ: {sorted(held ^ set(cards))[:1]}"


def _held_for_a_reason(world: World, pieces: dict[str, Piece]) -> None:
    """A command is held for as long as one of the operations that it waits for has not ended, and no longer."""
    held = "SELECT origin, key, subject, verdict FROM command_log WHERE status = 'held'"
    for origin, key, piece_id, verdict in server_rows(world, held):
        waits_for = json.loads(verdict)["waits_for"]
        assert not all(routing.is_ended(pieces[piece_id], number) for number in waits_for), (
            f"{origin}/{key} is held for {waits_for}, which have ended"
        )
