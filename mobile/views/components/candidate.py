"""A piece to pick: what tells it from the others, and the end of its code."""

from collections.abc import Callable

import flet as ft

from mobile import strings, theme
from mobile.candidates import Candidate, size_of
from mobile.strings import PIECE_KINDS
from mobile.theme import Look
from mobile.views.components.piece_lines import ORDER_DIGITS
from shared.words import Phrase

HEIGHT, HEIGHT_NARROW = 92, 72


def candidate_tile(one: Candidate, look: Look, on_click: Callable[[], None]) -> ft.Button:
    """A big button: order, door and room; size, colour and the code's last characters."""
    palette, view = look.palette, one.view
    kind = look.say(PIECE_KINDS.get(view.kind, Phrase(view.kind, "")))
    door = strings.DOOR.filled(number=view.door_number, count=view.door_count).zh
    name = f"{view.order_number[-ORDER_DIGITS:]} · {kind} {view.piece_number}/{view.piece_count} · {view.room}"
    made = f"{size_of(view)} · {view.colour}"
    if look.is_wide:
        lines = ((name, 19, True), (f"{door} · {made}", theme.SMALL, False), (_last(one, look), theme.SMALL, True))
    else:
        lines = ((f"{door} · {name}", 17, True), (f"{_last(one, look)} · {made}", theme.SMALL, False))
    words = [
        ft.Text(
            text,
            size=size,
            weight=ft.FontWeight.W_600 if is_bold else None,
            color=palette.ink,
            max_lines=1,
            overflow=ft.TextOverflow.ELLIPSIS,
        )
        for text, size, is_bold in lines
    ]
    return ft.Button(
        content=ft.Column([*words], spacing=1, tight=True, alignment=ft.MainAxisAlignment.CENTER),
        height=HEIGHT if look.is_wide else HEIGHT_NARROW,
        elevation=0,
        on_click=lambda _: on_click(),
        style=ft.ButtonStyle(
            bgcolor=palette.info.ground if one.is_expected else palette.card,
            side=ft.BorderSide(2, palette.info.text if one.is_expected else palette.line),
            shape=ft.RoundedRectangleBorder(radius=theme.RADIUS),
            padding=ft.Padding(14, 6, 14, 6),
            alignment=ft.Alignment(-1, 0),
        ),
    )


def _last(one: Candidate, look: Look) -> str:
    tail = look.say(strings.CODE_ENDS.filled(tail=one.tail))
    return f"{tail} · {look.say(strings.HELD_HERE)}" if one.is_held else tail
