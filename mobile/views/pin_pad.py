"""Ten big keys for a PIN: the system keyboard is too small for gloves."""

from collections.abc import Callable

import flet as ft

from mobile import theme

KEYS = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), ("←", "0", "✓"))


def pressed(pin: str, key: str) -> str:
    """The PIN after one key; `✓` leaves it as it is."""
    if key == "←":
        return pin[:-1]
    return pin if key == "✓" else pin + key


def pin_pad(on_key: Callable[[str], None]) -> ft.Column:
    """The keys, as high as a thumb needs."""
    return ft.Column([ft.Row([_key(key, on_key) for key in row], spacing=12) for row in KEYS], spacing=12)


def _key(key: str, on_key: Callable[[str], None]) -> ft.Button:
    return ft.Button(key, height=theme.TARGET, expand=True, on_click=lambda _: on_key(key))
