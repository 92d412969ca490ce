"""Pieces without a readable label: which this device expects here, and which it knows by part of their code."""

from collections.abc import Callable
from dataclasses import replace

from mobile.candidates import SEARCH_FROM, Candidate, likely, near_codes, read_typed
from mobile.outcome import PieceView
from mobile.store import expected
from mobile.store.database import Store
from mobile.store.mirror import MirrorRows
from mobile.store.overlay import OverlayRows
from shared.mint import RandomMint
from shared.rules import routing
from shared.schemas.door import Piece
from shared.schemas.production import RouteVersion, Station

PENDING_MAX = 20
"""So many pieces with something pending are asked about: what was begun here may be ended here."""

NARROWED_MAX = 1_000
"""So many expected pieces of one progress are narrowed down at once; whatever came before is asked for by its code."""


class DeviceFinder:
    """Implements `mobile.engine.Finder`; reads the mirror and what is pending on it, and keeps nothing."""

    def __init__(
        self, store: Store, mirror: MirrorRows, mint: RandomMint, station: Callable[[], Station | None]
    ) -> None:
        """Over this store; `station` says where the device stands now."""
        self._store, self._mirror, self._mint, self._station = store, mirror, mint, station

    def likely(self, typed: str, last: PieceView | None) -> list[Candidate]:
        """At most five pieces, the likeliest first: see `mobile/candidates.py`."""
        part = read_typed(typed).text
        found = expected.with_code_part(self._store, part) if len(part) >= SEARCH_FROM else []
        if last is not None and not part:
            found = expected.of_pieces(self._store, expected.of_same_order(self._store, last.piece_id))
        due = self._due(expected.DUE_MAX)
        here = {one.code for one in due}
        due += [replace(one, is_expected=True) for one in found if one.code not in here and self._is_due(one)]
        return likely(due, found if part else (), typed, last)

    def expected(self) -> list[Candidate]:
        """Every piece that this station expects next, the latest arrivals first."""
        return self._due(NARROWED_MAX)

    def near(self, code: str) -> list[Candidate]:
        """The known pieces whose code differs from this whole one by one character or by two swapped neighbours."""
        return expected.with_codes(self._store, near_codes(code))

    def _due(self, most: int) -> list[Candidate]:
        station = self._station()
        if station is None:
            return []
        held = self._held(station)
        asked = [*expected.pending(self._store, PENDING_MAX), *held]
        unsure = expected.of_pieces(self._store, asked) if asked else []
        unsure += expected.reworked(self._store, self._mirror, station.work_center_id)
        known = expected.due_at(self._store, self._mirror, station.work_center_id, most)
        every = {one.code: one for one in (*known, *filter(self._is_due, unsure))}
        every |= {one.code: one for one in unsure if one.view.piece_id in held}
        return [replace(one, is_expected=True, is_held=one.view.piece_id in held) for one in every.values()]

    def _held(self, station: Station) -> set[str]:
        """The pieces that were scanned at this station before their time."""
        conflicts = self._mirror.unsettled_conflicts()
        return {one.piece_id for one in conflicts if one.facts.get("station_id") == station.id}

    def _is_due(self, one: Candidate) -> bool:
        """Whether its next operation, by all that this device knows, is done here."""
        rows = OverlayRows(self._store, self._mirror, self._mint)
        station, piece = self._station(), rows.get(Piece, one.view.piece_id)
        route = rows.get(RouteVersion, piece.route_version_id) if piece else None
        due = routing.next_operation(piece, route) if piece and route else None
        return due is not None and station is not None and due.work_center_id == station.work_center_id
