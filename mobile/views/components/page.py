"""The frame of every screen that is not the station: a brown bar with a title, and what is below it."""

from collections.abc import Callable, Sequence

import flet as ft

from mobile import theme
from shared.palette import Palette


def bar(title: str, under: str, palette: Palette, right: Sequence[ft.Control] = ()) -> ft.Container:
    """The bar at the top; it wraps on a phone."""
    words = ft.Column(
        [
            ft.Text(title, size=theme.TITLE, weight=ft.FontWeight.W_600, color=palette.on_wood),
            ft.Text(under, size=16, color=palette.on_wood),
        ],
        spacing=0,
        tight=True,
    )
    row = ft.Row(
        [words, ft.Row(list(right), spacing=8, wrap=True, run_spacing=6)],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
        wrap=True,
        spacing=16,
        run_spacing=8,
    )
    return ft.Container(row, bgcolor=palette.wood, padding=ft.Padding(20, 12, 20, 12))


def screen(
    top: ft.Control, body: Sequence[ft.Control], palette: Palette, on_back: Callable[[], None] | None = None
) -> ft.Column:
    """A bar and a body that scrolls; `on_back` adds a way back at the bottom."""
    controls: list[ft.Control] = [
        top,
        ft.Container(
            ft.Column(list(body), spacing=16, scroll=ft.ScrollMode.AUTO, expand=True), padding=20, expand=True
        ),
    ]
    if on_back is not None:
        back = ft.Button(
            "返回 Back",
            icon=ft.Icons.ARROW_BACK,
            height=theme.TARGET,
            on_click=lambda _: on_back(),
            style=ft.ButtonStyle(bgcolor=palette.card, color=palette.ink, text_style=ft.TextStyle(size=theme.BODY)),
        )
        controls.append(ft.Container(ft.Row([back]), padding=ft.Padding(20, 0, 20, 16)))
    return ft.Column(controls, spacing=0, expand=True)
