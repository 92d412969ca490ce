"""Which labelled pieces a station may have in hand, by indexes of the mirror: what is due there, and codes by a part.

A piece's progress is the number of its last recorded operation; `REWORKED` where a rework planned it anew, and below
that where it has only begun. The index `mirror_row_by_progress` holds it, and the expressions here are its own.
"""

import json
from collections.abc import Iterable, Sequence

from sqlalchemy import text

from mobile.candidates import Candidate
from mobile.outcome import PieceView
from mobile.store import statements
from mobile.store.database import Store
from mobile.store.mirror import MirrorRows
from mobile.store.tables import PROGRESS
from shared.lengths import millimetres
from shared.schemas.production import RouteVersion

DUE_MAX = 60
"""As many of each kind of progress as are looked at for five suggestions."""
REWORKED = -1
FOUND_MAX = 60

_ROUTE, _PROGRESS, _CAME = PROGRESS
_CAME_OF_P = _CAME.replace("body", "p.body")

_LIVE = "coalesce(json_extract(l.body, '$.state'), 'live') = 'live'"
_WHAT = f"""SELECT l.id, p.id, json_extract(d.body, '$.order_number'), json_extract(d.body, '$.room'),
    json_extract(p.body, '$.kind'), json_extract(d.body, '$.number'), json_extract(d.body, '$.of'),
    json_extract(p.body, '$.number'), json_extract(p.body, '$.of'),
    json_extract(s.body, '$.model_code'), json_extract(s.body, '$.model_name'),
    json_extract(s.body, '$.height_tenth_mm'), json_extract(s.body, '$.width_tenth_mm'),
    json_extract(s.body, '$.thickness_tenth_mm'), json_extract(s.body, '$.opening'), json_extract(s.body, '$.colour'),
    {_CAME_OF_P}
    FROM (SELECT id, body, parent FROM mirror_row WHERE entity = 'piece' AND {{which}}) p
    CROSS JOIN mirror_row l ON l.entity = 'label' AND l.parent = p.id
    CROSS JOIN mirror_row d ON d.entity = 'door' AND d.id = p.parent
    CROSS JOIN mirror_row s ON s.entity = 'specification' AND s.id = json_extract(p.body, '$.specification_id')
    WHERE {_LIVE} AND json_extract(p.body, '$.state') IS NOT 'cancelled'
        AND json_extract(p.body, '$.state') IS NOT 'scrapped'"""  # noqa: S608 - constants of this module
_HAS_NOTHING_PENDING = "id NOT IN (SELECT piece_id FROM outbox_entry WHERE is_overlaid AND piece_id IS NOT NULL)"
_DUE = text(
    _WHAT.format(
        which=f"{_ROUTE} = :route_id AND {_PROGRESS} IS :progress AND {_HAS_NOTHING_PENDING} "
        f"ORDER BY {_CAME} DESC, id DESC LIMIT :most"
    )
)
_OF_PIECES = text(_WHAT.format(which="id IN (SELECT value FROM json_each(:ids))"))
_OF_ORDER = text(
    "SELECT p.id FROM mirror_row o CROSS JOIN mirror_row d ON d.entity = 'door' AND d.parent = o.parent "
    "CROSS JOIN mirror_row p ON p.entity = 'piece' AND p.parent = d.id "
    "WHERE o.entity = 'door' AND o.id = (SELECT parent FROM mirror_row WHERE entity = 'piece' AND id = :piece_id)"
)
_CODES = text(
    "SELECT DISTINCT parent FROM mirror_row INDEXED BY mirror_row_by_parent "
    "WHERE entity = 'label' AND instr(id, :part) > 0 LIMIT :most"
)
_TARGETS = text(
    "SELECT DISTINCT parent FROM mirror_row WHERE entity = 'label' AND id IN (SELECT value FROM json_each(:ids))"
)
_PENDING = text(
    "SELECT piece_id FROM outbox_entry WHERE is_overlaid AND piece_id IS NOT NULL "
    "AND json_extract(envelope, '$.command.type') <> 'close_call' "  # whose row names the call
    "GROUP BY piece_id ORDER BY max(event_time_us) DESC LIMIT :most"
)


