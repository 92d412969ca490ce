"""Ten big keys for a PIN: the system keyboard is too small for gloves."""

from collections.abc import Callable

import flet as ft

from mobile import theme
from mobile.strings import PIN_BACK, PIN_DONE, Phrase
from mobile.theme import Look

BACK, DONE = PIN_BACK.zh, PIN_DONE.zh
KEYS = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), (BACK, "0", DONE))
KEYBOARD = {**{str(digit): str(digit) for digit in range(10)}, "\b": BACK, "\n": DONE}
"""What a keyboard's keys print, and the pad's."""

_WORDS = {BACK: PIN_BACK, DONE: PIN_DONE}
PIN_LENGTH_MAX = 12


def pressed(pin: str, key: str) -> str:
    """The PIN after one key; `DONE` leaves it as it is."""
    if key == BACK:
        return pin[:-1]
    return pin if key == DONE or len(pin) >= PIN_LENGTH_MAX else pin + key


def pin_pad(look: Look, on_key: Callable[[str], None]) -> ft.Column:
    """The keys, as high as a thumb needs."""
    return ft.Column([ft.Row([_key(key, look, on_key) for key in row], spacing=10) for row in KEYS], spacing=10)


def _key(key: str, look: Look, on_key: Callable[[str], None]) -> ft.Button:
    palette, is_main = look.palette, key == DONE
    return ft.Button(
        look.say(_WORDS.get(key, Phrase(key, ""))),
        height=theme.TARGET_MIN if look.is_low else 76,
        expand=True,
        elevation=0,
        on_click=lambda _: on_key(key),
        style=ft.ButtonStyle(
            bgcolor=palette.wood if is_main else palette.card,
            color=palette.on_wood if is_main else palette.ink,
            padding=0,
            text_style=ft.TextStyle(
                size=18 if look.has_english and key in _WORDS else 28,
                weight=ft.FontWeight.W_600,
                font_family=theme.FONT,
            ),
            shape=ft.RoundedRectangleBorder(radius=16),
            side=ft.BorderSide(1, palette.line),
        ),
    )
