"""What a text in the search box may mean beside an order: a label's code, mistyped or its end, or a rack's name."""

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.label_code import ALPHABET, LENGTH, CodeKind, fold
from shared.near_codes import near_codes
from shared.schemas.door import Door, Label, LabelState, Piece
from shared.schemas.rack import Rack
from sync_server.storage.rows import SessionRows
from sync_server.tables import LabelRow

NEAR_MOST = 8
TAIL_LEAST = 4
"""So many of a code's last characters people read to each other, and tablets show (`mobile/candidates.py`)."""

DIGITS = "0123456789"
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


@dataclass(frozen=True)
class NamedRacks:
    """The racks that a text may mean; `is_asked_for` says that it is written as the racks here are, if none is."""

    racks: list[Rack]
    is_asked_for: bool = False


def find_racks(session: Session, site_id: str, text: str) -> NamedRacks:
    """The racks of this code, whatever its case, width, dashes and blanks: `r 7` is R-07 too where no rack is R-7.

    Else those of this name: what is painted on a rack may be either.
    """
    wanted = _bare(text)
    if not wanted:
        return NamedRacks([])
    racks = sorted(SessionRows(session).children(Rack, site_id), key=lambda rack: rack.code)
    found = (
        [rack for rack in racks if _bare(rack.code) == wanted]
        or [rack for rack in racks if _counted(rack.code) == _counted(text)]
        or [rack for rack in racks if _bare(rack.name) == wanted]
    )
    if found:
        return NamedRacks(found)
    series = {_bare(rack.code).rstrip(DIGITS) for rack in racks} - {""}
    return NamedRacks([], wanted[-1] in DIGITS and wanted.rstrip(DIGITS) in series)


def find_ending(session: Session, site_id: str, text: str) -> tuple[list[NearPiece], list[Rack]]:
    """Pieces and racks with a code that ends in this text, its two check characters given or left out."""
    ending = fold(f"{CodeKind.PIECE}{text}")[1:]  # behind a kind, so that O and I are read as digits here too
    if not TAIL_LEAST <= len(ending) < LENGTH or not set(ending) <= set(ALPHABET):
        return [], []
    code = col(LabelRow.id)
    query = select(code).where(or_(code.like(f"%{ending}"), code.like(f"%{ending}__")))
    here = query.where(col(LabelRow.site_id) == site_id, col(LabelRow.kind).in_((CodeKind.PIECE, CodeKind.RACK)))
    ids = list(session.execute(here.order_by(code).limit(NEAR_MOST)).scalars())
    rows = SessionRows(session)
    labels = [label for label_id in ids if (label := rows.get(Label, label_id))]
    racks = [rack for label in labels if label.kind == CodeKind.RACK and (rack := rows.get(Rack, label.target_id))]
    return _pieces_of(session, ids), racks


def find_near(session: Session, text: str) -> list[NearPiece]:
    """Pieces with a code that is one slip away from this text, or that begins with it."""
    return _pieces_of(session, sorted(near_codes(text)) or _beginning_with(session, fold(text)))


def _pieces_of(session: Session, ids: list[str]) -> list[NearPiece]:
    """The pieces that have these codes."""
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


def _counted(name: str) -> str:
    """The same, with each number in it as a number: R-07 is R7."""
    return re.sub(r"\d+", lambda found: str(int(found[0])), _bare(name))


def _bare(name: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKC", name).upper() if one.isalnum())
