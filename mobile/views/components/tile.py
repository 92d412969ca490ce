"""A big button: an icon, a word, and a second line where it helps."""

from collections.abc import Callable

import flet as ft

from mobile import theme
from shared.palette import Palette

RADIUS = 18


def tile(
    icon: ft.IconData,
    title: str,
    palette: Palette,
    on_click: Callable[[], None],
    *,
    under: str = "",
    colour: str | None = None,
    is_main: bool = False,
) -> ft.Button:
    """High enough for a gloved thumb; `is_main` is the one button that most people want."""
    ink = palette.on_wood if is_main else colour or palette.ink
    lines: list[ft.Control] = [ft.Text(title, size=theme.BODY, weight=ft.FontWeight.W_600, color=ink)]
    if under:
        lines.append(ft.Text(under, size=16, color=ink if is_main else palette.muted))
    words = ft.Column(lines, spacing=0, tight=True, expand=True)
    return ft.Button(
        content=ft.Row([ft.Icon(icon, size=30, color=ink), words], spacing=14),
        on_click=lambda _: on_click(),
        height=theme.TARGET,
        style=ft.ButtonStyle(
            bgcolor=palette.wood if is_main else palette.card,
            side=ft.BorderSide(1, palette.line),
            shape=ft.RoundedRectangleBorder(radius=RADIUS),
            padding=ft.Padding(18, 8, 18, 8),
            elevation=0,
        ),
    )


def action(icon: ft.IconData, title: str, palette: Palette, on_click: Callable[[], None]) -> ft.Button:
    """One of the few buttons at the bottom of a screen: icon above word, all of one width."""
    words = ft.Text(title, size=17, weight=ft.FontWeight.W_600, color=palette.ink, no_wrap=True)
    return ft.Button(
        content=ft.Column(
            [ft.Icon(icon, size=30, color=palette.ink), words],
            spacing=2,
            tight=True,
            alignment=ft.MainAxisAlignment.CENTER,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        on_click=lambda _: on_click(),
        height=theme.TARGET,
        expand=True,
        style=ft.ButtonStyle(
            bgcolor=palette.card,
            side=ft.BorderSide(1, palette.line),
            shape=ft.RoundedRectangleBorder(radius=RADIUS),
            padding=4,
            elevation=0,
        ),
    )


def grid(tiles: list[ft.Button]) -> ft.ResponsiveRow:
    """Tiles side by side: one column on a phone, three on a tablet."""
    cells: list[ft.Control] = [ft.Container(one, col={"xs": 12, "sm": 6, "lg": 4}) for one in tiles]
    return ft.ResponsiveRow(cells, spacing=12, run_spacing=12)