def due_at(store: Store, mirror: MirrorRows, work_center_id: str, most: int = DUE_MAX) -> list[Candidate]:
    """The pieces whose route leads here next, so many of each route and progress, the latest arrivals first.

    What this device has done with a piece and the mirror does not show yet is not seen: those are left out.
    """
    return [
        one
        for route in mirror.all(RouteVersion)
        for progress in _progress_before(route, work_center_id)
        for one in _at(store, route, progress, most)
    ]


def reworked(store: Store, mirror: MirrorRows, work_center_id: str, most: int = DUE_MAX) -> list[Candidate]:
    """The pieces that were sent back and whose route passes here; whether they are due here, the rules say."""
    routes = [route for route in mirror.all(RouteVersion) if _progress_before(route, work_center_id)]
    return [one for route in routes for one in _at(store, route, REWORKED, most)]


def of_pieces(store: Store, piece_ids: Iterable[str]) -> list[Candidate]:
    """These pieces, as far as they have a live label."""
    found = statements.rows(store, _OF_PIECES, {"ids": json.dumps(sorted(set(piece_ids)))})
    return list({row[0]: _candidate(row) for row in found}.values())


def of_same_order(store: Store, piece_id: str) -> list[str]:
    """The ids of all pieces of this piece's order."""
    return statements.column(store, _OF_ORDER, {"piece_id": piece_id})


def with_code_part(store: Store, part: str) -> list[Candidate]:
    """The pieces whose code holds these characters, not more than `FOUND_MAX`."""
    return of_pieces(store, statements.column(store, _CODES, {"part": part, "most": FOUND_MAX}))


def with_codes(store: Store, codes: Sequence[str]) -> list[Candidate]:
    """The pieces under these codes."""
    return of_pieces(store, statements.column(store, _TARGETS, {"ids": json.dumps(codes)})) if codes else []


def pending(store: Store, most: int) -> list[str]:
    """The pieces of which this device knows more than the mirror, the latest first."""
    return statements.column(store, _PENDING, {"most": most})


def _at(store: Store, route: RouteVersion, progress: int | None, most: int) -> list[Candidate]:
    asked = {"route_id": route.id, "progress": progress, "most": most}
    return list({row[0]: _candidate(row) for row in statements.rows(store, _DUE, asked)}.values())


def _progress_before(route: RouteVersion, work_center_id: str) -> list[int | None]:
    """The progress of a piece that is due here: at the operation before, or begun here."""
    found: list[int | None] = []
    before: int | None = None
    for operation in route.operations:
        if operation.work_center_id == work_center_id:
            found += [before, -2 - operation.number]
        before = operation.number
    return found


def _candidate(row: Sequence[object]) -> Candidate:
    (
        code,
        piece_id,
        order,
        room,
        kind,
        door_n,
        door_of,
        n,
        of,
        model_code,
        model_name,
        high,
        wide,
        thick,
        opening,
        *rest,
    ) = row
    lengths = [length for length in (high, wide, thick) if isinstance(length, int)]
    came_us = rest[1]
    view = PieceView(
        order_number=str(order),
        room=str(room or ""),
        kind=str(kind),
        door_number=_whole(door_n),
        door_count=_whole(door_of),
        piece_number=_whole(n),
        piece_count=_whole(of),
        model=f"{model_code} {model_name}",
        size_text=" × ".join(millimetres(length) for length in lengths),
        opening=str(opening or ""),
        colour=str(rest[0] or ""),
        piece_id=str(piece_id),
    )
    return Candidate(str(code), view, came_us if isinstance(came_us, int) else 0)


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
