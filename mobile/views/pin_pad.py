"""Ten big keys for a PIN: the system keyboard is too small for gloves."""

from collections.abc import Callable

import flet as ft

from mobile import theme
from shared.palette import Palette

BACK, DONE = "删除", "确定"
KEYS = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), (BACK, "0", DONE))


def pressed(pin: str, key: str) -> str:
    """The PIN after one key; `DONE` leaves it as it is."""
    if key == BACK:
        return pin[:-1]
    return pin if key == DONE else pin + key


def pin_pad(palette: Palette, on_key: Callable[[str], None]) -> ft.Column:
    """The keys, as high as a thumb needs."""
    return ft.Column([ft.Row([_key(key, palette, on_key) for key in row], spacing=10) for row in KEYS], spacing=10)


def _key(key: str, palette: Palette, on_key: Callable[[str], None]) -> ft.Button:
    is_main = key == DONE
    return ft.Button(
        key,
        height=76,
        expand=True,
        on_click=lambda _: on_key(key),
        style=ft.ButtonStyle(
            bgcolor=palette.wood if is_main else palette.card,
            color=palette.on_wood if is_main else palette.ink,
            text_style=ft.TextStyle(size=28, weight=ft.FontWeight.W_600, font_family=theme.FONT),
            shape=ft.RoundedRectangleBorder(radius=16),
            side=ft.BorderSide(1, palette.line),
            elevation=0,
        ),
    )
