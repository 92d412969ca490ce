"""What to do with a piece that has no label, or one that cannot be read."""

from collections.abc import Callable

import flet as ft

from mobile import strings
from mobile.theme import Look
from mobile.views.components.page import bar, screen
from mobile.views.components.tile import tile


def help_view(station_name: str, look: Look, on_type: Callable[[], None], on_back: Callable[[], None]) -> ft.Column:
    """Steps in the order in which they are tried."""
    steps: list[ft.Control] = [_step(number, look.say(step), look) for number, step in enumerate(strings.HELP_STEPS, 1)]
    typing = tile(ft.Icons.KEYBOARD, look.say(strings.TYPE), look, on_type, is_main=True)
    return screen(bar(look.say(strings.HELP_TITLE), station_name, look), [*steps, typing], look, on_back, width=820)


def _step(number: int, text: str, look: Look) -> ft.Row:
    palette = look.palette
    mark = ft.Container(
        ft.Text(str(number), size=24, weight=ft.FontWeight.W_600, color=palette.info.text),
        width=48,
        height=48,
        bgcolor=palette.info.ground,
        border_radius=24,
        alignment=ft.Alignment(0, 0),
    )
    return ft.Row([mark, ft.Text(text, size=22, color=palette.ink, expand=True)], spacing=16)
