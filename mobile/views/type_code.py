"""For a label that cannot be scanned: type what is printed under the QR, on keys that a glove can hit."""

from collections.abc import Callable

import flet as ft

from mobile import strings, theme
from mobile.theme import Look
from mobile.views.components.field import field
from mobile.views.components.page import bar, paragraphs, screen
from mobile.views.components.tile import tile
from shared.label_code import ALPHABET

PER_ROW_WIDE = 8
PER_ROW_NARROW = 6


def type_code_view(
    text: str,
    look: Look,
    on_code: Callable[[str], None],
    on_change: Callable[[str], None],
    on_back: Callable[[], None],
) -> ft.Column:
    """A field with `text` in it and keys of our own; small letters, blanks and O for 0 are understood."""
    typed = field(strings.TYPE_FIELD, look, on_code, on_change, hint="D1-XXXX-XXXX-XXXX-XX", value=text)

    def press(key: str) -> None:
        typed.value = typed.value[:-1] if key == strings.PIN_BACK.zh else typed.value + key
        typed.update()
        on_change(typed.value)

    hint = paragraphs(strings.TYPE_HINT, look, theme.SMALL)
    done = tile(ft.Icons.CHECK, look.say(strings.OK), look, lambda: on_code(typed.value), is_main=True)
    body: list[ft.Control] = [typed, _keys(look, press), done, *hint]
    top = bar(look.say(strings.TYPE_TITLE), look.say(strings.TYPE_UNDER), look)
    return screen(top, body, look, on_back, width=820)


def _keys(look: Look, press: Callable[[str], None]) -> ft.Column:
    keys = [*ALPHABET, strings.PIN_BACK.zh]
    per_row = PER_ROW_WIDE if look.is_wide else PER_ROW_NARROW
    rows = [
        ft.Row([_key(key, look, press) for key in keys[start : start + per_row]], spacing=8)
        for start in range(0, len(keys), per_row)
    ]
    rows[-1].controls[-1].expand = per_row - len(rows[-1].controls) + 1  # the last key fills its row
    return ft.Column([*rows], spacing=8)


def _key(key: str, look: Look, press: Callable[[str], None]) -> ft.Button:
    palette = look.palette
    return ft.Button(
        key,
        height=56,
        expand=True,
        elevation=0,
        on_click=lambda _: press(key),
        style=ft.ButtonStyle(
            bgcolor=palette.card,
            color=palette.ink,
            padding=0,
            text_style=ft.TextStyle(size=24, weight=ft.FontWeight.W_600, font_family=theme.FONT),
            shape=ft.RoundedRectangleBorder(radius=12),
            side=ft.BorderSide(1, palette.line),
        ),
    )
