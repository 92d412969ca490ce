"""What a worker needs to recognise the piece in hand, in as many lines as there is room for."""

import flet as ft

from mobile import strings, theme
from mobile.outcome import PieceView
from mobile.strings import OPENINGS, PIECE_KINDS
from mobile.theme import Look, ems
from shared.schemas.door import Door, Piece
from shared.words import Phrase

ORDER_DIGITS = 4
ROOM_EMS_MAX, ROOM_EMS_MAX_TIGHT = 16, 8
"""A room may be a sentence; whoever has the door in hand knows it by its beginning."""


def piece_name(piece: PieceView, room_ems_max: float = ROOM_EMS_MAX) -> str:
    """`MD-0007 · 主卧 · 门扇 1/4`."""
    return _joined(piece.order_number, _place(piece, room_ems_max))


def short_name(piece: Piece, door: Door, look: Look) -> str:
    """`0007 · 门扇 1/4 · 主卧`: the order's last digits, as people call it across the floor."""
    kind = look.say(PIECE_KINDS.get(piece.kind, Phrase(piece.kind, "")))
    return _joined(door.order_number[-ORDER_DIGITS:], f"{kind} {piece.number}/{piece.of}", _cut(door.room))


def piece_lines(piece: PieceView, look: Look) -> list[ft.Control]:
    """Its name, what it is made of, and its door; the English in a line of its own where it is wanted."""
    palette, opening, door = look.palette, OPENINGS.get(piece.opening, Phrase(piece.opening, "")), _door(piece)
    if look.is_large:
        name_size, size, ems_max = (
            (28, 20 if look.has_english else 24, ROOM_EMS_MAX_TIGHT)
            if look.is_tight or look.has_english
            else (34, 24, ROOM_EMS_MAX)
        )
        made = _joined(door.zh, piece.model, piece.colour, piece.size_text, opening.zh)
        lines = [
            ft.Text(piece_name(piece, ems_max), size=name_size, weight=ft.FontWeight.W_600, color=palette.ink),
            ft.Text(made, size=size, color=palette.ink),
        ]
    else:
        lines = [
            ft.Text(_place(piece), size=24, weight=ft.FontWeight.W_600, color=palette.ink),
            ft.Text(piece.order_number, size=20, weight=ft.FontWeight.W_600, color=palette.ink),
            ft.Text(_joined(door.zh, piece.model, piece.colour), size=18, color=palette.ink),
            ft.Text(_joined(piece.size_text, opening.zh), size=18, color=palette.ink),
        ]
    if look.has_english:
        kind = PIECE_KINDS.get(piece.kind, Phrase(piece.kind, piece.kind)).en
        said = _joined(f"{kind} {piece.piece_number}/{piece.piece_count}", door.en, opening.en)
        lines.append(ft.Text(said, size=18 if look.is_large else theme.SMALL, color=palette.muted))
    return [*lines]


def _door(piece: PieceView) -> Phrase:
    return strings.DOOR.filled(number=piece.door_number, count=piece.door_count)


def _place(piece: PieceView, room_ems_max: float = ROOM_EMS_MAX) -> str:
    kind = PIECE_KINDS.get(piece.kind, Phrase(piece.kind, "")).zh
    return _joined(_cut(piece.room, room_ems_max), f"{kind} {piece.piece_number}/{piece.piece_count}")


def _cut(room: str, ems_max: float = ROOM_EMS_MAX) -> str:
    """The room, with a sign where not all of it is there."""
    width = 0.0
    for index, character in enumerate(room):
        width += ems(character)
        if width > ems_max:
            return f"{room[:index].rstrip()}…"
    return room


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
