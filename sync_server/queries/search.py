"""What a text in the search box may mean beside an order: a label's code, perhaps mistyped, or a rack's name."""

import unicodedata
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.label_code import ALPHABET, LENGTH, CodeKind, fold
from shared.near_codes import near_codes
from shared.schemas.door import Door, Label, LabelState, Piece
from sync_server.storage.rows import SessionRows
from sync_server.tables import LabelRow, RackRow

NEAR_MOST = 8
BEGINNING_MOST = 14
"""So many characters are a code's own; the rest are its check."""


@dataclass(frozen=True)
class NearPiece:
    """A piece whose code is near what was typed."""

    code: str
    piece: Piece
    door: Door


def find_by_code(session: Session, code: str) -> str | None:
    """The address of what carries this label: a piece, a rack, or the order of a package.

    Empty where it is on something that has no page, None where no label has this code.
    """
    rows = SessionRows(session)
    label = rows.get(Label, code)
    if label is None:
        return None
    match label.kind:
        case CodeKind.PIECE:
            of_old = "" if label.state is LabelState.LIVE else f"?label={label.id}"
            return f"/pieces/{label.target_id}{of_old}"
        case CodeKind.RACK:
            return f"/racks/{label.target_id}"
        case CodeKind.PACKAGE | CodeKind.SHIPMENT:
            door = rows.get(Door, label.target_id)
            return f"/orders/{door.order_id}" if door else ""
        case _:
            return ""


def find_rack(session: Session, site_id: str, name: str) -> str | None:
    """The id of the rack of this name, whatever its case, width, dashes and blanks; None where none has it, or two."""
    wanted = _bare(name)
    here = select(col(RackRow.id), col(RackRow.code)).where(col(RackRow.site_id) == site_id)
    found = [rack_id for rack_id, code in session.execute(here) if _bare(code) == wanted]
    return found[0] if wanted and len(found) == 1 else None


def find_near(session: Session, text: str) -> list[NearPiece]:
    """Pieces with a code that is one slip away from this text, or that begins with it."""
    ids = sorted(near_codes(text)) or _beginning_with(session, fold(text))
    rows = SessionRows(session)
    rows.prefetch(Label, ids)
    found: list[NearPiece] = []
    for code in ids:
        label = rows.get(Label, code)
        piece = rows.get(Piece, label.target_id) if label is not None and label.kind == CodeKind.PIECE else None
        door = rows.get(Door, piece.door_id) if piece else None
        if piece is not None and door is not None:
            found.append(NearPiece(code, piece, door))
    return found[:NEAR_MOST]


def _beginning_with(session: Session, beginning: str) -> list[str]:
    if len(beginning) > BEGINNING_MOST:
        return []
    code = col(LabelRow.id)
    last = beginning.ljust(LENGTH, ALPHABET[-1])
    query = select(code).where(code >= beginning, code <= last).order_by(code).limit(NEAR_MOST)
    return list(session.execute(query).scalars())


def _bare(name: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKC", name).upper() if one.isalnum())
